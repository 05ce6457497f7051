// Accounts with their contacts, contracts and cases; and the outbox.
#include "app.h"

namespace foyer::portal {
namespace {

constexpr Ui::Column kColumns[] = {{"Name", 0}, {"Tier", 6}, {"Segment", 9}, {"Country", 8}};

std::string problem_words(const Error& error) {
  if (error.detail == "case_state") return "The case had changed in the meantime.";
  if (error.code == ErrorCode::kForbidden) return "Your role may not do this.";
  if (error.code == ErrorCode::kNotFound) return "What it was about is not there any more.";
  return "The server did not accept it (" + error.detail + ").";
}

}  // namespace

void App::draw_accounts(Ui& ui) {
  ui.heading("Accounts");
  const std::string before = account_search_;
  ui.text_field("accounts/search", "Search accounts", account_search_);
  if (account_search_ != before) is_stale_ = true;
  if (accounts_.empty())
    return ui.empty("No account here", "Try a shorter word, or import your accounts.");
  int current = -1;
  for (std::size_t i = 0; i < accounts_.size(); ++i)
    if (accounts_[i].id == route_.selected) current = static_cast<int>(i);
  const std::size_t shown = ui.available_width() < 560 ? 2 : std::size(kColumns);
  const auto result = ui.table(
      "accounts", "Accounts", std::span(kColumns).first(shown), 0, false,
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
  const Reader& rows = port_.rows();
  const Id<Account> id(route_.selected);
  const auto account = get(rows, id);
  if (!account)
    return ui.empty("This account is not here", "It does not exist, or it is still loading.");
  ui.heading(account->name);
  if (!account->sector.empty()) ui.text(account->sector, Size::kBody, true);
  ui.space(0.5F);
  ui.text("Contacts", Size::kTitle);
  for (const Contact& contact : find<&Contact::account>(rows, id, 50)) {
    ui.text(contact.name);
    ui.text(contact.email + (contact.phones.empty() ? "" : "  ·  " + contact.phones.front()),
            Size::kSmall, true);
  }
  ui.space(0.5F);
  ui.text("Contracts", Size::kTitle);
  for (const ServiceContract& contract : find<&ServiceContract::account>(rows, id, 50)) {
    ui.text(contract.number + "  " + contract.name);
    ui.text("until " + port_.words().when(contract.ends_on), Size::kSmall, true);
  }
  ui.space(0.5F);
  ui.text("Cases", Size::kTitle);
  for (const Case& row : find<&Case::account>(rows, id, 50))
    if (ui.button("account/case/" + to_string(row.id), row.number + "  " + row.subject,
                  Weight::kQuiet))
      return select_case(row.id);
}

void App::draw_outbox(Ui& ui) {
  ui.heading("Outbox");
  const SyncStatus status = port_.status();
  ui.text(status.is_online ? "Connected. What you do reaches the server at once."
                           : "Offline. What you do is kept on this device and sent later.",
          Size::kBody, true);
  if (port_.outbox().empty())
    return ui.empty("Nothing waits", "Everything you did has reached the server.");
  for (const auto& [mid, entry] : port_.outbox()) {
    const std::string id = "outbox/" + std::to_string(mid);
    ui.space(0.5F);
    ui.text(entry.command.name, Size::kTitle);
    ui.text(port_.words().when(entry.created_at), Size::kSmall, true);
    if (entry.state != OutboxState::kAttention) {
      ui.tag("Waiting to send", Tone::kNeed);
      continue;
    }
    ui.tag(problem_words(entry.error), Tone::kLate);
    if (ui.button(id + "/retry", "Try again", Weight::kPrimary)) return port_.retry(mid);
    ui.same_line();
    if (ui.button(id + "/discard", "Give it up")) return port_.discard(mid);
  }
}

}  // namespace foyer::portal
