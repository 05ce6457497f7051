// SqliteStore against the contract that all stores share: written by one connection, read by a
// second one as the server does.
#include <filesystem>

#include "entities.h"
#include "shared/store_contract.h"
#include "sqlite_schema.h"
#include "sqlite_store.h"

namespace foyer::server {
namespace {

class SqliteFixture {
 public:
  SqliteFixture() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    open();
  }
  ~SqliteFixture() {
    close();
    std::filesystem::remove_all(folder_);
  }
  Writer& writer() { return *store_; }
  void commit() {
    EXPECT_FALSE(writing_->failure());
    EXPECT_TRUE(writing_->commit());
    EXPECT_TRUE(writing_->begin());
  }
  void rollback() {
    writing_->rollback();
    EXPECT_TRUE(writing_->begin());
  }
  void reopen() {
    close();
    open();
  }
  const Reader& reader() { return *reader_; }
  std::vector<const Entity*> entities() { return stored_entities(); }
  std::uint8_t audience() { return kAllAudiences; }
  bool forgives_slips() { return false; }

 private:
  void open() {
    const std::string path = (folder_ / "foyer.db").string();
    writing_ = *Database::open(path, OpenMode::kWriter);
    ASSERT_TRUE(migrate(*writing_, {.entities = entities()}).has_value());
    reading_ = *Database::open(path, OpenMode::kReader);
    store_.emplace(*writing_, layout_);
    reader_.emplace(*reading_, layout_);
    ASSERT_TRUE(writing_->begin());
  }
  void close() {
    EXPECT_FALSE(reading_->failure());
    reader_.reset();
    store_.reset();
    reading_.reset();
    writing_.reset();
  }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / "foyer_sqlite_store_contract_test";
  StoreLayout layout_{stored_entities()};
  std::unique_ptr<Database> writing_, reading_;
  std::optional<SqliteStore> store_, reader_;
};

}  // namespace
}  // namespace foyer::server

namespace foyer {
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, StoreContract, server::SqliteFixture);
}
