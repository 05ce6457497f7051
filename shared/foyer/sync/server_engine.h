// The server's half of synchronisation: pure functions over rows and the scope log. Not a
// transport, not a transaction: the host begins, commits, and sends only after the commit.
// Invariants: effects and the client's last mid change together; a command is decided at most once;
// a poke's cookie certifies exactly the rows it leads to.
#pragma once

#include <functional>

#include "foyer/sync/recent_changes.h"

namespace foyer {

// Brings the scope log up to date with rows that were written or erased (children of a row that
// moved included), and says what that changed on which scopes.
CommitChanges publish_commit(const Reader& rows, ScopeLog& log, std::span<const RowKey> touched,
                             std::uint64_t seq);
// The same; only the scopes on which something changed.
std::set<Scope> publish_rows(const Reader& rows, ScopeLog& log, std::span<const RowKey> touched,
                             std::uint64_t seq);

enum class Turn : std::uint8_t { kFirst, kRepeat };
struct Decision {
  PushOutcome outcome = PushOutcome::kApplied;  // or kRejected, kParked, kForked
  Error error = {};
};
// Executes one command in a savepoint of its own, publishes what it touched and answers. A repeat
// is never executed: it gets the stored answer. kForked if that is another command's, or pruned:
// who heard it does not ask again.
using RunCommand = std::function<Decision(const PushedCommand&, const Uuid& id, Turn)>;
Decision decision_of(const Result<void>& result);

// Decides the commands of one push, in order; a rejection still advances the mid.
PushResult decide_push(const Push& push, Id<User> user, ScopeLog& log, const RunCommand& run);

// What the server says first. `backup_seq` as in Welcome; nothing: there is no backup.
Welcome welcome_of(const Actor& actor, const Uuid& client, const ScopeLog& log,
                   std::optional<std::uint64_t> backup_seq, Instant now);

// Everything that leads from what the client holds to what `actor` may read now, in parts of at
// most kFrameBytesMax or so. Empty: nothing changed.
std::vector<Poke> catch_up(const Actor& actor, const Uuid& client, const Cookie& cookie,
                           const Reader& rows, const ScopeLog& log,
                           std::optional<std::uint64_t> backup_seq = std::nullopt);

// The scopes whose changes concern a device: those that it reads, and the contact's, where what a
// customer may read is written down, be it nothing.
std::vector<Scope> scopes_heard_by(const Actor& actor);

// kProtocol or kSchema if the client cannot go on with what it holds; a fresh cookie always can.
std::optional<Reset> refuse_hello(const Hello& hello);

// True if the client speaks of what this history never had: the server lost what came after some
// backup, and has to start an epoch.
bool is_ahead(const Cookie& cookie, const ScopeLog& log);

// True if commands were decided under this client's id that it knows nothing of, so that its
// profile is a copy of another's, and nothing of its own waits for an answer.
bool is_copy(const Hello& hello, const ScopeLog::ClientRecord& record);

}  // namespace foyer
