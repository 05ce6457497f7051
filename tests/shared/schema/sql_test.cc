#include "foyer/schema/sql.h"

#include <gtest/gtest.h>

#include <set>

#include "foyer/model/registry.h"
#include "shared/schema/new_entity.h"

namespace foyer {
namespace {

TEST(Sql, ATableHasOneReadableColumnPerField) {
  EXPECT_EQ(create_table_sql(entity_of<SafetyNotice>()),
            "CREATE TABLE \"safety_notice\" (\n"
            "  \"id\" TEXT NOT NULL PRIMARY KEY,\n"
            "  \"case_id\" TEXT,\n"
            "  \"title\" TEXT,\n"
            "  \"severity\" TEXT,\n"
            "  \"cost\" INTEGER,\n"
            "  \"cost_currency\" TEXT,\n"
            "  \"inspector\" TEXT,\n"
            "  \"found_at\" INTEGER,\n"
            "  \"remarks\" TEXT,\n"
            "  \"unknown_fields\" BLOB\n"
            ") STRICT");
}

TEST(Sql, WhatIsIndexedHasAnIndexAndWhatIsUniqueTwo) {
  const auto sql = create_index_sql(entity_of<SafetyNotice>());
  ASSERT_EQ(sql.size(), 4u);
  EXPECT_EQ(sql[0], "CREATE INDEX IF NOT EXISTS \"safety_notice_by_case_id\" ON \"safety_notice\" "
                    "(\"case_id\", \"id\")");
  EXPECT_EQ(sql[3], "CREATE UNIQUE INDEX IF NOT EXISTS \"safety_notice_unique_inspector\" ON "
                    "\"safety_notice\" (\"inspector\")");
}

TEST(Sql, AnOlderTableGainsAColumn) {
  EXPECT_EQ(add_column_sql(entity_of<Case>(), {"floor", "INTEGER"}),
            "ALTER TABLE \"case\" ADD COLUMN \"floor\" INTEGER");
}

TEST(Sql, NoTwoColumnsOfATableShareAName) {
  for (const Entity* entity : entities()) {
    std::set<std::string> names;
    for (const SqlColumn& column : columns_of(*entity))
      EXPECT_TRUE(names.insert(column.name).second) << entity->name << "." << column.name;
  }
}

}  // namespace
}  // namespace foyer
