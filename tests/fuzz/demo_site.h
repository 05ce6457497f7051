// The demonstration's rows in memory, its people, and names for both, so that an input is a text a
// person can write. Not a server. Invariant: what an input changes is undone after it.
//
//   person := "clara" (of the demonstration's) | "auditor" (a role) | anything else: nobody
//   row    := "{" entity ":" number "}"        its id; number: counted in the order of ids
#pragma once

#include <charconv>
#include <map>

#include "foyer/command/demo_data.h"
#include "foyer/command/execute.h"
#include "foyer/model/registry.h"
#include "foyer/query/memory_store.h"
#include "fuzz/fuzz.h"

namespace foyer::fuzz {

inline constexpr Instant kNow{1764160000000};
// Only in what no customer may read: an internal note and a category.
inline constexpr std::string_view kSecret = "zqsecretzq";

class DemoSite {
 public:
  static DemoSite& get() {
    static DemoSite site;
    return site;
  }

  MemoryStore& store() { return store_; }

  Actor who(std::string_view name) const {
    if (const auto found = people_.find(name); found != people_.end())
      return actor_of(store_, found->second);
    Actor actor;
    for (std::size_t i = 0; i < kNames<Role>.size(); ++i) {
      if (kNames<Role>[i] != name || kCustomerRoles.has(static_cast<Role>(i))) continue;
      actor.user = Id<User>(derive_uuid({}, name));
      actor.name = name;
      actor.roles.add(static_cast<Role>(i));
    }
    return actor;
  }

  // The text with every row's name replaced by its id.
  std::string expand(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const auto open = text.find('{');
      out += text.substr(0, open);
      if (open == std::string_view::npos) break;
      text.remove_prefix(open);
      const auto end = text.find('}');
      const auto id = end == std::string_view::npos ? Uuid() : row_named(text.substr(1, end - 1));
      if (id.is_null()) {
        out += '{';
        text.remove_prefix(1);
      } else {
        out += to_string(id);
        text.remove_prefix(end + 1);
      }
    }
    return out;
  }

 private:
  DemoSite() : store_(Numbering::kAuthority) {
    std::uint64_t index = 0;
    for (const DemoStep& step : demo_steps({kNow, {0, 60}})) {
      const Actor actor =
          step.actor_email.empty() ? installation_actor() : by_email(step.actor_email);
      const Context context{actor, step.at, derive_uuid({}, std::to_string(index++))};
      expect(run_command(step.command, store_, context).has_value(), "the demonstration fails");
    }
    for (const User& user : all<User>(store_))
      people_.emplace(user.email.substr(0, user.email.find('@')), user.id);
    hide_secrets();
  }

  Actor by_email(std::string_view email) const {
    return actor_of(store_, find<&User::email>(store_, email, 1).front().id);
  }

  void hide_secrets() {
    for (Case row : all<Case>(store_)) {
      row.category = kSecret;
      put(store_, row);
      Message note;
      note.id = Id<Message>(derive_uuid(row.id, "secret"));
      note.case_id = row.id;
      note.visibility = Visibility::kInternal;
      note.author_kind = AuthorKind::kStaffMember;
      note.author_name = "Somebody";
      note.body = kSecret;
      note.at = kNow;
      put(store_, note);
    }
  }

  Uuid row_named(std::string_view name) const {
    const auto colon = name.find(':');
    const Entity* entity = find_entity(name.substr(0, colon));
    if (entity == nullptr || colon == std::string_view::npos) return {};
    std::size_t number = 0;
    std::from_chars(name.data() + colon + 1, name.data() + name.size(), number);
    const auto ids = store_.scan(*entity, {nullptr, {}, {}, false, SIZE_MAX});
    return ids.empty() ? Uuid() : ids[number % ids.size()];
  }

  MemoryStore store_;
  std::map<std::string, Id<User>, std::less<>> people_;
};

}  // namespace foyer::fuzz
