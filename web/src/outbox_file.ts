// What waits on this device as a file that only the server can read. The server gives the device a
// head and a key; the key is kept where no script can read it, and can only seal.
//   file := head nonce:12 sealed        (shared/foyer/sync/outbox_file.h)
import { read_record, write_record } from "./device_record";

interface Sealing { head: Uint8Array; key: CryptoKey }
let sealing: Sealing | null = null;

function bytes_of(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

async function asked_for(client: string): Promise<Sealing | null> {
  const session = await fetch("/staff/session.json");
  if (!session.ok) return null;
  const { form_token } = await session.json() as { form_token: string };
  const answer = await fetch(`/staff/api/outbox-key?client=${client}`,
    { method: "POST", headers: { "X-Form-Token": form_token } });
  if (!answer.ok) return null;
  const { head, key } = await answer.json() as { head: string; key: string };
  return { head: bytes_of(head),
    key: await crypto.subtle.importKey("raw", bytes_of(key), "AES-GCM", false, ["encrypt"]) };
}

// Of the outbox that is open here; fetched once, kept from then on, also without a network.
export async function get_outbox_key(user: string, client: string): Promise<void> {
  const name = `outbox ${user} ${client}`;
  sealing ??= await read_record<Sealing>(name);
  if (sealing) return;
  sealing = await asked_for(client).catch(() => null);
  if (sealing) await write_record(name, sealing).catch(() => undefined);
}

// False: there is no key yet.
export async function save_outbox_file(name: string, text: Uint8Array<ArrayBuffer>):
    Promise<boolean> {
  if (!sealing) return false;
  const { head, key } = sealing;
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: head as BufferSource }, key, text);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([head as BlobPart, nonce, sealed]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  return true;
}
