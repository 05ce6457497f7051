#include "foyer/schema/generate.h"

#include <algorithm>

namespace foyer {
namespace {

std::string random_text(const Field& field, Random& random) {
  static constexpr std::string_view kPieces[] = {"lift", "Tür", " ", "電梯", "10", "é", "-", "x"};
  const std::uint64_t pieces = std::min<std::uint64_t>(field.options.length_max / 4, 6);
  std::string text = "a";
  for (std::uint64_t i = random.below(pieces + 1); i > 0; --i)
    text += kPieces[random.below(std::size(kPieces))];
  return text;
}

std::int64_t random_number(const Field& field, Random& random) {
  const std::int64_t low = std::max<std::int64_t>(field.options.minimum, -1'000'000);
  const std::int64_t high = std::min<std::int64_t>(field.options.maximum, 1'000'000);
  return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low) + 1));
}

}  // namespace

void fill_randomly(const Entity& entity, void* object, Random& random) {
  for (const Field& field : entity.fields) {
    if (!field.has(kRequired) && field.id != 1 && random.chance(1, 4)) continue;
    switch (field.type) {
      case FieldType::kText: field.value<std::string>(object) = random_text(field, random); break;
      case FieldType::kInteger:
        field.value<std::int64_t>(object) = random_number(field, random);
        break;
      case FieldType::kInstant:
        field.value<Instant>(object).ms = 1 + static_cast<std::int64_t>(random.below(1ULL << 41));
        break;
      case FieldType::kMoney:
        field.value<Money>(object) = {random_number(field, random), Currency("EUR")};
        break;
      case FieldType::kEnum:
        field.value<std::uint8_t>(object) = static_cast<std::uint8_t>(
            field.has(kRequired) ? 1 + random.below(field.names.size() - 1)
                                 : random.below(field.names.size()));
        break;
      case FieldType::kEnumSet:
        field.value<std::uint64_t>(object) =
            random.next() & ((std::uint64_t{1} << field.names.size()) - 1);
        break;
      case FieldType::kId: field.value<Uuid>(object) = make_uuid({1764160000000}, random); break;
      case FieldType::kIdList:
        field.value<std::vector<Uuid>>(object) = {make_uuid({5}, random), make_uuid({6}, random)};
        break;
      case FieldType::kTextList:
        field.value<std::vector<std::string>>(object) = {random_text(field, random), ""};
        break;
      case FieldType::kIntegerList:
        field.value<std::vector<std::int64_t>>(object).assign(2 * field.options.row_width, -7);
        field.value<std::vector<std::int64_t>>(object).front() = random_number(field, random);
        break;
      case FieldType::kBytes:
        field.value<Bytes>(object).data = std::string("\0\xff bytes", 8);
        break;
    }
  }
}

}  // namespace foyer
