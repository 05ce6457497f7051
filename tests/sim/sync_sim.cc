#include "sim/sync_sim.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "foyer/base/checksum.h"
#include "foyer/base/random.h"
#include "foyer/command/assign_case.h"
#include "foyer/command/demo_data.h"
#include "foyer/command/execute.h"
#include "foyer/command/note_case.h"
#include "foyer/command/open_case.h"
#include "foyer/command/registry.h"
#include "foyer/command/reply_case.h"
#include "foyer/command/resolve_case.h"
#include "foyer/command/start_case.h"
#include "foyer/model/registry.h"
#include "foyer/sync/client_engine.h"
#include "foyer/sync/server_engine.h"

namespace foyer::sim {
namespace {

constexpr Instant kEpochStart{1764160000000};

// Everything the server's disk holds.
struct Disk {
  MemoryStore rows{Numbering::kAuthority};
  MemoryScopeLog log{derive_uuid({}, "epoch")};
  std::map<Uuid, Result<void>> results;
  std::map<Uuid, int> executions;
};

struct Device {
  Id<User> user;
  Uuid client;
  std::unique_ptr<ClientEngine> engine;
  std::map<std::uint64_t, std::string> outbox;  // durable
  std::uint64_t last_mid = 0;                   // durable, with the outbox
  std::map<std::uint64_t, std::string> removed; // from the outbox, not durably yet
  std::vector<std::string> cache;               // durable
  std::deque<SaveOutbox> saving;                // asked for, not durable yet
  bool is_connected = false;
  std::deque<std::string> to_server, to_device;
  Cookie sent;  // what the server believes the device holds
  bool is_known = false;
  std::optional<Actor> first_rights;  // for kOldRights
  std::set<std::uint64_t> told;  // mids whose person was told "saved"
  std::set<std::uint64_t> attention;
};

class World {
 public:
  World(std::uint64_t seed, Planted planted, std::optional<CrashPoint> crash_point = {})
      : random_(seed), planted_(planted), crash_point_(crash_point) {
    enabled_ = random_.next();  // a random half of the faults is off
    if (crash_point_) enabled_ = 0;
    seed_rows();
  }

  Outcome run() {
    for (int step = 0; step < 400 && outcome_.failure.empty(); ++step) {
      now_ += static_cast<std::int64_t>(random_.below(5000));
      act();
    }
    heal();
    judge();
    outcome_.virtual_ms = now_ - kEpochStart;
    return outcome_;
  }

 private:
  void seed_rows();
  void act();
  void heal();
  void judge();
  void judge_device(Device& device);
  void start_engine(Device& device);
  void crash(Device& device);
  bool crashes_at(const Effect& effect);
  void connect(Device& device);
  void disconnect(Device& device);
  void submit(Device& device);
  void deliver_to_server(Device& device, bool lose_commit);
  void deliver_to_device(Device& device);
  void serve(Device& device, const SyncMessage& message, bool lose_commit);
  void catch_up_device(Device& device);
  void run_effects(Device& device);
  void save_one(Device& device, bool fails);
  Result<void> run_once(const Command& command, const Uuid& id, Id<User> user);
  Actor reader_of(Device& device);
  bool may_speak_of_case(const Command& command, Id<User> user) const;
  void lose_cache_tail(Device& device);
  void change_scope();
  void move_case();
  bool may(Fault fault, std::uint64_t denominator) {
    const bool is_on = (enabled_ >> static_cast<unsigned>(fault)) & 1;
    if (!is_on || !random_.chance(1, denominator)) return false;
    ++outcome_.faults[static_cast<std::size_t>(fault)];
    return true;
  }
  void trace(std::string_view what) { outcome_.trace = outcome_.trace * 31 + crc32c(what); }
  void check(bool holds, const std::string& what) {
    if (!holds && outcome_.failure.empty()) outcome_.failure = what;
  }
  template <class T>
  Id<T> new_id() {
    return Id<T>(make_uuid(now_, random_));
  }

