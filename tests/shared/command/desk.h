// A small company in memory for tests: one account with a customer, a desk, one policy and
// calendar.
#pragma once

#include "foyer/command/execute.h"
#include "foyer/command/open_case.h"
#include "foyer/model/registry.h"
#include "foyer/query/memory_store.h"

namespace foyer {

struct Desk {
  MemoryStore store{Numbering::kAuthority};
  Instant now{1764158400000};  // Wednesday 2025-11-26 12:00 UTC
  Actor customer, stranger, agent, lead, admin;
  Id<Account> account{derive_uuid({}, "account")}, other_account{derive_uuid({}, "other")};
  Id<Contact> contact{derive_uuid({}, "contact")};
  std::uint64_t steps = 0;

  Desk() {
    Calendar calendar;
    calendar.id = Id<Calendar>(derive_uuid({}, "calendar"));
    calendar.name = "Always";
    calendar.time_zone = "UTC";
    for (std::int64_t day = 0; day < 7; ++day)
      calendar.intervals.insert(calendar.intervals.end(), {day, 0, 1440});
    put(store, calendar);
    SlaPolicy policy;
    policy.id = Id<SlaPolicy>(derive_uuid({}, "policy"));
    policy.name = "Standard";
    policy.version = 1;
    policy.calendar = calendar.id;
    policy.budgets = {60, 240, 0, 480, 120, 0, 0, 960, 30, 120, 0, 240, 10, 30, 0, 120};
    put(store, policy);
    for (const auto& [id, name] : {std::pair(account, "Acme"), std::pair(other_account, "Zeta")}) {
      Account row;
      row.id = id;
      row.name = name;
      put(store, row);
    }
    customer = add_person("clara", {Role::kCustomerUser}, account, PortalScope::kAccount);
    contact = customer.contact;
    stranger = add_person("zoe", {Role::kCustomerUser}, other_account, PortalScope::kAccount);
    agent = add_person("ana", {Role::kCsr}, {}, PortalScope::kNone);
    lead = add_person("priya", {Role::kSupervisor}, {}, PortalScope::kNone);
    admin = add_person("robin", {Role::kAdmin}, {}, PortalScope::kNone);
  }

  Actor add_person(const std::string& name, Roles roles, Id<Account> of, PortalScope scope) {
    User user;
    user.id = Id<User>(derive_uuid({}, "user/" + name));
    user.name = name;
    user.email = name + "@desk.example";
    user.roles = roles;
    if (!of.is_null()) {
      Contact row;
      row.id = Id<Contact>(derive_uuid({}, "contact/" + name));
      row.account = of;
      row.name = name;
      row.email = user.email;
      row.portal_scope = scope;
      put(store, row);
      user.contact = row.id;
    }
    put(store, user);
    return actor_of(store, user.id);
  }

  template <class Args>
  Result<void> run(const Actor& actor, const Args& args) {
    const Context context{actor, now, derive_uuid({}, "step" + std::to_string(++steps))};
    return run_command(make_command(args), store, context);
  }
  template <class Args>
  std::string refusal(const Actor& actor, const Args& args) {
    const auto done = run(actor, args);
    return done ? "" : done.error().detail;
  }
  template <class T>
  Id<T> id(std::string_view name) const {
    return Id<T>(derive_uuid({}, name));
  }
  OpenCase opening(std::string_view name) const {
    OpenCase args;
    args.case_id = id<Case>(name);
    args.message = id<Message>(std::string(name) + "/first");
    args.subject = "Lift stops";
    args.body = "Between floors";
    args.account = account;
    return args;
  }
  Case the_case(std::string_view name) const { return *get(store, id<Case>(name)); }
  std::optional<SlaTarget> target(std::string_view name, SlaMetric metric) const {
    for (auto& row : find<&SlaTarget::case_id>(store, id<Case>(name)))
      if (row.metric == metric) return row;
    return std::nullopt;
  }
};

}  // namespace foyer
