// What only the SQL side can get wrong: columns, migrations, refusal of newer files. The Store
// contract itself is tested by the suite that all stores share.
#include "sqlite_store.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "flat_json.h"
#include "foyer/base/random.h"
#include "foyer/model/people.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/generate.h"
#include "foyer/schema/row.h"
#include "shared/schema/new_entity.h"
#include "sqlite_schema.h"

namespace foyer::server {
namespace {

const std::vector<const Entity*> kEntities = {&entity_of<Account>(), &entity_of<Contact>(),
                                              &entity_of<User>(), &entity_of<Device>()};

class SqliteStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_sqlite_store_test";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    open();
    ASSERT_TRUE(migrate(*database_, {.entities = kEntities, .now = {1}}).has_value());
  }
  void TearDown() override {
    store_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    database_ = *Database::open((folder_ / "foyer.db").string(), OpenMode::kWriter);
    store_.emplace(*database_, layout_);
  }
  template <class T>
  Id<T> new_id() {
    return Id<T>(make_uuid({1'700'000'000'000 + ++count_}, random_));
  }
  Account account(std::string name) {
    Account row{};
    row.id = new_id<Account>();
    row.name = std::move(name);
    return row;
  }

  std::filesystem::path folder_;
  StoreLayout layout_{kEntities};
  std::unique_ptr<Database> database_;
  std::optional<SqliteStore> store_;
  Random random_{7};
  std::int64_t count_ = 0;
};

