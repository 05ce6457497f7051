#include "foyer/command/registry.h"

#include <gtest/gtest.h>

#include <set>

namespace foyer {
namespace {

TEST(CommandRegistry, NamesAreUniqueAndEveryCommandHasRolesAndFunctions) {
  std::set<std::string_view> names;
  for (const CommandInfo& command : commands()) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_FALSE(command.roles.is_none()) << command.name;
    EXPECT_NE(command.check, nullptr);
    EXPECT_NE(command.apply, nullptr);
    EXPECT_EQ(find_command(command.name), &command);
  }
  EXPECT_EQ(find_command("case.fly"), nullptr);
}

TEST(CommandRegistry, ShortcutsAreUnique) {
  std::set<std::string_view> keys;
  for (const CommandInfo& command : commands())
    if (!command.shortcut.empty())
      EXPECT_TRUE(keys.insert(command.shortcut).second) << command.name;
}

TEST(CommandRegistry, CustomersGetNothingThatIsStaffs) {
  for (const char* name : {"case.note", "case.assign", "record.save", "import.rows",
                           "entitlement.grant"})
    EXPECT_FALSE(find_command(name)->roles.has_any_of(kCustomerRoles)) << name;
}

}  // namespace
}  // namespace foyer
