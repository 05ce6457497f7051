// The index of words against a model, at every point of a merge: written, erased, undone and
// reopened in between.
#include "sqlite_text_index.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "entities.h"
#include "foyer/base/random.h"
#include "foyer/query/text_index.h"
#include "server_tables.h"
#include "sqlite_schema.h"

namespace foyer::server {
namespace {

using Row = SqliteTextIndex::Row;
using Words = SqliteTextIndex::Words;

class SqliteTextIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    reopen();
  }
  void TearDown() override {
    index_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  void reopen() {
    index_.reset();
    database_.reset();
    database_ = *Database::open((folder_ / "foyer.db").string(), OpenMode::kWriter);
    ASSERT_TRUE(migrate(*database_, {.entities = stored_entities()}).has_value());
    index_.emplace(*database_);
  }
  Row row() {
    return {static_cast<EntityId>(1 + random_.below(2)),
            derive_uuid({}, std::to_string(random_.below(600)))};
  }
  std::string word() { return "w" + std::to_string(random_.below(random_.below(2) ? 12 : 300)); }
  Words words() {
    Words words;
    for (std::uint64_t left = 1 + random_.below(12); left > 0; --left) words.insert(word());
    return words;
  }
  void write_one() {
    const Row where = row();
    if (model_.contains(where)) index_->remove(where);
    model_.erase(where);
    if (random_.chance(1, 4)) return;
    const auto& added = model_[where] = words();
    index_->add(where, added);
  }
  SqliteTextIndex::Scores expected(const std::vector<std::string>& asked) const {
    SqliteTextIndex::Scores scores;
    for (const auto& [where, words] : model_) {
      std::int64_t score = 0;
      for (std::size_t i = 0; i < asked.size(); ++i) {
        std::int64_t best = 0;
        for (const auto& word : words) {
          if (word == asked[i]) best = kExactScore;
          else if (i + 1 == asked.size() && word.starts_with(asked[i]))
            best = std::max<std::int64_t>(best, kPrefixScore);
        }
        score += best > 0 ? best : INT32_MIN;
      }
      if (score > 0) scores.emplace(where, score);
    }
    return scores;
  }
  void check() {
    for (int i = 0; i < 3; ++i) {
      std::vector<std::string> asked{word()};
      if (random_.chance(1, 2)) asked.push_back(word());
      if (random_.chance(1, 2)) asked.back().resize(2);
      ASSERT_EQ(index_->search(asked), expected(asked)) << asked[0];
    }
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / "foyer_text_index_test";
  Random random_{11};
  std::unique_ptr<Database> database_;
  std::optional<SqliteTextIndex> index_;
  std::map<Row, Words> model_;
};

TEST_F(SqliteTextIndexTest, FindsTheSameAtEveryPointOfAMerge) {
  // So many rows at once that a merge takes several steps.
  for (int round = 0; round < 150; ++round) {
    const auto before = model_;
    ASSERT_TRUE(database_->begin());
    for (std::uint64_t left = random_.below(600); left > 0; --left) write_one();
    if (random_.chance(2, 3)) index_->merge_some();
    if (random_.chance(1, 8)) {
      database_->rollback();
      index_->forget_merge();
      model_ = before;
    } else {
      ASSERT_TRUE(database_->commit());
    }
    if (random_.chance(1, 20)) reopen();
    check();
    ASSERT_FALSE(HasFailure()) << round;
  }
  EXPECT_FALSE(database_->failure());
  EXPECT_EQ(database_->check_integrity(), "ok");
}

TEST_F(SqliteTextIndexTest, AMergeEndsWithNothingRecentAndNothingLost) {
  ASSERT_TRUE(database_->begin());
  EXPECT_FALSE(index_->wants_merge());
  for (int i = 0; i < 5'000; ++i) {
    const Row where{1, derive_uuid({}, "row " + std::to_string(i))};
    index_->add(where, model_[where] = words());
  }
  EXPECT_TRUE(index_->wants_merge());
  int steps = 0;
  for (; index_->wants_merge(); ++steps) index_->merge_some();
  EXPECT_GT(steps, 10);
  EXPECT_EQ(database_->integer_of("SELECT count(*) FROM search_recent").value_or(-1), 0);
  EXPECT_EQ(database_->integer_of("SELECT count(*) FROM search_text").value_or(-1), 5'000);
  check();
  for (const auto& [where, words] : model_) index_->remove(where);
  EXPECT_EQ(database_->integer_of("SELECT count(*) FROM search_word").value_or(-1), 0);
  EXPECT_EQ(database_->integer_of("SELECT count(*) FROM search_text").value_or(-1), 0);
  ASSERT_TRUE(database_->commit());
}

TEST_F(SqliteTextIndexTest, AnOlderFileIsSearchedAsBefore) {
  // As it was before the step to this index.
  ASSERT_TRUE(database_->execute(R"(
    DROP TABLE search_recent; DROP TABLE search_text; DROP TABLE search_word;
    CREATE TABLE search_token (
      token TEXT NOT NULL, entity INTEGER NOT NULL, row_id TEXT NOT NULL, weight INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE server_command_old (
      id TEXT NOT NULL PRIMARY KEY, user TEXT NOT NULL, code INTEGER, field TEXT, detail TEXT,
      at INTEGER NOT NULL
    ) STRICT;
    DROP TABLE server_command; ALTER TABLE server_command_old RENAME TO server_command;
    DROP TABLE sync_epoch; DROP INDEX sync_client_by_session;
    ALTER TABLE sync_client DROP COLUMN hash; ALTER TABLE sync_client DROP COLUMN pruned_mid;
    ALTER TABLE sync_client DROP COLUMN told_mid; ALTER TABLE sync_client DROP COLUMN session;
    DELETE FROM server_migration WHERE version >= 4)"));
  ASSERT_TRUE(database_->begin());
  const auto command = derive_uuid({}, "command"), user = derive_uuid({}, "user");
  database_->statement("INSERT INTO server_command VALUES (?1, ?2, 3, 'field', 'detail', 7)")
      .bind(1, to_string(command))
      .bind(2, to_string(user))
      .run();
  for (int i = 0; i < 200; ++i) {
    const Row where = row();
    if (model_.contains(where)) continue;
    for (const auto& word : model_[where] = words())
      for (const int weight : {1, 2})  // a word of two fields lay there twice
        database_->statement("INSERT INTO search_token VALUES (?1, ?2, ?3, ?4)")
            .bind(1, word)
            .bind(2, std::int64_t{where.first})
            .bind(3, to_string(where.second))
            .bind(4, weight)
            .run();
  }
  ASSERT_TRUE(database_->commit());
  reopen();
  ASSERT_TRUE(database_->begin());
  const auto result = load_result(*database_, command);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->user, user);
  for (int round = 0; round < 100; ++round) {
    check();
    write_one();
  }
  ASSERT_TRUE(database_->commit());
  EXPECT_FALSE(database_->failure());
  EXPECT_EQ(database_->check_integrity(), "ok");
}

}  // namespace
}  // namespace foyer::server
