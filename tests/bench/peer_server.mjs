// Serves what the peers in the browser need, on loopback: their libraries, the rows as JSON, and
// pages isolated as SharedArrayBuffer wants. Nothing of Foyer's.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { root } from "./measure.mjs";

const modules = path.join(root, "tests/bench/peers/node_modules");
const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript",
  ".json": "application/json", ".wasm": "application/wasm", ".css": "text/css" };
const folders = {
  "/bench/": path.join(root, "tests/bench"),
  "/dexie/": path.join(modules, "dexie/dist"),
  "/sqlite/": path.join(modules, "@sqlite.org/sqlite-wasm/dist"),
  "/tabulator/": path.join(modules, "tabulator-tables/dist"),
};

// `files`: more addresses, each with the file behind it.
export async function start_peer_server(files = {}) {
  const server = http.createServer((request, response) => {
    const address = new URL(request.url, "http://localhost").pathname;
    const headers = { "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Embedder-Policy": "require-corp", "Cache-Control": "no-store" };
    if (address === "/") {
      response.writeHead(200, { ...headers, "Content-Type": "text/html" });
      return response.end("<!doctype html><html lang=en><title>Peers</title><body></body></html>");
    }
    const folder = Object.keys(folders).find((start) => address.startsWith(start));
    const file = files[address] ??
      (folder && path.join(folders[folder], address.slice(folder.length)));
    if (!file || !fs.existsSync(file)) {
      response.writeHead(404, headers);
      return response.end();
    }
    const type = types[path.extname(file)] ?? "text/plain";
    response.writeHead(200, { ...headers, "Content-Type": type });
    fs.createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    address: `http://localhost:${server.address().port}`,
    stop: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(done);
    }),
  };
}
