// Questions of the portal's program to the server over HTTP, with a file or a JSON text as their
// body, and the files that a person chose. A file's bytes never enter the program's memory.
export type Answered = (status: number, body: Uint8Array) => void;

export class Asking {
  private readonly files = new Map<string, File>();

  keep(field: string, file: File): void {
    this.files.set(field, file);
  }

  // Status 0: no answer came. `progressed` is told how much of the file has left, 0 to 1.
  ask(path: string, field: string, json: string, progressed: (part: number) => void,
      answered: Answered): void {
    void this.form_token().then((token) => {
      if (typeof token === "number") return answered(token, new Uint8Array());
      const request = new XMLHttpRequest();
      request.open("POST", path);
      request.responseType = "arraybuffer";
      request.setRequestHeader("Accept", json ? "application/json" : "application/octet-stream");
      request.setRequestHeader("Content-Type", json ? "application/json"
        : "application/octet-stream");
      request.setRequestHeader("X-Form-Token", token);
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) progressed(event.loaded / event.total);
      };
      request.onloadend = () => {
        const body = request.status === 0 ? null : request.response as ArrayBuffer | null;
        answered(request.status, new Uint8Array(body ?? new ArrayBuffer(0)));
      };
      request.send(json || (this.files.get(field) ?? null));
    });
  }

  // Fresh each time: the session may have changed since the page was opened.
  private async form_token(): Promise<string | number> {
    try {
      const answer = await fetch("/staff/session.json");
      if (!answer.ok) return answer.status;
      return ((await answer.json()) as { form_token: string }).form_token;
    } catch {
      return 0;
    }
  }
}
