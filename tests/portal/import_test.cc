#include "screen/import_desk.h"

#include "foyer/schema/binary.h"
#include "portal/desk.h"

namespace foyer::portal {
namespace {

constexpr std::string_view kSupervisor = "priya@foyer.example";

Desk& open_import(Desk& desk) {
  desk.app.go({Screen::kImport, {}, QueueFilter::kOpen});
  desk.frame();
  return desk;
}

ImportAnswer found(std::int64_t rows, std::int64_t left_out) {
  ImportAnswer answer;
  answer.rows = rows;
  answer.created = rows - left_out;
  answer.left_out = left_out;
  answer.header = {"account", "notes"};
  answer.samples = {"Acme", "x"};
  answer.fields = {"name", "sector"};
  answer.required = {1, 0};
  answer.columns = {"account", ""};
  answer.issues = left_out;
  for (std::int64_t i = 0; i < left_out; ++i) {
    answer.issue_lines.push_back(i + 2);
    answer.issue_columns.emplace_back("account");
    answer.issue_words.emplace_back("the value is missing");
    answer.issue_rows_left_out.push_back(1);
  }
  return answer;
}

void pick(Desk& desk, std::string name = "accounts.csv", std::uint64_t size = 4584,
          std::string head = "account,notes\n") {
  desk.app.picked({"import/file", std::move(name), size, std::move(head)});
  desk.frame();
}

void answer(Desk& desk, const ImportAnswer& with, int status = 200) {
  ASSERT_FALSE(desk.port.questions.empty());
  desk.app.answered(desk.port.questions.back().id, status, encode(with));
  desk.frame();
}

std::string last_path(const Desk& desk) {
  return desk.port.questions.empty() ? "" : desk.port.questions.back().path;
}

TEST(Import, IsOnTheRailOfWhoMayImport) {
  Desk csr;
  EXPECT_EQ(csr.find("link", "Import"), nullptr);
  open_import(csr);
  EXPECT_TRUE(csr.shows("Your role may not import")) << csr.everything();
  EXPECT_EQ(csr.find("file", "Choose a CSV file. or drop it here. At most 64 MiB."), nullptr);
  Desk desk(kSupervisor);
  desk.press("Import", "link");
  EXPECT_EQ(desk.port.address, "/staff/import");
  EXPECT_TRUE(desk.shows("Choose a CSV file")) << desk.everything();
  EXPECT_TRUE(desk.shows("None yet."));
}

TEST(Import, AFileIsRehearsedFirstAndThenImported) {
  Desk desk(kSupervisor);
  open_import(desk);
  pick(desk);
  EXPECT_EQ(last_path(desk), "/staff/api/import/accounts?file=accounts.csv&dry_run=1");
  EXPECT_EQ(desk.port.questions.back().file, "import/file");
  desk.app.progressed(desk.port.questions.back().id, 0.5F);
  desk.frame();
  ASSERT_NE(desk.find("progressbar", "Sending the file"), nullptr) << desk.everything();
  EXPECT_EQ(desk.find("progressbar", "Sending the file")->value, "50");
  answer(desk, found(5, 2));
  EXPECT_TRUE(desk.shows("Rows in the file: 5")) << desk.everything();
  EXPECT_TRUE(desk.shows("New: 3"));
  EXPECT_TRUE(desk.shows("Left out: 2"));
  EXPECT_NE(desk.find("row", "2, account, the value is missing, Row left out"), nullptr)
      << desk.everything();
  desk.press("Import 3 rows");
  EXPECT_EQ(last_path(desk), "/staff/api/import/accounts?file=accounts.csv");
  EXPECT_EQ(desk.find("button", "Import 3 rows"), nullptr) << "it could be pressed twice";
  ImportAnswer done = found(5, 2);
  done.run = Id<ImportRun>(derive_uuid(Uuid(), "run"));
  answer(desk, done);
  EXPECT_TRUE(desk.shows("Imported accounts.csv: 3 new, 2 left out.")) << desk.everything();
  desk.press("Undo this import");
  desk.press("Yes, take it back");
  EXPECT_EQ(last_path(desk), "/staff/api/undo-import?run=" + to_string(done.run));
  EXPECT_TRUE(desk.port.questions.back().file.empty());
  answer(desk, {});
  EXPECT_TRUE(desk.shows("Taken back.")) << desk.everything();
}

TEST(Import, AnotherFieldForAColumnIsRehearsedAnew) {
  Desk desk(kSupervisor);
  open_import(desk);
  pick(desk);
  answer(desk, found(5, 0));
  desk.press("Show and change the columns");
  desk.ui().set_text("import/column/1", "Sector");
  desk.frame();
  EXPECT_EQ(last_path(desk),
            "/staff/api/import/accounts?file=accounts.csv&dry_run=1&map=notes%3Dsector");
  answer(desk, found(5, 0));
  desk.ui().set_text("import/column/0", "Sector");
  desk.frame();
  EXPECT_EQ(last_path(desk), "/staff/api/import/accounts?file=accounts.csv&dry_run=1&map="
                             "account%3Dsector%2Cnotes%3D");
}

TEST(Import, AFileOfAnotherKindLeadsToThatKind) {
  Desk desk(kSupervisor);
  open_import(desk);
  desk.press("Products");
  pick(desk);
  ImportAnswer wrong = found(0, 0);
  wrong.problem = "missing_column";
  wrong.problem_field = "name";
  wrong.other_kind = "accounts";
  answer(desk, wrong);
  EXPECT_TRUE(desk.shows("looks like accounts")) << desk.everything();
  EXPECT_FALSE(desk.shows("Import 0 rows"));
  EXPECT_NE(desk.find("combobox", "account. such as Acme"), nullptr) << desk.everything();
  desk.press("It holds Accounts");
  EXPECT_EQ(last_path(desk), "/staff/api/import/accounts?file=accounts.csv&dry_run=1");
}

TEST(Import, HostileFilesAreNotSent) {
  Desk desk(kSupervisor);
  open_import(desk);
  pick(desk, "empty.csv", 0, "");
  EXPECT_TRUE(desk.shows("This file is empty"));
  pick(desk, "picture.png", 3000, std::string("\x89PNG\r\n\0\0", 8));
  EXPECT_TRUE(desk.shows("picture.png is not a text file")) << desk.everything();
  pick(desk, "huge.csv", std::uint64_t{80} << 20, "a,b\n");
  EXPECT_TRUE(desk.shows("64 MiB is the most"));
  EXPECT_TRUE(desk.port.questions.empty());
  EXPECT_EQ(desk.find("button", "Try again"), nullptr);
}

TEST(Import, OfflineSaysThatTheServerIsNeeded) {
  Desk desk(kSupervisor);
  desk.port.sync.is_online = false;
  open_import(desk);
  EXPECT_TRUE(desk.shows("Imports need the server")) << desk.everything();
  EXPECT_FALSE(desk.shows("Choose a CSV file"));
}

TEST(Import, ABrokenConnectionDoesNotSayThatNothingHappened) {
  Desk desk(kSupervisor);
  open_import(desk);
  pick(desk);
  answer(desk, {}, 0);
  EXPECT_TRUE(desk.shows("could not be reached")) << desk.everything();
  desk.press("Try again");
  answer(desk, found(2, 0));
  desk.press("Import 2 rows");
  answer(desk, {}, 0);
  EXPECT_TRUE(desk.shows("If the import went through")) << desk.everything();
}

TEST(Import, AnAnswerToAnOlderQuestionIsDropped) {
  Desk desk(kSupervisor);
  open_import(desk);
  pick(desk);
  const auto older = desk.port.questions.back().id;
  pick(desk, "other.csv");
  desk.app.answered(older, 200, encode(found(7, 0)));
  desk.frame();
  EXPECT_FALSE(desk.shows("Import 7 rows"));
  desk.app.answered(desk.port.questions.back().id, 200, "not an answer");
  desk.frame();
  EXPECT_TRUE(desk.shows("could not be read")) << desk.everything();
}

TEST(Import, NothingNewOffersNoImport) {
  Desk desk(kSupervisor);
  open_import(desk);
  pick(desk);
  ImportAnswer same = found(5, 0);
  same.created = 0;
  same.unchanged = 5;
  answer(desk, same);
  EXPECT_TRUE(desk.shows("everything in this file is here already"));
  EXPECT_EQ(desk.find("button", "Import 5 rows"), nullptr);
}

TEST(Import, EveryPlaceOfItHasOneIdAlsoOnAPhone) {
  for (const float width : {1440.0F, 390.0F}) {
    Desk desk(kSupervisor, width);
    ImportRun run;
    run.id = Id<ImportRun>(derive_uuid(Uuid(), "earlier"));
    run.kind = "accounts";
    run.started_at = DeskPort::kNow;
    run.state = ImportState::kFinished;
    put(desk.port.store(), run);
    open_import(desk);
    pick(desk);
    answer(desk, found(9, 3));
    desk.press("Show and change the columns");
    std::set<std::string> ids;
    for (const Node& node : desk.semantics().nodes()) {
      EXPECT_TRUE(ids.insert(node.id).second) << node.id << " is reported twice";
      EXPECT_LE(node.at.x + node.at.width, width + 1) << node.id;
    }
    EXPECT_NE(desk.find("button", "Undo this import"), nullptr) << desk.everything();
  }
}

}  // namespace
}  // namespace foyer::portal
