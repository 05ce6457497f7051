// Who may read what. The two functions here are the only ones that decide (sync.md, section 1).
// Invariant: an actor may read a row exactly if the two scope lists share a member.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "foyer/model/people.h"
#include "foyer/model/store.h"

namespace foyer {

// A unit of permission and of replication: "public", "account:<id>", "staff:service", ...
struct Scope {
  ScopeKind kind = ScopeKind::kPublic;
  StaffArea area = StaffArea::kNone;
  Uuid id;
  friend auto operator<=>(const Scope&, const Scope&) = default;
};
std::string to_string(const Scope& scope);
std::optional<Scope> parse_scope(std::string_view text);
// The mask of Audience whose fields this scope carries.
std::uint8_t audience_of(const Scope& scope);

// Who is acting, resolved by the server from the session and sent to the device with its lease.
struct Actor {
  Id<User> user;
  std::string name;
  Roles roles;
  Id<Contact> contact;  // customers only, with the three below
  Id<Account> account;
  Id<Site> site;        // a kiosk's too
  PortalScope portal_scope = PortalScope::kNone;
  Id<Device> device;

  bool is_anonymous() const { return user.is_null() && device.is_null(); }
  bool is_customer() const { return roles.has_any_of(kCustomerRoles); }
  bool is_staff() const { return !user.is_null() && !is_customer(); }
  friend bool operator==(const Actor&, const Actor&) = default;
};

// Where a row is published, sorted, without duplicates. A child asks for its parents.
std::vector<Scope> scopes_of(const Reader& reader, const Entity& entity, const void* row);

// What an actor may read, sorted. Everybody reads `public`.
std::vector<Scope> scopes_of_actor(const Actor& actor);

// The actor for a user as the rows are now; anonymous if the user is gone or suspended.
Actor actor_of(const Reader& reader, Id<User> user);
// Likewise of a kiosk; anonymous if it is not enrolled, or revoked.
Actor actor_of(const Reader& reader, Id<Device> device);
// The server itself, about a device that has no say: one that enrols, or one that was revoked.
Actor server_about(Id<Device> device);

// A Reader that shows `actor` only what they may read, with only the fields they may read.
class ScopedReader final : public Reader {
 public:
  ScopedReader(const Reader& inner, const Actor& actor);
  bool read(const Entity& entity, const Uuid& id, void* object) const override;
  bool is_taken(const Entity& entity, const Uuid& id) const override {
    return inner_.is_taken(entity, id);
  }
  bool has_any(const Entity& entity, const Scan& scan) const override {
    return inner_.has_any(entity, scan);
  }
  std::vector<Uuid> scan(const Entity& entity, const Scan& scan) const override;
  std::vector<TextHit> search(const TextQuery& query) const override;
  std::size_t count(const Entity& entity) const override;

 private:
  // The fields the actor may see of this row; 0: not the row at all.
  std::uint8_t audience(const Entity& entity, const void* row) const;

  const Reader& inner_;
  std::vector<Scope> scopes_;
};

}  // namespace foyer
