// The entities that this server stores: the registry of shared/foyer/model, as a list.
#pragma once

#include <vector>

#include "foyer/model/registry.h"

namespace foyer::server {

inline std::vector<const Entity*> stored_entities() {
  return {entities().begin(), entities().end()};
}

}  // namespace foyer::server
