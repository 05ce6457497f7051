#include "demo.h"

#include "foyer/command/demo_data.h"
#include "foyer/model/registry.h"
#include "locale_data.h"
#include "log.h"
#include "secrets.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

constexpr std::int64_t kDaysBack = 800, kDaysAhead = 1200;

Actor actor_of_step(const Reader& reader, const DemoStep& step) {
  if (step.actor_email.empty()) return installation_actor();
  const auto users = find<&User::email>(reader, step.actor_email, 1);
  return users.empty() ? Actor{} : actor_of(reader, users.front().id);
}

Result<void> run_steps(Installation& installation, CommandGate& gate, Instant now) {
  const auto steps = demo_steps(
      {.start = now,
       .transitions = zone_transitions("Europe/Berlin", now - kDaysBack * kMsPerDay,
                                       now + kDaysAhead * kMsPerDay)});
  std::int64_t number = 0;
  for (const auto& step : steps) {
    const auto actor = actor_of_step(installation.store(), step);
    const auto id = derive_uuid({}, "demo:" + std::to_string(++number));
    const auto done =
        gate.execute(step.command, {.actor = actor, .now = step.at, .command = id});
    if (done) continue;
    log(LogLevel::kError, "demo_step_refused",
        {{"step", number},
         {"command", step.command.name},
         {"field", done.error().field},
         {"detail", done.error().detail}});
    return done;
  }
  return {};
}

bool store_passwords(Installation& installation, std::string_view hash, Instant now) {
  for (const auto& person : demo_sign_ins())
    for (const auto& user : find<&User::email>(installation.store(), person.email, 1))
      if (!store_password(installation.database(), user.id, hash, now)) return false;
  return true;
}

}  // namespace

bool is_demo(Installation& installation) {
  auto lease = installation.readers().acquire();
  return load_value(lease.database(), kDemo).has_value();
}

Result<void> load_demo(Installation& installation, CommandGate& gate, Instant now) {
  if (is_demo(installation)) return {};
  const auto hash = hash_password(kDemoPassword);
  Result<void> result = fail(ErrorCode::kUnavailable, "data", "cannot_write");
  const bool is_kept = installation.writer().run_and_wait([&] {
    for (const auto* entity : entities()) {
      if (installation.store().count(*entity) == 0) continue;
      result = fail(ErrorCode::kConflict, "demo", "not_empty");
      return false;
    }
    result = run_steps(installation, gate, now);
    return result && !hash.empty() && store_passwords(installation, hash, now) &&
           store_value(installation.database(), kDemo, "1");
  });
  if (result && !is_kept) return fail(ErrorCode::kUnavailable, "data", "cannot_write");
  if (result) installation.mark_set_up();
  return result;
}

std::vector<std::string> demo_sign_in_lines() {
  std::vector<std::string> lines;
  for (const auto& person : demo_sign_ins())
    lines.push_back(std::string(person.email) + " - " + std::string(person.what));
  return lines;
}

}  // namespace foyer::server
