// The entities that this server stores: the registry of shared/foyer/model.
#pragma once

#include <vector>

#include "foyer/model/contract.h"
#include "foyer/model/people.h"

namespace foyer::server {

inline std::vector<const Entity*> stored_entities() {
  return {&entity_of<Tenant>(),       &entity_of<Account>(),        &entity_of<Contact>(),
          &entity_of<Site>(),         &entity_of<User>(),           &entity_of<Device>(),
          &entity_of<Product>(),      &entity_of<Asset>(),          &entity_of<ServiceContract>(),
          &entity_of<ContractLine>(), &entity_of<Entitlement>(),    &entity_of<EntitlementEntry>()};
}

}  // namespace foyer::server
