// Who may read and write what: every role x entity x field x operation, generated from the field
// tables and the registry of commands, against tests/server-stub/authorisation_accepted.txt. A new
// entity, field, command or role appears by itself and fails until a person has accepted it.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "foyer/command/registry.h"
#include "foyer/command/save_record.h"
#include "foyer/schema/json.h"
#include "server-stub/authorisation_world.h"

namespace foyer::server {
namespace {

using Cell = std::pair<const MarkedRow*, const Field*>;
using Cells = std::set<Cell>;
// By the row's id: comparable between turns.
using KnownCells = std::set<std::pair<Uuid, const Field*>>;

// Lines "  field field: who, who" under a heading per kind of row; fields with the same people
// share a line. People are "csr", or "customer_user/own (own)" for some owners' rows only.
class AccessTable {
 public:
  void add(const MarkedRow& row, const Field& field, const std::string& who) {
    cells_[row.kind()][&field][who].insert(row.owner);
  }
  std::string text(const std::vector<MarkedRow>& rows) const {
    std::map<std::string, std::map<const Field*, std::set<Owner>>> filled;
    for (const MarkedRow& row : rows)
      for (const Field& field : row.entity->fields)
        if (!is_empty_field(field, row.row->get())) filled[row.kind()][&field].insert(row.owner);
    std::string all;
    std::set<std::string> done;
    for (const MarkedRow& row : rows)
      if (done.insert(row.kind()).second) all += text_of(row, filled[row.kind()]);
    return all;
  }

 private:
  using Filled = std::map<const Field*, std::set<Owner>>;

  std::string text_of(const MarkedRow& row, Filled& filled) const {
    std::vector<std::pair<std::string, std::string>> lines;  // who, fields
    for (const Field& field : row.entity->fields) {
      const auto who =
          filled[&field].empty() ? "(always empty)" : who_of(row.kind(), field, filled[&field]);
      auto line = std::find_if(lines.begin(), lines.end(),
                               [&](const auto& other) { return other.first == who; });
      if (line == lines.end()) line = lines.insert(line, {who, ""});
      line->second += ' ' + std::string(field.key);
    }
    std::string all = row.kind() + '\n';
    for (const auto& [who, fields] : lines)
      all += ' ' + fields + ": " + (who.empty() ? "nobody" : who) + '\n';
    return all;
  }
  std::string who_of(const std::string& kind, const Field& field,
                     const std::set<Owner>& everybody) const {
    std::string who;
    const auto entity = cells_.find(kind);
    if (entity == cells_.end()) return who;
    const auto people = entity->second.find(&field);
    if (people == entity->second.end()) return who;
    for (const auto& [name, owners] : people->second) {
      who += (who.empty() ? "" : ", ") + name;
      if (owners == everybody) continue;
      std::string list;
      for (const Owner owner : owners)
        list += (list.empty() ? "" : "+") +
                std::string(kOwnerNames[static_cast<std::size_t>(owner)]);
      who += " (" + list + ')';
    }
    return who;
  }

  std::map<std::string, std::map<const Field*, std::map<std::string, std::set<Owner>>>> cells_;
};

// The part of the accepted text under "== name".
std::string accepted(std::string_view name) {
  std::ifstream file(FOYER_SOURCE_DIR "/tests/server-stub/authorisation_accepted.txt");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::string heading = "== " + std::string(name) + '\n';
  const auto at = text.find(heading);
  if (at == std::string::npos) return {};
  const auto start = at + heading.size();
  return text.substr(start, text.find("== ", start) - start);
}

void expect_accepted(std::string_view name, const std::string& now) {
  EXPECT_TRUE(now == accepted(name))
      << "tests/server-stub/authorisation_accepted.txt should hold, if this is meant:\n== " << name
      << '\n' << now;
}

bool is_role_refusal(const Error& error) {
  return error.code == ErrorCode::kUnauthenticated ||
         (error.code == ErrorCode::kForbidden && error.detail == "role");
}

class AuthorisationTest : public AuthorisationWorld {
 protected:
  // The cells that a row, as it was received, shows; what it shows must be what is stored.
  static void collect(const MarkedRow& row, const void* seen, Cells& cells) {
    for (const Field& field : row.entity->fields) {
      if (is_empty_field(field, seen)) continue;
      EXPECT_TRUE(equal_fields(field, row.row->get(), seen)) << row.kind() << '.' << field.key;
      cells.insert({&row, &field});
    }
  }

