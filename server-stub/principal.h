// Whom a session is of: a user or a device. Not an actor: that is made of the rows as they are,
// anew for each decision.
#pragma once

#include "foyer/rules/access.h"
#include "sessions.h"

namespace foyer::server {

class Principal {
 public:
  Principal() = default;
  Principal(Id<User> user) : user_(user) {}
  explicit Principal(Id<Device> device) : device_(device) {}

  Id<User> user() const { return user_; }
  Id<Device> device() const { return device_; }
  bool is_device() const { return !device_.is_null(); }
  const Uuid& id() const { return is_device() ? static_cast<const Uuid&>(device_) : user_; }

 private:
  Id<User> user_;
  Id<Device> device_;
};

inline Principal principal_of(const Session& session) {
  if (session.site == SiteKind::kKiosk) return Principal(Id<Device>(session.user));
  return Principal(Id<User>(session.user));
}

inline Actor actor_of(const Reader& reader, const Principal& who) {
  return who.is_device() ? foyer::actor_of(reader, who.device())
                         : foyer::actor_of(reader, who.user());
}

}  // namespace foyer::server
