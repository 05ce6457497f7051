#include "foyer/command/case_change.h"

#include <algorithm>

#include "foyer/command/contest.h"
#include "foyer/rules/entitlement.h"
#include "foyer/rules/next_update.h"
#include "foyer/rules/sla.h"

namespace foyer {
namespace {

constexpr std::size_t kMetrics = 4;  // columns of SlaPolicy::budgets

AuthorKind author_kind(const Actor& actor) {
  switch (party_of(actor)) {
    case Party::kCustomer: return AuthorKind::kCustomer;
    case Party::kStaff: return AuthorKind::kStaffMember;
    case Party::kSystem: break;
  }
  return AuthorKind::kAutomatic;
}

Id<SlaTarget> target_id(Id<Case> row, SlaMetric metric) {
  return Id<SlaTarget>(derive_uuid(row, name_of(metric)));
}

// The promise of the entitlement, else of the company's first policy by id.
std::optional<SlaPolicy> policy_for(const Reader& reader, const Case& row) {
  if (const auto entitlement = get(reader, row.entitlement))
    if (auto policy = get(reader, entitlement->policy)) return policy;
  auto policies = all<SlaPolicy>(reader, 1);
  if (policies.empty()) return std::nullopt;
  return std::move(policies.front());
}

template <class Change>
void change_targets(Writer& writer, Id<Case> row, Change change) {
  for (SlaTarget target : find<&SlaTarget::case_id>(writer, row)) {
    change(target);
    put(writer, target);
  }
}

bool follows_customer(SlaMetric metric) {
  return metric == SlaMetric::kResolution || metric == SlaMetric::kNextUpdate;
}

void write_ledger(Writer& writer, const Case& row, LedgerKind kind, Instant at) {
  if (row.entitlement.is_null()) return;
  EntitlementEntry entry;
  // (source, kind) is unique within an entitlement: so is the id.
  entry.id = Id<EntitlementEntry>(
      derive_uuid(row.entitlement, to_string(row.id) + std::string(name_of(kind))));
  if (exists(writer, entry.id)) return;
  entry.entitlement = row.entitlement;
  entry.kind = kind;
  entry.quantity = 1;
  entry.source = row.id;
  entry.reason = row.subject;
  entry.at = at;
  put(writer, entry);
}

void end_wait(Writer& writer, Case& row, Instant at) {
  row.wait_reason = WaitReason::kNone;
  row.wait_need.clear();
  row.wait_until = {};
  change_targets(writer, row.id, [&](SlaTarget& target) { close_pause(target, at); });
}

void begin_wait(Writer& writer, Case& row, const Wait& wait, Instant at) {
  end_wait(writer, row, at);
  row.wait_reason = wait.reason;
  row.wait_need = wait.need;
  row.wait_until = wait.until;
  if (row.state != CaseState::kPending) return;  // held: the clocks go on
  change_targets(writer, row.id, [&](SlaTarget& target) {
    if (follows_customer(target.metric)) open_pause(target, at, wait.reason);
  });
}

// A stretch that the closing words themselves began is none.
bool is_begun_at(const SlaTarget& target, Instant at) {
  return target.metric == SlaMetric::kNextUpdate && is_running(target) && target.start >= at;
}

void end_targets(Writer& writer, Id<Case> row, Instant at, Instant SlaTarget::*end) {
  for (SlaTarget target : find<&SlaTarget::case_id>(writer, row)) {
    if (!target.stop.is_none()) continue;
    if (is_begun_at(target, at)) {
      writer.erase(entity_of<SlaTarget>(), target.id);
      continue;
    }
    target.*end = at;
    put(writer, target);
  }
}

void resolve_targets(Writer& writer, Case& row, Instant at) {
  if (row.resolved_at.is_none()) row.resolved_at = at;
  end_targets(writer, row.id, at, &SlaTarget::stop);
  write_ledger(writer, row, LedgerKind::kConsume, at);
}

// What the policy promises for the case's priority; a budget of 0: nothing.
void set_terms(SlaTarget& target, const SlaPolicy& policy, const Case& row) {
  const auto column = static_cast<std::size_t>(target.metric);
  const std::size_t at = static_cast<std::size_t>(row.priority) * kMetrics + column;
  target.budget_minutes = at < policy.budgets.size() ? policy.budgets[at] : 0;
  target.policy = policy.id;
  target.policy_version = policy.version;
  target.calendar = policy.calendar;
}

SlaTarget new_target(const Case& row, SlaMetric metric) {
  SlaTarget target;
  target.id = target_id(row.id, metric);
  target.case_id = row.id;
  target.metric = metric;
  target.start = row.opened_at;
  return target;
}

// `word`: the message, or the command, that promises the next.
SlaTarget next_update(const Reader& reader, const Case& row, const Uuid& word, Instant at) {
  SlaTarget target = new_target(row, SlaMetric::kNextUpdate);
  target.id = Id<SlaTarget>(derive_uuid(target.id, to_string(word)));
  target.start = at;
  if (const auto policy = policy_for(reader, row)) set_terms(target, *policy, row);
  if (row.state == CaseState::kPending) open_pause(target, at, row.wait_reason);
  return target;
}

std::vector<SlaTarget> update_stretches(const Reader& reader, Id<Case> row) {
  auto targets = find<&SlaTarget::case_id>(reader, row);
  std::erase_if(targets, [](const SlaTarget& target) {
    return target.metric != SlaMetric::kNextUpdate;
  });
  return targets;
}

// The time between is a pause; first_reply is not re-armed (domain.md, section 4, rule 5), the next
// update is promised from now on.
void rearm_targets(Writer& writer, const Context& context, const Case& row, Instant at) {
  change_targets(writer, row.id, [&](SlaTarget& target) {
    const bool follows = target.metric != SlaMetric::kFirstReply &&
                         target.metric != SlaMetric::kNextUpdate;
    if (!follows || target.stop.is_none()) return;
    target.pauses.insert(target.pauses.end(), {target.stop.ms, at.ms, 0});
    target.stop = {};
  });
  const SlaTarget update = next_update(writer, row, context.command, at);
  if (update.budget_minutes > 0) put(writer, update);
}

// A public word of the staff: the first reply, if none was said earlier, and an update.
void count_staff_word(Writer& writer, Case& row, const Message& word) {
  if (row.first_reply_at.is_none() || word.at < row.first_reply_at) {
    row.first_reply_at = word.at;
    change_targets(writer, row.id, [&](SlaTarget& target) {
      if (target.metric == SlaMetric::kFirstReply) target.stop = word.at;
    });
  }
  const Rearm rearm = is_open(row.state) ? Rearm::kYes : Rearm::kNo;
  const SlaTarget fresh = next_update(writer, row, word.id, word.at);
  for (const SlaTarget& target :
       keep_next_update(update_stretches(writer, row.id), fresh, rearm))
    put(writer, target);
}

// Her answer ends the wait: an update is promised from then on.
void count_customer_word(Writer& writer, const Case& row, const Message& word) {
  if (row.state != CaseState::kPending) return;
  for (SlaTarget target : update_stretches(writer, row.id)) {
    if (!is_running(target) || !is_paused(target)) continue;
    target.start = std::max(target.start, word.at);
    put(writer, target);
  }
}

// Ended targets keep their version.
void set_running_terms(Writer& writer, const Context& context, const Case& row,
                       const SlaPolicy& policy, SlaTarget target) {
  if (!target.stop.is_none()) return;
  const bool is_new = !exists(writer, target.id);
  set_terms(target, policy, row);
  if (is_new && target.budget_minutes <= 0) return;
  target.cancelled_at = target.budget_minutes <= 0 ? context.now : Instant();
  put(writer, target);
}

void cancel_targets(Writer& writer, const Case& row, Instant at) {
  end_targets(writer, row.id, at, &SlaTarget::cancelled_at);
  write_ledger(writer, row, LedgerKind::kRelease, at);
}

}  // namespace

Result<Case> find_case(const Reader& reader, Id<Case> id) {
  auto row = get(reader, id);
  if (!row) return fail(ErrorCode::kNotFound, "case_id", "not_found");
  return std::move(*row);
}

Instant contact_time(Instant by_device, const Context& context) {
  return by_device.is_none() || by_device > context.now ? context.now : by_device;
}

Result<void> check_transition(const Case& row, Transition transition, const Context& context) {
  if (!next_state(row.state, transition, party_of(context.actor)))
    return fail(ErrorCode::kConflict, "case_state");
  return {};
}

Result<void> check_transition(const Case& row, Transition transition, const Context& context,
                              const Bytes& seen) {
  const auto was = seen_case(seen);
  if (!was) return std::unexpected(was.error());
  const bool was_legal =
      *was && next_state((*was)->state, transition, party_of(context.actor)).has_value();
  return was_legal ? Result<void>() : check_transition(row, transition, context);
}

void set_aside(Writer& writer, const Context& context, Case row, const LateMove& move) {
  const auto was = seen_case(move.seen);
  const auto wanted = was && *was ? next_state((*was)->state, move.transition,
                                               party_of(context.actor))
                                  : std::nullopt;
  const bool is_customer = context.actor.is_customer();
  const bool takes_words = !is_ended(row.state) && !move.words.empty();
  if (takes_words && is_customer) {
    add_message(writer, context, row,
                {move.message, Visibility::kPublic, move.words, context.now});
    put(writer, row);
  } else if (takes_words) {
    add_message(writer, context, row,
                {Id<Message>(derive_uuid(context.command, "set aside")), Visibility::kInternal,
                 "Not done (" + std::string(name_of(move.transition)) +
                     "): the case had changed in the meantime.\n" + move.words,
                 context.now});
  }
  const bool is_there = wanted && *wanted == row.state && (takes_words || move.words.empty());
  if (!wanted || is_there) return;
  Case mine;
  mine.state = *wanted;
  const Entity& entity = entity_of<Case>();
  Contest contest{entity, row.id, "state", partial_row(entity, &mine, {"state"}),
                  partial_row(entity, &row, {"state"}), move.command, {}, {}};
  for (const CaseEvent& event : find<&CaseEvent::case_id>(writer, row.id)) {
    if (event.to_state != row.state || event.from_state == event.to_state) continue;
    if (event.at < contest.theirs_at) continue;
    contest.theirs_by = event.actor_name;
    contest.theirs_at = event.at;
  }
  open_conflict(writer, context, std::move(contest));
}

void add_event(Writer& writer, const Context& context, const Case& row, CaseEventKind kind,
               CaseState from, Instant at, std::string detail) {
  CaseEvent event;
  // A command makes at most one event of a kind for one case and target state.
  event.id = Id<CaseEvent>(derive_uuid(
      context.command, to_string(row.id) + std::string(name_of(kind)) + name_of(row.state).data()));
  event.case_id = row.id;
  event.kind = kind;
  event.from_state = from;
  event.to_state = row.state;
  event.wait_reason = row.wait_reason;
  event.detail = std::move(detail);
  event.actor_name = context.actor.name;
  event.at = at;
  put(writer, event);
}

void move_case(Writer& writer, const Context& context, Case& row, Transition transition, Instant at,
               std::string detail, const Wait& wait) {
  const CaseState from = row.state;
  const auto to = next_state(from, transition, party_of(context.actor));
  FOYER_ASSERT(to.has_value());
  row.state = *to;
  row.updated_at = at;
  switch (*to) {
    case CaseState::kPending:
    case CaseState::kHeld:
      if (transition != Transition::kAssign) begin_wait(writer, row, wait, at);
      break;
    case CaseState::kResolved:
      end_wait(writer, row, at);
      resolve_targets(writer, row, at);
      break;
    case CaseState::kClosed: row.closed_at = at; break;
    case CaseState::kCancelled:
    case CaseState::kRejected:
    case CaseState::kMerged:
      end_wait(writer, row, at);
      row.closed_at = at;
      cancel_targets(writer, row, at);
      break;
    case CaseState::kInProgress:
      if (transition == Transition::kReopen) rearm_targets(writer, context, row, at);
      else if (transition != Transition::kAssign) end_wait(writer, row, at);
      break;
    case CaseState::kNew:
    case CaseState::kAssigned: break;
  }
  const auto kind = transition == Transition::kAssign   ? CaseEventKind::kAssigned
                    : transition == Transition::kReopen ? CaseEventKind::kReopened
                                                        : CaseEventKind::kStateChanged;
  add_event(writer, context, row, kind, from, at, std::move(detail));
}

void add_message(Writer& writer, const Context& context, Case& row, NewMessage message) {
  Message added;
  added.id = message.id;
  added.case_id = row.id;
  added.visibility = message.visibility;
  added.author_kind = author_kind(context.actor);
  added.author = context.actor.user;
  added.author_name = context.actor.name;
  added.body = std::move(message.body);
  added.at = message.at;
  put(writer, added);
  if (message.visibility == Visibility::kInternal) return;
  row.updated_at = std::max(row.updated_at, message.at);
  if (added.author_kind == AuthorKind::kStaffMember) count_staff_word(writer, row, added);
  if (added.author_kind == AuthorKind::kCustomer) count_customer_word(writer, row, added);
}

void set_targets(Writer& writer, const Context& context, const Case& row) {
  const auto policy = policy_for(writer, row);
  if (!policy) return;
  for (std::size_t metric = 0; metric < kMetrics; ++metric) {
    const auto kind = static_cast<SlaMetric>(metric);
    if (kind == SlaMetric::kNextUpdate) continue;  // begins with the first reply
    auto target = get(writer, target_id(row.id, kind)).value_or(new_target(row, kind));
    set_running_terms(writer, context, row, *policy, std::move(target));
  }
  for (SlaTarget& stretch : update_stretches(writer, row.id))
    if (is_running(stretch)) set_running_terms(writer, context, row, *policy, std::move(stretch));
}

Case open_case_row(Writer& writer, const Context& context, Opening opening) {
  Case row = std::move(opening.row);
  row.state = CaseState::kNew;
  row.updated_at = row.opened_at;
  row.number = writer.next_number("T");
  if (const auto match = match_entitlement(writer, row)) {
    row.entitlement = match->entitlement.id;
    row.entitlement_reason = match->reason;
  }
  put(writer, row);
  // The first message of a call taken by staff is the customer's word: it answers nothing.
  Message first;
  first.id = opening.first_message.id;
  first.case_id = row.id;
  first.author_kind = AuthorKind::kCustomer;
  const auto contact = get(writer, row.contact);
  first.author = context.actor.is_customer() ? context.actor.user : Id<User>();
  first.author_name = contact ? contact->name : context.actor.name;
  first.body = std::move(opening.first_message.body);
  first.at = opening.first_message.at;
  put(writer, first);
  set_targets(writer, context, row);
  write_ledger(writer, row, LedgerKind::kReserve, row.opened_at);
  add_event(writer, context, row, CaseEventKind::kOpened, CaseState::kNew, row.opened_at, {});
  return row;
}

}  // namespace foyer
