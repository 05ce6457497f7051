// The functions that the kiosk's worker calls (web/src/kiosk_program.ts). One program is either a
// person's site (worker_calls.cc) or a kiosk.
#include <emscripten/emscripten.h>

#include "kiosk_site.h"
#include "worker_calls.h"
#include "worker_host.h"

namespace foyer::web {
namespace {

constexpr int kShown = 0, kToBeSealed = 1;  // Deed of web/src/kiosk_program.ts

std::unique_ptr<KioskSite> kiosk;
KioskState state;

}  // namespace

void posted_to_kiosk(int number, int status, std::string_view frames) {
  if (kiosk && kiosk->is_open()) kiosk->posted(number, status, frames);
}

extern "C" {

EMSCRIPTEN_KEEPALIVE void foyer_kiosk_open(const char* device, int size, int key_id) {
  const auto id = parse_uuid({device, static_cast<std::size_t>(size)});
  if (!id) return foyer_host_opened(0);
  kiosk = std::make_unique<KioskSite>(
      KioskSite::Settings{Id<Device>(*id), static_cast<std::uint32_t>(key_id)},
      [](bool is_open) { foyer_host_opened(is_open); });
}

// What pages are told of the device. Instants in ms; drift counts if `is_drift_known`.
EMSCRIPTEN_KEEPALIVE void foyer_kiosk_state(int next_number, int waiting, double oldest_ms,
                                            double contact_ms, int storage, int is_drift_known,
                                            double drift_ms, const char* version, int size) {
  state.next_number = next_number;
  state.waiting = waiting;
  state.oldest_waiting_at = {static_cast<std::int64_t>(oldest_ms)};
  state.last_contact_at = {static_cast<std::int64_t>(contact_ms)};
  state.storage = static_cast<StorageState>(storage);
  state.drift_ms.reset();
  if (is_drift_known != 0) state.drift_ms = static_cast<std::int64_t>(drift_ms);
  state.version.assign(version, static_cast<std::size_t>(size));
}

EMSCRIPTEN_KEEPALIVE void foyer_kiosk_answer(int ticket, int has_no_room) {
  Request request = take_question();
  if (!kiosk || !kiosk->is_open()) return foyer_host_answered(ticket, 0, 0, "", "", 0);
  request.kiosk = state;
  if (has_no_room != 0) request.failure = Error{ErrorCode::kExhausted, "", "no_room"};
  const KioskSite::Answer made = kiosk->answer(std::move(request));
  const bool is_sealed = !made.submission.empty();
  const std::string& body = is_sealed ? made.submission : made.body;
  foyer_host_answered(ticket, made.status, is_sealed ? kToBeSealed : kShown,
                      made.location.c_str(), body.data(), static_cast<int>(body.size()));
}

EMSCRIPTEN_KEEPALIVE void foyer_kiosk_exchange(int ticket) {
  if (!kiosk || !kiosk->is_open()) return foyer_host_exchanged(ticket, 0);
  kiosk->exchange([ticket](bool is_current) { foyer_host_exchanged(ticket, is_current); });
}

// `everything`: the device was revoked, nothing of it stays.
EMSCRIPTEN_KEEPALIVE void foyer_kiosk_close(int ticket, int everything) {
  if (!kiosk) return foyer_host_erased(ticket);
  kiosk->close(everything != 0 ? Erase::kEverything : Erase::kNothing, [ticket] {
    kiosk.reset();
    foyer_host_erased(ticket);
  });
}

}  // extern "C"

}  // namespace foyer::web
