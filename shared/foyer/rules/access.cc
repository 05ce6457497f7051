#include "foyer/rules/access.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/base/text.h"
#include "foyer/model/registry.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

using Areas = EnumSet<StaffArea>;

struct RoleAreas {
  Roles roles;
  Areas areas;
};
// domain.md, section 10. The administrator configures and reads no case by default.
constexpr RoleAreas kRoleAreas[] = {
    {{Role::kCsr, Role::kSeniorCsr, Role::kDispatcher, Role::kTechnician, Role::kKnowledgeEditor},
     {StaffArea::kService}},
    {{Role::kSupervisor, Role::kServiceManager, Role::kSales, Role::kSegmentManager},
     {StaffArea::kService, StaffArea::kSales}},
    {{Role::kMarketing}, {StaffArea::kSales}},
    {{Role::kFinance}, {StaffArea::kService, StaffArea::kSales, StaffArea::kFinance}},
    {{Role::kAuditor},
     {StaffArea::kService, StaffArea::kSales, StaffArea::kFinance, StaffArea::kConfiguration}},
    {{Role::kAdmin}, {StaffArea::kSales, StaffArea::kConfiguration}},
};

// Parents of parents: message -> case; contract line -> contract. Deeper than this is a cycle.
constexpr int kDepthMax = 4;

void collect(const Reader& reader, const Entity& entity, const void* row, int depth,
             std::vector<Scope>& scopes) {
  for (const Publication& publication : entity.publications) {
    if (publication.kind == Publication::Kind::kParent) {
      const Field& field = *entity.find(publication.field);
      const Entity* parent = find_entity(publication.parent);
      FOYER_ASSERT(parent != nullptr);
      AnyRow above(*parent);
      if (depth < kDepthMax && reader.read(*parent, field.value<Uuid>(row), above.get()))
        collect(reader, *parent, above.get(), depth + 1, scopes);
      continue;
    }
    Scope scope{publication.scope, publication.area, {}};
    if (publication.field != 0) {
      scope.id = entity.find(publication.field)->value<Uuid>(row);
      if (scope.id.is_null()) continue;
    }
    scopes.push_back(scope);
  }
}

}  // namespace

std::string to_string(const Scope& scope) {
  std::string text(name_of(scope.kind));
  if (scope.kind == ScopeKind::kPublic) return text;
  text += ':';
  text += scope.kind == ScopeKind::kStaff ? std::string(name_of(scope.area)) : to_string(scope.id);
  return text;
}

std::optional<Scope> parse_scope(std::string_view text) {
  if (text == "public") return Scope{};
  const auto parts = split(text, ':');
  if (parts.size() != 2) return std::nullopt;
  for (std::size_t kind = 1; kind < kNames<ScopeKind>.size(); ++kind) {
    if (kNames<ScopeKind>[kind] != parts[0]) continue;
    Scope scope{static_cast<ScopeKind>(kind), StaffArea::kNone, {}};
    if (scope.kind != ScopeKind::kStaff) {
      const auto id = parse_uuid(parts[1]);
      if (!id) return std::nullopt;
      scope.id = *id;
      return scope;
    }
    for (std::size_t area = 1; area < kNames<StaffArea>.size(); ++area)
      if (kNames<StaffArea>[area] == parts[1]) {
        scope.area = static_cast<StaffArea>(area);
        return scope;
      }
  }
  return std::nullopt;
}

std::uint8_t audience_of(const Scope& scope) {
  switch (scope.kind) {
    case ScopeKind::kPublic: return kPublicScope;
    case ScopeKind::kAccount:
    case ScopeKind::kSite:
    case ScopeKind::kContact: return kCustomerScope;
    case ScopeKind::kDevice:
    case ScopeKind::kLobby: return kDeviceScope;
    case ScopeKind::kStaff:
      return scope.area == StaffArea::kFinance ? kFinanceScope : kStaffScope;
    case ScopeKind::kTerritory: return kStaffScope;
    // A person's own scope may be a customer's: it carries what customers may read.
    case ScopeKind::kPerson: return kCustomerScope;
  }
  return kNobody;
}

std::vector<Scope> scopes_of(const Reader& reader, const Entity& entity, const void* row) {
  std::vector<Scope> scopes;
  collect(reader, entity, row, 0, scopes);
  if (entity.staff_only != nullptr && entity.staff_only(row))
    std::erase_if(scopes, [](const Scope& scope) { return scope.kind != ScopeKind::kStaff; });
  sort_list(scopes);
  scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
  return scopes;
}

