// What the staff portal shows of one account: facts, people, contracts with their lines and what is
// left of each entitlement, and cases. Plain structs and strings; no drawing.
#pragma once

#include "foyer/view/staff_cases.h"

namespace foyer {

struct LedgerRow {
  std::string when, what, quantity;  // "consume", "-1 case"
};
struct EntitlementRow {
  Id<Entitlement> id;
  std::string name;
  std::string left;     // "3 of 12 cases left"
  std::string formula;  // "12 given, 8 used, 1 reserved for open cases"
  Tone tone = Tone::kCalm;
  std::int64_t part_left = 0;  // of 1000
  std::vector<LedgerRow> entries;  // the newest first
};
struct ContractLineRow {
  Id<ContractLine> id;
  std::string name, detail;  // what it covers, and for which asset or product
};
struct ContractRow {
  Id<ServiceContract> id;
  std::string title;  // "C-1001  Full care"
  std::string state, term, terms, summary;
  Tone tone = Tone::kCalm;
  std::vector<ContractLineRow> lines;
  std::vector<EntitlementRow> entitlements;
};
struct ContactRow {
  Id<Contact> id;
  std::string name, detail;
};
struct AccountCaseRow {
  Id<Case> id;
  std::string title, state;
  Tone tone = Tone::kCalm;
};
struct AccountView {
  std::string name, subtitle;
  std::vector<CaseFact> facts;
  std::vector<ContactRow> contacts;
  std::vector<ContractRow> contracts;  // those in force first
  std::vector<AccountCaseRow> cases;   // the newest first, at most kAccountCasesMax
  std::size_t case_count = 0;
};
inline constexpr std::size_t kAccountCasesMax = 100;

std::optional<AccountView> account_view(const Reader& reader, Id<Account> id, Instant now,
                                        const TimeWords& words);

}  // namespace foyer
