// The portal's way out: each function hands over to its page (web/src/portal.ts), which owns canvas,
// input and mirror. No decision is taken here.
addToLibrary({
  foyer_host_graphics__deps: ['$GL'],
  // No extension is used, and asking for all of them is a fifth of a second of a start. What Dear
  // ImGui asks before a frame, it puts back after it: always the same, and each question to the
  // browser would wait until the frame before is drawn.
  foyer_host_graphics: () => {
    const handle = GL.createContext(Module['canvas'],
      { majorVersion: 2, minorVersion: 0, alpha: false, antialias: false, depth: false,
        stencil: false, enableExtensionsByDefault: false });
    if (handle <= 0) return 0;
    GL.makeContextCurrent(handle);
    const context = GL.getContext(handle).GLctx, known = new Map();
    context.getParameter = (name) => {
      if (!known.has(name)) known.set(name, WebGL2RenderingContext.prototype.getParameter.call(
        context, name));
      return known.get(name);
    };
    return 1;
  },
  // A copy: the program's memory may grow meanwhile.
  foyer_host_save_outbox: (question, name, size, text, text_size) =>
    Module['host'].save_outbox(question, UTF8ToString(name, size),
      HEAPU8.slice(text, text + text_size)),
  foyer_host_sign_out: () => Module['host'].sign_out(),
  foyer_host_client: (id, size) => Module['host'].client(UTF8ToString(id, size)),
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
