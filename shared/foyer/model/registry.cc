#include "foyer/model/registry.h"

#include <algorithm>

#include "foyer/model/change.h"

namespace foyer {
namespace {

template <class... T>
struct EntityList {
  static constexpr std::array<EntityId, sizeof...(T)> ids{Table<T>::id...};
  static_assert(std::is_sorted(ids.begin(), ids.end()));
  static constexpr std::array<const Entity*, sizeof...(T)> list{&entity_of<T>()...};
};

using Registry =
    EntityList<Tenant, Account, Contact, Site, User, Device, Product, Case, Asset, ServiceContract,
               ContractLine, Entitlement, EntitlementEntry, Calendar, SlaPolicy, Message, CaseEvent,
               SlaTarget, Opportunity, Article, ImportRun, ImportEntry, CheckIn, Feedback,
               ParkedSubmission, Conflict, ChangeNote>;

}  // namespace

std::span<const Entity* const> entities() { return Registry::list; }

const Entity* find_entity(EntityId id) {
  for (const Entity* entity : entities())
    if (entity->id == id) return entity;
  return nullptr;
}

const Entity* find_entity(std::string_view name) {
  for (const Entity* entity : entities())
    if (entity->name == name) return entity;
  return nullptr;
}

}  // namespace foyer
