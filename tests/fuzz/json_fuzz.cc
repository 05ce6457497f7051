// JSON as programs send it: arguments of commands, rows, and the flat JSON of lists and maps.
//
//   input := name "\n" json      name: of an entity or a command; any other: the flat kinds
#include <algorithm>

#include "flat_json.h"
#include "foyer/base/text.h"
#include "foyer/command/registry.h"
#include "foyer/model/registry.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/json.h"
#include "foyer/schema/row.h"
#include "foyer/schema/validate.h"
#include "fuzz/fuzz.h"

namespace foyer::fuzz {
namespace {

void check_flat(std::string_view text) {
  if (const auto texts = server::parse_texts(text))
    expect(server::parse_texts(server::format_texts(*texts)) == texts, "texts changed", text);
  if (const auto numbers = server::parse_integers(text))
    expect(server::parse_integers(server::format_integers(*numbers)) == numbers,
           "numbers changed", text);
  if (const auto map = server::parse_text_map(text))
    for (const auto& [key, value] : *map)
      expect(is_valid_utf8(key) && is_valid_utf8(value), "a map holds what is no text", text);
}

void check_object(const Entity& entity, std::string_view text) {
  AnyRow row(entity);
  const auto errors = read_json(entity, text, row.get());
  for (const auto& error : errors)
    expect(!error.detail.empty() && is_valid_utf8(error.field), "an error without words", text);
  if (!errors.empty()) return;
  // What a program may send may be stored: bytes, and back.
  const auto encoded = encode(entity, row.get());
  AnyRow again(entity);
  expect(decode(entity, encoded, again.get()).has_value(), "JSON made a row that is none", text);
  expect(encode(entity, again.get()) == encoded, "a row changed on its way", text);
  if (!validate(entity, row.get()).empty()) return;
  const auto json = write_json(entity, row.get());
  AnyRow third(entity);
  expect(read_json(entity, json, third.get()).empty(), "JSON is not read back", json);
  for (const Field& field : entity.fields)
    expect(equal_fields(field, row.get(), third.get()), "JSON changed a field", json);
  for (const std::uint8_t audience : {kCustomerScope, kPublicScope, kStaffScope})
    for (const Field& field : entity.fields)
      if ((field.options.audience & audience) == 0)
        expect(write_json(entity, row.get(), audience)
                       .find('"' + std::string(field.key) + "\":") == std::string::npos,
               "JSON for an audience holds a field that is not theirs", json);
}

}  // namespace

void try_input(std::string_view input) {
  const auto name = take_line(input);
  if (const auto* command = find_command(name)) return check_object(*command->arguments, input);
  if (const auto* entity = find_entity(name)) return check_object(*entity, input);
  check_flat(input);
}

}  // namespace foyer::fuzz
