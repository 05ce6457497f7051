#include "foyer/schema/row.h"

#include <gtest/gtest.h>

#include "foyer/model/registry.h"
#include "foyer/schema/generate.h"

namespace foyer {
namespace {

TEST(Row, CopyMakesEqualAndClearMakesEmpty) {
  Random random(4);
  for (const Entity* entity : entities()) {
    AnyRow from(*entity), to(*entity);
    fill_randomly(*entity, from.get(), random);
    for (const Field& field : entity->fields) {
      copy_field(field, from.get(), to.get());
      EXPECT_TRUE(equal_fields(field, from.get(), to.get())) << field.key;
      clear_field(field, to.get());
      EXPECT_TRUE(is_empty_field(field, to.get())) << field.key;
    }
  }
}

TEST(Row, ValuesAreWhatIndexesAndColumnsHold) {
  Case row;
  const auto value = [&](std::string_view key) {
    return value_of(*entity_of<Case>().find(key), &row);
  };
  EXPECT_TRUE(is_empty(value("number")));
  EXPECT_TRUE(is_empty(value("opened_at")));
  EXPECT_EQ(value("state"), Value(std::int64_t{0}));
  row.number = "T-1";
  row.opened_at = {5};
  EXPECT_EQ(value("number"), Value(std::string("T-1")));
  EXPECT_EQ(value("opened_at"), Value(std::int64_t{5}));
}

}  // namespace
}  // namespace foyer
