#include "foyer/view/conflicts.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/command/contest.h"
#include "foyer/command/registry.h"
#include "foyer/command/resolve_conflict.h"
#include "foyer/command/seen.h"
#include "foyer/model/registry.h"

namespace foyer {
namespace {

std::string by_words(const std::string& who, Instant at, const TimeWords& words) {
  if (at.is_none()) return who;
  return (who.empty() ? "" : who + ", ") + words.when(at);
}

// The value of the contested fields of a row, as words; "Nothing" for an empty one.
std::string value_words(const Entity& entity, std::string_view field, const void* row,
                        const Reader& rows, const TimeWords& words) {
  const Field* found = entity.find(field);
  std::string text = found == nullptr ? "" : text_of_field(*found, row, rows, words);
  // An owner is a person or a queue.
  const Field* queue = field == "owner" ? entity.find("queue") : nullptr;
  if (text.empty() && queue != nullptr && !queue->value<std::string>(row).empty())
    text = "Queue " + queue->value<std::string>(row);
  return text.empty() ? "Nothing" : text;
}

ConflictLine line_of(const Conflict& conflict, const Entity& entity, const Reader& rows,
                     const Actor& actor, const TimeWords& words) {
  ConflictLine line;
  line.id = conflict.id;
  line.field = words_of_key(conflict.field);
  AnyRow row(entity), mine(entity);
  if (rows.read(entity, conflict.row, row.get())) {
    line.about = label_of_row(rows, entity, row.get());
    if (entity.id == Table<Case>::id) line.case_id = Id<Case>(conflict.row);
  }
  if (decode(entity, conflict.mine.data, mine.get()))
    line.mine = value_words(entity, conflict.field, mine.get(), rows, words);
  line.mine_by = by_words(conflict.author_name, conflict.at, words);
  line.theirs = value_words(entity, conflict.field, row.get(), rows, words);
  line.theirs_by = by_words(conflict.theirs_by, conflict.theirs_at, words);
  if (!conflict.command.empty()) {
    line.words = argument_lines(command_of(conflict), rows, words);
    std::erase_if(line.words, [&](const ArgumentLine& each) {
      return each.label == "Case" || each.label == line.field;
    });
  }
  line.may_decide = actor.roles.has_any_of(kDeciders);
  line.may_do_otherwise = line.may_decide && !conflict.command.empty();
  return line;
}

std::vector<Conflict> open_rows(const Reader& rows) {
  auto all = find<&Conflict::state>(rows, ConflictState::kOpen);
  sort_list(all, [](const Conflict& a, const Conflict& b) { return a.at < b.at; });
  return all;
}

}  // namespace

std::vector<ConflictLine> open_conflicts(const Reader& rows, const Actor& actor, const Uuid& row,
                                         const TimeWords& words) {
  std::vector<ConflictLine> lines;
  for (const Conflict& conflict : open_rows(rows)) {
    const Entity* entity = find_entity(conflict.entity);
    if (entity == nullptr || (!row.is_null() && conflict.row != row)) continue;
    lines.push_back(line_of(conflict, *entity, rows, actor, words));
  }
  return lines;
}

std::size_t count_open_conflicts(const Reader& rows) {
  const auto key = static_cast<std::int64_t>(ConflictState::kOpen);
  const Scan open{&field_of<&Conflict::state>(), key, key, false, SIZE_MAX};
  return rows.scan(entity_of<Conflict>(), open).size();
}

}  // namespace foyer
