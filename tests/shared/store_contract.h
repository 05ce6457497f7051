// The contract of Reader and Writer, for every store there is: in memory, in SQLite, on a device
// behind the synchronisation, in a browser's IndexedDB. A store joins with a fixture:
//
//   struct Fixture {
//     Writer& writer();             // its changes are one transaction, until one of these two
//     void commit();
//     void rollback();
//     void reopen();                // as after a restart; what was not committed is gone
//     const Reader& reader();       // what has been committed
//     std::vector<const Entity*> entities();  // that it keeps
//     std::uint8_t audience();      // the fields that reach the reader, else kAllAudiences
//     bool forgives_slips();        // a search that finds nothing looks for words near those asked
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Name, StoreContract, Fixture);
#pragma once

#include <gtest/gtest.h>

#include "foyer/base/random.h"
#include "foyer/base/text.h"
#include "foyer/model/registry.h"
#include "foyer/schema/generate.h"
#include "shared/store_model.h"

namespace foyer {

// Everything a person or a program may send that is valid UTF-8.
inline std::vector<std::string> hostile_texts() {
  std::string everything;
  for (char c = 1; c > 0 && c < 127; ++c) everything += c;
  return {
      "",
      " ",
      everything,
      std::string("before\0after", 12),
      "'; DROP TABLE \"case\"; --",
      "\\\"'`%_*?[]{}\r\n\t",
      "👩🏽‍🔧🛗👨‍👩‍👧‍👦",
      "\xe2\x80\xae" "evil\xe2\x80\xac שלום مرحبا \xe2\x80\x8f",
      "e\xcc\x81\xcc\xa7\xcc\x82 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
      "\xf4\x8f\xbf\xbf \xef\xbf\xbf \xef\xbb\xbf",
      std::string(200'000, 'x'),
      std::string(3000, ' ') + "電梯故障",
  };
}

template <class Fixture>
class StoreContract : public testing::Test {
 protected:
  static Uuid id_of(std::uint64_t n) { return derive_uuid({}, std::to_string(n)); }

  Case a_case(std::uint64_t n, std::string subject, CaseState state = CaseState::kNew) {
    Case row;
    row.id = Id<Case>(id_of(n));
    row.subject = std::move(subject);
    row.state = state;
    row.opened_at = {1000 + static_cast<std::int64_t>(n)};
    return row;
  }
  template <class T>
  void put_here(const T& row) {
    put(store.writer(), row);
    model.write(entity_of<T>(), &row);
  }
  void erase_here(const Entity& entity, const Uuid& id) {
    store.writer().erase(entity, id);
    model.erase(entity, id);
  }

  // As the reader should show it.
  std::string shown(const Entity& entity, const std::string& bytes) {
    AnyRow row(entity);
    EXPECT_TRUE(decode(entity, bytes, row.get()));
    return encode(entity, row.get(), store.audience());
  }
  void expect_row(const Entity& entity, const Uuid& id, const std::string& bytes) {
    AnyRow row(entity);
    ASSERT_TRUE(store.reader().read(entity, id, row.get())) << entity.name;
    EXPECT_EQ(encode(entity, row.get()), shown(entity, bytes)) << entity.name;
  }
  void expect_rows(const Entity& entity) {
    const auto& rows = model.rows(entity);
    EXPECT_EQ(store.reader().count(entity), rows.size()) << entity.name;
    EXPECT_EQ(store.reader().scan(entity, {}), model.scan(entity, {})) << entity.name;
    for (const auto& [id, bytes] : rows) expect_row(entity, id, bytes);
  }
  void expect_scan(const Entity& entity, const Scan& scan) {
    EXPECT_EQ(store.reader().scan(entity, scan), model.scan(entity, scan))
        << entity.name << '.' << (scan.field ? scan.field->key : "id")
        << (scan.descending ? " down" : " up") << " limit " << scan.limit;
  }
  void expect_search(const TextQuery& query) {
    const auto found = store.reader().search(query);
    const auto wanted = model.search(query, store.forgives_slips());
    ASSERT_EQ(found.size(), wanted.size()) << query.text;
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].entity, wanted[i].entity) << query.text;
      EXPECT_EQ(found[i].id, wanted[i].id) << query.text << ", place " << i;
      EXPECT_EQ(found[i].score, wanted[i].score) << query.text << ", place " << i;
    }
  }

  // For the run against the model.
  std::string word() {
    static constexpr std::string_view kWords[] = {
        "pump", "Pumpe", "größe", "GTX Pro", "door", "", "a", "Straße", "İstanbul", "東京", "zz",
        "B",    "Ärger"};
    return std::string(kWords[random.below(std::size(kWords))]);
  }
  Uuid id_or_none() { return random.chance(1, 3) ? Uuid() : id_of(random.below(60)); }
  Case random_case() {
    Case row = a_case(random.below(60), word() + " " + word());
    row.account = Id<Account>(id_or_none());
    row.number = word();
    row.state = static_cast<CaseState>(random.below(10));
    row.priority = static_cast<Priority>(random.below(4));
    row.owner = Id<User>(id_or_none());
    row.queue = word();
    row.opened_at = {static_cast<std::int64_t>(random.below(50)) - 5};
    row.updated_at = {static_cast<std::int64_t>(random.below(3)) * 1000};
    row.reopen_count = static_cast<std::int64_t>(random.below(3)) - 1;
    return row;
  }
  Opportunity random_opportunity() {
    Opportunity row;
    row.id = Id<Opportunity>(id_of(100 + random.below(60)));
    row.external_key = word();
    row.stage = static_cast<OpportunityStage>(random.below(4));
    row.closed_on = {static_cast<std::int64_t>(random.below(4)) * 7};
    if (random.chance(1, 2)) row.amount = {-3, Currency("EUR")};
    return row;
  }
  void change_at_random() {
    if (random.chance(1, 10))
      erase_here(entity_of<Case>(), id_of(random.below(60)));
    else if (random.chance(1, 9))
      erase_here(entity_of<Opportunity>(), id_of(100 + random.below(60)));
    else if (random.chance(1, 2))
      put_here(random_case());
    else
      put_here(random_opportunity());
  }
  // A value that some row of the field may have, or an open end.
  Value value_for(const Field& field) {
    if (random.chance(1, 3)) return {};
    switch (field.type) {
      case FieldType::kText: return word().empty() ? Value() : Value("d" + word());
      case FieldType::kId: return to_string(id_of(random.below(60)));
      case FieldType::kEnum: return static_cast<std::int64_t>(random.below(field.names.size()));
      default: return static_cast<std::int64_t>(random.below(30)) - 5;
    }
  }
  void compare_scans(const Entity& entity) {
    for (const Field& field : entity.fields) {
      if (!field.is_indexed() && field.id != 1) continue;
      Scan scan;
      if (field.id != 1) {
        scan.field = &field;
        scan.from = value_for(field);
        scan.to = random.chance(1, 2) ? scan.from : value_for(field);
      }
      scan.descending = random.chance(1, 2);
      if (random.chance(1, 2)) scan.limit = random.below(10);
      expect_scan(entity, scan);
    }
  }

  Fixture store;
  StoreModel model;
  Random random{11};
};
TYPED_TEST_SUITE_P(StoreContract);