  Random random_;
  Planted planted_;
  std::optional<CrashPoint> crash_point_;
  std::uint64_t enabled_ = 0;
  Instant now_ = kEpochStart;
  Disk disk_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<Id<Case>> cases_;
  std::vector<Id<Account>> accounts_;
  Id<Contact> contact_;
  Outcome outcome_;
};

void World::seed_rows() {
  const auto put_row = [&](const auto& row) { put(disk_.rows, row); };
  Calendar calendar;
  calendar.id = new_id<Calendar>();
  calendar.name = "Always";
  for (std::int64_t day = 0; day < 7; ++day)
    calendar.intervals.insert(calendar.intervals.end(), {day, 0, 1440});
  put_row(calendar);
  SlaPolicy policy;
  policy.id = new_id<SlaPolicy>();
  policy.calendar = calendar.id;
  policy.version = 1;
  policy.budgets = {60, 120, 0, 480};
  put_row(policy);
  for (int i = 0; i < 2; ++i) {
    Account account;
    account.id = new_id<Account>();
    account.name = "Account " + std::to_string(i);
    put_row(account);
    accounts_.push_back(account.id);
  }
  Contact contact;
  contact.id = contact_ = new_id<Contact>();
  contact.account = accounts_[0];
  contact.name = "Clara";
  contact.portal_scope = PortalScope::kAccount;
  put_row(contact);
  const auto add_user = [&](std::string name, Roles roles, Id<Contact> of) {
    User user;
    user.id = new_id<User>();
    user.name = std::move(name);
    user.email = user.name + "@sim.example";
    user.roles = roles;
    user.contact = of;
    put_row(user);
    auto device = std::make_unique<Device>();
    device->user = user.id;
    device->client = make_uuid(now_, random_);
    devices_.push_back(std::move(device));
  };
  add_user("clara", {Role::kCustomerUser}, contact.id);
  add_user("ana", {Role::kCsr}, {});
  add_user("priya", {Role::kSupervisor}, {});
  std::vector<RowKey> keys;
  for (const auto& touched : disk_.rows.take_touched())
    keys.push_back({touched.entity->id, touched.id});
  publish_rows(disk_.rows, disk_.log, keys, disk_.log.raise_seq());
  for (auto& device : devices_) start_engine(*device);
}

void World::start_engine(Device& device) {
  device.engine = std::make_unique<ClientEngine>(device.client);
  Stored stored;
  for (const auto& piece : device.cache) stored.cache += piece;
  for (const auto& [mid, bytes] : device.outbox) stored.outbox.push_back(bytes);
  stored.last_mid = planted_ == Planted::kForgetNumbers ? 0 : device.last_mid;
  device.engine->load(stored);
  const auto faults = std::exchange(enabled_, 0);
  run_effects(device);
  enabled_ = faults;
}

// What the engine still wanted is lost, and of what it had written what was not durable yet.
void World::crash(Device& device) {
  device.is_connected = false;
  device.to_server.clear();
  device.to_device.clear();
  if (planted_ == Planted::kRelaxedOutbox && !device.outbox.empty() && random_.chance(1, 4))
    device.outbox.erase(std::prev(device.outbox.end()));
  device.saving.clear();
  const Loss loss = crash_point_ ? crash_point_->loss : Loss::kNothing;
  if (may(Fault::kLoseCacheTail, 2)) lose_cache_tail(device);
  if ((loss == Loss::kCache || loss == Loss::kBoth) && !device.cache.empty())
    device.cache.pop_back();
  const bool loses_removals = loss == Loss::kRemovals || loss == Loss::kBoth;
  if (loses_removals || (!device.removed.empty() && may(Fault::kLoseRemoval, 2)))
    device.outbox.merge(device.removed);
  device.removed.clear();
  start_engine(device);
}

void World::act() {
  Device& device = *devices_[random_.below(devices_.size())];
  switch (random_.below(10)) {
    case 0:
      submit(device);
      break;
    case 1:
      if (!device.is_connected) connect(device);
      break;
    case 2:
    case 3:
      save_one(device, may(Fault::kSaveFails, 6));
      break;
    case 4:
    case 5:
      deliver_to_server(device, may(Fault::kCrashServer, 8));
      break;
    case 6:
    case 7:
      deliver_to_device(device);
      break;
    case 8:
      catch_up_device(device);
      break;
    default:
      if (may(Fault::kDropConnection, 4)) disconnect(device);
      if (may(Fault::kLoseAnswer, 6) && !device.to_device.empty()) disconnect(device);
      if (may(Fault::kCrashDevice, 6)) crash(device);
      if (may(Fault::kCompactLog, 8)) disk_.log.compact(disk_.log.seq());
      if (may(Fault::kRevokeScope, 10)) change_scope();
      if (may(Fault::kMoveAccount, 8)) move_case();
  }
}

void World::connect(Device& device) {
  device.is_connected = true;
  device.is_known = false;
  device.engine->connected(now_);
  run_effects(device);
}

void World::disconnect(Device& device) {
  device.is_connected = false;
  device.to_server.clear();
  device.to_device.clear();
  device.engine->disconnected();
  run_effects(device);
}

void World::submit(Device& device) {
  Command command;
  const Id<Case> any = cases_.empty() ? Id<Case>() : cases_[random_.below(cases_.size())];
  switch (random_.below(7)) {
    case 0:
    case 1: {
      OpenCase args;
      args.case_id = new_id<Case>();
      args.message = new_id<Message>();
      args.subject = "Subject " + std::to_string(random_.below(1000));
      args.body = "Body";
      args.account = accounts_[device.engine->actor().is_customer() ? 0 : random_.below(2)];
      cases_.push_back(args.case_id);
      command = make_command(args);
      break;
    }
    case 2:
    case 3:
      command = make_command(ReplyCase{any, new_id<Message>(), "Reply", new_id<Case>(), {}, {}});
      break;
    case 4:
      command = make_command(NoteCase{any, new_id<Message>(), "Note", {}});
      break;
    case 5:
      command = make_command(StartCase{any, {}});
      break;
    default:
      command = make_command(ResolveCase{any, new_id<Message>(), "Solved", {}});
  }
  const auto mid = device.engine->submit(std::move(command), now_);
  trace(mid ? "submit" : mid.error().detail);
  if (mid) {
    ++outcome_.commands;
    if (planted_ == Planted::kApplyBeforeSaved) device.told.insert(*mid);
  }
  run_effects(device);
}

void World::save_one(Device& device, bool fails) {
  if (device.saving.empty()) return;
  const SaveOutbox save = std::move(device.saving.front());
  device.saving.pop_front();
  const bool was_durable = device.outbox.contains(save.mid);
  if (fails && !was_durable) {
    device.engine->save_failed(save.mid);
  } else {
    const auto entry = decode_outbox_entry(save.bytes);
    check(entry.has_value(), "an entry of the outbox does not decode");
    const bool is_refused = entry && entry->state == OutboxState::kAttention;
    if (planted_ == Planted::kDropRefused && is_refused) device.outbox.erase(save.mid);
    else device.outbox[save.mid] = save.bytes;
    device.removed.clear();  // by the same strict transaction, what came before it is durable too
    device.last_mid = std::max(device.last_mid, save.mid);
    device.engine->saved(save.mid);
    if (!was_durable)
      check(device.told.insert(save.mid).second || planted_ == Planted::kApplyBeforeSaved,
            "two saved commands bear the same number");
  }
  run_effects(device);
}

bool World::crashes_at(const Effect& effect) {
  const bool is_write = std::holds_alternative<SaveOutbox>(effect) ||
                        std::holds_alternative<RemoveOutbox>(effect) ||
                        std::holds_alternative<SaveCache>(effect);
  if (is_write && outcome_.writes++ == (crash_point_ ? crash_point_->write : UINT64_MAX))
    return true;
  return may(Fault::kCrashBetweenEffects, 100);
}

void World::run_effects(Device& device) {
  for (Effect& effect : device.engine->take_effects()) {
    if (crashes_at(effect)) return crash(device);
    if (auto* save = std::get_if<SaveOutbox>(&effect)) {
      device.saving.push_back(std::move(*save));
    } else if (const auto* remove = std::get_if<RemoveOutbox>(&effect)) {
      if (auto entry = device.outbox.extract(remove->mid)) device.removed.insert(std::move(entry));
      std::erase_if(device.saving, [&](const SaveOutbox& s) { return s.mid == remove->mid; });
    } else if (auto* cache = std::get_if<SaveCache>(&effect)) {
      if (cache->replaces_all) device.cache.clear();
      if (!cache->frames.empty()) device.cache.push_back(std::move(cache->frames));
    } else if (auto* send = std::get_if<SendFrame>(&effect)) {
      if (device.is_connected) device.to_server.push_back(std::move(send->bytes));
      if (planted_ == Planted::kForgetOutbox && device.is_connected) device.outbox.clear();
    }
  }
}

void World::deliver_to_server(Device& device, bool lose_commit) {
  if (device.to_server.empty() || !device.is_connected) return;
  const std::string bytes = std::move(device.to_server.front());
  device.to_server.pop_front();
  const auto messages = decode_frames(bytes);
  check(messages.has_value(), "a frame of a device does not decode");
  if (!messages) return;
  for (const SyncMessage& message : *messages)
    if (device.is_connected) serve(device, message, lose_commit);
}

void World::serve(Device& device, const SyncMessage& message, bool lose_commit) {
  if (const auto* hello = std::get_if<Hello>(&message)) {
    Welcome welcome;
    welcome.epoch = disk_.log.epoch();
    welcome.last_mid = disk_.log.client(hello->client).last_mid;
    welcome.server_time = now_;
    welcome.actor = encode_actor(actor_of(disk_.rows, device.user));
    device.to_device.push_back(encode_frame(welcome));
    const bool is_ignored = planted_ == Planted::kIgnoreCookie && !(device.sent == Cookie());
    if (!is_ignored) device.sent = hello->cookie;
    device.is_known = true;
    catch_up_device(device);
    return;
  }
  const auto* push = std::get_if<Push>(&message);
  if (push == nullptr) return;
  const Disk before = disk_;  // what a crash before the commit leaves
  const auto answer = decide_push(
      *push, device.user, disk_.log,
      [&](const Command& command, const Uuid& id) { return run_once(command, id, device.user); });
  if (lose_commit) {
    const auto results = std::exchange(disk_, before).results;
    if (planted_ == Planted::kResultOutsideCommit) disk_.results = results;
    if (planted_ == Planted::kAckBeforeCommit)
      device.to_device.push_back(encode_frame(answer));
    else
      for (auto& other : devices_) disconnect(*other);
    return;
  }
  device.to_device.push_back(encode_frame(answer));
  catch_up_device(device);
}

// As domain.md has it, asked apart from the command's own check: of a case speaks who may see it.
bool World::may_speak_of_case(const Command& command, Id<User> user) const {
  if (command.name == Table<OpenCase>::name) return true;
  const CommandInfo* info = find_command(command.name);
  if (info == nullptr) return false;  // a number that came to nothing has no command
  AnyRow args(*info->arguments);
  if (!decode(args.entity(), command.arguments, args.get())) return false;
  const Actor actor = actor_of(disk_.rows, user);
  const ScopedReader visible(disk_.rows, actor);
  const Id<Case> id(args.entity().find(1)->value<Uuid>(args.get()));
  const bool is_note = command.name == Table<NoteCase>::name;
  return exists(visible, id) && !(is_note && actor.is_customer());
}

// A power cut: the newest writes of the cache were relaxed. What is left is older, never torn.
void World::lose_cache_tail(Device& device) {
  for (std::uint64_t n = random_.below(device.cache.size() + 1); n > 0; --n)
    device.cache.pop_back();
}

Result<void> World::run_once(const Command& command, const Uuid& id, Id<User> user) {
  const auto earlier = disk_.results.find(id);
  if (earlier != disk_.results.end() && planted_ != Planted::kRunRepeats) return earlier->second;
  const bool is_usurped = planted_ == Planted::kRunAsSomebodyElse;
  const Context context{actor_of(disk_.rows, is_usurped ? devices_.back()->user : user), now_, id};
  const bool may_speak = may_speak_of_case(command, user);
  disk_.rows.begin();
  disk_.rows.take_touched();
  const auto result = run_command(command, disk_.rows, context);
  check(may_speak || !result, "a command about a case was accepted of who may not see it");
  disk_.rows.commit();
  ++disk_.executions[id];
  std::vector<RowKey> keys;
  for (const auto& touched : disk_.rows.take_touched())
    keys.push_back({touched.entity->id, touched.id});
  if (!keys.empty()) publish_rows(disk_.rows, disk_.log, keys, disk_.log.raise_seq());
  disk_.results.emplace(id, result);
  ++(result ? outcome_.applied : outcome_.refused);
  return result;
}

Actor World::reader_of(Device& device) {
  const Actor now = actor_of(disk_.rows, device.user);
  if (!device.first_rights) device.first_rights = now;
  return planted_ == Planted::kOldRights ? *device.first_rights : now;
}

void World::catch_up_device(Device& device) {
  if (!device.is_connected || !device.is_known) return;
  for (const Poke& part :
       catch_up(reader_of(device), device.client, device.sent, disk_.rows, disk_.log)) {
    device.to_device.push_back(encode_frame(part));
    if (part.is_last) device.sent = part.cookie;
  }
}

void World::deliver_to_device(Device& device) {
  if (device.to_device.empty() || !device.is_connected) return;
  const std::string bytes = std::move(device.to_device.front());
  device.to_device.pop_front();
  check(device.engine->received(bytes, now_).has_value(), "a frame of the server is refused");
  trace(device.engine->confirmed_digest());
  run_effects(device);
}

void World::change_scope() {
  Contact contact = *get(disk_.rows, contact_);
  contact.portal_scope =
      contact.portal_scope == PortalScope::kAccount ? PortalScope::kOwn : PortalScope::kAccount;
  disk_.rows.take_touched();
  put(disk_.rows, contact);
  disk_.rows.take_touched();
  const RowKey key{Table<Contact>::id, contact.id};
  publish_rows(disk_.rows, disk_.log, {&key, 1}, disk_.log.raise_seq());
}

void World::move_case() {
  const auto all_cases = all<Case>(disk_.rows);
  if (all_cases.empty()) return;
  Case row = all_cases[random_.below(all_cases.size())];
  row.account = row.account == accounts_[0] ? accounts_[1] : accounts_[0];
  const RowKey key{Table<Case>::id, row.id};
  const auto places = disk_.log.published(key);
  put(disk_.rows, row);
  disk_.rows.take_touched();
  if (planted_ == Planted::kSkipRemove) return;
  publish_rows(disk_.rows, disk_.log, {&key, 1}, disk_.log.raise_seq());
}

// No more faults; everything that can be said is said, in bounded time.
void World::heal() {
  enabled_ = 0;
  for (auto& device : devices_) disconnect(*device);
  for (auto& device : devices_) {
    while (!device->saving.empty()) save_one(*device, false);
    connect(*device);
  }
  for (int round = 0; round < 300; ++round)
    for (auto& device : devices_) {
      if (!device->is_connected) connect(*device);  // a crash point may lie in here
      while (!device->saving.empty()) save_one(*device, false);
      deliver_to_server(*device, false);
      deliver_to_device(*device);
      if (round % 10 == 0) catch_up_device(*device);
    }
}

void World::judge() {
  for (const auto& [id, count] : disk_.executions)
    check(count == 1, "a command was executed more than once");
  for (auto& device : devices_) judge_device(*device);
}

void World::judge_device(Device& device) {
  const std::string who = get(disk_.rows, device.user)->name;
  for (const std::uint64_t mid : device.told) {
    const bool is_decided = disk_.results.contains(command_id(device.client, mid));
    check(is_decided, who + ": a saved command never reached the server");
    const auto result = disk_.results.find(command_id(device.client, mid));
    const auto entry = device.engine->outbox().find(mid);
    const bool is_shown =
        entry != device.engine->outbox().end() && entry->second.state == OutboxState::kAttention;
    // A refusal has no effect; what was accepted has one.
    if (is_decided && result->second)
      check(disk_.executions[command_id(device.client, mid)] == 1,
            who + ": a command counts as done without its effect");
    if (is_decided && !result->second) check(is_shown, who + ": a refusal is not shown");
  }
  check(device.engine->status().waiting == 0, who + ": commands still wait after healing");
  MemoryStore expected;
  const ScopedReader visible(disk_.rows, actor_of(disk_.rows, device.user));
  for (const Entity* entity : entities())
    for (const Uuid& id : visible.scan(*entity, {})) {
      AnyRow row(*entity);
      if (visible.read(*entity, id, row.get())) expected.write(*entity, row.get());
    }
  check(expected.digest() == device.engine->confirmed_digest(),
        who + ": the device's rows are not what the server shows");
  const auto& rows = static_cast<const MemoryStore&>(device.engine->rows());
  check(rows.digest() == device.engine->confirmed_digest(),
        who + ": the visible rows differ although nothing is pending");
}

}  // namespace

Outcome run_seed(std::uint64_t seed, Planted planted) { return World(seed, planted).run(); }

Outcome run_crash_point(std::uint64_t seed, const CrashPoint& point) {
  return World(seed, Planted::kNone, point).run();
}

}  // namespace foyer::sim
