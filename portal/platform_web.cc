// The staff portal in a browser: engine, screens and page host put together. No decision is taken
// here; the page calls the exported functions, wasm/portal_host.js carries the calls out.
#include "platform_web.h"

#include <emscripten/emscripten.h>

#include <memory>

#include "app.h"
#include "foyer/base/random.h"
#include "mirror_json.h"
#include "ui/graphics.h"

extern "C" {
int foyer_host_graphics();
void foyer_host_send(const char* bytes, int size);
void foyer_host_save_outbox(double mid, const char* bytes, int size);
void foyer_host_remove_outbox(double mid);
void foyer_host_save_cache(const char* bytes, int size, int replaces);
void foyer_host_mirror(const char* json, int size);
void foyer_host_ask(double question, const char* path, int size, const char* file, int file_size);
void foyer_host_navigate(const char* path, int size);
void foyer_host_when(double ms, char* out, int max);
double foyer_host_now();
void foyer_host_random(unsigned char* out, int size);
void foyer_host_wake();
}

namespace foyer::portal {
namespace {

int length(const std::string& text) { return static_cast<int>(text.size()); }

class BrowserWords final : public TimeWords {
 public:
  std::string when(Instant at) const override {
    char text[128] = {};
    foyer_host_when(static_cast<double>(at.ms), text, sizeof text);
    return text;
  }
};

std::uint64_t browser_seed() {
  std::uint64_t seed = 0;
  foyer_host_random(reinterpret_cast<unsigned char*>(&seed), sizeof seed);
  return seed;
}

class BrowserPort final : public Port {
 public:
  explicit BrowserPort(const Uuid& client) : engine(client), random_(browser_seed()) {}
  const Reader& rows() const override { return engine.rows(); }
  const Actor& actor() const override { return engine.actor(); }
  SyncStatus status() const override { return engine.status(); }
  const std::map<std::uint64_t, OutboxEntry>& outbox() const override { return engine.outbox(); }
  Instant now() const override { return engine.corrected(device_now()); }
  const TimeWords& words() const override { return words_; }
  Uuid new_id() override { return make_uuid(device_now(), random_); }
  Result<std::uint64_t> submit(Command command) override {
    auto done = engine.submit(std::move(command), device_now());
    run_effects();
    return done;
  }
  void retry(std::uint64_t mid) override {
    (void)engine.retry(mid, device_now());
    run_effects();
  }
  void discard(std::uint64_t mid) override {
    engine.discard(mid);
    run_effects();
  }
  void ask(const ServerQuestion& question) override {
    foyer_host_ask(static_cast<double>(question.id), question.path.data(), length(question.path),
                   question.file.data(), length(question.file));
  }
  void navigate(const std::string& path) override {
    foyer_host_navigate(path.data(), length(path));
  }

  static Instant device_now() { return {static_cast<std::int64_t>(foyer_host_now())}; }
  void run_effects();

  ClientEngine engine;
  App* app = nullptr;

