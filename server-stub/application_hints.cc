// The part of Application with open connections: hints and synchronisation. A hint says that
// something changed, never what: the page asks with its own rights.
#include "application.h"
#include "foyer/model/people.h"

namespace foyer::server {
namespace {

class HintListener final : public SocketListener {
 public:
  HintListener(SocketDirectory& directory, const Uuid& session, std::vector<std::string> scopes,
               std::function<bool()> is_live)
      : directory_(directory),
        session_(session),
        scopes_(std::move(scopes)),
        is_live_(std::move(is_live)) {}

  void opened(std::shared_ptr<Socket> socket) override {
    ticket_ = directory_.add(std::move(socket), session_, std::move(scopes_));
    // The session may have ended while the upgrade was on its way.
    if (!is_live_()) directory_.close_session(session_);
  }
  // Pages have nothing to say here; what they send is read and dropped.
  void received(std::string, MessageKind) override {}
  void writable() override {}
  void closed() override { directory_.remove(ticket_); }

 private:
  SocketDirectory& directory_;
  const Uuid session_;
  std::vector<std::string> scopes_;
  std::function<bool()> is_live_;
  std::uint64_t ticket_ = 0;
};

}  // namespace

UpgradeAnswer Application::admit_socket(const HttpRequest& request) {
  const auto session = session_of(request);
  Actor actor;
  if (session) {
    auto lease = installation_.readers().acquire();
    actor = actor_of(lease.store(), principal_of(*session));
  }
  if (actor.is_anonymous())
    return {nullptr, problem_response(401, "unauthenticated", {}, request.request_id)};
  if (request.path.ends_with("/sync")) return {sync_.make_listener(session->id, actor.user), {}};
  std::vector<std::string> scopes;
  for (const auto& scope : scopes_of_actor(actor)) scopes.push_back(to_string(scope));
  const auto is_live = [this, id = session->id] {
    return installation_.sessions().is_live(id, options_.clock());
  };
  return {std::make_shared<HintListener>(sockets_, session->id, std::move(scopes), is_live), {}};
}

void Application::hint(const std::set<Scope>& scopes) {
  std::vector<std::string> topics;
  for (const auto& scope : scopes) topics.push_back(to_string(scope));
  end_revoked(scopes);
  sockets_.notify(topics, "changed");
  sync_.changed(scopes);
}

void Application::post_sync(Call& call) {
  const auto actor = admit_api(call);
  if (!actor) return;
  if (actor->is_anonymous())
    return answer_problem(call, {ErrorCode::kUnauthenticated, "", "signed_out"});
  const auto session = session_of(*call.request);
  sync_.answer_post(actor->user, session ? session->id : Uuid{}, call.request->body, call.respond);
}

}  // namespace foyer::server
