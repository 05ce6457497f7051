// Imports of the real exports in tests/data, of the same in other dialects, and of broken ones.
#include "import_run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "admin.h"
#include "entities.h"
#include "sqlite_database.h"

namespace foyer::server {
namespace {

std::string data_file(const std::string& name) {
  return (std::filesystem::path(__FILE__).parent_path().parent_path() / "data" / name).string();
}

class ImportRunTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_import_run_test";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  int run(const std::string& kind, const std::string& file, std::vector<std::string> more = {}) {
    out_.str("");
    more.insert(more.end(), {"--data", (folder_ / "data").string()});
    return import_file(*Config::parse(more, {}), kind, file, stored_entities(), out_);
  }
  std::string write(const std::string& text) {
    const auto path = (folder_ / "file.csv").string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string value(const std::string& sql) {
    const auto database =
        *Database::open((folder_ / "data" / "foyer.db").string(), OpenMode::kReader);
    Statement& select = database->statement(sql);
    if (!select.step()) return "(none)";
    std::string text(select.text(0));
    select.reset();
    return text;
  }
  bool says(const std::string& words) const {
    return out_.str().find(words) != std::string::npos;
  }

  std::filesystem::path folder_;
  std::ostringstream out_;
};

TEST_F(ImportRunTest, TheRealAccountsProductsAndTeamsComeInOnce) {
  EXPECT_EQ(run("accounts", data_file("crm-sales/accounts.csv")), 0) << out_.str();
  EXPECT_TRUE(says("85 rows: 85 new, 0 changed, 0 as before, 0 left out")) << out_.str();
  EXPECT_EQ(run("products", data_file("crm-sales/products.csv")), 0);
  EXPECT_TRUE(says("7 rows: 7 new")) << out_.str();
  EXPECT_EQ(run("sales-teams", data_file("crm-sales/sales_teams.csv")), 0);
  EXPECT_TRUE(says("35 rows: 35 new")) << out_.str();
  EXPECT_TRUE(says("6 more that the rows mention are new")) << out_.str();
  EXPECT_EQ(value("SELECT sector FROM account WHERE name = 'Acme Corporation'"), "technolgy");
  EXPECT_EQ(value("SELECT revenue FROM account WHERE name = 'Acme Corporation'"), "110004");
  EXPECT_EQ(value("SELECT count(*) FROM account AS a JOIN account AS p ON a.parent = p.id"), "15");
  EXPECT_EQ(value("SELECT list_price FROM product WHERE name = 'GTK 500'"), "2676800");
  EXPECT_EQ(value("SELECT m.name FROM user AS u JOIN user AS m ON u.manager = m.id "
                  "WHERE u.name = 'Anna Snelling'"),
            "Dustin Brinkmann");
  run("accounts", data_file("crm-sales/accounts.csv"));
  EXPECT_TRUE(says("0 new, 0 changed, 85 as before")) << out_.str();
  run("sales-teams", data_file("crm-sales/sales_teams.csv"));
  EXPECT_TRUE(says("0 new, 0 changed, 35 as before")) << out_.str();
}

TEST_F(ImportRunTest, OtherDialectsOfTheSameSystem) {
  EXPECT_EQ(run("accounts", write("\xef\xbb\xbfSubsidiary Of;Employees;ACCOUNT;Revenue;Extra\r\n"
                                  ";\"2.822\";\"Acme; Corp\";\"1.100,04\";x\r\n")),
            3);
  EXPECT_TRUE(says("line 2, Employees: this is not a whole number")) << out_.str();
  EXPECT_EQ(run("accounts", write("ACCOUNT|Employees|Revenue\nAcme|2,822|\"1,100.04\"\n")), 0);
  EXPECT_EQ(value("SELECT employees FROM account"), "2822");
  EXPECT_EQ(value("SELECT revenue FROM account"), "110004");
}

TEST_F(ImportRunTest, ADryRunKeepsNothing) {
  EXPECT_EQ(run("accounts", data_file("crm-sales/accounts.csv"), {"--dry-run"}), 0);
  EXPECT_TRUE(says("85 new"));
  EXPECT_TRUE(says("nothing was kept"));
  EXPECT_EQ(value("SELECT count(*) FROM account"), "0");
}

TEST_F(ImportRunTest, RowsThatCannotBeTakenAreNamedByLine) {
  const auto file = write("account,revenue,subsidiary_of\nA,x,\n,1,\nB,1,Nobody\nB,2,\n\nC,3,B\n");
  EXPECT_EQ(run("accounts", file), 3);
  EXPECT_TRUE(says("line 2, revenue: this is not an amount of money; the row is left out"));
  EXPECT_TRUE(says("line 3, account: the value is missing"));
  EXPECT_TRUE(says("line 4, subsidiary_of: there is no account of this name; the row comes in"));
  EXPECT_TRUE(says("line 5, account: the same key stands in an earlier row"));
  EXPECT_TRUE(says("5 rows: 2 new, 0 changed, 0 as before, 3 left out")) << out_.str();
}

TEST_F(ImportRunTest, ColumnsCanBeMappedAndMistakesAreSaid) {
  const auto file = write("Firma,Branche\nAcme,Stahl\n");
  EXPECT_EQ(run("accounts", file), 1);
  EXPECT_TRUE(says("no column for this field")) << out_.str();
  EXPECT_EQ(run("accounts", file, {"--map", "Firma=name,Branche=sector"}), 0);
  EXPECT_EQ(value("SELECT sector FROM account"), "Stahl");
  EXPECT_EQ(run("accounts", file, {"--map", "Nichts=name"}), 1);
  EXPECT_EQ(run("accounts", file, {"--map", "Firma=nonsense"}), 1);
  EXPECT_EQ(run("accounts", file, {"--map", "Firma"}), 1);
  EXPECT_EQ(run("nonsense", file), 2);
  EXPECT_EQ(run("accounts", "there/is/none.csv"), 1);
  EXPECT_EQ(run("accounts", write("")), 1);
}

TEST_F(ImportRunTest, AChangedRowIsUpdatedAndKeepsWhatTheFileLacks) {
  run("accounts", write("account,sector\nAcme,steel\n"));
  EXPECT_EQ(run("accounts", write("account,employees\nAcme,7\n")), 0);
  EXPECT_TRUE(says("0 new, 1 changed")) << out_.str();
  EXPECT_EQ(value("SELECT sector || employees FROM account"), "steel7");
}

}  // namespace
}  // namespace foyer::server
