// When a change meets another: what its author had seen, the note of what was replaced, and the
// Conflict that a person decides. Commands that write a person's choice into a row use it.
// Invariant: nothing that somebody wrote is written over without a ChangeNote or a Conflict.
#pragma once

#include <vector>

#include "foyer/command/command.h"
#include "foyer/model/change.h"

namespace foyer {

// A row of `entity` with the given fields of `row` alone, encoded.
std::string partial_row(const Entity& entity, const void* row,
                        const std::vector<std::string_view>& fields);

// True for rows of whose kind a Conflict can be published to the people who keep them.
bool is_contestable(const Entity& entity);

// A ChangeNote for every field in which the two differ, or for the given ones of them; rows that
// are not contestable have none.
void note_changes(Writer& writer, const Context& context, const Entity& entity, const void* before,
                  const void* after, const std::vector<std::string_view>& fields = {});

struct Contest {
  const Entity& entity;
  Uuid row;
  std::string_view field;  // its name among the contested ones
  std::string mine, theirs;  // partial rows
  Command command;           // that is set aside; of a record: none
  std::string theirs_by;     // if another place than the notes knows it
  Instant theirs_at;
};
// The command that was set aside, as its author's build wrote it.
Command command_of(const Conflict& conflict);

// Opens the conflict in the actor's name. Who wrote what is there comes from the newest ChangeNote.
void open_conflict(Writer& writer, const Context& context, Contest contest);

// The same if the author saw something else in one of the fields than is there, and wants something
// else than is there; `mine` is a row as they want it. False: nothing stands against the change.
struct Choice {
  const Entity& entity;
  const void* row;
  const void* mine;
  const Bytes& seen;  // a partial row; empty: they speak of the row as it is
  std::string_view field;
  std::vector<std::string_view> fields;  // that are one choice
};
bool set_aside_if_contested(Writer& writer, const Context& context, const Choice& choice,
                            const Command& command);

// What the author of a case command had seen, from its `seen`; nothing: it was not said, the
// command is about the case as it is. kCorrupt "seen".
Result<std::optional<Case>> seen_case(const Bytes& seen);

}  // namespace foyer
