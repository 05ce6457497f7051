// The binary codec of rows and arguments, and JSON of the same object.
//
//   input := kind:u8 bytes      kind: which entity or which command's arguments
#include "foyer/command/registry.h"
#include "foyer/model/registry.h"
#include "foyer/schema/json.h"
#include "foyer/schema/row.h"
#include "foyer/schema/validate.h"
#include "foyer/view/import.h"
#include "fuzz/fuzz.h"

namespace foyer::fuzz {
namespace {

const Entity& chosen(std::size_t kind) {
  static const std::vector<const Entity*> all = [] {
    std::vector<const Entity*> list(entities().begin(), entities().end());
    for (const auto& command : commands()) list.push_back(command.arguments);
    return list;
  }();
  return *all[kind % all.size()];
}

bool equal_rows(const Entity& entity, const void* a, const void* b) {
  for (const Field& field : entity.fields)
    if (!equal_fields(field, a, b)) return false;
  return true;
}

void check_json(const Entity& entity, AnyRow& row) {
  if (!validate(entity, row.get()).empty()) return;
  const auto json = write_json(entity, row.get());
  AnyRow again(entity);
  const auto errors = read_json(entity, json, again.get());
  expect(errors.empty(), "what JSON wrote of a valid row is not read", json);
  expect(equal_rows(entity, row.get(), again.get()), "JSON changed a valid row", json);
}

}  // namespace

void try_input(std::string_view input) {
  if (input.empty()) return;
  const auto bytes = input.substr(1);
  const Entity& entity = chosen(static_cast<std::uint8_t>(input.front()));
  peek_id(bytes);
  parse_import_answer(bytes);
  AnyRow row(entity);
  if (!decode(entity, bytes, row.get())) return;
  const auto encoded = encode(entity, row.get());
  AnyRow again(entity);
  expect(decode(entity, encoded, again.get()).has_value(), "encode wrote what decode refuses");
  expect(equal_rows(entity, row.get(), again.get()), "a field changed on its way");
  expect(entity.unknown(row.get()) == entity.unknown(again.get()), "unknown fields changed");
  expect(encode(entity, again.get()) == encoded, "encode is not canonical");
  // Decoding over a row overlays it: the same row over itself changes nothing.
  expect(decode(entity, encoded, again.get()).has_value() &&
             encode(entity, again.get()) == encoded,
         "a row over itself is another row");
  check_json(entity, row);
}

}  // namespace foyer::fuzz
