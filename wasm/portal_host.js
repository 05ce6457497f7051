// The C++ side's way out: each function hands over to the page's host object (web/src/portal.ts), which
// owns canvas, socket, storage and mirror. No decision is taken here.
addToLibrary({
  foyer_host_graphics__deps: ['$GL'],
  foyer_host_graphics: () => {
    const handle = GL.createContext(Module['canvas'],
      { majorVersion: 2, minorVersion: 0, alpha: false, antialias: false, depth: false,
        stencil: false, enableExtensionsByDefault: true });
    if (handle <= 0) return 0;
    GL.makeContextCurrent(handle);
    return 1;
  },
  foyer_host_send: (at, size) => Module['host'].send(HEAPU8.slice(at, at + size)),
  foyer_host_save_outbox: (mid, at, size) =>
    Module['host'].save_outbox(mid, HEAPU8.slice(at, at + size)),
  foyer_host_remove_outbox: (mid) => Module['host'].remove_outbox(mid),
  foyer_host_save_cache: (at, size, replaces) =>
    Module['host'].save_cache(HEAPU8.slice(at, at + size), replaces !== 0),
  foyer_host_mirror: (at, size) => Module['host'].mirror(UTF8ToString(at, size)),
  foyer_host_ask: (question, path, size, file, file_size) =>
    Module['host'].ask(question, UTF8ToString(path, size), UTF8ToString(file, file_size)),
  foyer_host_navigate: (at, size) => Module['host'].navigate(UTF8ToString(at, size)),
  foyer_host_when__deps: ['$stringToUTF8'],
  foyer_host_when: (ms, out, max) => stringToUTF8(Module['host'].when(ms), out, max),
  foyer_host_now: () => Date.now(),
  foyer_host_random: (out, size) => crypto.getRandomValues(HEAPU8.subarray(out, out + size)),
  foyer_host_wake: () => Module['host'].wake(),
});
