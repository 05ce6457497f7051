// Accounts with their contacts, contracts and cases.
#include "app.h"

namespace foyer::portal {
namespace {

constexpr Ui::Column kColumns[] = {{"Name", 0}, {"Tier", 6}, {"Segment", 9}, {"Country", 8}};

}  // namespace

void App::draw_accounts(Ui& ui) {
  ui.heading("Accounts");
  QueueQuery query = route_.query;
  ui.text_field("accounts/search", "Search accounts", query.text);
  ask(std::move(query));
  refresh();
  if (accounts_.empty())
    return ui.empty("No account here", "Try a shorter word, or import your accounts.");
  int current = -1;
  for (std::size_t i = 0; i < accounts_.size(); ++i)
    if (accounts_[i].id == route_.selected) current = static_cast<int>(i);
  const std::size_t shown = ui.available_width() < 560 ? 2 : std::size(kColumns);
  const Ui::Sort by_name[] = {{0, false}};
  const auto result = ui.table(
      "accounts", "Accounts", std::span(kColumns).first(shown), by_name,
      static_cast<int>(accounts_.size()), current, [&](int i, std::vector<Ui::Cell>& cells) {
        const Account& row = accounts_[static_cast<std::size_t>(i)];
        for (const auto* text : {&row.name, &row.tier, &row.segment, &row.country})
          if (cells.size() < shown) cells.push_back({*text, {}});
      });
  if (result.clicked_row < 0) return;
  PortalRoute route = route_;
  route.selected = accounts_[static_cast<std::size_t>(result.clicked_row)].id;
  go(route);
}

void App::draw_account(Ui& ui) {
  if (ui.is_narrow() && ui.button("account/back", "Back to the list", Weight::kQuiet)) {
    PortalRoute route = route_;
    route.selected = {};
    return go(route);
  }
  if (!account_)
    return ui.empty("This account is not here", "It does not exist, or it is still loading.");
  const AccountView& view = *account_;
  ui.heading(view.name);
  if (!view.subtitle.empty()) ui.text(view.subtitle, Size::kBody, true);
  for (const CaseFact& fact : view.facts) ui.fact(fact);
  conflicts_.draw_cards(ui);
  ui.section("Contracts", view.contracts.size());
  if (view.contracts.empty()) ui.text("No contract.", Size::kBody, true);
  for (const ContractRow& contract : view.contracts) draw_contract(ui, contract);
  ui.section("Contacts", view.contacts.size());
  if (view.contacts.empty()) ui.text("Nobody yet.", Size::kBody, true);
  for (const ContactRow& contact : view.contacts) {
    const std::string id = "account/contact/" + to_string(contact.id);
    ui.text_as(id, contact.name, Size::kBody);
    ui.text_as(id + "/detail", contact.detail, Size::kSmall, true);
  }
  ui.section("Cases", view.case_count);
  if (view.cases.empty()) ui.text("No case.", Size::kBody, true);
  for (const AccountCaseRow& row : view.cases)
    if (ui.menu_entry("account/case/" + to_string(row.id), row.title, row.state, false))
      return select_case(row.id);
  if (view.case_count > view.cases.size())
    ui.text("The newest " + std::to_string(view.cases.size()) + " are shown.", Size::kSmall, true);
}

void App::draw_contract(Ui& ui, const ContractRow& contract) {
  const std::string id = "account/contract/" + to_string(contract.id);
  ui.space(0.3F);
  ui.text_as(id, contract.title, Size::kTitle);
  ui.tag_as(id + "/state", contract.state, contract.tone);
  ui.same_line();
  ui.text_as(id + "/term", contract.term, Size::kBody, true);
  ui.text_as(id + "/terms", contract.terms, Size::kSmall, true);
  if (!contract.summary.empty()) ui.text_as(id + "/summary", contract.summary, Size::kBody);
  for (const ContractLineRow& line : contract.lines) {
    const std::string line_id = "account/line/" + to_string(line.id);
    ui.text_as(line_id, line.name, Size::kBody);
    if (!line.detail.empty())
      ui.text_as(line_id + "/detail", line.detail, Size::kSmall, true);
  }
  for (const EntitlementRow& row : contract.entitlements) draw_entitlement(ui, row);
}

void App::draw_entitlement(Ui& ui, const EntitlementRow& row) {
  const std::string id = "account/entitlement/" + to_string(row.id);
  ui.meter(id, row.name + ": " + row.left, row.part_left, row.tone);
  const bool is_open = opened_.contains(id);
  if (ui.button(id + "/ledger", is_open ? "Hide the entries" : "Where this comes from",
                Weight::kQuiet)) {
    if (is_open) opened_.erase(id);
    else opened_.insert(id);
  }
  if (!is_open) return;
  ui.text_as(id + "/formula", row.formula, Size::kSmall, true);
  for (std::size_t i = 0; i < row.entries.size(); ++i)
    ui.text_as(id + "/entry/" + std::to_string(i),
               row.entries[i].when + "   " + row.entries[i].quantity + "   " + row.entries[i].what,
               Size::kSmall);
}

}  // namespace foyer::portal
