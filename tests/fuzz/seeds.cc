// Writes what the targets of binary formats start from: seeds FOLDER fills FOLDER/binary and
// FOLDER/frames. Invariant: the bytes are the production encoders' own, the same each time.
#include <filesystem>
#include <fstream>
#include <map>

#include "foyer/command/registry.h"
#include "foyer/sync/outbox_file.h"
#include "fuzz/demo_site.h"

namespace foyer::fuzz {
namespace {

using Seeds = std::map<std::string, std::string>;

// One row of each entity that the demonstration has, its kind before it, as binary_fuzz.cc reads.
Seeds binary_seeds() {
  Seeds seeds;
  const auto& store = DemoSite::get().store();
  char kind = 0;
  for (const Entity* entity : entities()) {
    const auto ids = store.scan(*entity, {nullptr, {}, {}, false, 1});
    AnyRow row(*entity);
    if (!ids.empty() && store.read(*entity, ids.front(), row.get()))
      seeds[std::string(entity->name)] = kind + encode(*entity, row.get());
    ++kind;
  }
  return seeds;
}

std::vector<SyncMessage> some_messages(const Actor& actor, const Command& command) {
  const Uuid client = derive_uuid({}, "client"), epoch = derive_uuid({}, "epoch");
  const Scope scope = scopes_of_actor(actor).front();
  const Cookie cookie{epoch, 7, schema_hash(), {{scope, 1, 2, 7}}};
  Poke poke{.epoch = epoch, .base_seq = 6, .seq = 7, .is_last = true, .scopes = {scope}};
  poke.changes.push_back({RowOp::kRemove, 0, entities().front()->id, epoch, {}});
  poke.cookie = cookie;
  const PushedCommand pushed{2, command, 7, kNow, PushKind::kCommand, 3, 4, epoch, 5};
  return {Hello{kProtocol, client, 2, 1, cookie, 1, 1, 1, true},
          Welcome{kProtocol, epoch, 2, kNow, encode_actor(actor), 9, 8, {{client, 3}}, 1},
          Push{client, {pushed}},
          PushResult{client, {{2, PushOutcome::kRejected, {ErrorCode::kInvalid, "a", "b"}, 7}}, 3},
          poke,
          Reset{ResetReason::kForked, 1000, client},
          Ping{kNow}};
}

Seeds frames_seeds() {
  const Actor actor = DemoSite::get().who("clara");
  const Command command = demo_steps({kNow, {0, 60}}).back().command;
  Seeds seeds;
  std::string all;
  for (const auto& message : some_messages(actor, command)) {
    const auto frame = encode_frame(message);
    seeds["frame_" + std::to_string(message.index())] = '\1' + frame;
    all += frame;
  }
  seeds["stream"] = '\1' + all;
  seeds["actor"] = '\2' + encode_actor(actor);
  OutboxEntry entry;
  entry.mid = 2;
  entry.command = command;
  entry.created_at = kNow;
  seeds["outbox_entry"] = '\3' + encode_outbox_entry(entry);
  entry.state = OutboxState::kWaiting;
  seeds["outbox_text"] = '\4' + encode_outbox_text({kNow, {{entry.mid, entry}}});
  seeds["outbox_file"] = '\5' + encode_outbox_head({}) + std::string(12, 'n') + "sealed";
  return seeds;
}

void write(const std::filesystem::path& folder, const Seeds& seeds) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, bytes] : seeds)
    std::ofstream(folder / name, std::ios::binary) << bytes;
}

}  // namespace
}  // namespace foyer::fuzz

int main(int count, char** words) {
  if (count != 2) return 2;
  const std::filesystem::path folder = words[1];
  foyer::fuzz::write(folder / "binary", foyer::fuzz::binary_seeds());
  foyer::fuzz::write(folder / "frames", foyer::fuzz::frames_seeds());
}
