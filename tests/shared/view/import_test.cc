#include "foyer/view/import.h"

#include <gtest/gtest.h>

#include "foyer/query/memory_store.h"
#include "foyer/schema/binary.h"
#include "foyer/view/route.h"

namespace foyer {
namespace {

ImportAnswer accounts_answer() {
  ImportAnswer answer;
  answer.rows = 3;
  answer.created = 2;
  answer.left_out = 1;
  answer.header = {"account", "sector", "rev,enue=x"};
  answer.samples = {"Acme", "retail", ""};
  answer.fields = {"name", "sector", "revenue"};
  answer.required = {1, 0, 0};
  answer.columns = {"account", "sector", ""};
  answer.issues = 1;
  answer.issue_lines = {4};
  answer.issue_columns = {"account"};
  answer.issue_words = {"the value is missing"};
  answer.issue_rows_left_out = {1};
  return answer;
}

TEST(ImportView, AnAnswerSurvivesItsCodec) {
  const auto answer = parse_import_answer(encode(accounts_answer()));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header, accounts_answer().header);
  EXPECT_EQ(answer->issue_words, accounts_answer().issue_words);
  EXPECT_EQ(import_summary(*answer), "2 new, 1 left out");
}

TEST(ImportView, ListsThatDoNotFitTogetherAreNoAnswer) {
  const auto broken = [](auto&& change) {
    ImportAnswer answer = accounts_answer();
    change(answer);
    return parse_import_answer(encode(answer)).has_value();
  };
  EXPECT_FALSE(broken([](auto& answer) { answer.samples.pop_back(); }));
  EXPECT_FALSE(broken([](auto& answer) { answer.required.clear(); }));
  EXPECT_FALSE(broken([](auto& answer) { answer.columns.push_back("x"); }));
  EXPECT_FALSE(broken([](auto& answer) { answer.issue_words.clear(); }));
  EXPECT_FALSE(broken([](auto& answer) { answer.issue_rows_left_out.clear(); }));
  const std::string whole = encode(accounts_answer());
  for (std::size_t i = 0; i < whole.size(); ++i) parse_import_answer(whole.substr(0, i));
  EXPECT_FALSE(parse_import_answer("<html>"));
}

TEST(ImportView, EachColumnNamesItsField) {
  const auto list = import_columns_of(accounts_answer());
  EXPECT_EQ(list.choices, (std::vector<std::string>{"Leave out", "Name", "Sector", "Revenue"}));
  ASSERT_EQ(list.lines.size(), 3u);
  EXPECT_EQ(list.lines[0].choice, 1u);
  EXPECT_EQ(list.lines[1].choice, 2u);
  EXPECT_EQ(list.lines[2].choice, 0u);
  EXPECT_EQ(title_of_import_field("external_key"), "Number there");
  EXPECT_EQ(title_of_import_field("list_price"), "List price");
}

TEST(ImportView, ThePathCarriesColumnsWithAnyCharacter) {
  EXPECT_EQ(import_path("accounts", "a b.csv", {}, true),
            "/staff/api/import/accounts?file=a%20b.csv&dry_run=1");
  const std::string path = import_path("accounts", "a.csv", {{"rev,enue=x", "revenue"}}, false);
  const std::string mapping = path.substr(path.find("&map=") + 5);
  EXPECT_EQ(decode_address_part(mapping), "rev%2Cenue%3Dx=revenue");
}

TEST(ImportView, WhatIsNoTableIsNotSent) {
  EXPECT_NE(refuse_import_file("a.csv", 0, "").find("empty"), std::string::npos);
  EXPECT_NE(refuse_import_file("a.csv", kImportBytesMax + 1, "a,b").find("64 MiB"),
            std::string::npos);
  EXPECT_NE(refuse_import_file("a.xlsx", 9, "PK\x03\x04zzzzz").find("CSV"), std::string::npos);
  EXPECT_NE(refuse_import_file("a.bin", 3, std::string("a\0b", 3)), "");
  EXPECT_EQ(refuse_import_file("a.csv", 6, std::string("\xff\xfe" "a\0b\0", 6)), "");
  EXPECT_EQ(refuse_import_file("a.csv", kImportBytesMax, "account\n"), "");
}

TEST(ImportView, EveryProblemIsASentence) {
  for (const char* problem :
       {"empty", "too_large", "not_utf8", "unclosed_quote", "too_many_columns", "cell_too_long",
        "duplicate_column", "missing_column", "unknown_column", "unknown_field", "cannot_write"}) {
    ImportAnswer answer;
    answer.problem = problem;
    const std::string words = import_problem_words(answer, "accounts");
    EXPECT_TRUE(words.ends_with(".")) << words;
    EXPECT_EQ(words.find('_'), std::string::npos) << words;
  }
  EXPECT_EQ(import_problem_words({}, "accounts"), "");
  for (const int status : {0, 401, 403, 404, 409, 413, 500, 503})
    EXPECT_TRUE(import_failure_words(status).find('.') != std::string::npos) << status;
}

TEST(ImportView, AFileOfAnotherKindIsNamed) {
  ImportAnswer answer;
  answer.problem = "missing_column";
  answer.problem_field = "name";
  answer.other_kind = "sales-teams";
  const std::string words = import_problem_words(answer, "products");
  EXPECT_NE(words.find("looks like sales teams"), std::string::npos) << words;
}

TEST(ImportView, SizesAreReadable) {
  EXPECT_EQ(file_size_words(1), "1 byte");
  EXPECT_EQ(file_size_words(1023), "1023 bytes");
  EXPECT_EQ(file_size_words(4584), "4.4 KiB");
  EXPECT_EQ(file_size_words(30 * 1024 * 1024), "30 MiB");
}

class PlainWords final : public TimeWords {
 public:
  std::string when(Instant at) const override { return "at " + std::to_string(at.ms); }
};

TEST(ImportView, TheNewestImportStandsFirst) {
  MemoryStore store(Numbering::kAuthority);
  for (int i = 1; i <= 3; ++i) {
    ImportRun run;
    run.id = Id<ImportRun>(derive_uuid(Uuid(), std::to_string(i)));
    run.kind = "accounts";
    run.file_name = std::to_string(i) + ".csv";
    run.state = i == 2 ? ImportState::kUndone : ImportState::kFinished;
    run.kept = i == 2 ? 1 : 0;
    run.created = 5;
    run.started_at = {i * 1000};
    run.actor_name = "Robin";
    put(store, run);
  }
  const auto rows = import_runs(store, PlainWords());
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].title, "Accounts from 3.csv");
  EXPECT_EQ(rows[0].detail, "at 3000, Robin: 5 new");
  EXPECT_NE(rows[1].detail.find("1 row was changed since and stayed"), std::string::npos);
}

TEST(ImportView, OnlySomeRolesImport) {
  Actor actor;
  actor.user = Id<User>(derive_uuid(Uuid(), "somebody"));
  actor.roles = {Role::kCsr};
  EXPECT_FALSE(may_import(actor));
  actor.roles = {Role::kSupervisor};
  EXPECT_TRUE(may_import(actor));
  actor.roles = {Role::kAdmin, Role::kCustomerUser};
  EXPECT_FALSE(may_import(actor));
}

}  // namespace
}  // namespace foyer
