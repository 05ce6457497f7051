#include "indexed_db_store.h"

#include <emscripten/emscripten.h>

#include <charconv>

extern "C" {
void foyer_disk_open(int handle, const char* user, int size, int slots);
void foyer_disk_save(int handle, int ticket, double mid, const char* bytes, int size);
void foyer_disk_remove(int handle, double mid);
void foyer_disk_keep_draft(int handle, int ticket, const char* name, int name_size,
                           const char* words, int size);
void foyer_disk_save_cache(int handle, const char* bytes, int size, int replaces);
void foyer_disk_close(int handle, int what);
}

namespace foyer::web {
namespace {

// What JavaScript still has to say may come after its store is gone.
std::map<int, IndexedDbStore*> stores;
std::map<int, std::vector<std::function<void()>>> closing;
int handles = 0;

int length(const std::string& text) { return static_cast<int>(text.size()); }

IndexedDbStore* store_of(int handle) {
  const auto found = stores.find(handle);
  return found == stores.end() ? nullptr : found->second;
}

}  // namespace

IndexedDbStore::IndexedDbStore(Place place, Opened done)
    : handle_(++handles), opened_(std::move(done)) {
  stores[handle_] = this;
  foyer_disk_open(handle_, place.user.data(), length(place.user), place.slots);
}

IndexedDbStore::~IndexedDbStore() {
  stores.erase(handle_);
  if (!is_closing_) foyer_disk_close(handle_, 0);
}

void IndexedDbStore::save_outbox(std::uint64_t mid, std::string bytes,
                                 std::function<void(bool)> done) {
  if (is_closing_) return done(false);
  const int ticket = ++tickets_;
  saving_[ticket] = std::move(done);
  foyer_disk_save(handle_, ticket, static_cast<double>(mid), bytes.data(), length(bytes));
}

void IndexedDbStore::remove_outbox(std::uint64_t mid) {
  if (!is_closing_) foyer_disk_remove(handle_, static_cast<double>(mid));
}

void IndexedDbStore::save_cache(std::string frames, bool replaces_all) {
  if (!is_closing_) foyer_disk_save_cache(handle_, frames.data(), length(frames), replaces_all);
}

void IndexedDbStore::keep_draft(const std::string& name, std::string words,
                                std::function<void(bool)> done) {
  if (is_closing_) return done(false);
  const int ticket = ++tickets_;
  saving_[ticket] = std::move(done);
  foyer_disk_keep_draft(handle_, ticket, name.data(), length(name), words.data(), length(words));
  if (words.empty()) drafts_.erase(name);
  else drafts_[name] = std::move(words);
}

void IndexedDbStore::close(Erase erase, std::function<void()> done) {
  if (is_shut_) return done();  // it never opened: there is nothing to wait for
  closing[handle_].push_back(std::move(done));
  if (std::exchange(is_closing_, true)) return;
  foyer_disk_close(handle_, static_cast<int>(erase));
}

void IndexedDbStore::loaded(int kind, std::string_view bytes) {
  switch (kind) {
    case 0: client_ = parse_uuid(bytes).value_or(Uuid()); break;
    case 1:
      std::from_chars(bytes.data(), bytes.data() + bytes.size(), stored_.last_mid);
      break;
    case 2: stored_.outbox.emplace_back(bytes); break;
    case 4: {
      const auto end = bytes.find('\0');
      if (end != bytes.npos) drafts_.emplace(bytes.substr(0, end), bytes.substr(end + 1));
      break;
    }
    default: stored_.cache += bytes;
  }
}

void IndexedDbStore::opened(bool is_open) {
  is_closing_ = is_shut_ = !is_open;
  if (auto done = std::exchange(opened_, {})) done(is_open && !client_.is_null());
}

void IndexedDbStore::saved(int ticket, bool is_saved) {
  if (auto done = saving_.extract(ticket)) done.mapped()(is_saved);
}

extern "C" {

EMSCRIPTEN_KEEPALIVE void foyer_disk_loaded(int handle, int kind, const char* at, int size) {
  if (auto* store = store_of(handle)) store->loaded(kind, {at, static_cast<std::size_t>(size)});
}
EMSCRIPTEN_KEEPALIVE void foyer_disk_opened(int handle, int is_open) {
  if (auto* store = store_of(handle)) store->opened(is_open != 0);
}
EMSCRIPTEN_KEEPALIVE void foyer_disk_saved(int handle, int ticket, int is_saved) {
  if (auto* store = store_of(handle)) store->saved(ticket, is_saved != 0);
}
EMSCRIPTEN_KEEPALIVE void foyer_disk_closed(int handle) {
  if (auto waiting = closing.extract(handle))
    for (const auto& done : waiting.mapped()) done();
}

}  // extern "C"

}  // namespace foyer::web
