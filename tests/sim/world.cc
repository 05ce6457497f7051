#include "sim/world.h"

#include <algorithm>
#include <array>
#include <utility>

#include "foyer/command/note_case.h"
#include "foyer/command/open_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/command/resolve_case.h"
#include "foyer/command/set_case_priority.h"
#include "foyer/command/start_case.h"

namespace foyer::sim {
namespace {

constexpr int kHealingRounds = 400;

}  // namespace

World::World(const Options& options)
    : core_(options),
      network_(core_),
      model_(core_),
      server_(core_, network_, model_),
      oracles_(core_, model_, server_) {
  core_.luck.at_step(0);
  has_long_words_ = core_.luck.chance(1, 6);
  has_long_words_ = options.has_long_words.value_or(has_long_words_);
  seed_rows();
}

Outcome World::run() {
  for (core_.step = 1; core_.step <= core_.options.steps && !core_.is_broken(); ++core_.step) {
    core_.luck.at_step(core_.step);
    core_.now += static_cast<std::int64_t>(core_.luck.below(5000));
    if (!core_.options.left_out.contains(core_.step)) act();
  }
  core_.luck.at_step(core_.step);
  if (!core_.is_broken()) heal();
  for (auto& device : devices_) {
    if (core_.is_broken()) break;
    oracles_.judge_end(*device);
    oracles_.judge_bootstrap(*device);
    core_.note(device->name(), device->engine().confirmed_digest());
  }
  core_.outcome.virtual_ms = core_.now - kWorldBegins;
  return std::move(core_.outcome);
}

void World::seed_rows() {
  Calendar calendar;
  calendar.id = core_.new_id<Calendar>();
  calendar.name = "Always";
  for (std::int64_t day = 0; day < 7; ++day)
    calendar.intervals.insert(calendar.intervals.end(), {day, 0, 1440});
  SlaPolicy policy;
  policy.id = core_.new_id<SlaPolicy>();
  policy.calendar = calendar.id;
  policy.version = 1;
  policy.budgets = {60, 120, 0, 480};
  server_.put_row(calendar);
  server_.put_row(policy);
  for (int i = 0; i < 2; ++i) {
    Account account;
    account.id = core_.new_id<Account>();
    account.name = "Account " + std::to_string(i);
    accounts_.push_back(account.id);
    server_.put_row(account);
    Contact contact;
    contact.id = core_.new_id<Contact>();
    contact.account = account.id;
    contact.name = i == 0 ? "Clara" : "Carl";
    contact.portal_scope = PortalScope::kAccount;
    contacts_.push_back(contact.id);
    server_.put_row(contact);
  }
  const bool is_large = core_.luck.chance(1, 2);
  add_person("clara", {Role::kCustomerUser}, contacts_[0], 1);
  add_person("ana", {Role::kCsr}, {}, is_large ? 2 : 1);
  add_person("priya", {Role::kSupervisor}, {}, 1);
  if (is_large) add_person("carl", {Role::kCustomerUser}, contacts_[1], 1);
  people_tabs_ = devices_.size();
}

void World::add_person(std::string name, Roles roles, Id<Contact> contact, int tabs) {
  User user;
  user.id = core_.new_id<User>();
  user.name = name;
  user.email = name + "@sim.example";
  user.roles = roles;
  user.contact = contact;
  users_.push_back(user.id);
  model_.add_reader(user.id);
  server_.put_row(user);
  for (int tab = 1; tab <= tabs; ++tab) {
    std::string label = tab == 1 ? name : name + "'s tab " + std::to_string(tab);
    devices_.push_back(std::make_unique<Device>(core_, network_, devices_.size(),
                                                std::move(label), user.id));
  }
}

void World::act() {
  Device& device = *devices_[core_.luck.below(devices_.size())];
  const Weights& weights = core_.options.weights;
  const std::array<unsigned, 12> all{
      weights.submit, weights.answer_refusal, weights.connect, weights.disk, weights.to_server,
      weights.commit, weights.fan_out, weights.to_device, weights.network, weights.device,
      weights.server, weights.operate};
  std::uint64_t total = 0;
  for (const unsigned weight : all) total += weight;
  std::uint64_t at = core_.luck.below(total);
  std::size_t kind = 0;
  while (at >= all[kind]) at -= all[kind++];
  switch (kind) {
    case 4: return deliver_to_server(device);
    case 5: return server_.commit_group();
    case 6:
      for (const auto& connection : network_.connections()) server_.catch_up(*connection);
      return network_.sweep();
    case 8: return network_step(device);
    case 9: return device_step(device);
    case 10:
      if (core_.luck.may(Fault::kServerRestarts, 3)) {
        core_.note("server", "restarts");
        server_.restart();
      }
      return;
    case 11: return operate(device);
    default: break;
  }
  switch (kind) {
    case 3: return on_next(device, [](Device& each) { return !each.disk().is_idle(); },
                           [](Device& each) { each.disk().finish_one(); });
    case 7: return on_next(device, [this](Device& each) { return hears(each); },
                           [this](Device& each) { deliver_to_device(each); });
    default: break;
  }
  if (device.is_frozen()) return;
  switch (kind) {
    case 0: device.submit(some_command(device)); break;
    case 1: answer_refusal(device); break;
    default: device.connect(); break;
  }
  settle(device);
}

// The first device from this one on that has something of the kind to do.
void World::on_next(Device& first, const std::function<bool(Device&)>& is_due,
                    const std::function<void(Device&)>& act) {
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    Device& device = *devices_[(first.index() + i) % devices_.size()];
    if (device.is_frozen() || !is_due(device)) continue;
    act(device);
    return settle(device);
  }
}

