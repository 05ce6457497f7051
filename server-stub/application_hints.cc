// The part of Application that tells open pages when to look again. A hint says that something
// changed, never what: the page asks with its own rights.
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

// The scopes a person listens on, as text: "account:0190...", "staff:service".
std::vector<std::string> scopes_of_person(const Reader& reader, const User& user) {
  std::vector<std::string> scopes = {"public", "person:" + to_string(user.id)};
  if (user.contact.is_null()) {
    for (const auto area : kNames<StaffArea>) scopes.push_back("staff:" + std::string(area));
    return scopes;
  }
  const auto contact = get(reader, user.contact);
  if (!contact) return scopes;
  scopes.push_back("contact:" + to_string(contact->id));
  if (contact->portal_scope == PortalScope::kSite && !contact->site.is_null())
    scopes.push_back("site:" + to_string(contact->site));
  if (contact->portal_scope == PortalScope::kAccount)
    scopes.push_back("account:" + to_string(contact->account));
  return scopes;
}

}  // namespace

UpgradeAnswer Application::admit_to_hints(const HttpRequest& request) {
  const auto session = session_of(request);
  if (!session)
    return {nullptr, problem_response(401, "unauthenticated", {}, request.request_id)};
  auto lease = installation_.readers().acquire();
  const auto user = get(lease.store(), Id<User>(session->user));
  if (!user || user->state != UserState::kActive)
    return {nullptr, problem_response(401, "unauthenticated", {}, request.request_id)};
  return {std::make_shared<HintListener>(sockets_, session->id,
                                         scopes_of_person(lease.store(), *user),
                                         [this, id = session->id] {
                                           return installation_.sessions().is_live(
                                               id, options_.clock());
                                         }),
          {}};
}

}  // namespace foyer::server
