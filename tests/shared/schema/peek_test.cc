// Looking into encoded rows against decoding them, for every entity there is.
#include "foyer/schema/peek.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "foyer/base/random.h"
#include "foyer/model/registry.h"
#include "foyer/model/store.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/bytes.h"
#include "foyer/schema/generate.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

AnyRow random_row(const Entity& entity, Random& random) {
  AnyRow row(entity);
  fill_randomly(entity, row.get(), random);
  for (const Field& field : entity.fields)
    if (field.id != 1 && random.chance(1, 3)) clear_field(field, row.get());
  return row;
}

bool has_list(const Entity& entity, const void* object) {
  return std::any_of(entity.fields.begin(), entity.fields.end(), [&](const Field& field) {
    return (field.type == FieldType::kIdList || field.type == FieldType::kTextList ||
            field.type == FieldType::kIntegerList) &&
           !is_empty_field(field, object);
  });
}

TEST(Peek, KeysOfEncodedRowsOrderAsTheValuesOfDecodedOnes) {
  Random random(3);
  for (const Entity* entity : entities())
    for (int round = 0; round < 40; ++round) {
      const AnyRow a = random_row(*entity, random), b = random_row(*entity, random);
      const std::string a_bytes = encode(*entity, a.get()), b_bytes = encode(*entity, b.get());
      for (const Field& field : entity->fields) {
        const Value a_value = value_of(field, a.get()), b_value = value_of(field, b.get());
        const KeyView a_key = key_of(field, a_bytes), b_key = key_of(field, b_bytes);
        ASSERT_EQ(a_key < b_key, a_value < b_value) << entity->name << '.' << field.key;
        ASSERT_EQ(a_key == b_key, a_value == b_value) << entity->name << '.' << field.key;
        Uuid id;
        ASSERT_EQ(key_of(field, a_value, id), a_key) << entity->name << '.' << field.key;
      }
    }
}

TEST(Peek, NoIdReadsLikeAnyText) {
  Uuid id;
  EXPECT_FALSE(key_of(field_of<&Case::account>(), std::string("nobody"), id));
  EXPECT_EQ(key_of(field_of<&Case::queue>(), std::string("nobody"), id)->bytes, "nobody");
}

TEST(Peek, WhatWasEncodedIsPlainUnlessItHasLists) {
  Random random(4);
  for (const Entity* entity : entities())
    for (int round = 0; round < 40; ++round) {
      const AnyRow row = random_row(*entity, random);
      const std::string bytes = encode(*entity, row.get());
      if (!has_list(*entity, row.get()))
        EXPECT_TRUE(is_plain_row(*entity, row.id(), bytes)) << entity->name;
      EXPECT_FALSE(is_plain_row(*entity, derive_uuid(row.id(), "other"), bytes));
    }
}

// Damaged, cut and lengthened at random: what is called plain is read and written as it was.
TEST(Peek, WhatIsCalledPlainIsWhatEncodingGives) {
  Random random(5);
  std::size_t plain = 0;
  for (int round = 0; round < 60'000; ++round) {
    const Entity& entity = *entities()[random.below(entities().size())];
    const AnyRow row = random_row(entity, random);
    std::string bytes = encode(entity, row.get());
    const std::size_t at = random.below(bytes.size());
    switch (random.below(4)) {
      case 0: bytes[at] = static_cast<char>(random.below(256)); break;
      case 1: bytes.insert(at, 1, static_cast<char>(random.below(256))); break;
      case 2: bytes.erase(at, 1); break;
      default: bytes[at] = static_cast<char>(bytes[at] ^ 0x80); break;
    }
    if (!is_plain_row(entity, row.id(), bytes)) continue;
    ++plain;
    AnyRow again(entity);
    ASSERT_TRUE(decode(entity, bytes, again.get())) << entity.name;
    ASSERT_EQ(encode(entity, again.get()), bytes) << entity.name;
  }
  EXPECT_GT(plain, 1000u);
}

TEST(Peek, NumbersAndLengthsThatAreLongerThanNeededAreNotPlain) {
  Case row;
  row.id = Id<Case>(derive_uuid({}, "case"));
  row.reopen_count = 3;
  row.opened_at = {1000};
  const std::string bytes = encode(row);
  ASSERT_TRUE(is_plain_row(entity_of<Case>(), row.id, bytes));
  ByteWriter longer;  // reopen_count as 86 00 instead of 06
  longer.raw(std::string_view(bytes).substr(0, bytes.size() - 1));
  longer.byte(0x86);
  longer.byte(0);
  AnyRow again(entity_of<Case>());
  ASSERT_TRUE(decode(entity_of<Case>(), longer.view(), again.get()));
  EXPECT_FALSE(is_plain_row(entity_of<Case>(), row.id, longer.view()));
}

TEST(Peek, TextIsThatOfTheField) {
  Case row;
  row.id = Id<Case>(derive_uuid({}, "case"));
  row.subject = "Lift";
  row.queue = "Desk";
  const std::string bytes = encode(row);
  EXPECT_EQ(peek_text(field_of<&Case::subject>(), bytes), "Lift");
  EXPECT_EQ(peek_text(field_of<&Case::queue>(), bytes), "Desk");
  EXPECT_EQ(peek_text(field_of<&Case::resolution>(), bytes), "");
}

}  // namespace
}  // namespace foyer