 private:
  BrowserWords words_;
  Random random_;
};

void BrowserPort::run_effects() {
  for (const Effect& effect : engine.take_effects()) {
    if (const auto* save = std::get_if<SaveOutbox>(&effect))
      foyer_host_save_outbox(static_cast<double>(save->mid), save->bytes.data(),
                             length(save->bytes));
    else if (const auto* remove = std::get_if<RemoveOutbox>(&effect))
      foyer_host_remove_outbox(static_cast<double>(remove->mid));
    else if (const auto* cache = std::get_if<SaveCache>(&effect))
      foyer_host_save_cache(cache->frames.data(), length(cache->frames), cache->replaces_all);
    else if (const auto* send = std::get_if<SendFrame>(&effect))
      foyer_host_send(send->bytes.data(), length(send->bytes));
    else if (app != nullptr)
      app->rows_changed();
  }
  foyer_host_wake();
}

struct Portal {
  Portal(const Uuid& client, Fonts fonts, Theme theme)
      : port(client), app(port), ui(std::move(fonts), theme) {
    port.app = &app;
  }
  BrowserPort port;
  App app;
  Ui ui;
};
std::unique_ptr<Portal> portal;
std::vector<std::string> loaded_outbox;
Fonts loaded_fonts;
std::string last_mirror;

std::string_view view(const char* at, int size) { return {at, static_cast<std::size_t>(size)}; }

}  // namespace

void run() {}  // pulls this file, and with it the exported functions, into the program

extern "C" {

EMSCRIPTEN_KEEPALIVE void foyer_font(int is_semibold, const char* at, int size) {
  (is_semibold ? loaded_fonts.semibold : loaded_fonts.regular) = view(at, size);
}
EMSCRIPTEN_KEEPALIVE void foyer_load_outbox(const char* at, int size) {
  loaded_outbox.emplace_back(view(at, size));
}
// `client`: 36 characters. False: no graphics.
EMSCRIPTEN_KEEPALIVE int foyer_start(const char* client, const char* cache, int size, int is_dark) {
  portal = std::make_unique<Portal>(parse_uuid(client).value_or(Uuid()), std::move(loaded_fonts),
                                    is_dark ? Theme::kDark : Theme::kLight);
  portal->port.engine.load({std::string(view(cache, size)), std::move(loaded_outbox), 0});
  loaded_outbox.clear();
  if (!foyer_host_graphics()) return 0;
  return start_graphics();
}
EMSCRIPTEN_KEEPALIVE void foyer_connected() {
  portal->port.engine.connected(BrowserPort::device_now());
  portal->port.run_effects();
}
EMSCRIPTEN_KEEPALIVE void foyer_disconnected() {
  portal->port.engine.disconnected();
  portal->port.run_effects();
}
EMSCRIPTEN_KEEPALIVE int foyer_received(const char* at, int size) {
  const bool is_sound =
      portal->port.engine.received(view(at, size), BrowserPort::device_now()).has_value();
  portal->port.run_effects();
  return is_sound;
}
EMSCRIPTEN_KEEPALIVE void foyer_saved(double mid, int is_saved) {
  if (is_saved)
    portal->port.engine.saved(static_cast<std::uint64_t>(mid));
  else
    portal->port.engine.save_failed(static_cast<std::uint64_t>(mid));
  portal->port.run_effects();
}
EMSCRIPTEN_KEEPALIVE void foyer_route(const char* at, int size) {
  portal->app.go(parse_route(view(at, size)), true);
}
EMSCRIPTEN_KEEPALIVE void foyer_pointer(float x, float y) { portal->ui.pointer(x, y); }
EMSCRIPTEN_KEEPALIVE void foyer_button(int which, int is_down) {
  portal->ui.button(which, is_down != 0);
}
EMSCRIPTEN_KEEPALIVE void foyer_wheel(float x, float y) { portal->ui.wheel(x, y); }
EMSCRIPTEN_KEEPALIVE void foyer_activate(const char* id, int size) {
  portal->ui.activate(view(id, size));
}
EMSCRIPTEN_KEEPALIVE void foyer_text(const char* id, int id_size, const char* at, int size) {
  portal->ui.set_text(view(id, id_size), std::string(view(at, size)));
}
// `bytes`: the size of the whole file; `head`: its start.
EMSCRIPTEN_KEEPALIVE void foyer_file(const char* field, int field_size, const char* name,
                                     int name_size, double bytes, const char* head,
                                     int head_size) {
  portal->app.picked({std::string(view(field, field_size)), std::string(view(name, name_size)),
                      static_cast<std::uint64_t>(bytes), std::string(view(head, head_size))});
}
EMSCRIPTEN_KEEPALIVE void foyer_progress(double question, float fraction) {
  portal->app.progressed(static_cast<std::uint64_t>(question), fraction);
}
EMSCRIPTEN_KEEPALIVE void foyer_answer(double question, int status, const char* at, int size) {
  portal->app.answered(static_cast<std::uint64_t>(question), status, view(at, size));
}
EMSCRIPTEN_KEEPALIVE void foyer_theme(int is_dark) {
  portal->ui.set_theme(is_dark ? Theme::kDark : Theme::kLight);
}
EMSCRIPTEN_KEEPALIVE void foyer_graphics_restored() { restart_graphics(); }
EMSCRIPTEN_KEEPALIVE void foyer_stale() { portal->app.rows_changed(); }
// True: another frame is wanted.
EMSCRIPTEN_KEEPALIVE int foyer_frame(float width, float height, float scale, float seconds) {
  begin_graphics_frame();
  portal->ui.begin(width, height, scale, seconds);
  const bool wants_more = portal->app.draw(portal->ui);
  portal->ui.end();
  draw_graphics_frame();
  std::string mirror = mirror_json(portal->ui.semantics());
  if (mirror != last_mirror) {
    last_mirror = std::move(mirror);
    foyer_host_mirror(last_mirror.data(), length(last_mirror));
  }
  return wants_more;
}

}  // extern "C"

}  // namespace foyer::portal
