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
void foyer_host_client(const char* id, int size);
void foyer_host_opened(int is_drawn);
void foyer_host_mirror(const char* json, int size);
void foyer_host_ask(double question, const char* path, int size, const char* file, int file_size,
                    const char* body, int body_size);
void foyer_host_save_outbox(double question, const char* name, int size, const char* text,
                            int text_size);
void foyer_host_navigate(const char* path, int size);
void foyer_host_sign_out();
void foyer_host_signed_out(int status);
void foyer_host_when(double ms, int is_day, char* out, int max);
void foyer_host_copy(const char* text, int size);
void foyer_host_theme(const char* name, int size);
double foyer_now();
void foyer_random(unsigned char* out, int size);
void foyer_host_wake();
}

namespace foyer::portal {
namespace {

constexpr std::int64_t kLeaseMs = 14 * kMsPerDay;

int length(const std::string& text) { return static_cast<int>(text.size()); }

class BrowserWords final : public TimeWords {
 public:
  std::string when(Instant at) const override { return words_of(at, false); }
  std::string day(Instant at) const override { return words_of(at, true); }

 private:
  static std::string words_of(Instant at, bool is_day) {
    char text[128] = {};
    foyer_host_when(static_cast<double>(at.ms), is_day, text, sizeof text);
    return text;
  }
};

std::uint64_t browser_seed() {
  std::uint64_t seed = 0;
  foyer_random(reinterpret_cast<unsigned char*>(&seed), sizeof seed);
  return seed;
}

Instant device_now() { return {static_cast<std::int64_t>(foyer_now())}; }

class BrowserPort final : public Port {
 public:
  BrowserPort(OpenedStore opened, SyncLink& link, SyncClient::Listener listener)
      : client(opened.client, *opened.store, link, std::move(listener)),
        random_(browser_seed()) {
    client.load(std::move(opened.stored), device_now(), kLeaseMs);
  }
  const Reader& rows() const override { return client.engine().rows(); }
  const Actor& actor() const override { return client.engine().actor(); }
  SyncStatus status() const override { return client.engine().status(); }
  DeviceRoom room() const override { return device_room; }
  const std::map<std::uint64_t, OutboxEntry>& outbox() const override {
    return client.engine().outbox();
  }
  Instant now() const override { return client.engine().corrected(device_now()); }
  const TimeWords& words() const override { return words_; }
  Uuid new_id() override { return make_uuid(device_now(), random_); }
  Result<std::uint64_t> submit(Command command) override {
    return client.submit(std::move(command), device_now());
  }
  Result<std::uint64_t> retry(std::uint64_t mid) override {
    return client.retry(mid, device_now());
  }
  Result<std::uint64_t> replace(std::uint64_t mid, Command command) override {
    return client.replace(mid, std::move(command), device_now());
  }
  void discard(std::uint64_t mid) override { client.discard(mid); }
  std::uint64_t ask(const ServerQuestion& question) override {
    foyer_host_ask(static_cast<double>(++questions_), question.path.data(), length(question.path),
                   question.file.data(), length(question.file), question.body.data(),
                   length(question.body));
    return questions_;
  }
  std::uint64_t save_outbox(const std::string& name, const std::string& text) override {
    foyer_host_save_outbox(static_cast<double>(++questions_), name.data(), length(name),
                           text.data(), length(text));
    return questions_;
  }
  void copy(const std::string& text) override { foyer_host_copy(text.data(), length(text)); }
  void choose_theme(ThemeChoice choice) override {
    const auto name = name_of(choice);
    foyer_host_theme(name.data(), static_cast<int>(name.size()));
  }
  void navigate(const std::string& path) override {
    foyer_host_navigate(path.data(), length(path));
  }
  void sign_out() override { foyer_host_sign_out(); }

  SyncClient client;
  DeviceRoom device_room;

