#include "worker_calls.h"

#include <emscripten/emscripten.h>

#include "worker_host.h"
#include "worker_site.h"

namespace foyer::web {
namespace {

std::unique_ptr<WorkerSite> site;
Request asked;  // being put together

std::string text(const char* at, int size) { return {at, static_cast<std::size_t>(size)}; }

}  // namespace

void run() {}  // pulls this file, and with it the exported functions, into the program

Request take_question() { return std::exchange(asked, {}); }

extern "C" {

EMSCRIPTEN_KEEPALIVE void foyer_site_open(const char* user, int user_size, const char* token,
                                          int token_size, int keeps, int is_demo) {
  site = std::make_unique<WorkerSite>(
      WorkerSite::Settings{text(user, user_size), text(token, token_size), keeps != 0,
                           is_demo != 0},
      [](bool is_open) { foyer_host_opened(is_open); });
}

// kind 0 method, 1 path, 2 a field of the query, 3 of the form, 4 language, 5 is offline.
EMSCRIPTEN_KEEPALIVE void foyer_site_ask(int kind, const char* name, int name_size,
                                         const char* value, int value_size) {
  switch (kind) {
    case 0: asked.method = text(value, value_size); break;
    case 1: asked.path = text(value, value_size); break;
    case 2: asked.query.emplace_back(text(name, name_size), text(value, value_size)); break;
    case 3: asked.form.emplace_back(text(name, name_size), text(value, value_size)); break;
    case 4: asked.language = text(value, value_size); break;
    default: asked.offline = true;
  }
}

// After an erasure nothing is answered and nobody is reached.
EMSCRIPTEN_KEEPALIVE void foyer_site_answer(int ticket) {
  if (!site || !site->is_open()) return foyer_host_answered(ticket, 0, 0, "", "", 0);
  site->answer(take_question(), [ticket](const WorkerSite::Answer& answer) {
    foyer_host_answered(ticket, answer.status, static_cast<int>(answer.deed),
                        answer.location.c_str(), answer.body.data(),
                        static_cast<int>(answer.body.size()));
  });
}

EMSCRIPTEN_KEEPALIVE void foyer_site_exchange(int ticket) {
  if (!site || !site->is_open()) return foyer_host_exchanged(ticket, 0);
  site->exchange([ticket](bool is_current) { foyer_host_exchanged(ticket, is_current); });
}

EMSCRIPTEN_KEEPALIVE void foyer_posted(int number, int status, const char* at, int size) {
  const std::string_view frames(at, static_cast<std::size_t>(size));
  if (site && site->is_open()) site->posted(number, status, frames);
  else posted_to_kiosk(number, status, frames);
}

EMSCRIPTEN_KEEPALIVE void foyer_site_token(const char* token, int size) {
  if (site) site->set_form_token(text(token, size));
}

EMSCRIPTEN_KEEPALIVE void foyer_site_draft(int ticket, const char* path, int size) {
  const std::string words = site ? site->draft({path, static_cast<std::size_t>(size)}) : "";
  foyer_host_answered(ticket, 0, 0, "", words.data(), static_cast<int>(words.size()));
}
EMSCRIPTEN_KEEPALIVE void foyer_site_keep_draft(int ticket, const char* path, int path_size,
                                                const char* words, int size) {
  if (!site || !site->is_open()) return foyer_host_exchanged(ticket, 0);
  site->keep_draft(text(path, path_size), text(words, size),
                   [ticket](bool is_kept) { foyer_host_exchanged(ticket, is_kept); });
}

// farewell: 0 the session is over, 1 signed out, 2 forget the device.
EMSCRIPTEN_KEEPALIVE void foyer_site_erase(int ticket, int farewell) {
  if (!site) return foyer_host_erased(ticket);
  site->erase(static_cast<WorkerSite::Farewell>(farewell), [ticket] {
    site.reset();
    foyer_host_erased(ticket);
  });
}

EMSCRIPTEN_KEEPALIVE int foyer_site_is_loaded() {
  return site && site->is_open() && site->engine().status().is_loaded;
}
EMSCRIPTEN_KEEPALIVE int foyer_site_waiting() {
  return site && site->is_open() ? static_cast<int>(site->engine().status().waiting) : 0;
}

}  // extern "C"

}  // namespace foyer::web