TYPED_TEST_P(StoreContract, WhatIsWrittenIsReadUntilItIsErased) {
  const Case row = this->a_case(1, "Lift stops");
  EXPECT_FALSE(get(this->store.reader(), row.id));
  this->put_here(row);
  this->store.commit();
  this->expect_rows(entity_of<Case>());
  this->put_here(this->a_case(1, "Lift goes"));
  this->store.commit();
  EXPECT_EQ(get(this->store.reader(), row.id)->subject, "Lift goes");
  this->erase_here(entity_of<Case>(), row.id);
  this->erase_here(entity_of<Case>(), this->id_of(2));  // there is none
  this->store.commit();
  EXPECT_FALSE(get(this->store.reader(), row.id));
  EXPECT_EQ(this->store.reader().count(entity_of<Case>()), 0u);
}

TYPED_TEST_P(StoreContract, AWriterSeesItsOwnChanges) {
  Writer& writer = this->store.writer();
  put(writer, this->a_case(1, "Lift stops"));
  EXPECT_TRUE(exists(writer, this->a_case(1, "").id));
  EXPECT_EQ((find<&Case::state>(writer, CaseState::kNew).size()), 1u);
  EXPECT_EQ(writer.search({"lift", {}, 10}).size(), 1u);
  writer.erase(entity_of<Case>(), this->id_of(1));
  EXPECT_EQ(writer.count(entity_of<Case>()), 0u);
  EXPECT_TRUE(writer.search({"lift", {}, 10}).empty());
}