// Something has arrived, or the connection may have ended.
bool World::hears(Device& device) {
  const Connection* connection = network_.of(device.index());
  return connection != nullptr &&
         (!connection->to_device.empty() || !connection->is_open_at_server);
}

// A program that died in the middle of the step starts again; then the judges look.
void World::settle(Device& device) {
  device.revive();
  oracles_.look_at(device);
}

std::string World::some_words(const Uuid& message) {
  // The first word is the message's own: where it is found, its words are.
  std::string words = "w" + to_string(message) + " says";
  const std::uint64_t count = has_long_words_ ? 600 + core_.luck.below(900) : 2;
  for (std::uint64_t i = 0; i < count; ++i) words += " on/off";
  return words;
}

Command World::some_command(Device& device) {
  const Id<Case> any = cases_.empty() ? Id<Case>() : cases_[core_.luck.below(cases_.size())];
  const auto message = core_.new_id<Message>();
  switch (core_.luck.below(8)) {
    case 0:
    case 1: {
      OpenCase args;
      args.case_id = core_.new_id<Case>();
      args.message = message;
      args.subject = "Subject " + std::to_string(core_.luck.below(1000));
      args.body = some_words(message);
      const bool is_customer = device.engine().actor().is_customer();
      args.account = is_customer ? device.engine().actor().account : accounts_[core_.luck.below(2)];
      cases_.push_back(args.case_id);
      return make_command(args);
    }
    case 2:
    case 3:
      return make_command(
          ReplyCase{any, message, some_words(message), core_.new_id<Case>(), {}, {}});
    case 4: return make_command(NoteCase{any, message, some_words(message), {}});
    case 5: return make_command(StartCase{any, {}});
    case 6:
      return make_command(
          SetCasePriority{any, static_cast<Priority>(core_.luck.below(3)), {}});
    default: return make_command(ResolveCase{any, message, some_words(message), {}});
  }
}

void World::answer_refusal(Device& device) {
  std::vector<std::uint64_t> refused;
  for (const auto& [mid, entry] : device.engine().outbox())
    if (entry.state == OutboxState::kAttention) refused.push_back(mid);
  if (refused.empty()) return;
  const std::uint64_t mid = refused[core_.luck.below(refused.size())];
  if (core_.luck.chance(1, 3)) return device.discard(mid);
  device.retry(mid);
  if (core_.luck.chance(1, 3)) device.retry(mid);
}

