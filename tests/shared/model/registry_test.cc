#include "foyer/model/registry.h"

#include <gtest/gtest.h>

#include <set>

#include "foyer/rules/access.h"

namespace foyer {
namespace {

TEST(Registry, NamesAndIdsAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const Entity* entity : entities()) {
    EXPECT_TRUE(names.insert(entity->name).second) << entity->name;
    EXPECT_EQ(find_entity(entity->id), entity);
    EXPECT_EQ(find_entity(entity->name), entity);
  }
  EXPECT_EQ(find_entity("nothing"), nullptr);
  EXPECT_EQ(find_entity(EntityId{9999}), nullptr);
}

TEST(Registry, AScopesFieldHoldsAnId) {
  for (const Entity* entity : entities())
    for (const Publication& publication : entity->publications)
      if (publication.field != 0) {
        const Field* field = entity->find(publication.field);
        ASSERT_NE(field, nullptr) << entity->name;
        EXPECT_EQ(field->type, FieldType::kId) << entity->name;
      }
}

// The fields that some scope of the entity, or of what it is a part of, carries.
std::uint8_t carried(const Entity& entity) {
  std::uint8_t audience = kNobody;
  for (const Publication& publication : entity.publications)
    audience |= publication.kind == Publication::Kind::kParent
                    ? carried(*find_entity(publication.parent))
                    : audience_of({publication.scope, publication.area, {}});
  return audience;
}

TEST(Registry, AFieldForStaffIsOnAScopeThatStaffRead) {
  for (const Entity* entity : entities())
    for (const Field& field : entity->fields)
      if (field.options.audience != kNobody && !entity->publications.empty())
        EXPECT_NE(field.options.audience & carried(*entity), 0)
            << entity->name << '.' << field.key << " reaches nobody";
}

// What is internal must not be readable by customers by an oversight in the table.
TEST(Registry, InternalFieldsStayWithStaff) {
  const auto audience = [](const Entity& entity, std::string_view key) {
    return entity.find(key)->options.audience;
  };
  EXPECT_EQ(audience(entity_of<Account>(), "revenue") & kCustomerScope, 0);
  EXPECT_EQ(audience(entity_of<Case>(), "queue") & kCustomerScope, 0);
  EXPECT_EQ(audience(entity_of<CaseEvent>(), "detail") & kCustomerScope, 0);
  EXPECT_EQ(audience(entity_of<Product>(), "list_price") & kPublicScope, 0);
  EXPECT_EQ(audience(entity_of<ImportEntry>(), "before"), kNobody);
}

}  // namespace
}  // namespace foyer
