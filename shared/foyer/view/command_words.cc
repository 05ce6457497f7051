#include "foyer/view/command_words.h"

#include <algorithm>

#include "foyer/command/registry.h"
#include "foyer/command/upcast.h"
#include "foyer/model/registry.h"
#include "foyer/schema/row.h"
#include "foyer/view/named_words.h"

namespace foyer {
namespace {

constexpr NamedWords kTitles[] = {
    {"case.open", "Open a case for a customer"},
    {"case.reply", "Reply to the customer"},
    {"case.note", "Internal note"},
    {"case.assign", "Give a case to somebody"},
    {"case.start", "Start work on a case"},
    {"case.pend", "Ask the customer"},
    {"case.hold", "Hold a case"},
    {"case.wake", "Go on with a case"},
    {"case.resolve", "Resolve a case"},
    {"case.confirm", "Close a case"},
    {"case.reopen", "Reopen a case"},
    {"case.cancel", "Cancel a case"},
    {"case.set_priority", "Change the priority"},
    {"contact.invite", "Invite a contact to the customer site"},
    {"contact.set_scope", "Change what a contact may see"},
    {"conflict.resolve", "Decide between two changes"},
    {"check_in.call", "Call a visitor"},
    {"check_in.end", "See a visitor off"},
    {"device.revoke", "Revoke a kiosk"},
    {"entitlement.grant", "Grant more of an entitlement"},
    {"kiosk.set_up", "Set up a kiosk"},
    {"record.save", "Change a record"},
    {"record.remove", "Remove a record"},
    {"submission.settle", "Settle what a kiosk handed over in vain"},
};

// Keys that are not what people call it.
constexpr NamedWords kKeys[] = {
    {"body", "Message"},
};

constexpr NamedWords kRefusals[] = {
    {"case_state", "The case had changed in the meantime, so this was not possible any more."},
    {"visit_over", "Somebody else had seen to this visitor already."},
    {"already_done", "It has reached the server before: nothing was done twice."},
    {"already_used", "Something else has this name, number or address already."},
    {"still_used", "Other records depend on it, so it stays."},
    {"not_found", "What it is about is not there any more, or you may not see it now."},
    {"role", "Your role may not do this."},
    {"not_yours", "This browser's outbox belongs to somebody else's sign-in."},
    {"signed_out", "You were not signed in."},
    {"work_has_begun", "Somebody is working on it already."},
    {"unknown_command", "This server does not know this kind of change."},
    {"unknown_version", "It was written by another version of the portal than the server's."},
    {"not_stored", "The server could not store it."},
    {"owner_or_queue", "It needs either a person or a queue."},
    {"in_past", "The time lies in the past."},
    {"in_future", "The time lies in the future."},
    {"suspended", "It is suspended."},
    {"already_resolved", "Somebody else has decided it already."},
    {"changed_meanwhile", "Somebody else had changed it in the meantime."},
};

// Of an argument: "Message: this is needed."
constexpr NamedWords kFieldRefusals[] = {
    {"required", "this is needed."},
    {"too_long", "this is too long."},
    {"not_text", "this holds characters that cannot be stored."},
    {"out_of_range", "this is out of range."},
};

// Ids of rows that a command makes; all other ids are of rows there are.
struct Made {
  std::string_view command, field;  // an empty command: any
};
constexpr Made kMade[] = {{"", "message"},          {"", "entry"},          {"", "follow_up"},
                          {"case.open", "case_id"}, {"contact.invite", "user"}};

std::string text_of_row(const Reader& rows, const Entity& entity, const Uuid& id) {
  AnyRow row(entity);
  if (id.is_null() || !rows.read(entity, id, row.get())) return {};
  return label_of_row(rows, entity, row.get());
}

std::string text_of_set(const Field& field, std::uint64_t bits) {
  std::string text;
  for (std::size_t i = 0; i < field.names.size(); ++i)
    if ((bits >> i) & 1) text += (text.empty() ? "" : ", ") + words_of_key(field.names[i]);
  return text;
}

void add_lines(const Entity& entity, const void* object, std::string_view command,
               const Reader& rows, const TimeWords& words, std::vector<ArgumentLine>& lines) {
  for (const Field& field : entity.fields) {
    const bool is_own_id = field.id == 1 && entity.id != 0;
    if (is_own_id || is_made_by(command, field)) continue;
    // The first enumerator of a choice is a choice; an empty field says nothing.
    if (is_empty_field(field, object) && field.type != FieldType::kEnum) continue;
    if (is_empty_field(field, object) && entity.id != 0) continue;
    std::string text = text_of_field(field, object, rows, words);
    if (!text.empty()) lines.push_back({words_of_key(field.key), std::move(text)});
  }
}

}  // namespace

std::string text_of_field(const Field& field, const void* object, const Reader& rows,
                          const TimeWords& words) {
  switch (field.type) {
    case FieldType::kText: return field.value<std::string>(object);
    case FieldType::kInteger: return std::to_string(field.value<std::int64_t>(object));
    case FieldType::kInstant: return words.when(field.value<Instant>(object));
    case FieldType::kMoney: {
      const auto& amount = field.value<Money>(object);
      return to_decimal(amount) + " " + std::string(amount.currency.view());
    }
    case FieldType::kEnum: {
      const std::size_t value = field.value<std::uint8_t>(object);
      return value < field.names.size() ? words_of_key(field.names[value]) : std::string();
    }
    case FieldType::kEnumSet: return text_of_set(field, field.value<std::uint64_t>(object));
    case FieldType::kId: {
      const Entity* target = target_of(field);
      if (target == nullptr) return {};
      return text_of_row(rows, *target, field.value<Uuid>(object));
    }
    case FieldType::kTextList: {
      std::string text;
      for (const std::string& each : field.value<std::vector<std::string>>(object))
        text += (text.empty() ? "" : ", ") + each;
      return text;
    }
    case FieldType::kIdList:
    case FieldType::kIntegerList:
    case FieldType::kBytes: break;
  }
  return {};
}

std::string words_of_key(std::string_view key) {
  if (const auto known = words_for(kKeys, key); !known.empty()) return std::string(known);
  std::string words(key);
  if (words.ends_with("_id")) words.resize(words.size() - 3);
  std::replace(words.begin(), words.end(), '_', ' ');
  std::replace(words.begin(), words.end(), '.', ' ');
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

std::string title_of_command(std::string_view name) {
  const std::string_view title = words_for(kTitles, name);
  return title.empty() ? words_of_key(name) : std::string(title);
}

std::string refusal_words(const Error& error) {
  if (const auto words = words_for(kFieldRefusals, error.detail); !words.empty())
    return (error.field.empty() ? "" : words_of_key(error.field) + ": ") + std::string(words);
  if (const auto words = words_for(kRefusals, error.detail); !words.empty())
    return std::string(words);
  if (error.code == ErrorCode::kForbidden) return "Your role may not do this.";
  if (error.code == ErrorCode::kNotFound) return std::string(words_for(kRefusals, "not_found"));
  return "The server did not accept it (" + error.detail + ").";
}

const Entity* target_of(const Field& field) {
  if (field.target != 0) return find_entity(field.target);
  if (field.key == "case_id") return &entity_of<Case>();
  if (field.key == "owner") return &entity_of<User>();
  for (const Entity* entity : entities())
    if (entity->name == field.key) return entity;
  return nullptr;
}

std::string label_of_row(const Reader& rows, const Entity& entity, const void* row) {
  std::string label;
  for (const std::string_view key : {"number", "name", "subject", "title", "serial"}) {
    const Field* field = entity.find(key);
    if (field == nullptr || field->type != FieldType::kText) continue;
    const auto& text = field->value<std::string>(row);
    if (!text.empty()) label += (label.empty() ? "" : ", ") + text;
  }
  const Field* above = entity.find("account");
  if (above == nullptr || above->type != FieldType::kId) return label;
  const auto account = get(rows, Id<Account>(above->value<Uuid>(row)));
  return account ? label + " (" + account->name + ")" : label;
}

bool is_made_by(std::string_view command, const Field& field) {
  return std::any_of(std::begin(kMade), std::end(kMade), [&](const Made& made) {
    return made.field == field.key && (made.command.empty() || made.command == command);
  });
}

std::vector<ArgumentLine> argument_lines(const Command& command, const Reader& rows,
                                         const TimeWords& words) {
  std::vector<ArgumentLine> lines;
  const auto current = upcast(command, commands(), upcasters());
  if (!current) return lines;
  const CommandInfo* info = find_command(current->name);
  AnyRow arguments(*info->arguments);
  if (!decode(*info->arguments, current->arguments, arguments.get())) return lines;
  add_lines(*info->arguments, arguments.get(), current->name, rows, words, lines);
  // What a record is to become lies in bytes, by the table of its kind.
  const Field* kind = info->arguments->find("entity");
  const Field* bytes = info->arguments->find("row");
  if (kind == nullptr || bytes == nullptr || bytes->type != FieldType::kBytes) return lines;
  const Entity* entity = find_entity(kind->value<std::string>(arguments.get()));
  if (entity == nullptr) return lines;
  AnyRow row(*entity);
  if (decode(*entity, bytes->value<Bytes>(arguments.get()).data, row.get()))
    add_lines(*entity, row.get(), current->name, rows, words, lines);
  return lines;
}

}  // namespace foyer