TYPED_TEST_P(StoreContract, AnObjectThatWasUsedShowsNothingOfItsOldRow) {
  Case full = this->a_case(1, "First", CaseState::kClosed);
  full.resolution = "Done";
  full.unknown.bytes = std::string("\xc2\x3e\x02hi", 5);
  this->put_here(full);
  this->put_here(this->a_case(2, "Second"));
  this->store.commit();
  Case row = full;
  ASSERT_TRUE(this->store.reader().read(entity_of<Case>(), this->id_of(2), &row));
  EXPECT_EQ(encode(row), this->shown(entity_of<Case>(), encode(this->a_case(2, "Second"))));
}

TYPED_TEST_P(StoreContract, EveryKindOfFieldComesBackAlsoAfterReopening) {
  for (const Entity* entity : this->store.entities())
    for (int n = 0; n < 5; ++n) {
      AnyRow row(*entity);
      fill_randomly(*entity, row.get(), this->random);
      this->store.writer().write(*entity, row.get());
      this->model.write(*entity, row.get());
    }
  this->store.commit();
  for (const Entity* entity : this->store.entities()) this->expect_rows(*entity);
  this->store.reopen();
  for (const Entity* entity : this->store.entities()) this->expect_rows(*entity);
}

TYPED_TEST_P(StoreContract, EmptyFieldsAndExtremeNumbersComeBack) {
  Opportunity empty;
  empty.id = Id<Opportunity>(this->id_of(1));
  this->put_here(empty);
  Account extreme;
  extreme.id = Id<Account>(this->id_of(1));
  extreme.employees = INT64_MAX;
  extreme.founded_year = INT64_MIN;
  extreme.revenue = {INT64_MIN, Currency("JPY")};
  extreme.customer_since = {-5};
  this->put_here(extreme);
  extreme.id = Id<Account>(this->id_of(2));
  extreme.revenue = {0, Currency("EUR")};  // no money is something else than 0 of it
  extreme.lifecycle_stage = LifecycleStage::kAtRisk;
  this->put_here(extreme);
  this->store.commit();
  this->store.reopen();
  this->expect_rows(entity_of<Opportunity>());
  this->expect_rows(entity_of<Account>());
}

// What a newer build wrote; to a device nothing of it is published.
TYPED_TEST_P(StoreContract, FieldsThatThisBuildDoesNotKnowAreKept) {
  Case row = this->a_case(1, "From the future");
  row.unknown.bytes = std::string("\xc2\x3e\x02hi", 5);
  this->put_here(row);
  this->store.commit();
  this->store.reopen();
  this->expect_rows(entity_of<Case>());
  Case again;
  ASSERT_TRUE(this->store.reader().read(entity_of<Case>(), row.id, &again));
  again.subject = "Changed here";
  again.unknown = row.unknown;
  this->put_here(again);
  this->store.commit();
  this->expect_rows(entity_of<Case>());
}

TYPED_TEST_P(StoreContract, HostileTextComesBackByteByByteAndBreaksNoIndex) {
  std::uint64_t n = 0;
  for (const std::string& text : hostile_texts()) {
    Case row = this->a_case(++n, text);
    row.queue = text;
    row.resolution = text + text;
    this->put_here(row);
  }
  this->store.commit();
  this->store.reopen();
  this->expect_rows(entity_of<Case>());
  const Field& queue = field_of<&Case::queue>();
  this->expect_scan(entity_of<Case>(), {&queue, {}, {}, false, SIZE_MAX});
  for (const std::string& text : hostile_texts()) {
    if (!text.empty()) this->expect_scan(entity_of<Case>(), {&queue, text, text});
    this->expect_search({text, {}, 50});
  }
  EXPECT_EQ(this->store.reader().count(entity_of<Case>()), n);
}

