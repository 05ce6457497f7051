// Every entity of Foyer. Adding one: its header, and one line here.
#pragma once

#include <span>

#include "foyer/model/import_run.h"
#include "foyer/model/knowledge.h"
#include "foyer/model/party.h"
#include "foyer/model/people.h"
#include "foyer/model/sales.h"
#include "foyer/model/service.h"
#include "foyer/model/visit.h"

namespace foyer {

// In ascending id.
std::span<const Entity* const> entities();

// Null if there is no such entity.
const Entity* find_entity(EntityId id);
const Entity* find_entity(std::string_view name);

}  // namespace foyer
