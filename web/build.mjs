// Makes the web folder that the server serves: bundles scripts and styles, subsets fonts, names
// each asset by its content's hash, compresses it, and writes assets.json: name to address.
//   node web/build.mjs --wasm FOLDER --out FOLDER [--python PROGRAM]
// Not hashed, since browsers ask for them by name: sw.js, kiosk/sw.js, manifest.webmanifest,
// favicon.ico.
// A name is "style/site.css", "src/site.js", "fonts/inter.woff2", "portal.wasm" ... Styles say
// url("/assets/NAME"), scripts read __FOYER_ASSETS__[NAME], templates call asset("NAME").
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import zlib from "node:zlib";
import esbuild from "esbuild";

const { values: options } = parseArgs({
  options: {
    wasm: { type: "string" },
    out: { type: "string" },
    python: { type: "string", default: "/usr/bin/python3" },
  },
});
if (!options.out) throw new Error("build.mjs: --out FOLDER is missing");
const web = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(options.out);
const assets = {}; // name -> address
const written = new Set();

const latin =
  "U+0020-007E,U+00A0-024F,U+0259,U+02BB-02BC,U+02C6-02DD,U+0300-0308,U+1E00-1EFF,U+2010-2027," +
  "U+202F-203A,U+20AC,U+20A4,U+20BD,U+20B9,U+2116,U+2122,U+2190-2193,U+21A9,U+21B5,U+2212,U+2248," +
  "U+2260,U+2264-2265,U+22EE-22EF,U+2318,U+21E7,U+2325,U+25CB,U+25CF,U+2713,U+2715,U+FFFD";
const greek_and_cyrillic = "U+0370-03FF,U+0400-045F,U+0490-0491";
const arabic = "U+0600-06FF,U+0750-077F,U+FB50-FDFF,U+FE70-FEFC,U+200C-200F,U+2066-2069";
const inter = "/usr/share/fonts/opentype/inter/Inter-";
const noto = "/usr/share/fonts/truetype/noto/";
const text_features = "kern,tnum,calt";
// The canvas draws glyph by glyph and asks for no shaping, so its fonts carry no features.
const canvas = { unicodes: `${latin},${greek_and_cyrillic}`, features: "" };
const page = { unicodes: latin, features: text_features };
const arabic_page = { unicodes: arabic, features: "*" };
const fonts = [
  { name: "inter.woff2", from: `${inter}Regular.otf`, ...page },
  { name: "inter-medium.woff2", from: `${inter}Medium.otf`, ...page },
  { name: "inter-semibold.woff2", from: `${inter}SemiBold.otf`, ...page },
  { name: "arabic.woff2", from: `${noto}NotoSansArabic-Regular.ttf`, ...arabic_page },
  { name: "arabic-bold.woff2", from: `${noto}NotoSansArabic-Bold.ttf`, ...arabic_page },
  { name: "portal.otf", from: `${inter}Regular.otf`, ...canvas },
  { name: "portal-semibold.otf", from: `${inter}SemiBold.otf`, ...canvas },
];

const hash_of = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 12);
const is_packed_already = (name) => /\.(woff2|png|ico|jpg)$/.test(name);

