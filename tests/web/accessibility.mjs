// What any page can be asked about: axe's violations, sideways scroll, targets too small to hit.
// axe is put into the page, which the site's policy forbids: page.setBypassCSP(true) first.
import fs from "node:fs";
import path from "node:path";
import { root } from "./browser.mjs";

const axe = fs.readFileSync(path.join(root, "web/node_modules/axe-core/axe.min.js"), "utf8");

export async function violations_of(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => (await globalThis.axe.run(document)).violations.map(
    (each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 100)).join(" ")}`));
}

export const sideways = (page) => page.evaluate(
  () => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// Links within a sentence (a problem's link to its field) are as high as their line.
export const small_targets = (page) => page.evaluate(() =>
  [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
    .filter((each) => each.checkVisibility() && !each.closest(".skip, .problems"))
    .filter((each) => each.getBoundingClientRect().height < 43.5)
    .map((each) => each.outerHTML.slice(0, 100)));
