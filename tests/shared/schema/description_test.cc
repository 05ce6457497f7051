#include "foyer/schema/description.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "foyer/model/registry.h"
#include "shared/schema/new_entity.h"

namespace foyer {
namespace {

TEST(Description, SaysWhatIsStoredAndWhoGetsIt) {
  const Entity* const list[] = {&entity_of<SafetyNotice>()};
  EXPECT_EQ(describe_schema(list),
            "900 safety_notice: parent:8.2\n"
            "  1 id id to everybody by register\n"
            "  2 case_id id required indexed to everybody by register\n"
            "  3 title text required full_text to everybody by register\n"
            "  4 severity enum(minor|major) indexed to everybody by register\n"
            "  5 cost money to everybody by register\n"
            "  6 inspector text unique to staff+finance by register\n"
            "  7 found_at instant to everybody by register\n"
            "  8 remarks texts to everybody by register\n");
}

TEST(Description, TheHashFollowsEveryChange) {
  const auto hash = [](const Entity& entity) {
    const Entity* const list[] = {&entity};
    return schema_hash(list);
  };
  const std::uint64_t original = hash(entity_of<SafetyNotice>());
  const auto changed = [&](auto change) {
    auto fields = Table<SafetyNotice>::fields;
    change(fields[5]);
    Entity entity = entity_of<SafetyNotice>();
    entity.fields = fields;
    return hash(entity);
  };
  EXPECT_EQ(changed([](Field&) {}), original);
  EXPECT_EQ(changed([](Field& field) { field.options.column_width_em = 9; }), original);
  EXPECT_NE(changed([](Field& field) { field.id = 60; }), original);
  EXPECT_NE(changed([](Field& field) { field.key = "auditor"; }), original);
  EXPECT_NE(changed([](Field& field) { field.type = FieldType::kBytes; }), original);
  EXPECT_NE(changed([](Field& field) { field.options.audience = kCustomers; }), original);
  EXPECT_NE(changed([](Field& field) { field.options.merge = Merge::kSet; }), original);
  Entity published = entity_of<SafetyNotice>();
  published.publications = {};
  EXPECT_NE(hash(published), original);
}

// A change that is meant is accepted by copying what the failing test printed over the file.
TEST(Description, TheSchemaIsTheAcceptedOne) {
  std::ifstream file(FOYER_SOURCE_DIR "/tests/shared/schema/accepted_schema.txt");
  const std::string accepted(std::istreambuf_iterator<char>(file), {});
  const std::string now = describe_schema(entities());
  EXPECT_TRUE(now == accepted) << "tests/shared/schema/accepted_schema.txt should be:\n" << now;
}

}  // namespace
}  // namespace foyer