  // Rows that somebody's turn has changed are compared as they are now.
  std::vector<MarkedRow> rows_now() {
    auto lease = installation_->readers().acquire();
    auto rows = marker_.rows();
    for (MarkedRow& row : rows) {
      const Uuid id = row.row->id();
      row.row = std::make_shared<AnyRow>(*row.entity);
      lease.store().read(*row.entity, id, row.row->get());
    }
    return rows;
  }

  Cells read_by(const ScopedReader& reader, const std::vector<MarkedRow>& rows) {
    Cells cells;
    for (const MarkedRow& row : rows) {
      AnyRow seen(*row.entity);
      if (reader.read(*row.entity, row.row->id(), seen.get())) collect(row, seen.get(), cells);
    }
    return cells;
  }

  Cells read_by(const Asker& asker, const std::vector<MarkedRow>& rows) {
    const auto actor = actor_of_asker(asker);
    auto lease = installation_->readers().acquire();
    return read_by(ScopedReader(lease.store(), actor), rows);
  }

  // What a device of theirs is sent, all copies of a row united.
  Cells fed_to(const Asker& asker, const std::vector<MarkedRow>& rows) {
    Hello hello;
    hello.client = derive_uuid({}, asker.name);
    const auto answer = ask(asker, "POST", sync_path(asker), encode_frame(hello));
    EXPECT_EQ(answer.status, asker.cookie.empty() ? 401 : 200) << asker.name;
    Cells cells;
    if (answer.status != 200) return cells;
    std::map<std::pair<EntityId, Uuid>, AnyRow> received;
    const auto messages = decode_frames(answer.body);
    for (const auto& message : *messages)
      if (const auto* poke = std::get_if<Poke>(&message))
        for (const RowChange& change : poke->changes) {
          const Entity& entity = *find_entity(change.entity);
          auto& seen = received.try_emplace({entity.id, change.id}, entity).first->second;
          EXPECT_TRUE(decode(entity, change.bytes, seen.get()));
        }
    for (const MarkedRow& row : rows) {
      const auto found = received.find({row.entity->id, row.row->id()});
      if (found != received.end()) collect(row, found->second.get(), cells);
    }
    return cells;
  }

