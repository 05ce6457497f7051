// What the browser says about what it keeps for this origin. It may take its time, and nobody waits
// for it; null from a browser that does not say.
export interface DeviceRoom { is_lasting: boolean; used_bytes: number; bytes_max: number }

export async function device_room(): Promise<DeviceRoom | null> {
  const storage = navigator.storage;
  if (!storage?.persisted || !storage.estimate) return null;
  const [is_lasting, { usage = 0, quota = 0 }] =
    await Promise.all([storage.persisted(), storage.estimate()]);
  return { is_lasting, used_bytes: usage, bytes_max: quota };
}