void World::deliver_to_server(Device& first) {
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const std::size_t index = (first.index() + i) % devices_.size();
    if (!network_.has_for_server(index)) continue;
    if (auto arrival = network_.next_for_server(index))
      server_.receive(*arrival->connection, arrival->bytes);
    return;
  }
}

void World::deliver_to_device(Device& device) {
  if (auto arrival = network_.next_for_device(device.index()))
    return device.receive(arrival->bytes);
  if (core_.luck.chance(1, 3)) notice_end(device);
}

// The other end is gone and everything that it had sent has been read.
void World::notice_end(Device& device) {
  Connection* const connection = network_.of(device.index());
  const bool is_over = connection != nullptr && !connection->is_open_at_server &&
                       connection->to_device.empty();
  if (is_over) device.disconnect();
}

void World::network_step(Device& device) {
  network_.trouble(device.index());
  if (device.is_frozen() || !core_.luck.may(Fault::kConnectionDropped, 3)) return;
  device.disconnect();
  settle(device);
}

void World::device_step(Device& device) {
  if (core_.luck.may(Fault::kTabFrozen, 6)) {
    core_.note(device.name(), "freezes");
    device.freeze(core_.step + 20 + static_cast<unsigned>(core_.luck.below(80)));
  }
  if (core_.luck.may(Fault::kTabCrashes, 3)) device.crash();
  if (core_.luck.may(Fault::kClockJump, 5)) {
    const auto hours = static_cast<std::int64_t>(core_.luck.below(48)) - 24;
    device.jump_clock(hours * 3'600'000);
  }
  device_storage_step(device);
  settle(device);
}

void World::device_storage_step(Device& device) {
  if (core_.luck.may(Fault::kPowerCut, 4)) {
    constexpr std::array kLosses{Loss::kNothing, Loss::kCache, Loss::kRemovals, Loss::kBoth};
    device.lose_power(kLosses[core_.luck.below(kLosses.size())]);
  }
  if (core_.luck.may(Fault::kQuota, 5))
    device.disk().fill_up(core_.step + 20 + static_cast<unsigned>(core_.luck.below(60)));
  if (core_.luck.may(Fault::kEvicted, 20)) device.evict();
  if (core_.luck.may(Fault::kBitFlip, 6)) {
    device.disk().flip_bit();
    device.crash();
  }
  if (core_.luck.may(Fault::kOtherBuild, 6)) {
    device.disk().change_schema();
    device.crash();
  }
  if (core_.luck.may(Fault::kLongAbsence, 20)) {
    core_.note(device.name(), "is away for nine days");
    core_.now += 9 * kMsPerDay;
    device.crash();
  }
}

void World::operate(Device& device) {
  if (core_.luck.may(Fault::kLogCompacted, 4)) server_.compact();
  if (core_.luck.may(Fault::kRightsChanged, 4)) change_rights();
  if (core_.luck.may(Fault::kRowMoved, 4)) move_row();
  if (core_.luck.may(Fault::kUserSuspended, 12)) suspend();
  const bool may_back_up =
      core_.luck.is_on(Fault::kServerRestored) && devices_.size() == people_tabs_;
  if (may_back_up && core_.luck.chance(1, 3)) server_.back_up();
  if (server_.has_backup() && core_.luck.may(Fault::kServerRestored, 4)) server_.restore();
  // Not both: two that use one number, of which a restored server knows neither, it cannot tell.
  const bool may_copy = devices_.size() == people_tabs_ && !server_.has_backup();
  if (may_copy && core_.luck.may(Fault::kProfileCopied, 6)) copy_profile(device);
  Device& liar = *devices_[core_.luck.below(devices_.size())];
  if (liar.user() != device.user() && core_.luck.is_on(Fault::kForeignClient) &&
      !server_.log().client(device.engine().client()).user.is_null())
    speak_as(device, liar);
}

// The image of a disk, started a second time.
void World::copy_profile(Device& device) {
  core_.note(device.name(), "is copied");
  devices_.push_back(std::make_unique<Device>(core_, network_, devices_.size(),
                                              device.name() + "'s copy", device.user()));
  devices_.back()->become_copy_of(device);
}

