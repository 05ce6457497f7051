// The kiosk in the program of a service worker (wasm/kiosk_calls.cc), as promises.
import { HostedProgram } from "./worker_program";
import type { ProgramCalls, ProgramHost, Question } from "./worker_program";

interface KioskCalls extends ProgramCalls {
  _foyer_kiosk_open(device: number, size: number, key_id: number): void;
  _foyer_kiosk_state(next_number: number, waiting: number, oldest_ms: number, contact_ms: number,
    storage: number, is_drift_known: number, drift_ms: number, version: number,
    size: number): void;
  _foyer_kiosk_answer(ticket: number, has_no_room: number): void;
  _foyer_kiosk_exchange(ticket: number): void;
  _foyer_kiosk_close(ticket: number, everything: number): void;
}

// shown: `body` is the page. to_be_sealed: it is a header, and behind it the text to sign.
export enum Deed { shown, to_be_sealed }
export interface KioskAnswer { status: number; deed: Deed; location: string; body: Uint8Array }

// As the StorageState of the model.
export enum Storage { unknown, temporary, persisted }
export interface KioskState {
  next_number: number; waiting: number; oldest_ms: number; contact_ms: number; storage: Storage;
  drift_ms: number | null; version: string;
}

export class KioskProgram extends HostedProgram<KioskCalls> {
  static async load(host: ProgramHost, code: ArrayBuffer | undefined): Promise<KioskProgram> {
    const made = new KioskProgram();
    await made.begin(host, code);
    return made;
  }

  open(device: string, key_id: number): Promise<boolean> {
    return this.when_open(() => this.with_text(device, (at, size) =>
      this.program._foyer_kiosk_open(at, size, key_id)));
  }
  // `has_no_room`: the command of this form could not be kept; the form comes back and says so.
  answer(question: Question, state: KioskState, has_no_room = false): Promise<KioskAnswer> {
    this.put(question);
    this.with_text(state.version, (at, size) => this.program._foyer_kiosk_state(state.next_number,
      state.waiting, state.oldest_ms, state.contact_ms, state.storage,
      state.drift_ms === null ? 0 : 1, state.drift_ms ?? 0, at, size));
    return this.ask((ticket) => this.program._foyer_kiosk_answer(ticket, has_no_room ? 1 : 0));
  }
  exchange(): Promise<boolean> {
    return this.ask((ticket) => this.program._foyer_kiosk_exchange(ticket));
  }
  // Lets go of what it holds; `everything`: what it kept is deleted.
  async close(everything: boolean): Promise<void> {
    await this.ask((ticket) => this.program._foyer_kiosk_close(ticket, everything ? 1 : 0));
    this.abandon(false);
  }
}
