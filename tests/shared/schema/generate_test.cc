#include "foyer/schema/generate.h"

#include <gtest/gtest.h>

#include "foyer/model/registry.h"
#include "foyer/schema/validate.h"

namespace foyer {
namespace {

TEST(Generate, MakesOnlyObjectsThatMayExist) {
  Random random(11);
  for (const Entity* entity : entities())
    for (int i = 0; i < 100; ++i) {
      AnyRow row(*entity);
      fill_randomly(*entity, row.get(), random);
      const auto errors = validate(*entity, row.get());
      EXPECT_TRUE(errors.empty()) << entity->name << "." << errors.front().field << " "
                                  << errors.front().detail;
    }
}

}  // namespace
}  // namespace foyer
