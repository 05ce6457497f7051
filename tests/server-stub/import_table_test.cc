// Imports of the real exports in tests/data, of the same in other dialects, and of broken ones.
#include "import_table.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "admin.h"
#include "entities.h"
#include "foyer/base/random.h"
#include "foyer/model/registry.h"
#include "foyer/query/memory_store.h"
#include "foyer/schema/validate.h"
#include "sqlite_database.h"

namespace foyer::server {
namespace {

std::string data_file(const std::string& name) {
  return (std::filesystem::path(FOYER_SOURCE_DIR) / "tests/data" / name).string();
}

class ImportTableTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_import_table_test";
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

TEST_F(ImportTableTest, TheRealAccountsProductsAndTeamsComeInOnce) {
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

TEST_F(ImportTableTest, WhoIsTheirOwnManagerStaysOneWhenTheFileComesAgain) {
  const auto file = write("sales_agent,manager\nAnna,Anna\n");
  EXPECT_EQ(run("sales-teams", file), 0);
  const auto roles = value("SELECT roles FROM user WHERE name = 'Anna'");
  EXPECT_EQ(value("SELECT count(*) FROM user WHERE name = 'Anna' AND manager = id"), "1");
  run("sales-teams", file);
  EXPECT_TRUE(says("0 new, 0 changed, 1 as before")) << out_.str();
  EXPECT_EQ(value("SELECT roles FROM user WHERE name = 'Anna'"), roles);
}

TEST_F(ImportTableTest, AManagerWithoutATeamIsNotChangedByEachImportOfTheSameFile) {
  const auto file = write("sales_agent,manager,regional_office\nGita,,\nPaul,Gita,West\n");
  EXPECT_EQ(run("sales-teams", file), 0);
  EXPECT_EQ(value("SELECT team FROM user WHERE name = 'Gita'"), "");
  run("sales-teams", file);
  EXPECT_TRUE(says("0 new, 0 changed, 2 as before")) << out_.str();
}

TEST_F(ImportTableTest, TheRealOpportunitiesMeetAccountsProductsAndPeople) {
  for (const auto& [kind, file] : {std::pair{"accounts", "accounts"}, {"products", "products"},
                                   {"sales-teams", "sales_teams"}})
    ASSERT_EQ(run(kind, data_file(std::string("crm-sales/") + file + ".csv")), 0);
  const auto file = data_file("crm-sales/sales_pipeline.csv");
  EXPECT_EQ(run("opportunities", file), 0) << out_.str().substr(0, 2000);
  EXPECT_TRUE(says("4400 rows: 4400 new, 0 changed, 0 as before, 0 left out"));
  EXPECT_EQ(value("SELECT count(*) FROM opportunity WHERE stage = 'won'"), "2412");
  EXPECT_EQ(value("SELECT count(*) FROM opportunity WHERE account IS NULL"), "488");
  EXPECT_EQ(value("SELECT p.name FROM opportunity AS o JOIN product AS p ON o.product = p.id "
                  "WHERE o.external_key = 'Z063OYW0'"),
            "GTX Pro");
  EXPECT_EQ(value("SELECT amount || ' ' || amount_currency FROM opportunity "
                  "WHERE external_key = '1C1I7A6R'"),
            "105400 USD");
  EXPECT_EQ(value("SELECT closed_on FROM opportunity WHERE external_key = '1C1I7A6R'"),
            "1488326400000");
  EXPECT_EQ(run("opportunities", file), 0);
  EXPECT_TRUE(says("0 new, 0 changed, 4400 as before"));
}

TEST_F(ImportTableTest, OpportunitiesWithoutTheirProductsAreLeftOut) {
  EXPECT_EQ(run("opportunities", write("opportunity_id,product,deal_stage\nA,GTX,Won\n"
                                       "B,,Nonsense\nC,,Engaging\n")),
            3);
  EXPECT_TRUE(says("line 2, product: there is no product of this name: import products first"));
  EXPECT_TRUE(says("line 3, deal_stage: this stage is not known")) << out_.str();
  EXPECT_TRUE(says("3 rows: 1 new"));
}

TEST_F(ImportTableTest, TheRealIncidentLogFoldsIntoCasesWithTheirHistories) {
  const auto file = data_file("incidents/incident_event_log.csv");
  EXPECT_EQ(run("incidents", file), 0) << out_.str();
  EXPECT_TRUE(says("198 rows make 32 cases: 32 new, 0 changed, 0 as before, 0 left out"));
  EXPECT_EQ(value("SELECT group_concat(state || n) FROM (SELECT state, count(*) AS n FROM "
                  "\"case\" GROUP BY state ORDER BY state)"),
            "closed31,in_progress1");
  EXPECT_EQ(value("SELECT group_concat(to_state, ' ') FROM (SELECT e.to_state FROM case_event AS "
                  "e JOIN \"case\" AS c ON e.case_id = c.id WHERE c.external_key = 'INC0000047' "
                  "AND e.kind = 'state_changed' ORDER BY e.at, e.id)"),
            "assigned in_progress pending resolved closed");
  EXPECT_EQ(value("SELECT opened_at || ' ' || resolved_at || ' ' || closed_at FROM \"case\" "
                  "WHERE external_key = 'INC0000047'"),
            "1456720800000 1456825920000 1457258400000");
  EXPECT_EQ(value("SELECT priority || channel || wait_reason FROM \"case\" "
                  "WHERE external_key = 'INC0000047'"),
            "normalphonenone");
  const auto events = value("SELECT count(*) FROM case_event");
  EXPECT_EQ(run("incidents", file), 0);
  EXPECT_TRUE(says("0 new, 0 changed, 32 as before")) << out_.str();
  EXPECT_EQ(value("SELECT count(*) FROM case_event"), events);
  EXPECT_EQ(value("SELECT count(DISTINCT number) FROM \"case\""), "32");
}

TEST_F(ImportTableTest, TheSameIncidentsInAnotherDialect) {
  const std::string header = "Incident_State;Number;Opened_At;Sys_Updated_At;Active;Assigned_To\n";
  EXPECT_EQ(run("incidents", write(header + "Closed;I1;1-3-2016 9:05;2-3-2016 10:00;FALSE;?\n"
                                            "New;I1;1-3-2016 9:05;1-3-2016 9:06;TRUE;?\n"
                                            "Strange;I2;1-3-2016 9:05;;TRUE;?\n"
                                            "New;I3;31-31-2016;;TRUE;?\n"
                                            "New;I4;29-2-2016 1:00;;TRUE;Ann\n")),
            3);
  EXPECT_TRUE(says("line 4, Incident_State: this state is not known")) << out_.str();
  EXPECT_TRUE(says("line 5, Opened_At: this is not a date")) << out_.str();
  EXPECT_TRUE(says("5 rows make 2 cases: 2 new")) << out_.str();
  EXPECT_EQ(value("SELECT state FROM \"case\" WHERE external_key = 'I1'"), "closed");
  EXPECT_EQ(value("SELECT state || owner_name FROM \"case\" WHERE external_key = 'I4'"),
            "assignedAnn");
}

TEST_F(ImportTableTest, AnImportCanBeTakenBackButForWhatChangedSince) {
  EXPECT_EQ(run("accounts", write("account,sector\nA,x\n")), 0);
  EXPECT_EQ(run("accounts", write("account,sector\nA,y\nB,y\nC,y\n")), 0);
  const auto at = out_.str().find("undo-import ") + 12;
  const auto id = out_.str().substr(at, 36);
  {
    const auto database =
        *Database::open((folder_ / "data" / "foyer.db").string(), OpenMode::kWriter);
    ASSERT_TRUE(database->execute("UPDATE account SET sector = 'z' WHERE name = 'C'"));
  }
  const auto config = *Config::parse({"--data", (folder_ / "data").string()}, {});
  out_.str("");
  EXPECT_EQ(undo_import_run(config, id, stored_entities(), out_), 0);
  EXPECT_TRUE(says("1 of them are left because somebody changed them")) << out_.str();
  EXPECT_EQ(value("SELECT group_concat(name || sector) FROM (SELECT * FROM account ORDER BY name)"),
            "Ax,Cz");
  EXPECT_EQ(undo_import_run(config, id, stored_entities(), out_), 1);
  EXPECT_EQ(undo_import_run(config, "nonsense", stored_entities(), out_), 1);
}

TEST_F(ImportTableTest, OtherDialectsOfTheSameSystem) {
  EXPECT_EQ(run("accounts", write("\xef\xbb\xbfSubsidiary Of;Employees;ACCOUNT;Revenue;Extra\r\n"
                                  ";\"2.822\";\"Acme; Corp\";\"1.100,04\";x\r\n")),
            3);
  EXPECT_TRUE(says("line 2, Employees: this is not a whole number")) << out_.str();
  EXPECT_EQ(run("accounts", write("ACCOUNT|Employees|Revenue\nAcme|2,822|\"1,100.04\"\n")), 0);
  EXPECT_EQ(value("SELECT employees FROM account"), "2822");
  EXPECT_EQ(value("SELECT revenue FROM account"), "110004");
}

TEST_F(ImportTableTest, ADryRunKeepsNothing) {
  EXPECT_EQ(run("accounts", data_file("crm-sales/accounts.csv"), {"--dry-run"}), 0);
  EXPECT_TRUE(says("85 new"));
  EXPECT_TRUE(says("nothing was kept"));
  EXPECT_EQ(value("SELECT count(*) FROM account"), "0");
}

TEST_F(ImportTableTest, RowsThatCannotBeTakenAreNamedByLine) {
  const auto file = write("account,revenue,subsidiary_of\nA,x,\n,1,\nB,1,Nobody\nB,2,\n\nC,3,B\n");
  EXPECT_EQ(run("accounts", file), 3);
  EXPECT_TRUE(says("line 2, revenue: this is not an amount of money; the row is left out"));
  EXPECT_TRUE(says("line 3, account: the value is missing"));
  EXPECT_TRUE(says("line 4, subsidiary_of: there is no account of this name; the row comes in"));
  EXPECT_TRUE(says("line 5, account: the same key stands in an earlier row"));
  EXPECT_TRUE(says("5 rows: 2 new, 0 changed, 0 as before, 3 left out")) << out_.str();
}

// One such cell made the whole file come to nothing.
TEST_F(ImportTableTest, ACellWithAControlCharacterCostsItsRowOnly) {
  const auto file = write("product,series,sales_price\nA,G\x01X,5\nB,GX,6\n");
  EXPECT_EQ(run("products", file), 3);
  EXPECT_TRUE(says("line 2, series: the value holds characters that cannot be stored"));
  EXPECT_TRUE(says("2 rows: 1 new, 0 changed, 0 as before, 1 left out")) << out_.str();
}

TEST_F(ImportTableTest, ColumnsCanBeMappedAndMistakesAreSaid) {
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

TEST_F(ImportTableTest, AChangedRowIsUpdatedAndKeepsWhatTheFileLacks) {
  run("accounts", write("account,sector\nAcme,steel\n"));
  EXPECT_EQ(run("accounts", write("account,employees\nAcme,7\n")), 0);
  EXPECT_TRUE(says("0 new, 1 changed")) << out_.str();
  EXPECT_EQ(value("SELECT sector || employees FROM account"), "steel7");
}

// The head of a real export with one to six pieces of damage.
std::string damaged(const std::string& file, Random& random) {
  std::ifstream in(data_file(file), std::ios::binary);
  std::string text(4000, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  static constexpr std::string_view kPieces[] = {
      ",", ";", "\"", "\n", "\r\n", "\t", "\xff", "\xc3", "ü", "-", "?", "99999999999999999999",
      "2016-02-30", "Won", "true", "  ", "\xef\xbb\xbf", "=1+1", "1e9", "\xe2\x80\xae"};
  for (std::uint64_t n = 1 + random.below(6); n > 0 && !text.empty(); --n) {
    const std::size_t at = random.below(text.size());
    const std::size_t size = random.below(std::min<std::size_t>(text.size() - at, 300) + 1);
    switch (random.below(6)) {
      case 5: text.insert(at, std::string(random.below(400), 'x')); break;
      case 0: text[at] = static_cast<char>(random.below(256)); break;
      case 1: text.erase(at, size); break;
      case 2: text.insert(at, kPieces[random.below(std::size(kPieces))]); break;
      case 3: text.insert(random.below(text.size()), text.substr(at, size)); break;
      default: text.resize(at);
    }
  }
  return text;
}

void expect_sound(const ImportReport& report, const CsvTable& table, const MemoryStore& store,
                  bool is_folded) {
  std::size_t left_out = 0;
  for (const ImportIssue& issue : report.issues) {
    left_out += issue.severity == Severity::kLeftOut;
    EXPECT_FALSE(explain_issue(issue.detail).empty()) << issue.detail;
    EXPECT_TRUE(std::any_of(table.records.begin(), table.records.end(),
                            [&](const CsvRecord& record) { return record.line == issue.line; }))
        << issue.detail << " in line " << issue.line;
  }
  EXPECT_EQ(left_out, report.left_out);
  EXPECT_EQ(report.rows, table.records.size());
  if (!is_folded)
    EXPECT_EQ(report.created + report.updated + report.unchanged + left_out, report.rows);
  for (const Entity* entity : stored_entities())
    for (const Uuid& id : store.scan(*entity, {})) {
      AnyRow row(*entity);
      ASSERT_TRUE(store.read(*entity, id, row.get()));
      for (const Error& error : validate(*entity, row.get()))
        ADD_FAILURE() << entity->name << "." << error.field << " " << error.detail;
    }
}

TEST(ImportTable, DamagedExportsGiveSoundRowsOrAReasonAndTheSameAgain) {
  Random random(41);
  const std::pair<ImportKind, const char*> kinds[] = {
      {ImportKind::kAccounts, "crm-sales/accounts.csv"},
      {ImportKind::kProducts, "crm-sales/products.csv"},
      {ImportKind::kSalesTeams, "crm-sales/sales_teams.csv"},
      {ImportKind::kOpportunities, "crm-sales/sales_pipeline.csv"},
      {ImportKind::kIncidents, "incidents/incident_event_log.csv"}};
  int refused = 0, taken = 0;
  for (int round = 0; round < 1500 && !testing::Test::HasFailure(); ++round) {
    const auto& [kind, file] = kinds[random.below(std::size(kinds))];
    const std::string text = damaged(file, random);
    const auto table = parse_csv(text);
    MemoryStore store(Numbering::kAuthority);
    const auto report =
        table ? run_import(kind, *table, {}, store) : std::unexpected(table.error());
    ++(report ? taken : refused);
    if (!report) {
      EXPECT_FALSE(report.error().detail.empty());
      EXPECT_TRUE(store.take_touched().empty()) << "half an import";
      continue;
    }
    expect_sound(*report, *table, store, kind == ImportKind::kIncidents);
    const std::string once = store.digest();
    ASSERT_TRUE(run_import(kind, *table, {}, store));
    EXPECT_EQ(store.digest(), once) << "the second time changed something";
    if (testing::Test::HasFailure())
      ADD_FAILURE() << "round " << round << ", " << file << "\n" << text;
  }
  EXPECT_GT(taken, 500);
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace foyer::server
