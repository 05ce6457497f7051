#include "sync_hub.h"

#include <algorithm>
#include <deque>
#include <variant>

#include "random_ids.h"

namespace foyer::server {
namespace {

constexpr std::uint16_t kBadFrame = 1002, kTryAgain = 1013, kSignedOut = 4401;
// A device has at most one job waiting, so this bounds devices, not work.
constexpr std::size_t kJobsMax = 100'000;
// Answers kept for a device that asks and asks and reads nothing.
constexpr std::size_t kAnswerBytesMax = 1024 * 1024;

// A device id that somebody else's device speaks through: a copied profile, or a lie.
bool is_anothers(const Uuid& client, Id<User> user, const ScopeLog& log) {
  const auto record = log.client(client);
  return !record.user.is_null() && record.user != user;
}

// The device has to go on under another id: it is somebody else's, or a copy of another device.
std::optional<Reset> refuse_client(const Hello& hello, Id<User> user, const ScopeLog& log,
                                   Instant now) {
  if (!is_anothers(hello.client, user, log) && !is_copy(hello, log.client(hello.client)))
    return std::nullopt;
  return Reset{ResetReason::kForked, 0, random_uuid(now)};
}

bool is_forked(const PushResult& result) {
  return !result.results.empty() && result.results.back().outcome == PushOutcome::kForked;
}

HttpResponse frames_response(std::string frames) {
  auto response = text_response(200, std::move(frames));
  response.headers.front().value = "application/octet-stream";
  return response;
}

}  // namespace

// One device on a WebSocket.
class SyncPeer final : public SocketListener, public std::enable_shared_from_this<SyncPeer> {
 public:
  SyncPeer(SyncHub& hub, const Uuid& session, Id<User> user)
      : hub_(hub), session_(session), user_(user) {}

  void opened(std::shared_ptr<Socket> socket) override {
    ticket_ = hub_.sockets_.add(socket, session_, {});
    {
      const std::lock_guard lock(mutex_);
      socket_ = std::move(socket);
    }
    if (!hub_.installation_.sessions().is_live(session_, hub_.clock_()))
      hub_.sockets_.close_session(session_);
  }

  void received(std::string bytes, MessageKind kind) override {
    auto messages = decode_frames(bytes);
    if (kind != MessageKind::kBinary || !messages) return close(kBadFrame, "bad frame");
    hub_.installation_.sessions().touch(session_, hub_.clock_());
    for (auto& message : *messages)
      if (!take(std::move(message))) return close(kBadFrame, "unexpected message");
  }

  void writable() override {
    flush();
    schedule();
  }

  void closed() override {
    hub_.sockets_.remove(ticket_);
    hub_.leave(this);
    const std::lock_guard lock(mutex_);
    socket_.reset();
    outgoing_.clear();
  }

  void wake(const std::set<Scope>& scopes) {
    bool is_concerned = false;
    {
      const std::lock_guard lock(mutex_);
      // A catch-up under way may have read before this commit.
      is_concerned = is_running_;
      for (const auto& scope : heard_scopes_) is_concerned |= scopes.contains(scope);
      is_dirty_ |= is_concerned;
    }
    if (is_concerned) schedule();
  }

 private:
  // False for what only the server says.
  bool take(SyncMessage message) {
    if (auto* hello = std::get_if<Hello>(&message)) return greet(*hello);
    if (auto* push = std::get_if<Push>(&message)) return push_on(std::move(*push));
    if (std::holds_alternative<Ping>(message)) {
      send(encode_frame(Ping{hub_.clock_()}));
      return true;
    }
    return false;
  }

  bool greet(const Hello& hello) {
    if (const auto reset = refuse_hello(hello)) {
      send(encode_frame(*reset));
      return true;
    }
    {
      const std::lock_guard lock(mutex_);
      hello_ = hello;
      cookie_ = hello.cookie;
      is_greeted_ = true;
      needs_welcome_ = true;
      is_dirty_ = true;
    }
    hub_.gate_.note_hello(hello, user_, session_);
    schedule();
    return true;
  }