TEST_F(SqliteStoreTest, EveryKindOfFieldComesBackAlsoAfterReopening) {
  auto written = account("Größe \"GmbH\" \\ 'x'");
  written.revenue = {-105'407, Currency("EUR")};
  written.employees = INT64_MAX;
  written.lifecycle_stage = LifecycleStage::kAtRisk;
  written.customer_since = {-5};
  written.unknown.bytes = std::string("\x81\x04\x00\x02hi", 6);
  put(*store_, written);
  Contact contact{};
  contact.id = new_id<Contact>();
  contact.account = written.id;
  contact.phones = {"+1 555", "", "a\"b\\c\nd"};
  put(*store_, contact);
  User user{};
  user.id = new_id<User>();
  user.roles = {Role::kAdmin, Role::kCustomerUser};
  put(*store_, user);
  Device device{};
  device.id = new_id<Device>();
  device.public_key.data = std::string("\0\xff", 2);
  put(*store_, device);
  ASSERT_FALSE(database_->failure());
  open();
  const auto read = get(*store_, written.id);
  ASSERT_TRUE(read);
  for (const auto& field : entity_of<Account>().fields)
    EXPECT_TRUE(equal_fields(field, &*read, &written)) << field.key;
  EXPECT_EQ(read->unknown, written.unknown);
  EXPECT_EQ(get(*store_, contact.id)->phones, contact.phones);
  EXPECT_EQ(get(*store_, user.id)->roles, user.roles);
  EXPECT_EQ(get(*store_, device.id)->public_key, device.public_key);
}

TEST_F(SqliteStoreTest, TablesAreReadableWithAnySqliteTool) {
  auto row = account("Acme");
  row.revenue = {110'004, Currency("USD")};
  row.lifecycle_stage = LifecycleStage::kCustomer;
  put(*store_, row);
  Statement& select = database_->statement(
      "SELECT id, name, revenue, revenue_currency, lifecycle_stage, parent FROM account");
  ASSERT_TRUE(select.step());
  EXPECT_EQ(select.text(0), to_string(row.id));
  EXPECT_EQ(select.text(1), "Acme");
  EXPECT_EQ(select.integer(2), 110'004);
  EXPECT_EQ(select.text(3), "USD");
  EXPECT_EQ(select.text(4), "customer");
  EXPECT_TRUE(select.is_null(5));
}

TEST_F(SqliteStoreTest, ScansAreSortedBoundedAndUseTheIndex) {
  for (const char* name : {"b", "a", "d", "c", "b"}) put(*store_, account(name));
  const auto& by_name = field_of<&Account::name>();
  const auto names = [&](Scan scan) {
    std::string joined;
    for (const auto& id : store_->scan(entity_of<Account>(), scan))
      joined += get(*store_, Id<Account>(id))->name;
    return joined;
  };
  EXPECT_EQ(names({.field = &by_name, .from = {}, .to = {}}), "abbcd");
  EXPECT_EQ(names({.field = &by_name, .from = {}, .to = {}, .descending = true, .limit = 2}), "dc");
  EXPECT_EQ(names({&by_name, std::string("b"), std::string("c")}), "bbc");
  EXPECT_EQ(names({&by_name, std::string("c"), {}}), "cd");
  EXPECT_EQ(names({.from = {}, .to = {}, .limit = 3}), "bad");
  EXPECT_EQ(find<&Account::name>(*store_, "b").size(), 2u);
  EXPECT_EQ(store_->count(entity_of<Account>()), 5u);
  Statement& plan = database_->statement(
      "EXPLAIN QUERY PLAN SELECT \"id\" FROM \"account\" WHERE \"name\" = 'b' "
      "ORDER BY \"name\", \"id\"");
  ASSERT_TRUE(plan.step());
  EXPECT_NE(plan.text(3).find("account_by_name"), std::string_view::npos) << plan.text(3);
}

TEST_F(SqliteStoreTest, SearchFindsAllWordsTheLastAsAPrefix) {
  const auto first = account("Pump repair Berlin"), second = account("Pump sale");
  put(*store_, first);
  put(*store_, second);
  const auto found = [&](std::string_view text) {
    return store_->search({.text = text, .entities = {}, .limit = 50}).size();
  };
  EXPECT_EQ(found("pump"), 2u);
  EXPECT_EQ(found("PUMP rep"), 1u);
  EXPECT_EQ(found("rep pump"), 0u);
  EXPECT_EQ(found("berl"), 1u);
  EXPECT_EQ(found("  "), 0u);
  EXPECT_EQ(found("'; DROP TABLE account; --"), 0u);
  auto renamed = first;
  renamed.name = "Valve";
  put(*store_, renamed);
  EXPECT_EQ(found("berlin"), 0u);
  store_->erase(entity_of<Account>(), second.id);
  EXPECT_EQ(found("pump"), 0u);
  EXPECT_FALSE(get(*store_, second.id));
}

TEST_F(SqliteStoreTest, UniqueFieldsAreAConstraintAndEmptyOnesAreNot) {
  const auto add = [this](std::string email) {
    User user{};
    user.id = new_id<User>();
    user.email = std::move(email);
    put(*store_, user);
    return !database_->take_failure();
  };
  EXPECT_TRUE(add(""));
  EXPECT_TRUE(add(""));
  EXPECT_TRUE(add("a@example.com"));
  EXPECT_FALSE(add("a@example.com"));
}

// Naming a column in an UPDATE rewrites its index, changed or not: a page each to the disk, twice.
TEST_F(SqliteStoreTest, AnIndexWhoseFieldIsTheSameIsNotWritten) {
  ASSERT_TRUE(database_->begin());
  std::vector<Account> rows;
  for (int i = 0; i < 300; ++i) {
    rows.push_back(account("Company " + std::to_string(i * 7919 % 300)));
    rows.back().external_key = std::to_string(i * 31 % 300);
    put(*store_, rows.back());
  }
  ASSERT_TRUE(database_->commit());
  const auto pages_of = [&](const Account& row) {
    database_->checkpoint();
    EXPECT_TRUE(database_->begin());
    put(*store_, row);
    EXPECT_TRUE(database_->commit());
    return database_->log_pages();
  };
  Account row = rows[150];
  EXPECT_EQ(pages_of(row), 0);
  row.segment = "services";
  EXPECT_EQ(pages_of(row), 1);
  row.name = "Renamed";
  EXPECT_GT(pages_of(row), 1);
  EXPECT_EQ(encode(*get(*store_, row.id)), encode(row));
  EXPECT_EQ(find<&Account::external_key>(*store_, row.external_key, 2).size(), 1u);
  EXPECT_EQ(store_->search({"renamed", {}, 5}).size(), 1u);
  EXPECT_EQ(store_->search({"company", {}, 500}).size(), 299u);
  EXPECT_EQ(database_->check_integrity(), "ok");
}

TEST_F(SqliteStoreTest, NumbersNeverRepeat) {
  EXPECT_EQ(store_->next_number("T"), "T-10001");
  EXPECT_EQ(store_->next_number("T"), "T-10002");
  EXPECT_EQ(store_->next_number("C"), "C-10001");
  open();
  EXPECT_EQ(store_->next_number("T"), "T-10003");
}

TEST_F(SqliteStoreTest, AnOlderFileGainsColumnsAfterABackup) {
  put(*store_, account("Kept"));
  ASSERT_TRUE(database_->execute("ALTER TABLE account DROP COLUMN country"));
  open();
  const auto backup = (folder_ / "before.db").string();
  ASSERT_TRUE(
      migrate(*database_, {.entities = kEntities, .backup_file = backup, .now = {2}}).has_value());
  EXPECT_EQ(find<&Account::name>(*store_, "Kept").size(), 1u);
  EXPECT_TRUE(std::filesystem::exists(backup));
  ASSERT_TRUE(migrate(*database_, {.entities = kEntities, .backup_file = backup}).has_value());
}

TEST_F(SqliteStoreTest, NewerForeignAndTamperedFilesAreRefusedUntouched) {
  const struct {
    const char* change;
    std::string detail;
  } cases[] = {
      {"ALTER TABLE account ADD COLUMN from_the_future TEXT", "newer_schema"},
      {"INSERT INTO server_migration VALUES (999, 'later', '', 0)", "newer_schema"},
      {"UPDATE server_migration SET checksum = 'x' WHERE version = 1", "changed_migration"},
      {"PRAGMA application_id = 1", "not_foyer"},
  };
  for (const auto& row : cases) {
    TearDown();
    SetUp();
    ASSERT_TRUE(database_->execute(row.change));
    const auto result = migrate(*database_, {.entities = kEntities});
    ASSERT_FALSE(result.has_value()) << row.change;
    EXPECT_EQ(result.error().detail, row.detail);
  }
}

TEST(FlatJsonTest, ListsComeBackAndGarbageIsNothing) {
  const std::vector<std::string> texts = {"", "a\"b\\c", "\x01\n", "ü"};
  EXPECT_EQ(parse_texts(format_texts(texts)), texts);
  EXPECT_EQ(parse_texts("[]"), std::vector<std::string>{});
  const std::vector<std::int64_t> numbers = {0, -1, INT64_MAX, INT64_MIN};
  EXPECT_EQ(parse_integers(format_integers(numbers)), numbers);
  EXPECT_EQ(parse_text_map(" {\n \"a/b.css\" : \"c\",\"d\":\"\"} \n"),
            (TextMap{{"a/b.css", "c"}, {"d", ""}}));
  EXPECT_EQ(parse_text_map("{}"), TextMap{});
  for (const char* bad : {"", "{", "{\"a\"}", "{\"a\":1}", "{\"a\":\"b\",}", "{}x",
                          "{\"a\":\"\xff\"}"})
    EXPECT_FALSE(parse_text_map(bad)) << bad;
  for (const char* bad : {"", "[", "[\"a\"", "[\"a\",]", "[\"\\u12\"]", "[\"\\x\"]", "{}", "[1]x",
                          "[\"a\" \"b\"]", "[\"\\"})
    EXPECT_FALSE(parse_texts(bad)) << bad;
  for (const char* bad : {"[1.5]", "[99999999999999999999]", "[\"1\"]", "[1,]"})
    EXPECT_FALSE(parse_integers(bad)) << bad;
}

TEST(FlatJsonTest, ASurrogatePairIsOneCharacterAndALoneHalfIsNothing) {
  const std::vector<std::string> smile = {"\xf0\x9f\x98\x80"}, last = {"\xf4\x8f\xbf\xbf"},
                                 beside = {"\xed\x9f\xbf\xee\x80\x80"};
  EXPECT_EQ(parse_texts("[\"\\ud83d\\ude00\"]"), smile);
  EXPECT_EQ(parse_texts("[\"\\uD83D\\uDE00\"]"), smile);
  EXPECT_EQ(parse_texts("[\"\\udbff\\udfff\"]"), last);
  EXPECT_EQ(parse_texts("[\"\\ud7ff\\ue000\"]"), beside);
  for (const char* bad :
       {"[\"\\ud83d\"]", "[\"\\ude00\"]", "[\"\\ude00\\ud83d\"]", "[\"\\ud83dx\"]",
        "[\"\\ud83d\\ud83d\"]", "[\"\\ud83d\\u0041\"]", "[\"\\ud83d\\n\"]",
        "[\"\\ud83d\\ude0\"]"})
    EXPECT_FALSE(parse_texts(bad)) << bad;
}

TEST_F(SqliteStoreTest, ANewEntityNeedsNothingButItsTable) {
  auto entities = kEntities;
  entities.push_back(&entity_of<SafetyNotice>());
  ASSERT_TRUE(migrate(*database_, {.entities = entities, .now = {2}}).has_value());
  const StoreLayout layout(entities);
  SqliteStore store(*database_, layout);
  Random random(3);
  for (int i = 0; i < 50; ++i) {
    SafetyNotice row;
    fill_randomly(entity_of<SafetyNotice>(), &row, random);
    row.inspector = std::to_string(i);
    put(store, row);
    EXPECT_EQ(encode(*get(store, row.id)), encode(row));
    EXPECT_EQ(find<&SafetyNotice::inspector>(store, row.inspector).size(), 1u);
  }
  EXPECT_EQ(store.count(entity_of<SafetyNotice>()), 50u);
}

// The column came with a newer build: what it reads as is also where it is found.
TEST_F(SqliteStoreTest, ARowOlderThanAnEnumColumnIsFoundByItsFirstValue) {
  auto entities = kEntities;
  entities.push_back(&entity_of<SafetyNotice>());
  ASSERT_TRUE(migrate(*database_, {.entities = entities, .now = {2}}).has_value());
  const StoreLayout layout(entities);
  SqliteStore store(*database_, layout);
  SafetyNotice row;
  row.id = new_id<SafetyNotice>();
  row.severity = Severity::kMajor;
  put(store, row);
  ASSERT_TRUE(database_->execute("UPDATE safety_notice SET severity = NULL"));
  EXPECT_EQ(get(store, row.id)->severity, Severity::kMinor);
  EXPECT_EQ(find<&SafetyNotice::severity>(store, Severity::kMinor).size(), 1u);
  EXPECT_EQ(find<&SafetyNotice::severity>(store, Severity::kMajor).size(), 0u);
  EXPECT_EQ(store.scan(entity_of<SafetyNotice>(), {&field_of<&SafetyNotice::severity>(), {}, {}}),
            std::vector<Uuid>{row.id});
}

}  // namespace
}  // namespace foyer::server
