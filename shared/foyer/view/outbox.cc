#include "foyer/view/outbox.h"

#include <algorithm>

#include "foyer/command/registry.h"

namespace foyer {
namespace {

void read_arguments(const Entity& entity, const std::string& bytes, OutboxLine& line) {
  AnyRow arguments(entity);
  if (!decode(entity, bytes, arguments.get())) return;
  for (const Field& field : entity.fields) {
    if (field.type == FieldType::kText) {
      const std::string& text = field.value<std::string>(arguments.get());
      if (text.empty()) continue;
      if (!line.words.empty()) line.words += '\n';
      line.words += text;
    }
    if (field.type != FieldType::kId) continue;
    const Uuid& id = field.value<Uuid>(arguments.get());
    if (id.is_null()) continue;
    if (field.key == "case_id") line.case_id = Id<Case>(id);
    line.ids.push_back(id);
  }
}

}  // namespace

std::vector<OutboxLine> outbox_lines(const std::map<std::uint64_t, OutboxEntry>& outbox) {
  std::vector<OutboxLine> lines;
  for (const auto& [mid, entry] : outbox) {
    // Not durable yet: the person was told nothing.
    if (entry.state == OutboxState::kSaving) continue;
    OutboxLine line;
    line.mid = mid;
    line.command = entry.command.name;
    line.version = entry.command.version;
    line.arguments = entry.command.arguments;
    line.is_refused = entry.state == OutboxState::kAttention;
    line.error = entry.error;
    line.at = entry.created_at;
    if (const CommandInfo* info = find_command(entry.command.name))
      read_arguments(*info->arguments, entry.command.arguments, line);
    lines.push_back(std::move(line));
  }
  return lines;
}

const OutboxLine* waiting_for(const std::vector<OutboxLine>& lines, const Uuid& row) {
  for (const OutboxLine& line : lines)
    if (!line.is_refused && std::find(line.ids.begin(), line.ids.end(), row) != line.ids.end())
      return &line;
  return nullptr;
}

}  // namespace foyer
