// What the case commands share: finding the case, moving its state with everything that hangs on it
// (events, promises, entitlement ledger, who waits for whom), adding messages.
// Invariant: a state never changes without its event, and never but through `move_case`.
#pragma once

#include "foyer/command/command.h"
#include "foyer/model/registry.h"
#include "foyer/rules/case_state.h"

namespace foyer {

// kNotFound "case" if there is none or the actor may not see it.
Result<Case> find_case(const Reader& reader, Id<Case> id);

// kConflict "case_state" if the case is in no state from which the actor may make this transition.
Result<void> check_transition(const Case& row, Transition transition, const Context& context);

// The same of a case that its author saw in `seen` (a partial row; empty: as it is). What was legal
// then and is not any more passes: `was_set_aside` keeps it.
Result<void> check_transition(const Case& row, Transition transition, const Context& context,
                              const Bytes& seen);

// A move that came too late: a note with its words, and a Conflict unless the case is already where
// it leads. Words of a customer become their message. An ended case gets no word any more: the
// Conflict holds them.
struct LateMove {
  Transition transition;
  Bytes seen;
  Id<Message> message;
  std::string words;
  Command command;
};
void set_aside(Writer& writer, const Context& context, Case row, const LateMove& move);

// True if the move is not possible any more: then it is set aside, and nothing else is to be done.
template <class Args>
bool was_set_aside(Writer& writer, const Context& context, const Case& row, Transition transition,
                   const Args& args, Id<Message> message = {}, const std::string& words = {}) {
  if (next_state(row.state, transition, party_of(context.actor))) return false;
  set_aside(writer, context, row, {transition, args.seen, message, words, make_command(args)});
  return true;
}

// When somebody made contact, for the clocks that start then: as their device says, unless its
// clock runs ahead, which gains nothing.
Instant contact_time(Instant by_device, const Context& context);

struct Wait {
  WaitReason reason = WaitReason::kNone;
  std::string need;
  Instant until;
};

// Changes `row` in place (the caller puts it), appends the event, keeps targets and ledger.
void move_case(Writer& writer, const Context& context, Case& row, Transition transition, Instant at,
               std::string detail, const Wait& wait = {});

struct NewMessage {
  Id<Message> id;
  Visibility visibility = Visibility::kPublic;
  std::string body;
  Instant at;
};
// Adds it in the actor's name; a public word of the staff keeps the first-reply promise, or the one
// of the next update, and promises an update again.
void add_message(Writer& writer, const Context& context, Case& row, NewMessage message);

void add_event(Writer& writer, const Context& context, const Case& row, CaseEventKind kind,
               CaseState from, Instant at, std::string detail);

// Opens a case: match of the entitlement, reserve entry, promises, number, first event.
struct Opening {
  Case row;  // filled but for state, number, entitlement and counters
  NewMessage first_message;
};
Case open_case_row(Writer& writer, const Context& context, Opening opening);

// Starts the case's promises, or anew after a change of priority (keeping start and pauses).
void set_targets(Writer& writer, const Context& context, const Case& row);

}  // namespace foyer