std::vector<Scope> scopes_of_actor(const Actor& actor) {
  std::vector<Scope> scopes{Scope{}};
  const auto add = [&](ScopeKind kind, const Uuid& id) {
    if (!id.is_null()) scopes.push_back({kind, StaffArea::kNone, id});
  };
  add(ScopeKind::kDevice, actor.device);
  if (!actor.device.is_null()) add(ScopeKind::kLobby, actor.site);
  if (!actor.user.is_null()) add(ScopeKind::kPerson, actor.user);
  if (actor.is_customer()) {
    if (actor.portal_scope != PortalScope::kNone) add(ScopeKind::kContact, actor.contact);
    if (actor.portal_scope == PortalScope::kSite) add(ScopeKind::kSite, actor.site);
    if (actor.portal_scope == PortalScope::kAccount) add(ScopeKind::kAccount, actor.account);
  } else if (actor.is_staff()) {
    Areas areas;
    for (const RoleAreas& row : kRoleAreas)
      if (actor.roles.has_any_of(row.roles)) areas.bits |= row.areas.bits;
    for (std::size_t area = 1; area < kNames<StaffArea>.size(); ++area)
      if (areas.has(static_cast<StaffArea>(area)))
        scopes.push_back({ScopeKind::kStaff, static_cast<StaffArea>(area), {}});
  }
  sort_list(scopes);
  return scopes;
}

Actor actor_of(const Reader& reader, Id<User> id) {
  Actor actor;
  const auto user = get(reader, id);
  if (!user || user->state != UserState::kActive) return actor;
  actor.user = user->id;
  actor.name = user->name;
  actor.roles = user->roles;
  actor.roles.bits &= ~kMachineRoles.bits;
  if (user->contact.is_null()) {
    actor.roles.bits &= ~kCustomerRoles.bits;  // a customer without a contact is nobody's customer
    return actor;
  }
  const auto contact = get(reader, user->contact);
  if (!contact) return Actor();
  actor.roles.bits &= kCustomerRoles.bits;  // a contact never gains staff rights
  actor.contact = contact->id;
  actor.account = contact->account;
  actor.site = contact->site;
  actor.portal_scope = contact->portal_scope;
  return actor;
}

Actor actor_of(const Reader& reader, Id<Device> id) {
  Actor actor;
  const auto device = get(reader, id);
  const bool is_live = device && device->kind == DeviceKind::kKiosk &&
                       !device->enrolled_at.is_none() && device->revoked_at.is_none();
  if (!is_live) return actor;
  actor.device = device->id;
  actor.name = device->name;
  actor.roles = Roles{Role::kKiosk};
  actor.site = device->site;
  return actor;
}

Actor server_about(Id<Device> device) {
  Actor actor;
  actor.device = device;
  actor.name = "Foyer";
  actor.roles = Roles{Role::kServer};
  return actor;
}

ScopedReader::ScopedReader(const Reader& inner, const Actor& actor)
    : inner_(inner), scopes_(scopes_of_actor(actor)) {}

std::uint8_t ScopedReader::audience(const Entity& entity, const void* row) const {
  std::uint8_t mask = kNobody;
  for (const Scope& scope : scopes_of(inner_, entity, row))
    if (std::binary_search(scopes_.begin(), scopes_.end(), scope)) mask |= audience_of(scope);
  return mask;
}

bool ScopedReader::read(const Entity& entity, const Uuid& id, void* object) const {
  if (!inner_.read(entity, id, object)) return false;
  const std::uint8_t mask = audience(entity, object);
  if (mask == kNobody) {
    for (const Field& field : entity.fields) clear_field(field, object);
    return false;
  }
  for (const Field& field : entity.fields)
    if ((field.options.audience & mask) == 0) clear_field(field, object);
  return true;
}

std::vector<Uuid> ScopedReader::scan(const Entity& entity, const Scan& scan) const {
  // A value that the actor may not read must not be found by it either.
  Scan unlimited = scan;
  unlimited.limit = SIZE_MAX;
  std::vector<Uuid> ids;
  AnyRow row(entity);
  for (const Uuid& id : inner_.scan(entity, unlimited)) {
    if (ids.size() >= scan.limit) break;
    if (!inner_.read(entity, id, row.get())) continue;
    const std::uint8_t mask = audience(entity, row.get());
    const bool may = scan.field == nullptr ? mask != kNobody
                                           : (scan.field->options.audience & mask) != 0;
    if (may) ids.push_back(id);
  }
  return ids;
}

std::vector<TextHit> ScopedReader::search(const TextQuery& query) const {
  TextQuery unlimited = query;
  unlimited.limit = SIZE_MAX;
  std::vector<TextHit> hits;
  for (const TextHit& hit : inner_.search(unlimited)) {
    if (hits.size() >= query.limit) break;
    AnyRow row(*hit.entity);
    if (inner_.read(*hit.entity, hit.id, row.get()) &&
        audience(*hit.entity, row.get()) != kNobody)
      hits.push_back(hit);
  }
  return hits;
}

std::size_t ScopedReader::count(const Entity& entity) const { return scan(entity, {}).size(); }

}  // namespace foyer
