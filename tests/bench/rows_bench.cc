// foyer_bench_rows CASES QUERIES: what a device's rows cost in time and memory, natively or as
// WebAssembly under Node. Loads seeded rows as they are stored, asks, and goes on asking while rows
// change ten times for each hundred questions; prints one JSON object. Nothing is stored.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <new>

#include "foyer/query/tokenizer.h"
#include "foyer/rules/case_state.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/json.h"
#include "foyer/sync/client_engine.h"
#include "seeded_rows.h"

namespace {

// What is allocated now: as much as was asked for, and the allocator's own share by 16 bytes each.
std::size_t live = 0, live_max = 0;
constexpr std::size_t kHead = 16;

void* counted(std::size_t size) {
  auto* const block = static_cast<std::size_t*>(std::malloc(size + kHead));
  if (block == nullptr) std::abort();
  *block = size;
  live += size + kHead;
  live_max = std::max(live_max, live);
  return reinterpret_cast<char*>(block) + kHead;
}
void uncounted(void* place) {
  if (place == nullptr) return;
  char* const block = static_cast<char*>(place) - kHead;
  live -= *reinterpret_cast<std::size_t*>(block) + kHead;
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* place) noexcept { uncounted(place); }
void operator delete[](void* place) noexcept { uncounted(place); }
void operator delete(void* place, std::size_t) noexcept { uncounted(place); }
void operator delete[](void* place, std::size_t) noexcept { uncounted(place); }

namespace foyer {
namespace {

using server::SeededRows;

const Instant kNow{1764160000000};
const Scope kDesk{ScopeKind::kStaff, StaffArea::kService, {}};

// Of the processor natively: others may be busy. Node's clock() knows but milliseconds of the day.
std::uint64_t now_us() {
  if constexpr (sizeof(void*) == 8)
    return static_cast<std::uint64_t>(std::clock()) * 1'000'000 / CLOCKS_PER_SEC;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

// Rows as a server publishes them and a device stores them.
class Published {
 public:
  template <class T>
  void add(const std::vector<T>& rows) {
    for (const T& row : rows) {
      add(row);
      json_bytes_ += write_json(entity_of<T>(), &row, kStaff).size();
    }
  }
  template <class T>
  void add(const T& row) {
    std::string bytes = encode(row, audience_of(kDesk));
    std::uint32_t& crc = crcs_[row.id];
    if (crc == 0) ++state_.count;
    state_.crc ^= crc;
    crc = row_crc(entity_of<T>().id, bytes);
    state_.crc ^= crc;
    row_bytes_ += bytes.size();
    part_.changes.push_back({RowOp::kPut, 0, entity_of<T>().id, row.id, std::move(bytes)});
    part_bytes_ += part_.changes.back().bytes.size() + 56;
    if (part_bytes_ > kFrameBytesMax - 8192) cut();
  }
  // Everything since the last call, as one poke.
  std::string take() {
    part_.is_last = true;
    part_.cookie = {{}, seq_ + 1, 0, {state_}};
    cut();
    base_ = ++seq_;
    return std::exchange(frames_, {});
  }
  std::size_t json_bytes() const { return json_bytes_; }
  std::size_t row_bytes() const { return row_bytes_; }

 private:
  void cut() {
    part_.base_seq = base_;
    part_.seq = seq_ + 1;
    part_.scopes = {kDesk};
    if (base_ == 0 && frames_.empty()) part_.snapshots = {kDesk};
    frames_ += encode_frame(part_);
    part_ = {};
    part_bytes_ = 0;
  }

  Poke part_;
  std::size_t part_bytes_ = 0, json_bytes_ = 0, row_bytes_ = 0;
  std::string frames_;
  std::uint64_t base_ = 0, seq_ = 0;
  ScopeState state_{kDesk, 0, 0};
  std::map<Uuid, std::uint32_t> crcs_;
};

struct Figures {
  std::vector<std::uint64_t> us;
  std::size_t found = 0;
};

// Times of each kind of question, taken in turns.
class Questions {
 public:
  using Ask = std::function<std::size_t()>;
  void add(std::string name, Ask ask) { asks_.emplace_back(std::move(name), std::move(ask)); }
  void ask_all() {
    for (const auto& [name, ask] : asks_) {
      const std::uint64_t start = now_us();
      const std::size_t found = ask();
      Figures& figures = figures_[name];
      figures.us.push_back(now_us() - start);
      figures.found = found;
    }
  }
  void print() {
    bool is_first = true;
    for (auto& [name, figures] : figures_) {
      auto& us = figures.us;
      std::sort(us.begin(), us.end());
      std::printf("%s\"%s\":{\"p50_us\":%llu,\"p95_us\":%llu,\"found\":%zu}", is_first ? "" : ",",
                  name.c_str(), static_cast<unsigned long long>(us[us.size() / 2]),
                  static_cast<unsigned long long>(us[us.size() * 95 / 100]), figures.found);
      is_first = false;
    }
  }

 private:
  std::vector<std::pair<std::string, Ask>> asks_;
  std::map<std::string, Figures> figures_;
};

std::size_t open_cases_of(const Reader& reader, const Uuid& owner) {
  std::size_t found = 0;
  const Value key = to_string(owner);
  for (const Uuid& id :
       reader.scan(entity_of<Case>(), {&field_of<&Case::owner>(), key, key, true, SIZE_MAX})) {
    const auto row = get(reader, Id<Case>(id));
    found += row && is_open(row->state);
    if (found == 50) break;
  }
  return found;
}

std::size_t search(const Reader& reader, std::string_view text) {
  return reader.search({text, {&entity_of<Case>()}, 50}).size();
}

// Words of the rows: how often each occurs.
std::vector<std::pair<std::size_t, std::string>> words_of(const std::vector<Case>& cases) {
  std::map<std::string, std::size_t> counts;
  for (const Case& row : cases)
    for (auto& token : tokens_of(row.subject)) ++counts[std::move(token)];
  std::vector<std::pair<std::size_t, std::string>> words;
  for (auto& [word, count] : counts) words.emplace_back(count, word);
  std::sort(words.rbegin(), words.rend());
  return words;
}

// A letter in the middle is another one.
std::string mistyped(std::string word) {
  char& letter = word[word.size() / 2];
  letter = letter == 'q' ? 'x' : 'q';
  return word;
}

struct Sought {
  Uuid owner;
  std::string rare, two_common, prefix, typo;
};
Sought sought_in(const SeededRows& rows) {
  const auto words = words_of(rows.cases);
  Sought sought;
  sought.owner = rows.people.front().id;
  sought.rare = words[words.size() - words.size() / 8].second;
  sought.two_common = words[0].second + " " + words[1].second + " ";
  sought.prefix = words[words.size() / 20].second.substr(0, 3);
  for (const auto& [count, word] : words)
    if (word.size() >= 6 && count < words.front().first / 50) {
      sought.typo = mistyped(word);
      break;
    }
  return sought;
}

void add_questions(Questions& questions, const Reader& reader, const Sought& sought) {
  questions.add("indexed", [&] { return open_cases_of(reader, sought.owner); });
  questions.add("newest", [&] {
    const Scan newest{&field_of<&Case::updated_at>(), {}, {}, true, 50};
    return reader.scan(entity_of<Case>(), newest).size();
  });
  questions.add("group_by_state", [&] {
    std::size_t sum = 0;
    for (std::int64_t state = 0; state < 10; ++state)
      sum += reader.scan(entity_of<Case>(), {&field_of<&Case::state>(), state, state}).size();
    return sum;
  });
  for (const auto& [name, text] : {std::pair("rare", &sought.rare),
                                   {"two_common", &sought.two_common},
                                   {"prefix", &sought.prefix}, {"typo", &sought.typo}})
    questions.add(name, [&reader, text] { return search(reader, *text); });
}

// What was published, and what is asked for.
struct World {
  Published published;
  std::vector<Case> some;
  Sought sought;

  explicit World(std::size_t count) {
    const SeededRows rows({.cases = count, .customers = 0, .now = kNow});
    published.add(rows.people);
    published.add(rows.accounts);
    published.add(rows.contacts);
    published.add(rows.cases);
    sought = sought_in(rows);
    for (std::size_t i = 0; i < 1000; ++i) some.push_back(rows.cases[i * (count / 1000)]);
  }
};

void print(std::string_view name, std::uint64_t value) {
  std::printf("\"%.*s\":%llu,", static_cast<int>(name.size()), name.data(),
              static_cast<unsigned long long>(value));
}

void print_load(ClientEngine& engine, World& world, std::size_t count) {
  const Reader& reader = engine.rows();
  std::string frames = world.published.take();
  // What is stored is read whole, and let go when it was taken.
  const std::size_t before = live - frames.capacity() - 1 - kHead;
  live_max = live;
  const std::uint64_t start = now_us();
  {
    Stored stored;
    stored.cache = std::move(frames);
    engine.load(stored);
  }
  const std::uint64_t loaded = now_us();
  print("cases", count);
  print("json_bytes", world.published.json_bytes());
  print("row_bytes", world.published.row_bytes());
  print("load_us", loaded - start);
  print("peak_bytes", live_max - before);
  print("first_found", open_cases_of(reader, world.sought.owner));
  const std::uint64_t answered = now_us();
  print("first_query_us", answered - loaded);
  for (const Field* field : {&field_of<&Case::state>(), &field_of<&Case::updated_at>()})
    (void)reader.scan(entity_of<Case>(), {field, {}, {}, false, 1});
  print("two_indexes_us", now_us() - answered);
  const std::size_t rows_live = live - before;
  print("resident_bytes", rows_live);
  const std::uint64_t searched = now_us();
  (void)search(reader, world.sought.rare);
  print("text_us", now_us() - searched);
  print("text_bytes", live - before - rows_live);
}

void measure(std::size_t count, std::size_t rounds) {
  World world(count);
  ClientEngine engine(derive_uuid({}, "device"));
  std::printf("{");
  print_load(engine, world, count);
  if (engine.rows().count(entity_of<Case>()) != count) std::abort();
  Questions questions;
  add_questions(questions, engine.rows(), world.sought);
  Random random(5);
  std::vector<std::uint64_t> updates;
  for (std::size_t round = 0; round < rounds; ++round) {
    questions.ask_all();
    if (round % 10 != 0) continue;
    Case row = world.some[random.below(world.some.size())];
    row.subject += round % 3 == 0 ? " again" : "";
    row.updated_at.ms += static_cast<std::int64_t>(round) * 1000;
    row.state = CaseState::kInProgress;
    world.published.add(row);
    const std::string poke = world.published.take();
    const std::uint64_t from = now_us();
    if (!engine.received(poke, kNow)) std::abort();
    updates.push_back(now_us() - from);
    engine.take_effects();
  }
  std::sort(updates.begin(), updates.end());
  print("update_p95_us", updates[updates.size() * 95 / 100]);
  std::printf("\"queries\":{");
  questions.print();
  std::printf("}}\n");
}

}  // namespace
}  // namespace foyer

int main(int count, char** words) {
  if (count != 3) return 2;
  foyer::measure(std::strtoul(words[1], nullptr, 10), std::strtoul(words[2], nullptr, 10));
  return 0;
}
