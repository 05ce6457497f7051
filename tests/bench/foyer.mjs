// A Foyer for measurements: seeded data, signed-in people without a browser.
import fs from "node:fs";
import path from "node:path";
import { demo, start_foyer } from "../web/browser.mjs";
import { ask_program, temporary_folder } from "./measure.mjs";

const seeded = new Map();

// A folder with so many cases, made once a run; each caller gets a copy of its own.
export async function seeded_data(cases) {
  if (!seeded.has(cases)) {
    const folder = temporary_folder(`seed-${cases}`);
    await ask_program("seed", path.join(folder, "data"), cases, path.join(folder, "rows.json"));
    seeded.set(cases, folder);
  }
  const data = path.join(temporary_folder("data"), "data");
  fs.cpSync(path.join(seeded.get(cases), "data"), data, { recursive: true });
  return { data, rows_file: path.join(seeded.get(cases), "rows.json") };
}

export async function start_seeded_foyer(cases) {
  const { data, rows_file } = await seeded_data(cases);
  const server = await start_foyer({ data, arguments: ["--log-level", "warning"] });
  return { ...server, rows_file, port: Number(new URL(server.address).port) };
}

// The cookie header of somebody who has signed in.
export async function signed_in(address, email, { staff = false } = {}) {
  const form_page = await fetch(`${address}${staff ? "/staff" : ""}/sign-in`);
  const browser = form_page.headers.getSetCookie()[0].split(";")[0];
  const token = (await form_page.text()).match(/name="form_token" value="([^"]+)"/)[1];
  const answer = await fetch(`${address}${staff ? "/staff" : ""}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/x-www-form-urlencoded", Cookie: browser },
    body: new URLSearchParams({ email, password: demo.password, form_token: token }),
  });
  const session = answer.headers.getSetCookie().find((each) => each.includes("foyer"));
  if (answer.status !== 303 || !session) throw new Error(`sign-in of ${email}: ${answer.status}`);
  return session.split(";")[0];
}
