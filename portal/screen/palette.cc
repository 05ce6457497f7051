// The command palette, the list of keys, and the keys themselves.
#include <algorithm>

#include "app.h"
#include "foyer/base/text.h"
#include "foyer/command/registry.h"

namespace foyer::portal {
namespace {

constexpr std::size_t kFoundMax = 8;

bool is_meant(std::string_view label, std::string_view typed) {
  const std::string words = to_ascii_lower(label), asked = to_ascii_lower(typed);
  for (const std::string_view part : split(asked, ' '))
    if (words.find(part) == std::string::npos) return false;
  return true;
}

// Commands that are given on a screen of their own, at the row that they are about.
std::optional<Screen> screen_of(std::string_view command) {
  if (command == "check_in.call" || command == "check_in.end") return Screen::kArrivals;
  if (command == "submission.settle") return Screen::kUntaken;
  if (command == "conflict.resolve") return Screen::kConflicts;
  if (command == "kiosk.set_up" || command == "device.revoke") return Screen::kKiosks;
  return std::nullopt;
}

struct Going {
  Screen screen;
  std::string_view title, key;
};
constexpr Going kGoings[] = {
    {Screen::kCases, "Go to cases", "1"},
    {Screen::kAccounts, "Go to accounts", "2"},
    {Screen::kOutbox, "Go to the outbox", "3"},
    {Screen::kImport, "Go to the import of files", "4"},
    {Screen::kConflicts, "Go to changes that met", ""},
    {Screen::kArrivals, "Go to visitors who wait", "5"},
    {Screen::kRatings, "Go to ratings", "6"},
    {Screen::kKiosks, "Go to kiosks", "7"},
    {Screen::kUntaken, "Go to what kiosks handed over in vain", ""},
};

}  // namespace

std::function<void()> App::doing(Ui& ui, const CommandInfo& command) {
  const bool has_case = route_.screen == Screen::kCases && case_.has_value();
  if (command.name == "case.reply" || command.name == "case.note") {
    if (!has_case || !case_->may_write) return {};
    const std::string field = "case/" + std::string(command.name.substr(5));
    return [&ui, field] { ui.focus(field); };
  }
  if (const auto move = move_of(command.name)) {
    if (!has_case) return {};
    const auto& moves = case_->moves;
    if (std::find(moves.begin(), moves.end(), move->transition) == moves.end()) return {};
    return [this, move] { begin_move(move->transition); };
  }
  if (const auto screen = screen_of(command.name))
    return [this, screen, is_new = command.name == "kiosk.set_up"] {
      go({*screen, {}, QueueFilter::kOpen});
      if (is_new) kiosks_.begin_new();
    };
  if (!can_be_filled_in(command)) return {};
  const bool is_about_a_case =
      command.name != "case.open" && command.arguments->find("case_id") != nullptr;
  if (is_about_a_case && (!has_case || !is_open(case_->row.state))) return {};
  return [this, &command] {
    form_.begin(command, Id<Case>(case_ ? case_->row.id : Id<Case>()));
    overlay_ = Overlay::kForm;
  };
}

// All commands of the registry that this person may give, here and now.
void App::add_commands(Ui& ui, std::vector<Deed>& list) {
  for (const CommandInfo& command : commands()) {
    if (!port_.actor().roles.has_any_of(command.roles)) continue;
    auto run = doing(ui, command);
    if (!run) continue;
    const auto move = move_of(command.name);
    const std::string title = command.name == "case.reply"  ? "Reply to the customer"
                              : command.name == "case.note" ? "Write an internal note"
                              : move                        ? std::string(move->title)
                                                            : title_of_command(command.name);
    list.push_back({std::string(command.name), title, std::string(command.shortcut),
                    std::move(run)});
  }
}

void App::draw_form(Ui& ui) {
  auto result = CommandForm::Result::kOpen;
  const bool is_kept = ui.dialog(form_.title(), 560, [&] { result = form_.draw(ui); });
  if (is_kept && result == CommandForm::Result::kOpen) return;
  overlay_ = Overlay::kNone;
  rows_changed();
  if (result == CommandForm::Result::kDone && !form_.made_case().is_null())
    select_case(form_.made_case());
}

std::vector<App::Deed> App::deeds(Ui& ui) {
  std::vector<Deed> list;
  add_commands(ui, list);
  for (const VisitorDesk::Offer& offer : visitors_.offers(ui))
    list.push_back({"visitors/" + std::string(offer.id), offer.label, std::string(offer.key),
                    offer.run});
  for (const Going& each : kGoings)
    if (may_see(each.screen))
      list.push_back({"go/" + std::string(name_of(each.screen)), std::string(each.title),
                      std::string(each.key),
                      [this, &each] { go({each.screen, {}, QueueFilter::kOpen}); }});
  for (std::size_t i = 0; i < kQueueFilters; ++i) {
    const auto filter = static_cast<QueueFilter>(i);
    list.push_back({"show/" + std::to_string(i), "Show cases: " + std::string(title_of(filter)),
                    "", [this, filter] { go({Screen::kCases, {}, filter}); }});
  }
  const bool is_accounts = route_.screen == Screen::kAccounts;
  if (route_.screen == Screen::kCases || is_accounts)
    list.push_back({"search", "Search this list", "/", [&ui, is_accounts] {
                      ui.focus(is_accounts ? "accounts/search" : "queue/search");
                    }});
  if (route_.screen == Screen::kCases || is_accounts)
    list.push_back({"copy", "Copy this list as a table (tab-separated)", "",
                    [this] { copy_list(); }});
  constexpr std::string_view themes[] = {"as the system", "light", "dark", "high contrast"};
  for (std::size_t i = 0; i < std::size(themes); ++i)
    list.push_back({"theme/" + std::to_string(i), "Theme: " + std::string(themes[i]), "",
                    [this, i] { port_.choose_theme(static_cast<ThemeChoice>(i)); }});
  list.push_back({"keys", "Show all keys", "?", [this] { overlay_ = Overlay::kKeys; }});
  list.push_back({"sign-out", "Sign out", "", [this] { port_.sign_out(); }});
  return list;
}

std::vector<App::Deed> App::found_rows() {
  std::vector<Deed> list;
  if (trim(palette_text_).empty()) return list;
  const Reader& rows = port_.rows();
  for (const TextHit& hit :
       rows.search({palette_text_, {&entity_of<Case>(), &entity_of<Account>()}, kFoundMax})) {
    if (const auto row = get(rows, Id<Case>(hit.id)); row && hit.entity == &entity_of<Case>())
      list.push_back({"case/" + to_string(hit.id), row->number + "  " + row->subject, "Case",
                      [this, id = row->id] { select_case(id); }});
    if (const auto row = get(rows, Id<Account>(hit.id)); row && hit.entity == &entity_of<Account>())
      list.push_back({"account/" + to_string(hit.id), row->name, "Account", [this, id = row->id] {
                        go({Screen::kAccounts, id, QueueFilter::kOpen});
                      }});
  }
  return list;
}

void App::show_palette(Ui& ui) {
  overlay_ = Overlay::kPalette;
  palette_text_.clear();
  ui.clear_text("palette/text");
  palette_row_ = 0;
  ui.focus("palette/text");
}

void App::show_more(Ui& ui) {
  show_palette(ui);
  palette_text_ = "go to";
}

void App::take_keys(Ui& ui) {
  refresh();
  if (ui.took("key/palette")) {
    if (overlay_ == Overlay::kPalette)
      overlay_ = Overlay::kNone;
    else
      show_palette(ui);
  }
  if (overlay_ != Overlay::kNone) return;
  for (const Deed& deed : deeds(ui))
    if (!deed.hint.empty() && ui.took("key/" + to_ascii_lower(deed.hint))) return deed.run();
}

void App::draw_overlay(Ui& ui) {
  if (overlay_ == Overlay::kPalette) draw_palette(ui);
  if (overlay_ == Overlay::kKeys) draw_key_list(ui);
  if (overlay_ == Overlay::kForm) draw_form(ui);
}

void App::draw_palette(Ui& ui) {
  // Before the list is made: what is chosen in the same frame is chosen of what was typed.
  const std::string before = palette_text_;
  ui.take_text("palette/text", palette_text_);
  if (palette_text_ != before) palette_row_ = 0;
  std::vector<Deed> list = found_rows();
  for (Deed& deed : deeds(ui))
    if (is_meant(deed.label, palette_text_)) list.push_back(std::move(deed));
  if (ui.took("palette/down")) ++palette_row_;
  if (ui.took("palette/up") && palette_row_ > 0) --palette_row_;
  palette_row_ = std::min(palette_row_, list.empty() ? 0 : list.size() - 1);
  const Deed* chosen = ui.took("palette/choose") && !list.empty() ? &list[palette_row_] : nullptr;
  const bool is_kept = ui.dialog("Find or do", 580, [&] {
    ui.text_field("palette/text", "A command, a case or an account", palette_text_);
    if (list.empty()) ui.empty("Nothing found", "Try a shorter word.");
    for (std::size_t i = 0; i < list.size(); ++i)
      if (ui.menu_entry("palette/" + list[i].id, list[i].label, list[i].hint, i == palette_row_))
        chosen = &list[i];
  });
  if (!is_kept || chosen != nullptr) overlay_ = Overlay::kNone;
  if (chosen != nullptr) notice_.clear();
  if (chosen != nullptr) chosen->run();
}

void App::draw_key_list(Ui& ui) {
  const bool is_kept = ui.dialog("Keys", 480, [&] {
    ui.text("Letters act while no text field has the keyboard.", Size::kSmall, true);
    if (ui.menu_entry("keys/palette", "Find or do anything", "Ctrl K", false)) show_palette(ui);
    for (const Deed& deed : deeds(ui))
      if (!deed.hint.empty() && deed.id != "keys")
        if (ui.menu_entry("keys/" + deed.id, deed.label, deed.hint, false)) {
          overlay_ = Overlay::kNone;
          deed.run();
        }
  });
  if (!is_kept) overlay_ = Overlay::kNone;
}

}  // namespace foyer::portal
