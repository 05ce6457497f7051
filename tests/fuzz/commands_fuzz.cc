// Commands as anybody may send them, one after the other over the demonstration's rows.
//
//   input := line*     line := person command json | person "row" command entity json
//                            | person "raw" command arguments to the end of the input
#include "foyer/command/import_rows.h"
#include "foyer/command/registry.h"
#include "foyer/command/save_record.h"
#include "foyer/schema/json.h"
#include "foyer/schema/validate.h"
#include "fuzz/demo_site.h"

namespace foyer::fuzz {
namespace {

// Passes everything on and remembers what was written.
class WatchedWriter final : public Writer {
 public:
  explicit WatchedWriter(Writer& inner) : inner_(inner) {}
  bool read(const Entity& entity, const Uuid& id, void* object) const override {
    return inner_.read(entity, id, object);
  }
  std::vector<Uuid> scan(const Entity& entity, const Scan& scan) const override {
    return inner_.scan(entity, scan);
  }
  std::vector<TextHit> search(const TextQuery& query) const override {
    return inner_.search(query);
  }
  std::size_t count(const Entity& entity) const override { return inner_.count(entity); }
  void write(const Entity& entity, const void* object) override {
    ++writes_;
    const auto errors = validate(entity, object);
    if (!errors.empty())
      expect(false, "a command wrote a row that its own table refuses",
             std::string(entity.name) + '.' + errors.front().field + ": " +
                 errors.front().detail);
    inner_.write(entity, object);
  }
  void erase(const Entity& entity, const Uuid& id) override {
    ++writes_;
    inner_.erase(entity, id);
  }
  std::string next_number(std::string_view series) override {
    ++writes_;
    return inner_.next_number(series);
  }
  std::size_t writes() const { return writes_; }

 private:
  Writer& inner_;
  std::size_t writes_ = 0;
};

bool read_row(std::string_view command, std::string_view& line, Command& result) {
  const Entity* entity = find_entity(take_word(line));
  if (entity == nullptr) return false;
  AnyRow row(*entity);
  if (!read_json(*entity, line, row.get()).empty()) return false;
  const auto bytes = encode(*entity, row.get());
  if (command == Table<SaveRecord>::name) {
    SaveRecord args;
    args.entity = entity->name;
    args.row.data = bytes;
    result = make_command(args);
  } else {
    ImportRows args;
    const auto runs = all<ImportRun>(DemoSite::get().store());
    if (!runs.empty()) args.run = runs.back().id;
    append_import_row(args.rows.data, *entity, bytes);
    result = make_command(args);
  }
  return true;
}

bool read_command(std::string_view& line, std::string_view& rest, Command& command) {
  auto name = take_word(line);
  if (name == "row") return name = take_word(line), read_row(name, line, command);
  if (name == "raw") {
    command.name = take_word(line);
    command.arguments = std::string(line) + std::string(rest.empty() ? "" : "\n");
    command.arguments += rest;
    rest = {};
    return true;
  }
  const auto* info = find_command(name);
  if (info == nullptr) return false;
  AnyRow args(*info->arguments);
  if (!read_json(*info->arguments, line, args.get()).empty()) return false;
  command = {std::string(name), info->version, encode(*info->arguments, args.get())};
  return true;
}

void run(const Command& command, const Context& context) {
  WatchedWriter writer(DemoSite::get().store());
  const auto done = run_command(command, writer, context);
  if (done) return;
  expect(writer.writes() == 0, "a refused command has written", command.name);
  expect(!done.error().detail.empty() || !done.error().field.empty(),
         "a refusal without a reason", command.name);
}

}  // namespace

void try_input(std::string_view input) {
  auto& site = DemoSite::get();
  const auto expanded = site.expand(input.substr(0, 20'000));
  site.store().begin();
  std::string_view rest = expanded;
  for (int count = 0; !rest.empty() && count < 12; ++count) {
    auto line = take_line(rest);
    const Actor actor = site.who(take_word(line));
    Command command;
    if (!read_command(line, rest, command)) continue;
    run(command, {actor, kNow + count * kMsPerMinute, derive_uuid({}, std::to_string(count))});
  }
  site.store().rollback();
}

}  // namespace foyer::fuzz
