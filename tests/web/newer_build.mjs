// The same build with one asset changed, as after a deployment.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { web_folder } from "./browser.mjs";

export function newer_build() {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/foyer-web-`);
  fs.cpSync(web_folder, folder, { recursive: true });
  const assets = JSON.parse(fs.readFileSync(path.join(folder, "assets.json"), "utf8"));
  const old = assets["style/site.css"];
  const changed = old.replace(/\.[0-9a-f]{12}\./, ".0123456789ab.");
  const text = fs.readFileSync(path.join(folder, old), "utf8");
  for (const suffix of ["", ".br", ".gz"]) fs.rmSync(path.join(folder, old + suffix));
  fs.writeFileSync(path.join(folder, changed), `${text}/* newer */`);
  for (const name of ["assets.json", "sw.js", "kiosk/sw.js"]) {
    const file = path.join(folder, name);
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replaceAll(old, changed));
    for (const suffix of [".br", ".gz"]) fs.rmSync(file + suffix, { force: true });
  }
  return { folder, style: changed };
}
