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

// Decides the commands of one push, in order. `run` executes one in a savepoint of its own,
// publishes what it touched and answers; a rejection still advances the mid.
PushResult decide_push(const Push& push, Id<User> user, ScopeLog& log,
                       const std::function<Result<void>(const Command&, const Uuid& id)>& run);

// Everything that leads from what the client holds to what `actor` may read now, in parts of at
// most kFrameBytesMax or so. Empty: nothing changed.
std::vector<Poke> catch_up(const Actor& actor, const Uuid& client, const Cookie& cookie,
                           const Reader& rows, const ScopeLog& log);

// The scopes whose changes concern a device: those that it reads, and the contact's, where what a
// customer may read is written down, be it nothing.
std::vector<Scope> scopes_heard_by(const Actor& actor);

// kProtocol or kSchema if the client cannot go on with what it holds; a fresh cookie always can.
std::optional<Reset> refuse_hello(const Hello& hello);

}  // namespace foyer
