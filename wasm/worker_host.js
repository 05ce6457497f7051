// The way out of the service worker's program: each function hands over to web/src/sw.ts. Opening
// and the end of a session are the portal's too (web/src/portal.ts).
addToLibrary({
  foyer_host_opened: (is_open) => Module['host'].opened(is_open !== 0),
  foyer_host_changed: () => Module['host'].changed(),
  foyer_host_signed_out: (status) => Module['host'].signed_out(status),
  foyer_host_exchanged: (ticket, is_current) =>
    Module['host'].settle(ticket, is_current !== 0),
  foyer_host_answered: (ticket, status, deed, location, body, size) => {
    Module['host'].settle(ticket, { status, deed, location: UTF8ToString(location),
      body: HEAPU8.slice(body, body + size) });
  },
  foyer_host_erased: (ticket) => Module['host'].settle(ticket, true),
  foyer_host_asset__deps: ['$stringToUTF8'],
  foyer_host_asset: (name, out, max) =>
    stringToUTF8(Module['host'].asset(UTF8ToString(name)), out, max),
});