  bool push_on(Push push) {
    {
      const std::lock_guard lock(mutex_);
      if (push.client != hello_.client) return false;
      // On its way before the device heard that it has to take another id.
      if (!is_greeted_) return true;
    }
    const bool is_queued = hub_.gate_.submit_push(
        std::move(push), user_, [self = shared_from_this()](PushResult result) {
          // Not stored: the device asks again when it comes back.
          if (result.results.empty()) return self->close(kTryAgain, "not stored");
          self->send(encode_frame(result));
          if (is_forked(result)) self->refuse_copy(result.client);
          else self->catch_up_author(result.results.back().seq);
        });
    if (!is_queued) close(kTryAgain, "busy");
    return true;
  }

  // What was applied may have changed nothing that its author reads, and the device waits for the
  // commit that it was told of.
  void catch_up_author(std::uint64_t seq) {
    {
      const std::lock_guard lock(mutex_);
      answered_seq_ = std::max(answered_seq_, seq);
      is_dirty_ = true;
    }
    schedule();
  }

  void send(std::string frame) {
    bool is_too_slow = false;
    {
      const std::lock_guard lock(mutex_);
      is_too_slow = answer_bytes_ > 0 && answer_bytes_ + frame.size() > kAnswerBytesMax;
      answer_bytes_ += frame.size();
      if (!is_too_slow)
        outgoing_.push_back(std::make_shared<const std::string>(std::move(frame)));
    }
    if (is_too_slow) close(kTryAgain, "too slow");
    else flush();
  }

  // As much as the socket takes; the rest when it is writable again.
  void flush() {
    const std::lock_guard lock(mutex_);
    while (socket_ && !outgoing_.empty() &&
           socket_->send(outgoing_.front(), MessageKind::kBinary))
      outgoing_.pop_front();
    if (outgoing_.empty()) answer_bytes_ = 0;
  }

  void schedule() {
    {
      const std::lock_guard lock(mutex_);
      if (!is_greeted_ || !is_dirty_ || is_running_ || !outgoing_.empty() || !socket_) return;
      is_running_ = true;
    }
    if (hub_.pool_.submit([self = shared_from_this()] { self->catch_up_now(); })) return;
    const std::lock_guard lock(mutex_);
    is_running_ = false;
  }

  void catch_up_now() {
    Cookie cookie;
    Hello hello;
    std::uint64_t answered_seq = 0;
    bool needs_welcome = false;
    {
      const std::lock_guard lock(mutex_);
      is_dirty_ = false;
      cookie = cookie_;
      hello = hello_;
      answered_seq = answered_seq_;
      needs_welcome = std::exchange(needs_welcome_, false);
    }
    if (!needs_welcome && tell_recent(cookie, hello.client, answered_seq)) return;
    auto lease = hub_.installation_.readers().acquire();
    const SqliteScopeLog log(lease.database());
    const auto actor = actor_of(lease.store(), user_);
    if (actor.is_anonymous()) {
      send(encode_frame(Reset{ResetReason::kRevoked, 0}));
      return close(kSignedOut, "signed out");
    }
    if (is_ahead(cookie, log)) return fork_history(cookie);
    const auto now = hub_.clock_();
    if (needs_welcome)
      if (const auto reset = refuse_client(hello, user_, log, now)) return refuse_device(*reset);
    std::vector<std::string> frames;
    const auto backup_seq = hub_.gate_.backup_seq();
    // Also of an epoch that began meanwhile.
    if (needs_welcome || cookie.epoch != log.epoch())
      frames.push_back(encode_frame(welcome_of(actor, hello.client, log, backup_seq, now)));
    auto pokes = catch_up(actor, hello.client, cookie, lease.store(), log, backup_seq);
    for (const auto& poke : pokes) frames.push_back(encode_frame(poke));
    {
      const std::lock_guard lock(mutex_);
      // A new Hello in the meantime says what the device really holds.
      if (!pokes.empty() && !needs_welcome_) cookie_ = std::move(pokes.back().cookie);
      last_mid_ = log.client(hello.client).last_mid;
      heard_scopes_ = scopes_heard_by(actor);
      read_scopes_ = scopes_of_actor(actor);
      is_running_ = false;
      for (auto& frame : frames)
        outgoing_.push_back(std::make_shared<const std::string>(std::move(frame)));
    }
    flush();
    schedule();
  }

