// Groups of roles that commands name.
#pragma once

#include "foyer/model/people.h"

namespace foyer {

inline constexpr Roles kDesk{Role::kCsr,        Role::kSeniorCsr,      Role::kSupervisor,
                             Role::kDispatcher, Role::kServiceManager};
inline constexpr Roles kLeads{Role::kSupervisor, Role::kServiceManager};
inline constexpr Roles kAtKiosk{Role::kKiosk};
inline constexpr Roles kServerAlone{Role::kServer};  // no session has it
inline constexpr Roles kImporters{Role::kSupervisor, Role::kServiceManager, Role::kAdmin};

constexpr Roles operator|(Roles a, Roles b) {
  a.bits |= b.bits;
  return a;
}
inline constexpr Roles kDeskAndCustomers = kDesk | kCustomerRoles;

}  // namespace foyer