  // By an index and by a word, a row is found exactly through what may be read of it.
  void expect_found_by_what_is_read(const ScopedReader& reader, const Cells& cells,
                                    const std::vector<MarkedRow>& rows, const std::string& who) {
    for (const MarkedRow& row : rows)
      for (const Field& field : row.entity->fields) {
        const auto value = value_of(field, row.row->get());
        const bool may = cells.contains({&row, &field});
        // What is empty is in no cell, though an enum has a value to be scanned by.
        if (field.is_indexed() && !is_empty(value) && !is_empty_field(field, row.row->get())) {
          const auto ids = reader.scan(*row.entity, {&field, value, value});
          const bool is_found = std::find(ids.begin(), ids.end(), row.row->id()) != ids.end();
          EXPECT_EQ(is_found, may) << who << " scans " << row.kind() << '.' << field.key;
        }
        const auto marks = RowMarker::marks_in(RowMarker::text_of(field, row.row->get()));
        if (!field.has(kFullText) || marks.empty()) continue;
        bool is_found = false;
        for (const auto& hit : reader.search({marks.front(), {row.entity}}))
          is_found |= hit.id == row.row->id();
        EXPECT_EQ(is_found, may) << who << " searches " << row.kind() << '.' << field.key;
      }
  }
};

// domain.md, section 10, apart from the accepted table: what no acceptance may loosen.
void expect_rules_of_roles(const std::string& name, const KnownCells& mine,
                           const std::map<std::string, KnownCells>& all,
                           const std::vector<MarkedRow>& rows) {
  const auto& everybodys = all.at("nobody");
  const auto& auditors = all.at("auditor");
  const bool is_outside = name == "kiosk" || name == "user_as_kiosk" || name == "user_as_server" ||
                          name == "partner_technician" || name.find('/') != std::string::npos;
  for (const MarkedRow& row : rows)
    for (const Field& field : row.entity->fields) {
      const std::pair<Uuid, const Field*> cell(row.row->id(), &field);
      const auto what = name + ' ' + row.kind() + '.' + std::string(field.key);
      if (everybodys.contains(cell)) {
        EXPECT_TRUE(mine.contains(cell)) << what << " is public";
        continue;
      }
      if (!mine.contains(cell)) continue;
      if (is_outside) {
        EXPECT_NE(row.owner, Owner::kForeign) << what << " is another company's";
        EXPECT_FALSE(row.is_staff_only) << what << " is for staff alone";
      } else {
        EXPECT_TRUE(auditors.contains(cell)) << what << " is kept from the auditor";
      }
      const bool is_of_a_case = row.entity == &entity_of<Case>() ||
                                row.entity == &entity_of<Message>();
      EXPECT_FALSE(name == "admin" && is_of_a_case) << what << " is no administrator's";
    }
}

TEST_F(AuthorisationTest, WhatEachRoleReadsByRowFeedIndexAndSearch) {
  AccessTable table;
  std::map<std::string, KnownCells> read;
  std::size_t count = 0, allowed = 0;
  for (const Asker& asker : askers_) {
    take_turn(asker);
    gate_->publish_everything();
    const auto rows = rows_now();
    const auto actor = actor_of_asker(asker);
    auto lease = installation_->readers().acquire();
    const ScopedReader reader(lease.store(), actor);
    const auto cells = read_by(reader, rows);
    EXPECT_TRUE(fed_to(asker, rows) == cells || asker.cookie.empty()) << asker.name;
    expect_found_by_what_is_read(reader, cells, rows, asker.name);
    for (const auto& [row, field] : cells) {
      table.add(*row, *field, asker.name);
      read[asker.name].insert({row->row->id(), field});
    }
    for (const MarkedRow& row : rows) count += row.entity->fields.size();
    allowed += cells.size();
  }
  for (const auto& [name, cells] : read) expect_rules_of_roles(name, cells, read, marker_.rows());
  std::cout << "reading: " << count << " cells, " << allowed << " allowed, " << count - allowed
            << " refused\n";
  expect_accepted("reads", table.text(marker_.rows()));
}

// Sends commands by every way that a asker has, and sees that refusals left nothing behind.
class CommandTest : public AuthorisationTest {
 protected:
  struct Verdict {
    bool may_try = false;  // whatever else is wrong, it is not the role
    bool is_done = false;
  };

  Verdict by_api(const Asker& asker, const Command& command) {
    const CommandInfo& info = *find_command(command.name);
    AnyRow arguments(*info.arguments);
    EXPECT_TRUE(decode(*info.arguments, command.arguments, arguments.get()));
    const std::string site = asker.site == SiteKind::kStaff ? "/staff" : "";
    const auto answer =
        ask(asker, "POST", site + "/api/command/" + command.name,
            write_json(*info.arguments, arguments.get()),
            {{"idempotency-key", to_string(derive_uuid({}, std::to_string(++sent_)))}});
    return {answer.status != 401 &&
                answer.body.find("\"detail\":\"role\"") == std::string::npos,
            answer.status == 200};
  }

  // A kiosk speaks through no route of people: the commands run as its actor.
  std::vector<Verdict> by_kiosk(const Asker& asker, const std::vector<Command>& list) {
    std::vector<Verdict> verdicts;
    const auto actor = actor_of_asker(asker);
    installation_->writer().run_and_wait([&] {
      for (const Command& command : list) {
        const Uuid id = derive_uuid({}, std::to_string(++sent_));
        const auto result = gate_->execute(command, {actor, now_, id});
        verdicts.push_back({result || !is_role_refusal(result.error()), result.has_value()});
      }
      return true;
    });
    return verdicts;
  }

