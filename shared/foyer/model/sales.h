// Sales: opportunities. One database with service: what was promised is where service can read it.
#pragma once

#include "foyer/model/contract.h"
#include "foyer/model/people.h"

namespace foyer {

enum class OpportunityStage : std::uint8_t { kProspecting, kEngaging, kWon, kLost };
template <>
inline constexpr auto kNames<OpportunityStage> =
    std::array<std::string_view, 4>{"prospecting", "engaging", "won", "lost"};

struct Opportunity {
  Id<Opportunity> id;
  std::string external_key;
  Id<Account> account;  // may be unknown while prospecting
  Id<Product> product;
  Id<User> owner;
  std::string owner_name;
  OpportunityStage stage = {};
  Money amount;         // none until closed
  Instant engaged_on;
  Instant closed_on;
  std::string promised_terms;
  UnknownFields unknown;
};
template <>
struct Table<Opportunity> {
  static constexpr EntityId id = 19;
  static constexpr std::string_view name = "opportunity";
  static constexpr auto fields = std::array{
      field<&Opportunity::id>(1, "id", {}),
      field<&Opportunity::external_key>(2, "external_key",
                                        {.flags = kIndexed | kFullText, .column_width_em = 8}),
      field<&Opportunity::account>(3, "account", {.flags = kIndexed}),
      field<&Opportunity::product>(4, "product", {.flags = kIndexed}),
      field<&Opportunity::owner>(5, "owner", {.flags = kIndexed}),
      field<&Opportunity::owner_name>(6, "owner_name", {.column_width_em = 10}),
      field<&Opportunity::stage>(7, "stage",
                                 {.flags = kIndexed,
                                  .merge = Merge::kState,
                                  .column_width_em = 8}),
      field<&Opportunity::amount>(8, "amount", {.column_width_em = 8}),
      field<&Opportunity::engaged_on>(9, "engaged_on", {.column_width_em = 7}),
      field<&Opportunity::closed_on>(10, "closed_on", {.flags = kIndexed, .column_width_em = 7}),
      field<&Opportunity::promised_terms>(11, "promised_terms",
                                          {.length_max = 2000, .widget = Widget::kParagraph}),
  };
  static constexpr auto publications =
      std::array{to_staff(StaffArea::kSales), to_staff(StaffArea::kConfiguration)};
};

}  // namespace foyer