TYPED_TEST_P(StoreContract, ScansKeepToTheirBoundsOrderAndLimit) {
  std::uint64_t n = 0;
  for (const char* queue : {"b", "a", "d", "", "c", "b"}) {
    Case row = this->a_case(++n, "Lift");
    row.queue = queue;
    row.opened_at = {static_cast<std::int64_t>(n % 3) - 1};
    this->put_here(row);
  }
  this->store.commit();
  const auto expect_all = [&](const Field& field, const std::vector<Value>& values) {
    for (const Value& from : values)
      for (const Value& to : values)
        for (const bool descending : {false, true})
          for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{3}, SIZE_MAX})
            this->expect_scan(entity_of<Case>(), {&field, from, to, descending, limit});
  };
  const auto text = [](const char* value) { return Value(std::string(value)); };
  expect_all(field_of<&Case::queue>(),
             {{}, text("a"), text("b"), text("bb"), text("d"), text("z")});
  expect_all(field_of<&Case::opened_at>(),
             {{}, std::int64_t{-1}, std::int64_t{1}, std::int64_t{2}, INT64_MIN, INT64_MAX});
  expect_all(field_of<&Case::state>(), {{}, std::int64_t{0}, std::int64_t{1}, std::int64_t{9}});
  this->expect_scan(entity_of<Case>(), {nullptr, {}, {}, true, 2});
  this->expect_scan(entity_of<Case>(), {nullptr, {}, {}, false, 0});
}

TYPED_TEST_P(StoreContract, IndexesFollowTheRow) {
  const auto in_state = [&](CaseState state) {
    return find<&Case::state>(this->store.reader(), state).size();
  };
  this->put_here(this->a_case(1, "Lift"));
  this->store.commit();
  EXPECT_EQ(in_state(CaseState::kNew), 1u);
  this->put_here(this->a_case(1, "Lift", CaseState::kClosed));
  this->store.commit();
  EXPECT_EQ(in_state(CaseState::kNew), 0u);
  EXPECT_EQ(in_state(CaseState::kClosed), 1u);
  this->erase_here(entity_of<Case>(), this->id_of(1));
  this->store.commit();
  EXPECT_EQ(in_state(CaseState::kClosed), 0u);
}

TYPED_TEST_P(StoreContract, AUniqueFieldFindsItsRowAndMayBeEmptyInMany) {
  std::uint64_t n = 0;
  for (const char* email : {"", "b@x.example", "", "a@x.example"}) {
    User row;
    row.id = Id<User>(this->id_of(++n));
    row.email = email;
    this->put_here(row);
  }
  this->store.commit();
  this->store.reopen();
  const auto found = find<&User::email>(this->store.reader(), "b@x.example");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().id, this->id_of(2));
  this->expect_scan(entity_of<User>(), {&field_of<&User::email>(), {}, {}});
  this->expect_rows(entity_of<User>());
}

TYPED_TEST_P(StoreContract, SearchRanksAsTheModelDoes) {
  this->put_here(this->a_case(1, "Aufzug klemmt im Café, der Aufzug!"));
  this->put_here(this->a_case(2, "Aufzug steht"));
  this->put_here(this->a_case(3, "Der AUFZUG klemmt, klemmt, klemmt"));
  this->put_here(this->a_case(4, "電梯故障"));
  Account account;
  account.id = Id<Account>(this->id_of(100));
  account.name = "Aufzug & Söhne";
  this->put_here(account);
  this->store.commit();
  for (const bool is_reopened : {false, true}) {
    if (is_reopened) this->store.reopen();
    for (const char* text : {"aufzug", "AUFZUG kle", "cafe", "auf kle", "梯故", "", " - ", "sohne a",
                             "nothing", "der aufzug klemmt", "k", "aufzug aufzug", "'; DROP",
                             "aufzgu", "aufzuk klem", "kelmmt", "afzu", "aufzug klemtm", "ufzugg",
                             "aufzug steth"})
      for (const std::size_t limit : {std::size_t{1}, std::size_t{50}}) {
        this->expect_search({text, {}, limit});
        this->expect_search({text, {&entity_of<Case>()}, limit});
        this->expect_search({text, {&entity_of<Account>(), &entity_of<Case>()}, limit});
      }
  }
  this->put_here(this->a_case(1, "Tor"));
  this->erase_here(entity_of<Case>(), this->id_of(2));
  this->store.commit();
  this->expect_search({"aufzug", {}, 50});
  this->expect_search({"cafe", {}, 50});
  this->expect_search({"tor", {}, 50});
}