  std::vector<Verdict> by_push(const Asker& asker, const std::vector<Command>& list) {
    if (!asker.device.is_null()) return by_kiosk(asker, list);
    std::vector<Verdict> verdicts;
    Hello hello;
    hello.client = derive_uuid(asker.user, asker.name + " pushes");
    Push push{hello.client, {}};
    for (const Command& command : list)
      push.commands.push_back({++mids_[asker.name], command, 0, now_});
    const auto answer = ask(asker, "POST", sync_path(asker),
                            encode_frame(hello) + encode_frame(push));
    EXPECT_EQ(answer.status, asker.user.is_null() ? 401 : 200) << asker.name;
    verdicts.resize(list.size());
    const auto messages = decode_frames(answer.status == 200 ? answer.body : "");
    for (const auto& message : *messages)
      if (const auto* result = std::get_if<PushResult>(&message))
        for (std::size_t i = 0; i < result->results.size(); ++i) {
          const auto& one = result->results[i];
          const bool is_done = one.outcome != PushOutcome::kRejected;
          verdicts.at(i) = {is_done || !is_role_refusal(one.error), is_done};
        }
    return verdicts;
  }

  // Which may be done; those refused are sent once more, and then nothing may have changed.
  std::vector<Verdict> pushed_and_refused_again(const Asker& asker,
                                                const std::vector<Command>& list) {
    const auto verdicts = by_push(asker, list);
    std::vector<Command> refused;
    for (std::size_t i = 0; i < list.size(); ++i)
      if (!verdicts[i].is_done) refused.push_back(list[i]);
    restore();
    const auto before = contents();
    for (const Verdict& again : by_push(asker, refused)) EXPECT_FALSE(again.is_done);
    EXPECT_TRUE(contents() == before) << asker.name;
    return verdicts;
  }

  void restore() {
    change([this](Writer& writer) {
      for (const MarkedRow& row : marker_.rows()) writer.write(*row.entity, row.row->get());
      for (const Entity* entity : entities()) write_lone_row(writer, *entity);
    });
  }
  static Uuid lone_id(const Entity& entity) { return derive_uuid({}, entity.name); }
  // Like a colleague's, but nothing hangs on it: it can be removed.
  void write_lone_row(Writer& writer, const Entity& entity) {
    AnyRow lone(entity);
    for (const Field& field : entity.fields) {
      copy_field(field, marker_.row_of(entity, Owner::kColleague).row->get(), lone.get());
      if (field.has(kUnique)) field.value<std::string>(lone.get()) += "alone";
    }
    entity.fields[0].value<Uuid>(lone.get()) = lone_id(entity);
    writer.write(entity, lone.get());
  }

 private:
  std::size_t sent_ = 0;
  std::map<std::string, std::uint64_t> mids_;
};

TEST_F(CommandTest, WhichCommandsEachRoleMayTryByApiAndByPush) {
  std::map<std::string, std::string> may_try;
  std::size_t count = 0, allowed = 0;
  Random random(7);
  for (const Asker& asker : askers_) {
    std::vector<Command> list;
    for (const CommandInfo& info : commands()) {
      AnyRow arguments(*info.arguments);
      fill_randomly(*info.arguments, arguments.get(), random);
      for (const Field& field : info.arguments->fields)
        if (const Entity* target = pointed_at(field))
          field.value<Uuid>(arguments.get()) = marked_id(*target, Owner::kColleague);
      list.push_back({std::string(info.name), info.version,
                      encode(*info.arguments, arguments.get())});
    }
    take_turn(asker);
    const auto verdicts = by_push(asker, list);
    auto before = contents();
    for (std::size_t i = 0; i < list.size(); ++i) {
      ++count;
      if (asker.device.is_null()) {
        const auto verdict = by_api(asker, list[i]);
        EXPECT_EQ(verdict.may_try, verdicts[i].may_try) << asker.name << list[i].name;
        const auto after = contents();
        EXPECT_TRUE(verdict.is_done || after == before) << asker.name << list[i].name;
        before = after;
      }
      if (!verdicts[i].may_try) continue;
      ++allowed;
      auto& who = may_try[list[i].name];
      who += (who.empty() ? "" : ", ") + asker.name;
    }
  }
  std::cout << "commands: " << count << " cells, " << allowed << " allowed, " << count - allowed
            << " refused\n";
  std::string text;
  for (const CommandInfo& info : commands()) {
    const auto& who = may_try[std::string(info.name)];
    text += std::string(info.name) + ": " + (who.empty() ? "nobody" : who) + '\n';
  }
  expect_accepted("commands", text);
}

class RecordTest : public CommandTest {
 protected:
  struct Write {
    const MarkedRow* row = nullptr;
    const Field* field = nullptr;  // null: the whole row
    Command command;
    bool is_removal = false;
  };

