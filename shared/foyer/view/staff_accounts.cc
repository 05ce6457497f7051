#include "foyer/view/staff_accounts.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/rules/entitlement.h"

namespace foyer {
namespace {

constexpr std::string_view kStateWords[] = {"Draft",     "In approval", "Approved",
                                            "Signed",    "Active",      "Suspended",
                                            "Renewed",   "Expired",     "Terminated"};
constexpr std::string_view kStageWords[] = {"", "Prospect", "Customer", "At risk", "Former"};
constexpr std::int64_t kMsExpiring = 90 * kMsPerDay;

std::string plural(std::int64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string quantity_words(std::int64_t quantity, EntitlementUnit unit) {
  switch (unit) {
    case EntitlementUnit::kCase: return plural(quantity, "case", "cases");
    case EntitlementUnit::kVisit: return plural(quantity, "visit", "visits");
    // Minutes.
    case EntitlementUnit::kHour: {
      const std::int64_t rest = (quantity < 0 ? -quantity : quantity) % 60;
      return std::to_string(quantity / 60) + " h" +
             (rest != 0 ? " " + std::to_string(rest) + " min" : "");
    }
    case EntitlementUnit::kMoney: return to_decimal({quantity, Currency("EUR")});
  }
  return std::to_string(quantity);
}

std::string ledger_words(LedgerKind kind) {
  constexpr std::string_view words[] = {"Given",         "Reserved", "Used",
                                        "Released again", "Adjusted", "Expired"};
  return std::string(words[static_cast<std::size_t>(kind)]);
}

EntitlementRow entitlement_row(const Reader& reader, const Entitlement& row,
                               const TimeWords& words) {
  auto entries = find<&EntitlementEntry::entitlement>(reader, row.id);
  const Balance balance = balance_of(entries);
  const std::int64_t given = balance.granted + balance.adjusted - balance.expired;
  const std::int64_t left = balance.available();
  EntitlementRow view;
  view.id = row.id;
  view.name = row.name;
  const std::string all = quantity_words(given, row.unit);
  view.left = row.unit == EntitlementUnit::kCase || row.unit == EntitlementUnit::kVisit
                  ? std::to_string(left) + " of " + all + " left"
                  : quantity_words(left, row.unit) + " of " + all + " left";
  view.formula = std::to_string(given) + " given, " + std::to_string(balance.consumed) +
                 " used, " + std::to_string(balance.reserved) + " reserved for open cases";
  if (row.unit == EntitlementUnit::kHour) view.formula += " (minutes)";
  view.part_left = given > 0 ? std::clamp<std::int64_t>(left * 1000 / given, 0, 1000) : 0;
  view.tone = left <= 0              ? Tone::kLate
              : view.part_left < 200 ? Tone::kNeed
                                     : Tone::kGood;
  sort_list(entries, [](const auto& a, const auto& b) { return b.at < a.at; });
  for (const EntitlementEntry& entry : entries)
    view.entries.push_back({words.day(entry.at),
                            ledger_words(entry.kind) +
                                (entry.reason.empty() ? "" : ": " + entry.reason),
                            quantity_words(entry.quantity, row.unit)});
  return view;
}

void describe_state(const ServiceContract& row, Instant now, ContractRow& view) {
  view.state = kStateWords[static_cast<std::size_t>(row.state)];
  if (row.state == ContractState::kSuspended) view.tone = Tone::kNeed;
  if (row.state != ContractState::kActive) return;
  view.tone = Tone::kGood;
  if (now < row.starts_on) {
    view.state = "Upcoming";
    view.tone = Tone::kBusy;
  } else if (row.ends_on <= now) {
    view.state = "Over";
    view.tone = Tone::kLate;
  } else if (row.ends_on.ms - now.ms < kMsExpiring) {
    view.state = "Ends in " + plural((row.ends_on.ms - now.ms) / kMsPerDay, "day", "days");
    view.tone = Tone::kNeed;
  }
}

ContractLineRow line_row(const Reader& reader, const ContractLine& row) {
  ContractLineRow line{row.id, row.name, {}};
  if (const auto asset = get(reader, row.asset)) line.detail = asset->name + ", " + asset->serial;
  else if (const auto product = get(reader, row.product)) line.detail = product->name;
  if (!row.coverage.empty()) line.detail += (line.detail.empty() ? "" : ": ") + row.coverage;
  return line;
}

ContractRow contract_row(const Reader& reader, const ServiceContract& row, Instant now,
                         const TimeWords& words) {
  ContractRow view;
  view.id = row.id;
  view.title = row.number + "  " + row.name;
  describe_state(row, now, view);
  view.term = words.day(row.starts_on) + " to " + words.day({row.ends_on.ms - kMsPerDay});
  if (!row.price.is_none())
    view.terms = to_decimal(row.price) + " " + std::string(row.price.currency.view()) + " a year, ";
  view.terms += row.renewal == RenewalKind::kTacit ? "renews by itself" : "renewed on request";
  if (row.notice_days > 0) view.terms += ", " + plural(row.notice_days, "day", "days") + " notice";
  view.summary = row.summary;
  for (const ContractLine& line : find<&ContractLine::contract>(reader, row.id))
    view.lines.push_back(line_row(reader, line));
  for (const Entitlement& cover : find<&Entitlement::contract>(reader, row.id))
    view.entitlements.push_back(entitlement_row(reader, cover, words));
  return view;
}

void add_facts(const Reader& reader, const Account& row, const TimeWords& words,
               AccountView& view) {
  const auto add = [&](std::string_view label, std::string text) {
    if (!text.empty()) view.facts.push_back({std::string(label), std::move(text)});
  };
  add("Tier", row.tier);
  add("Segment", row.segment);
  add("Stage", std::string(kStageWords[static_cast<std::size_t>(row.lifecycle_stage)]));
  add("Country", row.country);
  if (row.employees > 0) add("Employees", std::to_string(row.employees));
  if (!row.revenue.is_none())
    add("Revenue", to_decimal(row.revenue) + " " + std::string(row.revenue.currency.view()));
  if (const auto parent = get(reader, row.parent)) add("Belongs to", parent->name);
  if (!row.customer_since.is_none()) add("Customer since", words.day(row.customer_since));
}

void add_cases(const Reader& reader, Id<Account> id, AccountView& view) {
  auto cases = find<&Case::account>(reader, id);
  view.case_count = cases.size();
  sort_list(cases, [](const Case& a, const Case& b) {
    return a.opened_at != b.opened_at ? b.opened_at < a.opened_at : a.id < b.id;
  });
  if (cases.size() > kAccountCasesMax) cases.resize(kAccountCasesMax);
  for (const Case& row : cases)
    view.cases.push_back({row.id, case_number(row) + "  " + row.subject, state_words(row.state),
                          tone_of(row.state)});
}

}  // namespace

std::optional<AccountView> account_view(const Reader& reader, Id<Account> id, Instant now,
                                        const TimeWords& words) {
  const auto row = get(reader, id);
  if (!row) return std::nullopt;
  AccountView view;
  view.name = row->name;
  view.subtitle = row->sector;
  add_facts(reader, *row, words, view);
  for (const Contact& contact : find<&Contact::account>(reader, id))
    view.contacts.push_back({contact.id, contact.name,
                             contact.email + (contact.phones.empty() ? "" : "  ·  ") +
                                 (contact.phones.empty() ? "" : contact.phones.front())});
  auto contracts = find<&ServiceContract::account>(reader, id);
  sort_list(contracts, [](const ServiceContract& a, const ServiceContract& b) {
    const auto rank = [](const ServiceContract& contract) {
      return contract.state == ContractState::kActive ? 0 : 1;
    };
    return rank(a) != rank(b) ? rank(a) < rank(b) : b.ends_on < a.ends_on;
  });
  for (const ServiceContract& contract : contracts)
    view.contracts.push_back(contract_row(reader, contract, now, words));
  add_cases(reader, id, view);
  return view;
}

}  // namespace foyer
