#include "foyer/schema/validate.h"

#include "foyer/base/text.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

std::string_view problem_of_text(const Field& field, const std::string& text) {
  if (!is_valid_utf8(text) || has_control_characters(text)) return "not_text";
  if (count_code_points(text) > field.options.length_max) return "too_long";
  return {};
}

std::string_view problem_of_number(const Field& field, std::int64_t number) {
  const bool is_inside = number >= field.options.minimum && number <= field.options.maximum;
  return is_inside ? std::string_view() : "out_of_range";
}

std::string_view problem_of(const Field& field, const void* object) {
  const auto limit = field.options.length_max;
  switch (field.type) {
    case FieldType::kText: return problem_of_text(field, field.value<std::string>(object));
    case FieldType::kInteger: return problem_of_number(field, field.value<std::int64_t>(object));
    case FieldType::kInstant: {
      // Years 1 to 9999: what every calendar, form and export can hold.
      const auto ms = field.value<Instant>(object).ms;
      return ms < -62135596800000 || ms > 253402300799999 ? "out_of_range" : std::string_view();
    }
    case FieldType::kMoney:
      return is_valid(field.value<Money>(object).currency) ? std::string_view() : "not_a_currency";
    case FieldType::kBytes:
      return field.value<Bytes>(object).data.size() > limit ? "too_long" : std::string_view();
    case FieldType::kIdList:
      return field.value<std::vector<Uuid>>(object).size() > limit ? "too_long"
                                                                   : std::string_view();
    case FieldType::kIntegerList: {
      const auto size = field.value<std::vector<std::int64_t>>(object).size();
      if (size > limit) return "too_long";
      return size % field.options.row_width != 0 ? "wrong_shape" : std::string_view();
    }
    case FieldType::kTextList: {
      const auto& list = field.value<std::vector<std::string>>(object);
      if (list.size() > limit) return "too_long";
      for (const auto& text : list) {
        if (!is_valid_utf8(text) || has_control_characters(text)) return "not_text";
        if (text.size() > 1000) return "too_long";
      }
      return {};
    }
    case FieldType::kEnum:
    case FieldType::kEnumSet:
    case FieldType::kId: return {};  // the decoders reject what is not a member
  }
  return {};
}

bool is_blank(const Field& field, const void* object) {
  return field.type == FieldType::kText && trim(field.value<std::string>(object)).empty();
}

}  // namespace

std::vector<Error> validate(const Entity& entity, const void* object) {
  std::vector<Error> errors;
  const auto add = [&](const Field& field, std::string_view detail) {
    errors.push_back({ErrorCode::kInvalid, std::string(field.key), std::string(detail)});
  };
  for (const Field& field : entity.fields) {
    const bool is_empty = is_empty_field(field, object);
    if (field.has(kRequired) && (is_empty || is_blank(field, object))) add(field, "required");
    if (is_empty && field.type != FieldType::kInteger) continue;
    // Zero is "not given" for a number that is not required.
    if (is_empty && !field.has(kRequired)) continue;
    if (const auto problem = problem_of(field, object); !problem.empty()) add(field, problem);
  }
  return errors;
}

}  // namespace foyer
