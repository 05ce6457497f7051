// entitlement.grant: adds units to an entitlement's ledger.
#pragma once

#include "foyer/command/command.h"
#include "foyer/command/roles.h"
#include "foyer/model/registry.h"

namespace foyer {

struct GrantEntitlement {
  Id<EntitlementEntry> entry;
  Id<Entitlement> entitlement;
  std::int64_t quantity = 0;
  std::string reason;
  UnknownFields unknown;
};
template <>
struct Table<GrantEntitlement> {
  static constexpr std::string_view name = "entitlement.grant";
  static constexpr auto fields = std::array{
      field<&GrantEntitlement::entry>(1, "entry", {.flags = kRequired}),
      field<&GrantEntitlement::entitlement>(2, "entitlement", {.flags = kRequired}),
      field<&GrantEntitlement::quantity>(3, "quantity",
                                         {.flags = kRequired, .minimum = 1, .maximum = 1000000}),
      field<&GrantEntitlement::reason>(4, "reason", {}),
  };
};

inline Result<void> check(const GrantEntitlement& args, const Reader& reader, const Context&) {
  if (!exists(reader, args.entitlement))
    return fail(ErrorCode::kNotFound, "entitlement", "not_found");
  return check_new(reader, args.entry);
}

inline void apply(const GrantEntitlement& args, Writer& writer, const Context& context) {
  put(writer, EntitlementEntry{.id = args.entry,
                               .entitlement = args.entitlement,
                               .kind = LedgerKind::kGrant,
                               .quantity = args.quantity,
                               .source = args.entry,
                               .reason = args.reason,
                               .at = context.now,
                               .unknown = {}});
}

}  // namespace foyer