function write(relative, bytes) {
  const target = path.join(out, relative);
  written.add(target);
  const old = fs.existsSync(target) ? fs.readFileSync(target) : null;
  const same = old !== null && old.equals(bytes);
  if (!same) {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, bytes);
  }
  if (is_packed_already(relative) || bytes.length < 200) return;
  const brotli = () => zlib.brotliCompressSync(bytes, {
    params: {
      [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
      [zlib.constants.BROTLI_PARAM_LGWIN]: 24,
      [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  const gzip = () => zlib.gzipSync(bytes, { level: 9 });
  for (const [suffix, compress] of [[".br", brotli], [".gz", gzip]]) {
    written.add(target + suffix);
    if (!same || !fs.existsSync(target + suffix)) fs.writeFileSync(target + suffix, compress());
  }
}

function add_asset(name, bytes) {
  const extension = path.extname(name);
  const stem = name.slice(0, -extension.length);
  const relative = `assets/${stem}.${hash_of(bytes)}${extension}`;
  write(relative, bytes);
  assets[name] = `/${relative}`;
}

function files_in(folder, pattern) {
  const whole = path.join(web, folder);
  if (!fs.existsSync(whole)) return [];
  return fs.readdirSync(whole).filter((name) => pattern.test(name)).sort()
    .map((name) => path.join(whole, name));
}

function add_fonts() {
  const cache = path.join(path.dirname(out), "fonts");
  fs.mkdirSync(cache, { recursive: true });
  for (const font of fonts) {
    const key = hash_of(JSON.stringify(font) + fs.statSync(font.from).size);
    const made = path.join(cache, `${key}-${font.name}`);
    if (!fs.existsSync(made)) {
      const kind = font.name.endsWith(".woff2") ? ["--flavor=woff2"] : ["--desubroutinize"];
      const settings = [`--unicodes=${font.unicodes}`, `--layout-features=${font.features}`,
        "--no-hinting", "--notdef-outline", ...kind, `--output-file=${made}`];
      execFileSync(options.python, ["-m", "fontTools.subset", font.from, ...settings],
        { stdio: ["ignore", "inherit", "inherit"] });
    }
    add_asset(`fonts/${font.name}`, fs.readFileSync(made));
  }
}

// The glue asks for its module by name, beside itself (page) or below the root (service worker).
function add_programs() {
  if (!options.wasm) return;
  for (const [name, folder] of [["portal", ""], ["worker", "assets/"]]) {
    const glue = path.join(options.wasm, `${name}.js`);
    if (!fs.existsSync(glue)) continue;
    add_asset(`${name}.wasm`, fs.readFileSync(path.join(options.wasm, `${name}.wasm`)));
    const hashed = folder + path.basename(assets[`${name}.wasm`]);
    const text = fs.readFileSync(glue, "utf8").replaceAll(`${name}.wasm`, hashed);
    add_asset(`${name}.js`, Buffer.from(text));
  }
}

function add_icons() {
  for (const file of files_in("icons", /\.(svg|png|ico|webp)$/)) {
    const bytes = fs.readFileSync(file);
    add_asset(`icons/${path.basename(file)}`, bytes);
    if (path.basename(file) === "favicon.ico") write("favicon.ico", bytes);
  }
  const manifest = path.join(web, "manifest.webmanifest");
  if (fs.existsSync(manifest)) {
    const text = with_addresses(fs.readFileSync(manifest, "utf8"), "manifest.webmanifest");
    write("manifest.webmanifest", Buffer.from(text));
  }
}

function with_addresses(text, where) {
  return text.replace(/\/assets\/([A-Za-z0-9_./-]+)/g, (whole, name) => {
    if (Object.values(assets).includes(whole)) return whole;
    if (!assets[name]) throw new Error(`${where}: there is no asset "${name}"`);
    return assets[name];
  });
}

// A file that no other one imports is an entry; a bundle with nothing in it is dropped.
async function bundle(files, settings, imported = new Set()) {
  if (files.length === 0) return [];
  const result = await esbuild.build({
    entryPoints: files, bundle: true, write: false, metafile: true, minify: true, outdir: "/",
    outbase: web, absWorkingDir: web, legalComments: "none", target: ["chrome120", "firefox115"],
    logLevel: "warning", external: ["/assets/*"], ...settings,
  });
  for (const input of Object.values(result.metafile.inputs)) {
    for (const each of input.imports) if (!each.external) imported.add(each.path);
  }
  const entries = [];
  for (const [name, output] of Object.entries(result.metafile.outputs)) {
    if (!output.entryPoint || imported.has(output.entryPoint)) continue;
    const relative = output.entryPoint.replace(/\.ts$/, ".js");
    const file = result.outputFiles.find((each) => each.path.endsWith(`/${relative}`));
    if (!file) throw new Error(`esbuild left no ${relative} (${name})`);
    if (file.contents.length > 0) entries.push({ name: relative, text: file.text });
  }
  return entries;
}

const constants = () => ({
  __FOYER_ASSETS__: JSON.stringify(assets),
  __FOYER_VERSION__: JSON.stringify(hash_of(JSON.stringify(assets))),
});

async function add_styles_and_scripts() {
  for (const { name, text } of await bundle(files_in("style", /\.css$/), {})) {
    add_asset(name, Buffer.from(with_addresses(text, name)));
  }
  const scripts = files_in("src", /\.ts$/).filter((file) => !file.endsWith(".d.ts"));
  const worker_addresses = { "src/sw.js": "sw.js", "src/kiosk_sw.js": "kiosk/sw.js" };
  const is_worker = (file) => path.relative(web, file).replace(/\.ts$/, ".js") in worker_addresses;
  const workers = () => // knows the assets there are when it is called
    bundle(scripts.filter(is_worker), { format: "iife", define: constants() }, imported);
  const imported = new Set();
  await workers(); // for what they import
  const pages = scripts.filter((file) => !is_worker(file));
  for (const { name, text } of await bundle(pages, { format: "esm", define: constants() },
    imported)) {
    add_asset(name, Buffer.from(text));
  }
  for (const { name, text } of await workers()) write(worker_addresses[name], Buffer.from(text));
}

function remove_what_is_left_from_before(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const whole = path.join(folder, entry.name);
    if (entry.isDirectory()) remove_what_is_left_from_before(whole);
    else if (!written.has(whole)) fs.unlinkSync(whole);
  }
}

fs.mkdirSync(out, { recursive: true });
add_fonts();
add_icons();
add_programs();
await add_styles_and_scripts();
write("assets.json", Buffer.from(`${JSON.stringify(assets, null, 1)}\n`));
remove_what_is_left_from_before(out);
console.log(`${Object.keys(assets).length} assets in ${path.relative(process.cwd(), out)}`);