TYPED_TEST_P(StoreContract, RollbackRestoresRowsIndexesTextAndNumbers) {
  for (std::uint64_t n = 0; n < 20; ++n) this->put_here(this->a_case(n, "before"));
  const std::string number = this->store.writer().next_number("T");
  this->store.commit();
  std::string lost;
  for (int round = 0; round < 10; ++round) {
    Writer& writer = this->store.writer();
    for (int step = 0; step < 30; ++step) {
      const std::uint64_t n = this->random.below(30);
      if (this->random.chance(1, 3)) writer.erase(entity_of<Case>(), this->id_of(n));
      else put(writer, this->a_case(n, "after", static_cast<CaseState>(this->random.below(10))));
    }
    lost = writer.next_number("T");
    EXPECT_NE(lost, number);
    this->store.rollback();
    this->expect_rows(entity_of<Case>());
    this->expect_scan(entity_of<Case>(), {&field_of<&Case::state>(), {}, {}});
    this->expect_search({"after", {}, 10});
    this->expect_search({"before", {}, 10});
  }
  // Series have no gaps, and nobody has seen this one.
  EXPECT_EQ(this->store.writer().next_number("T"), lost);
}

TYPED_TEST_P(StoreContract, WhatWasNotCommittedIsGoneAfterReopening) {
  this->put_here(this->a_case(1, "kept"));
  this->store.commit();
  put(this->store.writer(), this->a_case(1, "lost"));
  put(this->store.writer(), this->a_case(2, "lost"));
  this->store.reopen();
  this->expect_rows(entity_of<Case>());
  this->expect_search({"lost", {}, 10});
  this->put_here(this->a_case(3, "written afterwards"));
  this->store.commit();
  this->store.reopen();
  this->expect_rows(entity_of<Case>());
}

TYPED_TEST_P(StoreContract, AThousandRandomChangesLeaveWhatThePlainMapHas) {
  for (int step = 1; step <= 1000; ++step) {
    this->change_at_random();
    if (step % 5 != 0) continue;
    this->store.commit();
    if (step % 200 == 0) this->store.reopen();
    for (const Entity* entity : {&entity_of<Case>(), &entity_of<Opportunity>()}) {
      this->compare_scans(*entity);
      this->expect_rows(*entity);
    }
    for (int n = 0; n < 3; ++n) {
      const std::string text = this->word() + " " + this->word().substr(0, 3);
      if (is_valid_utf8(text)) this->expect_search({text, {}, 20});
    }
    ASSERT_FALSE(this->HasFailure()) << "after " << step << " changes";
  }
}

REGISTER_TYPED_TEST_SUITE_P(
    StoreContract, WhatIsWrittenIsReadUntilItIsErased, AWriterSeesItsOwnChanges,
    AnObjectThatWasUsedShowsNothingOfItsOldRow, EveryKindOfFieldComesBackAlsoAfterReopening,
    EmptyFieldsAndExtremeNumbersComeBack, FieldsThatThisBuildDoesNotKnowAreKept,
    HostileTextComesBackByteByByteAndBreaksNoIndex, ScansKeepToTheirBoundsOrderAndLimit,
    IndexesFollowTheRow, AUniqueFieldFindsItsRowAndMayBeEmptyInMany, SearchRanksAsTheModelDoes,
    RollbackRestoresRowsIndexesTextAndNumbers, WhatWasNotCommittedIsGoneAfterReopening,
    AThousandRandomChangesLeaveWhatThePlainMapHas);

}  // namespace foyer
