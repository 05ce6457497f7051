// One WebSocket that comes back: the transport of the portal (web_socket_link.h). How long it waits
// each time the engine says, so that a server that restarts is not met by everybody at once.
addToLibrary({
  $FoyerSocket__deps: ['malloc', 'free'],
  $FoyerSocket: {
    socket: null,
    failures: 0, // since a message came
    ticking: 0,
    connect: (path) => {
      const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
      const opened = new WebSocket(`${scheme}//${location.host}${path}`);
      opened.binaryType = 'arraybuffer';
      opened.onopen = () => {
        FoyerSocket.ticking ||= setInterval(_foyer_socket_tick, 5000);
        FoyerSocket.socket = opened;
        _foyer_socket_opened();
        dispatchEvent(new Event('foyer-connected')); // to its page (web/src/portal.ts)
      };
      opened.onmessage = (event) => {
        FoyerSocket.failures = 0;
        const bytes = new Uint8Array(event.data);
        const at = _malloc(Math.max(bytes.length, 1));
        HEAPU8.set(bytes, at);
        const is_sound = _foyer_socket_received(at, bytes.length);
        _free(at);
        if (!is_sound) opened.close();
      };
      opened.onclose = async (event) => {
        const was_open = FoyerSocket.socket === opened;
        if (was_open) {
          FoyerSocket.socket = null;
          _foyer_socket_closed();
        }
        // A refused handshake does not say why.
        const is_signed_out = event.code === 4401 || (!was_open && await fetch(
          path.replace(/sync$/, 'session.json')).then((a) => a.status === 401, () => false));
        if (is_signed_out) return _foyer_socket_signed_out();
        setTimeout(FoyerSocket.connect, _foyer_socket_wait(FoyerSocket.failures++), path);
      };
    },
  },
  foyer_socket_connect__deps: ['$FoyerSocket', 'foyer_socket_opened', 'foyer_socket_received',
    'foyer_socket_closed', 'foyer_socket_signed_out', 'foyer_socket_tick', 'foyer_socket_wait'],
  foyer_socket_connect: (path) => FoyerSocket.connect(UTF8ToString(path)),
  foyer_socket_send__deps: ['$FoyerSocket'],
  foyer_socket_send: (at, size) => FoyerSocket.socket?.send(HEAPU8.slice(at, at + size)),
});
