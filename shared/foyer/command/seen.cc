#include "foyer/command/seen.h"

#include <array>

#include "foyer/command/registry.h"
#include "foyer/command/save_record.h"
#include "foyer/model/registry.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

struct Subject {
  std::string_view command, id;  // the argument that holds the row's id
  EntityId entity;
  std::array<std::string_view, 3> fields;
};
// Of commands that write a choice or move a state; record.save says itself which fields.
constexpr Subject kSubjects[] = {
    {"case.set_priority", "case_id", Table<Case>::id, {"priority", "state"}},
    {"case.assign", "case_id", Table<Case>::id, {"owner", "queue", "state"}},
    {"case.start", "case_id", Table<Case>::id, {"state"}},
    {"case.pend", "case_id", Table<Case>::id, {"state"}},
    {"case.hold", "case_id", Table<Case>::id, {"state"}},
    {"case.wake", "case_id", Table<Case>::id, {"state"}},
    {"case.resolve", "case_id", Table<Case>::id, {"state"}},
    {"case.confirm", "case_id", Table<Case>::id, {"state"}},
    {"case.reopen", "case_id", Table<Case>::id, {"state"}},
    {"case.cancel", "case_id", Table<Case>::id, {"state"}},
    {"contact.set_scope", "contact", Table<Contact>::id, {"portal_scope"}},
};

std::string seen_of(const Subject& subject, const AnyRow& arguments, const Reader& rows) {
  const Entity& entity = *find_entity(subject.entity);
  const Field* id = arguments.entity().find(subject.id);
  AnyRow row(entity), part(entity);
  if (id == nullptr || !rows.read(entity, id->value<Uuid>(arguments.get()), row.get())) return {};
  for (const std::string_view key : subject.fields)
    if (!key.empty()) copy_field(*entity.find(key), row.get(), part.get());
  return encode(entity, part.get());
}

// The fields that the new row sets, as they are now.
std::string seen_of(const SaveRecord& save, const Reader& rows) {
  const Entity* entity = find_entity(save.entity);
  const auto id = peek_id(save.row.data);
  if (entity == nullptr || !id) return {};
  AnyRow wanted(*entity), row(*entity), part(*entity);
  if (!decode(*entity, save.row.data, wanted.get())) return {};
  if (!rows.read(*entity, *id, row.get())) return {};
  for (const Field& field : entity->fields)
    if (!is_empty_field(field, wanted.get())) copy_field(field, row.get(), part.get());
  return encode(*entity, part.get());
}

}  // namespace

Command with_seen(Command command, const Reader& rows) {
  const CommandInfo* info = find_command(command.name);
  const Field* seen = info == nullptr ? nullptr : info->arguments->find("seen");
  if (seen == nullptr || seen->type != FieldType::kBytes) return command;
  AnyRow arguments(*info->arguments);
  if (!decode(*info->arguments, command.arguments, arguments.get())) return command;
  Bytes& bytes = seen->value<Bytes>(arguments.get());
  for (const Subject& subject : kSubjects)
    if (subject.command == command.name) bytes.data = seen_of(subject, arguments, rows);
  // Whoever fills a form says what they saw in it: more than what it changes.
  if (command.name == Table<SaveRecord>::name && bytes.data.empty())
    bytes.data = seen_of(arguments.as<SaveRecord>(), rows);
  command.arguments = encode(*info->arguments, arguments.get());
  return command;
}

Command without_seen(Command command) {
  const CommandInfo* info = find_command(command.name);
  const Field* seen = info == nullptr ? nullptr : info->arguments->find("seen");
  if (seen == nullptr) return command;
  AnyRow arguments(*info->arguments);
  if (!decode(*info->arguments, command.arguments, arguments.get())) return command;
  clear_field(*seen, arguments.get());
  command.arguments = encode(*info->arguments, arguments.get());
  return command;
}

}  // namespace foyer