  // Each field of each colleague's row by itself, all of them together, and each removal.
  std::vector<Write> every_write(const std::vector<MarkedRow>& rows) {
    std::vector<Write> writes;
    for (const MarkedRow& row : rows) {
      if (row.owner != Owner::kColleague) continue;
      const std::string name(row.entity->name);
      for (const Field& field : row.entity->fields) {
        AnyRow partial(*row.entity);
        copy_field(field, row.row->get(), partial.get());
        copy_field(row.entity->fields[0], row.row->get(), partial.get());
        if (field.has(kUnique)) field.value<std::string>(partial.get()) += "new";
        const SaveRecord save{name, {encode(*row.entity, partial.get())}, {}};
        writes.push_back({&row, &field, make_command(save)});
      }
      AnyRow whole(*row.entity);
      for (const Field& field : row.entity->fields) {
        copy_field(field, row.row->get(), whole.get());
        if (field.has(kUnique)) field.value<std::string>(whole.get()) += "new";
      }
      const SaveRecord save{name, {encode(*row.entity, whole.get())}, {}};
      writes.push_back({&row, nullptr, make_command(save)});
      if (row.is_staff_only) continue;
      const RemoveRecord remove{name, lone_id(*row.entity), {}};
      writes.push_back({&row, nullptr, make_command(remove), true});
    }
    return writes;
  }
};

TEST_F(RecordTest, WhichFieldsEachRoleWritesAndWhichRowsItRemoves) {
  AccessTable table;
  std::map<const Entity*, std::string> removers;
  std::size_t count = 0, allowed = 0;
  for (const Asker& asker : askers_) {
    restore();
    take_turn(asker);
    const auto rows = rows_now();
    const auto cells = read_by(asker, rows);
    const auto writes = every_write(rows);
    std::vector<Command> list;
    for (const Write& write : writes) list.push_back(write.command);
    const auto verdicts = pushed_and_refused_again(asker, list);
    for (std::size_t i = 0; i < writes.size(); ++i) {
      const auto& [row, field, command, is_removal] = writes[i];
      ++count;
      if (!verdicts[i].is_done) continue;
      ++allowed;
      EXPECT_TRUE(cells.contains({row, &row->entity->fields[0]}))
          << asker.name << " writes over an unread " << row->kind();
      if (is_removal) {
        auto& who = removers[row->entity];
        who += (who.empty() ? "" : ", ") + asker.name;
        continue;
      }
      if (field == nullptr) continue;
      table.add(*row, *field, asker.name);
      EXPECT_TRUE(cells.contains({row, field}) || is_empty_field(*field, row->row->get()))
          << asker.name << " writes an unread " << row->kind() << '.' << field->key;
    }
  }
  std::cout << "writing: " << count << " cells, " << allowed << " allowed, " << count - allowed
            << " refused\n";
  auto written = marker_.rows();
  std::erase_if(written, [](const MarkedRow& row) { return row.owner != Owner::kColleague; });
  expect_accepted("writes", table.text(written));
  std::string removals;
  for (const Entity* entity : entities())
    removals += std::string(entity->name) + ": " +
                (removers.contains(entity) ? removers[entity] : "nobody") + '\n';
  expect_accepted("removals", removals);
}

}  // namespace
}  // namespace foyer::server