 private:
  BrowserWords words_;
  Random random_;
  std::uint64_t questions_ = 0;
};

struct Portal {
  Portal(OpenedStore opened, SyncLink& link, Fonts fonts, Theme theme)
      : port(std::move(opened), link, {[this] { changed(); }, [] { foyer_host_signed_out(401); }}),
        app(port),
        ui(std::move(fonts), theme) {}
  // Also called while the port is made, when there is nothing to draw yet.
  void changed() {
    if (is_made) app.rows_changed();
    foyer_host_wake();
  }
  bool is_made = false;
  BrowserPort port;
  App app;
  Ui ui;
};
Platform platform;
std::unique_ptr<Portal> portal;
Fonts loaded_fonts;
std::string last_mirror;

std::string_view view(const char* at, int size) { return {at, static_cast<std::size_t>(size)}; }

// 0 light, 1 dark, 2 high contrast; anything else is light.
Theme theme_numbered(int number) {
  return number == 1 ? Theme::kDark : number == 2 ? Theme::kContrast : Theme::kLight;
}

void start(OpenedStore opened, Theme theme) {
  portal = std::make_unique<Portal>(std::move(opened), *platform.link, std::move(loaded_fonts),
                                    theme);
  portal->is_made = true;
  const std::string client = to_string(portal->port.client.engine().client());
  foyer_host_client(client.data(), length(client));
  foyer_host_opened(foyer_host_graphics() && start_graphics());
}

}  // namespace

void run(Platform given) { platform = std::move(given); }

extern "C" {

EMSCRIPTEN_KEEPALIVE void foyer_font(int is_semibold, const char* at, int size) {
  (is_semibold ? loaded_fonts.semibold : loaded_fonts.regular) = view(at, size);
}
// Opens what is kept of the user, then answers with foyer_host_opened.
EMSCRIPTEN_KEEPALIVE void foyer_open(const char* user, int size, int theme) {
  platform.open_store(std::string(view(user, size)), [theme](OpenedStore opened) {
    start(std::move(opened), theme_numbered(theme));
  });
}
EMSCRIPTEN_KEEPALIVE void foyer_connect() { platform.connect(portal->port.client); }
// Something that was sent is not durable on this device yet: the page must stay until it is.
EMSCRIPTEN_KEEPALIVE int foyer_saves() {
  for (const auto& [mid, entry] : portal->port.outbox())
    if (entry.state == OutboxState::kSaving) return 1;
  return 0;
}
// No rows are shown yet and they are coming: the page's thread belongs to them.
EMSCRIPTEN_KEEPALIVE int foyer_fills() {
  const SyncStatus status = portal->port.status();
  return status.is_online && !status.is_loaded;
}
EMSCRIPTEN_KEEPALIVE void foyer_route(const char* at, int size) {
  portal->app.go(parse_route(view(at, size)), true);
}
EMSCRIPTEN_KEEPALIVE void foyer_pointer(float x, float y) { portal->ui.pointer(x, y); }
EMSCRIPTEN_KEEPALIVE void foyer_button(int which, int is_down) {
  portal->ui.button(which, is_down != 0);
}
EMSCRIPTEN_KEEPALIVE void foyer_shift(int is_down) { portal->ui.shift(is_down != 0); }
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
EMSCRIPTEN_KEEPALIVE void foyer_theme(int theme) { portal->ui.set_theme(theme_numbered(theme)); }
EMSCRIPTEN_KEEPALIVE void foyer_graphics_restored() { restart_graphics(); }
EMSCRIPTEN_KEEPALIVE void foyer_room(int is_lasting, double used, double max) {
  portal->port.device_room = {true, is_lasting != 0, static_cast<std::uint64_t>(used),
                              static_cast<std::uint64_t>(max)};
}
EMSCRIPTEN_KEEPALIVE void foyer_stale() {
  portal->port.client.look_at_lease(device_now(), kLeaseMs);
  portal->app.rows_changed();
}
// 1: another frame is wanted. 2: nothing was drawn, since this frame began to save something: that
// goes first, and what comes of it is drawn then.
EMSCRIPTEN_KEEPALIVE int foyer_frame(float width, float height, float scale, float seconds) {
  const bool was_saving = foyer_saves() != 0;
  begin_graphics_frame();
  portal->ui.begin(width, height, scale, seconds);
  const bool wants_more = portal->app.draw(portal->ui);
  portal->ui.end();
  if (!was_saving && foyer_saves() != 0) return 2;
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
