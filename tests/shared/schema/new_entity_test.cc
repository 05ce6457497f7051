// house.md, section 4: one header and one line give a new entity everything but its screens.
#include "shared/schema/new_entity.h"

#include <gtest/gtest.h>

#include <fstream>

#include "foyer/schema/binary.h"
#include "foyer/schema/generate.h"
#include "foyer/schema/json.h"
#include "foyer/schema/sql.h"
#include "foyer/schema/validate.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

SafetyNotice notice(const Desk& desk) {
  SafetyNotice row;
  row.id = desk.id<SafetyNotice>("notice");
  row.case_id = desk.id<Case>("c");
  row.title = "Door sensor";
  row.severity = Severity::kMajor;
  row.cost = {12050, Currency("EUR")};
  row.inspector = "canary";
  row.remarks = {"twice", "at night"};
  return row;
}

TEST(NewEntity, IsWrittenInSixtyLines) {
  std::ifstream file(FOYER_SOURCE_DIR "/tests/shared/schema/new_entity.h");
  int lines = 1;  // the one in the registry
  for (std::string line; std::getline(file, line);) ++lines;
  EXPECT_GT(lines, 20);
  EXPECT_LE(lines, 60);
}

TEST(NewEntity, IsStoredFoundAndSearched) {
  Desk desk;
  put(desk.store, notice(desk));
  EXPECT_EQ(get(desk.store, desk.id<SafetyNotice>("notice"))->remarks.size(), 2u);
  EXPECT_EQ(find<&SafetyNotice::severity>(desk.store, Severity::kMajor).size(), 1u);
  EXPECT_EQ(find<&SafetyNotice::severity>(desk.store, Severity::kMinor).size(), 0u);
  EXPECT_EQ(desk.store.search({"sens", {}, 10}).size(), 1u);
  EXPECT_NE(create_table_sql(entity_of<SafetyNotice>()).find("\"cost_currency\" TEXT"),
            std::string::npos);
}

TEST(NewEntity, TravelsAndAnswersPrograms) {
  Random random(2);
  for (int i = 0; i < 100; ++i) {
    SafetyNotice row;
    fill_randomly(entity_of<SafetyNotice>(), &row, random);
    EXPECT_TRUE(validate(entity_of<SafetyNotice>(), &row).empty());
    EXPECT_EQ(encode(*decode<SafetyNotice>(encode(row))), encode(row));
    SafetyNotice again;
    const std::string json = write_json(entity_of<SafetyNotice>(), &row);
    EXPECT_TRUE(read_json(entity_of<SafetyNotice>(), json, &again).empty()) << json;
    EXPECT_EQ(write_json(entity_of<SafetyNotice>(), &again), json);
  }
  SafetyNotice empty;
  EXPECT_EQ(validate(entity_of<SafetyNotice>(), &empty).size(), 2u);  // case and title
}

TEST(NewEntity, IsSeenByWhoSeesItsCaseAndOnlyAsFarAsTheyMay) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  put(desk.store, notice(desk));
  const auto seen_by = [&](const Actor& actor) {
    return get(ScopedReader(desk.store, actor), desk.id<SafetyNotice>("notice"));
  };
  EXPECT_EQ(seen_by(desk.customer)->title, "Door sensor");
  EXPECT_EQ(seen_by(desk.customer)->inspector, "");
  EXPECT_EQ(seen_by(desk.agent)->inspector, "canary");
  EXPECT_FALSE(seen_by(desk.stranger));
  EXPECT_FALSE(seen_by(desk.admin));
}

TEST(NewEntity, HasTheColumnsOfAList) {
  std::string columns;
  for (const Field& field : entity_of<SafetyNotice>().fields)
    if (field.options.column_width_em != 0) columns += std::string(field.key) + " ";
  EXPECT_EQ(columns, "title severity ");
}

}  // namespace
}  // namespace foyer
