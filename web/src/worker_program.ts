// The program in a service worker (wasm/worker_calls.cc), as promises: each question bears a
// ticket, by which its answer comes back. HostedProgram is what every use of it shares,
// WorkerProgram the customer site.

export interface ProgramCalls {
  HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(at: number): void;
  _foyer_site_ask(kind: number, name: number, name_size: number, value: number,
    value_size: number): void;
}
interface SiteCalls extends ProgramCalls {
  _foyer_site_open(user: number, user_size: number, token: number, token_size: number,
    keeps: number, is_demo: number): void;
  _foyer_site_answer(ticket: number): void;
  _foyer_site_exchange(ticket: number): void;
  _foyer_site_token(token: number, size: number): void;
  _foyer_site_draft(ticket: number, path: number, size: number): void;
  _foyer_site_keep_draft(ticket: number, path: number, path_size: number, words: number,
    size: number): void;
  _foyer_site_erase(ticket: number, farewell: Farewell): void;
  _foyer_site_is_loaded(): number;
  _foyer_site_waiting(): number;
}
declare function FoyerWorker(module: object): Promise<ProgramCalls>;

// As WorkerSite::Farewell.
export enum Farewell { over, left, forgotten }
export enum Deed { none, keep, forget, retry, discard }
export interface Answer { status: number; deed: Deed; location: string; body: Uint8Array }
export interface Session { user: string; form_token: string; is_demo: boolean }
export interface Question {
  method: string; path: string; query: URLSearchParams; form: URLSearchParams | null;
  language: string; is_offline: boolean;
}

const encoder = new TextEncoder();

// `changed`: rows, outbox or connection; `signed_out`: the server answered 401 or 403.
export interface ProgramHost {
  changed: () => void; signed_out: (status: number) => void;
  asset: (name: string) => string; failed: () => void;
}

export abstract class HostedProgram<Calls extends ProgramCalls> {
  private asked = new Map<number, (answer: unknown) => void>();
  private tickets = 0;
  private opened: (is_open: boolean) => void = () => undefined;
  protected program!: Calls;

  // `code`: the module from the shell, since what a worker fetches does not pass its own cache.
  protected async begin(host: ProgramHost, code: ArrayBuffer | undefined): Promise<void> {
    this.program = await FoyerWorker({
      host: {
        ...host,
        opened: (is_open: boolean) => this.opened(is_open),
        settle: (ticket: number, answer: unknown) => {
          this.asked.get(ticket)?.(answer);
          this.asked.delete(ticket);
        },
      },
      ...(code ? { wasmBinary: code } : {}),
      onAbort: host.failed,
    }) as Calls;
  }
  protected when_open(call: () => void): Promise<boolean> {
    return new Promise((done) => {
      this.opened = done;
      call();
    });
  }
  protected put(question: Question): void {
    this.part(0, "", question.method);
    this.part(1, "", question.path);
    for (const [name, value] of question.query) this.part(2, name, value);
    for (const [name, value] of question.form ?? []) this.part(3, name, value);
    this.part(4, "", question.language);
    if (question.is_offline) this.part(5, "", "");
  }
  protected ask<T>(call: (ticket: number) => void): Promise<T> {
    return new Promise((done) => {
      const ticket = ++this.tickets;
      this.asked.set(ticket, done as (answer: unknown) => void);
      call(ticket);
    });
  }
  // Whoever still waits is answered `otherwise`: what is closed answers nothing more.
  protected abandon(otherwise: unknown): void {
    for (const settle of this.asked.values()) settle(otherwise);
    this.asked.clear();
  }
  protected with_text<T>(text: string, use: (at: number, size: number) => T): T {
    const bytes = encoder.encode(text);
    const at = this.program._malloc(Math.max(bytes.length, 1));
    this.program.HEAPU8.set(bytes, at);
    try {
      return use(at, bytes.length);
    } finally {
      this.program._free(at);
    }
  }
  private part(kind: number, name: string, value: string): void {
    this.with_text(name, (name_at, name_size) => this.with_text(value, (at, size) =>
      this.program._foyer_site_ask(kind, name_at, name_size, at, size)));
  }
}

export class WorkerProgram extends HostedProgram<SiteCalls> {
  static async load(host: ProgramHost, code: ArrayBuffer | undefined): Promise<WorkerProgram> {
    const made = new WorkerProgram();
    await made.begin(host, code);
    return made;
  }

  open(session: Session, keeps: boolean): Promise<boolean> {
    return this.when_open(() =>
      this.with_text(session.user, (user, user_size) =>
        this.with_text(session.form_token, (token, token_size) =>
          this.program._foyer_site_open(user, user_size, token, token_size, keeps ? 1 : 0,
            session.is_demo ? 1 : 0))));
  }

  answer(question: Question): Promise<Answer> {
    this.put(question);
    return this.ask((ticket) => this.program._foyer_site_answer(ticket));
  }
  exchange(): Promise<boolean> {
    return this.ask((ticket) => this.program._foyer_site_exchange(ticket));
  }
  erase(farewell: Farewell): Promise<boolean> {
    return this.ask((ticket) => this.program._foyer_site_erase(ticket, farewell));
  }
  // What is being written in the form of a path; no words: nothing.
  async draft(path: string): Promise<string> {
    const { body } = await this.ask<Answer>((ticket) => this.with_text(path, (at, size) =>
      this.program._foyer_site_draft(ticket, at, size)));
    return new TextDecoder().decode(body);
  }
  keep_draft(path: string, words: string): Promise<boolean> {
    return this.ask((ticket) => this.with_text(path, (path_at, path_size) =>
      this.with_text(words, (at, size) =>
        this.program._foyer_site_keep_draft(ticket, path_at, path_size, at, size))));
  }
  set_form_token(token: string): void {
    this.with_text(token, (at, size) => this.program._foyer_site_token(at, size));
  }
  get is_loaded(): boolean { return this.program._foyer_site_is_loaded() !== 0; }
  get waiting(): number { return this.program._foyer_site_waiting(); }
}
