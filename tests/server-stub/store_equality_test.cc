// SqliteStore against MemoryStore: the same random writes, erasures and questions give the same
// answers, so that server and browser sort, find and count alike.
#include <gtest/gtest.h>

#include <filesystem>

#include "foyer/base/random.h"
#include "foyer/model/registry.h"
#include "foyer/query/memory_store.h"
#include "foyer/schema/binary.h"
#include "entities.h"
#include "sqlite_schema.h"
#include "sqlite_store.h"

namespace foyer::server {
namespace {

constexpr std::string_view kWords[] = {"pump",  "Pumpe",   "größe", "GTX Pro", "door", "", "a",
                                       "Straße", "İstanbul", "東京",  "zz",      "B",   "Ärger"};

class StoreEqualityTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_store_equality_test";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    database_ = *Database::open((folder_ / "foyer.db").string(), OpenMode::kWriter);
    ASSERT_TRUE(migrate(*database_, {.entities = stored_entities()}).has_value());
    sqlite_.emplace(*database_, layout_);
  }
  void TearDown() override {
    sqlite_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string text() { return std::string(kWords[random_.below(std::size(kWords))]); }
  Uuid id() { return derive_uuid({}, std::to_string(random_.below(60))); }
  Uuid id_or_null() { return random_.chance(1, 3) ? Uuid{} : id(); }

  Case random_case() {
    Case row{};
    row.id = Id<Case>(id());
    row.account = Id<Account>(id_or_null());
    row.number = text();
    row.subject = text() + " " + text();
    row.state = static_cast<CaseState>(random_.below(10));
    row.priority = static_cast<Priority>(random_.below(4));
    row.owner = Id<User>(id_or_null());
    row.queue = text();
    row.opened_at = {static_cast<std::int64_t>(random_.below(50)) - 5};
    row.updated_at = {static_cast<std::int64_t>(random_.below(3)) * 1000};
    row.reopen_count = static_cast<std::int64_t>(random_.below(3)) - 1;
    return row;
  }
  Opportunity random_opportunity() {
    Opportunity row{};
    row.id = Id<Opportunity>(id());
    row.external_key = text();
    row.stage = static_cast<OpportunityStage>(random_.below(4));
    row.closed_on = {static_cast<std::int64_t>(random_.below(4)) * 7};
    if (random_.chance(1, 2)) row.amount = {-3, Currency("EUR")};
    return row;
  }

  void change() {
    if (random_.chance(1, 5)) {
      const auto& entity = random_.chance(1, 2) ? entity_of<Case>() : entity_of<Opportunity>();
      const auto gone = id();
      memory_.erase(entity, gone);
      sqlite_->erase(entity, gone);
    } else if (random_.chance(1, 2)) {
      const auto row = random_case();
      put(memory_, row);
      put(*sqlite_, row);
    } else {
      const auto row = random_opportunity();
      put(memory_, row);
      put(*sqlite_, row);
    }
  }

  // A value that some row of the field may have, or nothing.
  Value value_for(const Field& field) {
    if (random_.chance(1, 3)) return {};
    switch (field.type) {
      case FieldType::kText: return text().empty() ? Value{} : Value{"d" + text()};
      case FieldType::kId: return to_string(id());
      case FieldType::kEnum:
        return static_cast<std::int64_t>(random_.below(field.names.size()));
      default: return static_cast<std::int64_t>(random_.below(30)) - 5;
    }
  }

  void compare_scans(const Entity& entity) {
    for (const auto& field : entity.fields) {
      if (!field.is_indexed() && field.id != 1) continue;
      Scan scan{.field = field.id == 1 ? nullptr : &field, .from = {}, .to = {}};
      if (scan.field) {
        scan.from = value_for(field);
        scan.to = random_.chance(1, 2) ? scan.from : value_for(field);
      }
      scan.descending = random_.chance(1, 2);
      if (random_.chance(1, 2)) scan.limit = random_.below(10);
      EXPECT_EQ(memory_.scan(entity, scan), sqlite_->scan(entity, scan))
          << entity.name << '.' << field.key << (scan.descending ? " down" : " up");
    }
  }

  void compare_searches() {
    const auto query_text = text() + " " + text().substr(0, 3);
    const TextQuery query{.text = query_text, .entities = {}, .limit = 20};
    const auto in_memory = memory_.search(query), in_sqlite = sqlite_->search(query);
    ASSERT_EQ(in_memory.size(), in_sqlite.size()) << query_text;
    for (std::size_t i = 0; i < in_memory.size(); ++i) {
      EXPECT_EQ(in_memory[i].id, in_sqlite[i].id) << query_text;
      EXPECT_EQ(in_memory[i].score, in_sqlite[i].score) << query_text;
    }
  }

  std::filesystem::path folder_;
  StoreLayout layout_{stored_entities()};
  std::unique_ptr<Database> database_;
  std::optional<SqliteStore> sqlite_;
  MemoryStore memory_{Numbering::kAuthority};
  Random random_{11};
};

TEST_F(StoreEqualityTest, TheSameQuestionsGetTheSameAnswers) {
  ASSERT_TRUE(database_->begin());
  for (int round = 0; round < 400; ++round) {
    for (int i = 0; i < 5; ++i) change();
    compare_scans(entity_of<Case>());
    compare_scans(entity_of<Opportunity>());
    compare_searches();
    for (const auto* entity : {&entity_of<Case>(), &entity_of<Opportunity>()}) {
      EXPECT_EQ(memory_.count(*entity), sqlite_->count(*entity));
      AnyRow a(*entity), b(*entity);
      const auto row = id();
      ASSERT_EQ(memory_.read(*entity, row, a.get()), sqlite_->read(*entity, row, b.get()));
      EXPECT_EQ(encode(*entity, a.get()), encode(*entity, b.get()));
    }
    EXPECT_EQ(memory_.next_number("T"), sqlite_->next_number("T"));
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
  EXPECT_TRUE(database_->commit());
  EXPECT_FALSE(database_->failure());
}

}  // namespace
}  // namespace foyer::server