  // True if what the last commits changed is all that it has to hear; its rights are the same.
  bool tell_recent(const Cookie& cookie, const Uuid& client, std::uint64_t answered_seq) {
    auto pokes = hub_.gate_.recent_changes(
        {cookie, read_scopes_, client, user_, answered_seq, last_mid_,
         hub_.gate_.backup_seq()});
    if (!pokes) return false;
    std::vector<std::shared_ptr<const std::string>> frames;
    for (const auto& poke : *pokes)
      frames.push_back(std::make_shared<const std::string>(encode_frame(poke)));
    {
      const std::lock_guard lock(mutex_);
      if (!pokes->empty() && !needs_welcome_) cookie_ = std::move(pokes->back().cookie);
      if (!pokes->empty()) last_mid_ = pokes->back().last_mid;
      is_running_ = false;
      outgoing_.insert(outgoing_.end(), frames.begin(), frames.end());
    }
    flush();
    schedule();
    return true;
  }

  // Once: what else it had pushed is answered likewise, and it may have another id by then.
  void refuse_copy(const Uuid& client) {
    {
      const std::lock_guard lock(mutex_);
      if (!is_greeted_ || client != hello_.client) return;
    }
    refuse_device({ResetReason::kForked, 0, random_uuid(hub_.clock_())});
  }

  // The device has to take a new id and say Hello again.
  void refuse_device(const Reset& reset) {
    {
      const std::lock_guard lock(mutex_);
      is_greeted_ = false;
      is_running_ = false;
    }
    send(encode_frame(reset));
  }

  // It holds what this database never had: greeted again once another epoch has begun.
  void fork_history(const Cookie& held) {
    const bool is_queued =
        hub_.gate_.fork_history(held, [self = shared_from_this()](bool has_begun) {
          {
            const std::lock_guard lock(self->mutex_);
            self->is_running_ = false;
            self->needs_welcome_ = self->is_dirty_ = true;
          }
          if (has_begun) self->schedule();
          else self->close(kTryAgain, "not stored");
        });
    if (!is_queued) close(kTryAgain, "busy");
  }

  void close(std::uint16_t code, std::string reason) {
    std::shared_ptr<Socket> socket;
    {
      const std::lock_guard lock(mutex_);
      socket = socket_;
    }
    if (socket) socket->close(code, std::move(reason));
  }

  SyncHub& hub_;
  const Uuid session_;
  const Id<User> user_;
  std::uint64_t ticket_ = 0;
  std::mutex mutex_;  // guards all below
  std::shared_ptr<Socket> socket_;
  Hello hello_;    // the last one
  Cookie cookie_;  // what was last sent
  std::vector<Scope> heard_scopes_, read_scopes_;
  std::uint64_t last_mid_ = 0;      // as was last told
  std::uint64_t answered_seq_ = 0;  // of a commit that its answers named
  std::deque<std::shared_ptr<const std::string>> outgoing_;
  std::size_t answer_bytes_ = 0;  // sent since nothing was waiting
  bool is_greeted_ = false, needs_welcome_ = false, is_dirty_ = false, is_running_ = false;
};

SyncHub::SyncHub(Installation& installation, CommandGate& gate, SocketDirectory& sockets,
                 std::function<Instant()> clock)
    : installation_(installation),
      gate_(gate),
      sockets_(sockets),
      clock_(std::move(clock)),
      pool_({.thread_count = 2, .queue_max = kJobsMax}) {}

SyncHub::~SyncHub() { stop(); }

std::shared_ptr<SocketListener> SyncHub::make_listener(const Uuid& session, Id<User> user) {
  auto peer = std::make_shared<SyncPeer>(*this, session, user);
  const std::lock_guard lock(mutex_);
  peers_.emplace(peer.get(), peer);
  return peer;
}

void SyncHub::leave(SyncPeer* peer) {
  const std::lock_guard lock(mutex_);
  peers_.erase(peer);
}

std::size_t SyncHub::size() const {
  const std::lock_guard lock(mutex_);
  return peers_.size();
}

void SyncHub::changed(const std::set<Scope>& scopes) {
  std::vector<std::shared_ptr<SyncPeer>> peers;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, weak] : peers_)
      if (auto peer = weak.lock()) peers.push_back(std::move(peer));
  }
  for (const auto& peer : peers) peer->wake(scopes);
}