void World::change_rights() {
  if (core_.luck.chance(1, 3)) {
    User user = *get(server_.rows(), users_[1]);
    user.roles = user.roles == Roles{Role::kCsr} ? Roles{Role::kMarketing} : Roles{Role::kCsr};
    core_.note("administrator", "changes a role");
    return server_.put_row(user);
  }
  Contact contact = *get(server_.rows(), contacts_[core_.luck.below(contacts_.size())]);
  constexpr std::array kScopes{PortalScope::kNone, PortalScope::kOwn, PortalScope::kAccount};
  contact.portal_scope = kScopes[core_.luck.below(kScopes.size())];
  core_.note("administrator", "changes what a contact may read");
  server_.put_row(contact);
}

void World::move_row() {
  const auto all_cases = all<Case>(server_.rows());
  if (all_cases.empty()) return;
  Case row = all_cases[core_.luck.below(all_cases.size())];
  row.account = row.account == accounts_[0] ? accounts_[1] : accounts_[0];
  core_.note("administrator", "moves a case to another account");
  server_.put_row(row);
}

void World::suspend() {
  User user = *get(server_.rows(), users_[core_.luck.below(users_.size())]);
  user.state = user.state == UserState::kActive ? UserState::kSuspended : UserState::kActive;
  core_.note("administrator", "suspends or lets in " + user.name);
  server_.put_row(user);
}

// A copied id in the hands of somebody else, who is signed in as themselves.
void World::speak_as(Device& other, Device& liar) {
  if (!core_.luck.may(Fault::kForeignClient, 3)) return;
  Connection& connection = network_.open(liar.index(), liar.user());
  connection.is_open_at_device = false;
  Hello hello;
  hello.client = other.engine().client();
  Push push;
  push.client = other.engine().client();
  const std::uint64_t next = server_.log().client(push.client).last_mid + 1;
  push.commands.push_back({next, some_command(liar), 0, core_.now});
  server_.receive(connection, encode_frame(hello));
  server_.receive(connection, encode_frame(push));
}

void World::let_everybody_in() {
  for (const Id<User> id : users_) {
    User user = *get(server_.rows(), id);
    if (user.state == UserState::kActive) continue;
    user.state = UserState::kActive;
    server_.put_row(user);
  }
}

// No more faults; everything that can be said is said, in bounded time.
void World::heal() {
  core_.note("world", "heals");
  core_.luck.heal();
  core_.now += 15 * 60 * 1000;
  let_everybody_in();
  network_.heal();
  for (int round = 0; round < kHealingRounds && !core_.is_broken(); ++round) {
    ++core_.step;
    core_.now += 1000;
    if (healed_round()) return;
  }
  core_.check(core_.is_broken(), Oracle::kLiveness, "world",
              "there is no end to what is said after healing");
}

// True if nobody had anything to do.
bool World::healed_round() {
  bool is_quiet = true;
  for (auto& device : devices_) {
    notice_end(*device);
    if (network_.of(device->index()) == nullptr) is_quiet = false;
    device->connect();
    is_quiet &= device->engine().status().problem.empty();  // tried again in a minute
    is_quiet &= device->disk().is_idle();
    device->disk().finish_all();
    settle(*device);
    while (auto arrival = network_.next_for_server(device->index())) {
      server_.receive(*arrival->connection, arrival->bytes);
      is_quiet = false;
    }
  }
  is_quiet &= !server_.is_busy();
  while (server_.has_jobs()) server_.commit_group();
  for (const auto& connection : network_.connections()) server_.catch_up(*connection);
  for (auto& device : devices_)
    while (auto arrival = network_.next_for_device(device->index())) {
      device->receive(arrival->bytes);
      is_quiet = false;
      settle(*device);
    }
  return is_quiet;
}

Outcome run_world(const Options& options, EngineBug engine_bug) {
  const Planting planting(engine_bug);
  return World(options).run();
}

}  // namespace foyer::sim
