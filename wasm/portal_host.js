// The portal's way out: each function hands over to its page (web/src/portal.ts), which owns canvas,
// input and mirror. No decision is taken here.
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
  foyer_host_sign_out: () => Module['host'].sign_out(),
  foyer_host_mirror: (at, size) => Module['host'].mirror(UTF8ToString(at, size)),
  foyer_host_ask: (question, path, size, file, file_size, body, body_size) =>
    Module['host'].ask(question, UTF8ToString(path, size), UTF8ToString(file, file_size),
      UTF8ToString(body, body_size)),
  foyer_host_navigate: (at, size) => Module['host'].navigate(UTF8ToString(at, size)),
  foyer_host_when__deps: ['$stringToUTF8'],
  foyer_host_when: (ms, is_day, out, max) =>
    stringToUTF8(Module['host'].when(ms, is_day !== 0), out, max),
  foyer_host_copy: (at, size) => Module['host'].copy(UTF8ToString(at, size)),
  foyer_host_theme: (at, size) => Module['host'].choose_theme(UTF8ToString(at, size)),
  foyer_host_wake: () => Module['host'].wake(),
});
