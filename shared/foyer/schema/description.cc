#include "foyer/schema/description.h"

namespace foyer {
namespace {

constexpr std::array<std::string_view, 11> kTypes{
    "text", "integer", "instant", "money", "enum", "enum_set", "id", "ids", "texts", "integers",
    "bytes"};
constexpr std::array<std::string_view, 4> kFlags{"required", "indexed", "unique", "full_text"};
constexpr std::array<std::string_view, 5> kAudiences{"public", "customer", "staff", "finance",
                                                     "device"};
constexpr std::array<std::string_view, 4> kMerges{"register", "set", "ledger", "state"};

template <std::size_t N>
std::string names_of(std::uint8_t bits, const std::array<std::string_view, N>& names,
                     std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < N; ++i)
    if ((bits >> i) & 1)
      text += (text.empty() ? std::string() : std::string(separator)) + std::string(names[i]);
  return text;
}

std::string describe(const Publication& publication) {
  const std::string field = "." + std::to_string(publication.field);
  if (publication.kind == Publication::Kind::kParent)
    return "parent:" + std::to_string(publication.parent) + field;
  std::string text(name_of(publication.scope));
  if (publication.scope == ScopeKind::kStaff) text += ":" + std::string(name_of(publication.area));
  return publication.field == 0 ? text : text + field;
}

std::string describe(const Field& field) {
  std::string text = "  " + std::to_string(field.id) + " " + std::string(field.key) + " " +
                     std::string(kTypes[static_cast<std::size_t>(field.type)]);
  if (!field.names.empty()) {
    std::string_view separator = "(";
    for (const std::string_view name : field.names) {
      text += std::string(separator) + std::string(name);
      separator = "|";
    }
    text += ")";
  }
  if (field.options.row_width > 1) text += "[" + std::to_string(field.options.row_width) + "]";
  if (field.options.flags != 0) text += " " + names_of(field.options.flags, kFlags, " ");
  if (field.options.audience == kNobody) text += " to nobody";
  else if (field.options.audience == kCustomers) text += " to everybody";
  else text += " to " + names_of(field.options.audience, kAudiences, "+");
  return text + " by " + std::string(kMerges[static_cast<std::size_t>(field.options.merge)]) + "\n";
}

}  // namespace

std::string describe_schema(std::span<const Entity* const> entities) {
  std::string text;
  for (const Entity* entity : entities) {
    text += std::to_string(entity->id) + " " + std::string(entity->name) + ":";
    for (const Publication& publication : entity->publications)
      text += " " + describe(publication);
    if (entity->staff_only != nullptr) text += " but some rows";
    text += "\n";
    for (const Field& field : entity->fields) text += describe(field);
  }
  return text;
}

std::uint64_t schema_hash(std::span<const Entity* const> entities) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char letter : describe_schema(entities))
    hash = (hash ^ static_cast<std::uint8_t>(letter)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace foyer
