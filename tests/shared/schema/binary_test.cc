#include "foyer/schema/binary.h"

#include <gtest/gtest.h>

#include "foyer/model/registry.h"
#include "foyer/schema/generate.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

TEST(Binary, DecodeOfEncodeIsTheSameForEveryEntity) {
  Random random(5);
  for (const Entity* entity : entities())
    for (int i = 0; i < 50; ++i) {
      AnyRow row(*entity), again(*entity);
      fill_randomly(*entity, row.get(), random);
      const std::string bytes = encode(*entity, row.get());
      ASSERT_TRUE(decode(*entity, bytes, again.get())) << entity->name;
      for (const Field& field : entity->fields)
        EXPECT_TRUE(equal_fields(field, row.get(), again.get())) << entity->name << field.key;
      EXPECT_EQ(encode(*entity, again.get()), bytes);
      EXPECT_EQ(peek_id(bytes), row.id());
    }
}

TEST(Binary, UnknownFieldsSurviveAnOlderBuild) {
  Product row;
  row.id = Id<Product>(derive_uuid({}, "p"));
  row.name = "Lift";
  const std::string newer = encode(row) +
                            std::string("\xa2\x06\x03new", 6);  // field 200, length 3
  const auto read = decode<Product>(newer);
  ASSERT_TRUE(read);
  EXPECT_EQ(encode(*read), newer);
  EXPECT_EQ(encode(*read, kPublicScope).find("new"), std::string::npos);
}

TEST(Binary, ProjectionLeavesOutWhatTheScopeMayNotCarry) {
  Account row;
  row.id = Id<Account>(derive_uuid({}, "a"));
  row.name = "Acme";
  row.tier = "canary";
  EXPECT_NE(encode(row, kStaffScope).find("canary"), std::string::npos);
  EXPECT_EQ(encode(row, kCustomerScope).find("canary"), std::string::npos);
}

TEST(Binary, DamagedBytesAreRefusedOrReadAndNeverCrash) {
  Random random(9);
  int refused = 0;
  for (const Entity* entity : entities())
    for (int i = 0; i < 300; ++i) {
      AnyRow row(*entity), again(*entity);
      fill_randomly(*entity, row.get(), random);
      std::string bytes = encode(*entity, row.get());
      if (random.chance(1, 2)) bytes.resize(random.below(bytes.size()));
      else bytes[random.below(bytes.size())] = static_cast<char>(random.next());
      refused += !decode(*entity, bytes, again.get()).has_value();
    }
  EXPECT_GT(refused, 1000);
  EXPECT_FALSE(decode<Product>(""));
  EXPECT_FALSE(decode<Product>("\x02"));
}

}  // namespace
}  // namespace foyer
