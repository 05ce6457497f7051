#include "indexed_db_store.h"

#include <emscripten/emscripten.h>

#include <charconv>

extern "C" {
void foyer_disk_open(int handle, const char* user, int size, const char* schema, int schema_size,
                     int slots);
void foyer_disk_save(int handle, int ticket, double mid, const char* bytes, int size);
void foyer_disk_remove(int handle, double mid);
void foyer_disk_adopt(int handle, int ticket, const char* client, int client_size,
                      const char* entries, int size);
void foyer_disk_keep_draft(int handle, int ticket, const char* name, int name_size,
                           const char* words, int size);
void foyer_cache_clear(int handle);
void foyer_cache_forget(int handle, const char* scope, int size);
void foyer_cache_remove(int handle, int kind, const char* scope, int size, double first,
                        double last);
void foyer_cache_put(int handle, int kind, const char* scope, int scope_size, double number, int n,
                     const char* bytes, int size);
void foyer_cache_head(int handle, const char* bytes, int size);
void foyer_cache_end(int handle, int is_strict);
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
  const std::string schema = std::to_string(schema_hash());
  foyer_disk_open(handle_, place.user.data(), length(place.user), schema.data(), length(schema),
                  place.slots);
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

void IndexedDbStore::adopt_client(const Uuid& client,
                                  std::vector<std::pair<std::uint64_t, std::string>> entries,
                                  std::function<void(bool)> done) {
  if (is_closing_) return done(false);
  std::string packed;
  for (const auto& [mid, bytes] : entries) {
    const double head[2] = {static_cast<double>(mid), static_cast<double>(bytes.size())};
    packed.append(reinterpret_cast<const char*>(head), sizeof head);
    packed += bytes;
  }
  const int ticket = ++tickets_;
  saving_[ticket] = [this, client, done = std::move(done)](bool is_saved) {
    if (is_saved) client_ = client;
    done(is_saved);
  };
  const std::string id = to_string(client);
  foyer_disk_adopt(handle_, ticket, id.data(), length(id), packed.data(), length(packed));
}

void IndexedDbStore::write_cache(CacheWrite write) {
  if (is_closing_) return;
  if (write.clears) foyer_cache_clear(handle_);
  for (const std::string& scope : write.forgotten)
    foyer_cache_forget(handle_, scope.data(), length(scope));
  for (const PieceRange& range : write.removed)
    foyer_cache_remove(handle_, static_cast<int>(range.kind), range.scope.data(),
                       length(range.scope), static_cast<double>(range.first),
                       static_cast<double>(range.last));
  for (const auto& [key, bytes] : write.put)
    foyer_cache_put(handle_, static_cast<int>(key.kind), key.scope.data(), length(key.scope),
                    static_cast<double>(key.number), static_cast<int>(key.n), bytes.data(),
                    length(bytes));
  if (write.head) foyer_cache_head(handle_, write.head->data(), length(*write.head));
  foyer_cache_end(handle_, write.is_strict);
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
    case 3: stored_.is_first_run = true; break;
    case 4: {
      const auto end = bytes.find('\0');
      if (end != bytes.npos) drafts_.emplace(bytes.substr(0, end), bytes.substr(end + 1));
      break;
    }
    case 5: stored_.head = bytes; break;
    default: scope_ = bytes;
  }
}

char* IndexedDbStore::room_for_piece(PieceKey key, std::size_t size) {
  key.scope = scope_;
  return stored_.pieces.emplace_back(std::move(key), std::string(size, '\0')).bytes.data();
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
// Where the bytes of a piece are to be put; its scope was given before.
EMSCRIPTEN_KEEPALIVE char* foyer_disk_piece(int handle, int kind, double number, int n, int size) {
  auto* store = store_of(handle);
  if (store == nullptr) return nullptr;
  return store->room_for_piece({static_cast<PieceKind>(kind), {},
                                static_cast<std::uint64_t>(number),
                                static_cast<std::uint32_t>(n)},
                               static_cast<std::size_t>(size));
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
