// Browsers that can draw: Chromium brings its own WebGL 2 in software, Firefox without a screen has
// none at all, so it gets a screen in memory (Xvfb), where the system's software renderer serves.
import { spawn } from "node:child_process";
import { launched, puppeteer, start_browser } from "./browser.mjs";

async function start_screen() {
  const settings = ["-displayfd", "1", "-screen", "0", "1600x1300x24", "-nolisten", "tcp"];
  const screen = spawn("/usr/bin/Xvfb", settings, { stdio: ["ignore", "pipe", "ignore"] });
  const number = await new Promise((resolve, reject) => {
    screen.stdout.once("data", (chunk) => resolve(String(chunk).trim()));
    screen.once("error", reject);
    screen.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { name: `:${number}`, stop: () => screen.kill() };
}

export async function start_drawing_browser(name, { profile } = {}) {
  if (name !== "firefox") return start_browser(name, { profile });
  const screen = await start_screen();
  const browser = await launched(() => puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: false,
    userDataDir: profile,
    env: { ...process.env, DISPLAY: screen.name, LIBGL_ALWAYS_SOFTWARE: "1" },
    extraPrefsFirefox: { "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false },
  }));
  browser.once("disconnected", () => screen.stop());
  return browser;
}