void SyncHub::answer_post(const Principal& who, const Uuid& session, std::string body,
                          Respond respond) {
  auto messages = decode_frames(body);
  const auto* hello = messages && !messages->empty() ? std::get_if<Hello>(&messages->front())
                                                     : nullptr;
  if (!hello || messages->size() > 2) return respond(problem_response(400, "bad_frames"));
  if (const auto reset = refuse_hello(*hello))
    return respond(frames_response(encode_frame(*reset)));
  if (!who.is_device()) gate_.note_hello(*hello, who.user(), session);
  if (messages->size() == 1) return finish_post(who, *hello, "", respond);
  if (who.is_device()) return respond(problem_response(403, "read_only"));
  auto* push = std::get_if<Push>(&messages->back());
  if (!push || push->client != hello->client)
    return respond(problem_response(400, "bad_frames"));
  const auto decided = [this, who, hello = *hello, respond](PushResult result) {
    if (result.results.empty()) return respond(problem_response(503, "unavailable"));
    auto frames = encode_frame(result);
    if (is_forked(result)) {
      frames += encode_frame(Reset{ResetReason::kForked, 0, random_uuid(clock_())});
      return respond(frames_response(std::move(frames)));
    }
    if (!pool_.submit([=, this] { finish_post(who, hello, frames, respond); }))
      respond(problem_response(503, "busy"));
  };
  if (!gate_.submit_push(std::move(*push), who.user(), decided))
    respond(problem_response(503, "busy"));
}

void SyncHub::finish_post(const Principal& who, const Hello& hello, std::string frames,
                          const Respond& respond) {
  auto lease = installation_.readers().acquire();
  const SqliteScopeLog log(lease.database());
  const auto actor = actor_of(lease.store(), who);
  if (actor.is_anonymous()) return respond(problem_response(401, "unauthenticated"));
  if (is_ahead(hello.cookie, log)) {
    const auto again = [=, this](bool has_begun) {
      if (!has_begun || !pool_.submit([=, this] { finish_post(who, hello, frames, respond); }))
        respond(problem_response(503, "unavailable"));
    };
    if (!gate_.fork_history(hello.cookie, again)) respond(problem_response(503, "busy"));
    return;
  }
  const auto now = clock_();
  // With a push the record is newer than the Hello.
  const auto reset = frames.empty() ? refuse_client(hello, Id<User>(who.id()), log, now)
                                    : std::nullopt;
  if (reset || is_anothers(hello.client, Id<User>(who.id()), log))
    return respond(frames_response(
        encode_frame(reset.value_or(Reset{ResetReason::kForked, 0, random_uuid(now)}))));
  const auto backup_seq = gate_.backup_seq();
  frames.insert(0, encode_frame(welcome_of(actor, hello.client, log, backup_seq, now)));
  for (const auto& poke :
       catch_up(actor, hello.client, hello.cookie, lease.store(), log, backup_seq))
    frames += encode_frame(poke);
  respond(frames_response(std::move(frames)));
}

}  // namespace foyer::server
