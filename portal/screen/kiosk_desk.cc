#include "screen/kiosk_desk.h"

#include <algorithm>

#include "foyer/base/text.h"

namespace foyer::portal {
namespace {

constexpr std::string_view kName = "kiosks/name", kSeries = "kiosks/series",
                           kReason = "kiosks/reason";
constexpr Ui::Column kColumns[] = {{"Name", 0},          {"Health", 15}, {"Last contact", 10},
                                   {"Not handed over", 9}, {"Site", 11},  {"Series", 5}};

// Of a select whose first entry stands for none.
std::size_t place_in(const std::vector<KioskChoice>& list, const Uuid& id) {
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i].id == id) return i + 1;
  return 0;
}

template <class T>
void choose(Ui& ui, std::string_view id, std::string_view title, std::string none,
            const std::vector<KioskChoice>& list, Id<T>& value) {
  ui.text_as(std::string(id) + "/title", title, Size::kSmall, true);
  std::vector<std::string> labels{std::move(none)};
  for (const KioskChoice& choice : list) labels.push_back(choice.label);
  std::size_t chosen = place_in(list, value);
  ui.select(id, title, labels, chosen);
  value = chosen == 0 ? Id<T>() : Id<T>(list[chosen - 1].id);
}

// A switch whose words say how it stands.
bool flip(Ui& ui, const std::string& id, std::string_view title, bool is_on, bool is_first) {
  const std::string label = std::string(title) + (is_on ? ": yes" : ": no");
  if (!is_first) ui.flow(label);
  return ui.button(id, label, Weight::kSecondary, is_on);
}

}  // namespace

void KioskDesk::refresh(const PortalRoute& route) {
  route_ = route;
  const Reader& rows = port_.rows();
  rows_ = kiosk_rows(rows, port_.now(), port_.words());
  kiosk_ = kiosk_view(rows, port_.actor(), Id<Device>(route.selected), port_.now(), port_.words());
  if (!kiosk_ || !code_ || !(kiosk_->is_enrolled || kiosk_->is_revoked)) return;
  code_.reset();
  if (!kiosk_->is_enrolled) return;
  is_refused_ = false;
  notice_ = kiosk_->row.name + " is set up: the code was used.";
}

void KioskDesk::turn() {
  if (!std::exchange(is_notice_kept_, false)) notice_.clear();
  reason_.clear();
  if (!std::exchange(is_form_kept_, false)) profile_.reset();
  code_.reset();
  question_ = 0;
  is_revoking_ = false;
  is_text_stale_ = true;
}

void KioskDesk::wish_row(Uuid selected) {
  if (selected == route_.selected) return;
  PortalRoute route = route_;
  route.screen = Screen::kKiosks;
  route.selected = selected;
  wish_ = std::move(route);
}

bool KioskDesk::submit(Command command, std::string said) {
  const auto done = port_.submit(std::move(command));
  is_changed_ = true;
  is_refused_ = !done;
  notice_ = done ? std::move(said) : kiosk_refusal_words(done.error());
  return done.has_value();
}

void KioskDesk::begin(SetUpKiosk profile) {
  profile_ = std::move(profile);
  choices_ = kiosk_choices(port_.rows());
  notice_.clear();
  is_text_stale_ = true;
}

void KioskDesk::begin_new() {
  is_new_ = true;
  begin(new_profile(port_.rows(), Id<Device>(port_.new_id())));
}

void KioskDesk::ask_for_code() {
  code_.reset();
  notice_.clear();
  question_ = port_.ask(
      {"/staff/api/device-code", {}, device_code_question(kiosk_->row.id)});
}

void KioskDesk::answered(std::uint64_t question, int status, std::string_view body) {
  if (question == 0 || question != question_) return;
  question_ = 0;
  if (status == 200) code_ = parse_device_code(body);
  if (code_) return;
  is_refused_ = true;
  notice_ = status == 200 ? "The server's answer could not be read. Reload the page and try again."
                          : device_code_failure_words(status);
}

void KioskDesk::draw_list(Ui& ui) {
  ui.heading("Kiosks");
  if (!may_keep_kiosks(port_.actor()))
    return ui.empty("Your role may not keep kiosks",
                    "Supervisors, service managers and administrators may.");
  if (std::exchange(is_text_stale_, false))
    for (const std::string_view id : {kName, kSeries, kReason}) ui.clear_text(id);
  ui.text("Screens in a foyer at which visitors check in, open cases and rate visits, for days "
          "without a network.",
          Size::kBody, true);
  if (!port_.status().is_online)
    ui.banner("Offline: how the kiosks are is as old as the last contact. Codes need the server.",
              Tone::kNeed);
  if (route_.selected.is_null() && !profile_) draw_notice(ui);
  if (ui.button("kiosks/new", "Set up a kiosk", profile_ ? Weight::kQuiet : Weight::kPrimary)) {
    is_form_kept_ = !route_.selected.is_null();  // the row that is shown goes, the form stays
    wish_row({});
    begin_new();
  }
  if (!rows_.empty()) return draw_table(ui);
  if (!port_.status().is_loaded) return ui.empty("Loading", "The kiosks are on their way.");
  ui.empty("No kiosk yet", "Set one up here, then type its code at the device itself.");
}

void KioskDesk::draw_table(Ui& ui) {
  const float width = ui.available_width();
  const std::size_t shown = width > 1000 ? 6 : width > 760 ? 4 : width > 520 ? 3 : 2;
  std::vector<Ui::Column> columns(std::begin(kColumns), std::begin(kColumns) + shown);
  if (shown == 2) columns[1].width_em = 10;
  int current = -1;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i].id == route_.selected) current = static_cast<int>(i);
  const auto result = ui.table(
      "kiosks", "Kiosks", columns, {}, static_cast<int>(rows_.size()), current,
      [&](int i, std::vector<Ui::Cell>& cells) {
        const KioskRow& row = rows_[static_cast<std::size_t>(i)];
        cells.push_back({row.name, {}});
        cells.push_back({row.health, row.tone, true});
        for (const auto* text : {&row.contact, &row.waiting, &row.site, &row.series})
          if (cells.size() < shown) cells.push_back({*text, {}});
      });
  if (result.clicked_row < 0) return;
  profile_.reset();
  wish_row(rows_[static_cast<std::size_t>(result.clicked_row)].id);
}

void KioskDesk::draw_notice(Ui& ui) {
  if (!notice_.empty()) ui.banner(notice_, is_refused_ ? Tone::kLate : Tone::kGood);
}

void KioskDesk::draw_detail(Ui& ui) {
  if (std::exchange(is_text_stale_, false))
    for (const std::string_view id : {kName, kSeries, kReason}) ui.clear_text(id);
  if (ui.is_narrow() && ui.button("kiosks/back", "Back to the list", Weight::kQuiet)) {
    profile_.reset();
    return wish_row({});
  }
  if (profile_) return draw_form(ui);
  if (!kiosk_)
    return ui.empty("This kiosk is not here",
                    "It does not exist, or your role may not read it. It may still be loading.");
  draw_kiosk(ui);
}

void KioskDesk::draw_kiosk(Ui& ui) {
  const KioskDetails& view = *kiosk_;
  ui.heading(view.row.name);
  ui.tag(view.state, view.tone);
  draw_notice(ui);
  for (const KioskTrouble& trouble : view.troubles) ui.banner(trouble.words + ".", trouble.tone);
  if (view.may_keep) draw_deeds(ui);
  ui.space(0.3F);
  for (const CaseFact& fact : kiosk_->profile) ui.fact(fact);
  if (view.health.empty()) return;
  ui.space(0.4F);
  ui.text("How it is", Size::kTitle);
  for (const CaseFact& fact : kiosk_->health) ui.fact(fact);
}

void KioskDesk::draw_deeds(Ui& ui) {
  ui.space(0.2F);
  if (!kiosk_->is_enrolled) {
    const bool is_asked = code_.has_value() || question_ != 0;
    if (ui.button("kiosks/code", code_ ? "Another code" : "Show its one-time code",
                  is_asked ? Weight::kSecondary : Weight::kPrimary) &&
        question_ == 0)
      ask_for_code();
    ui.flow("Change");
  }
  if (ui.button("kiosks/change", "Change")) {
    is_new_ = false;
    return begin(profile_of(kiosk_->row));
  }
  ui.flow("Revoke");
  if (ui.button("kiosks/revoke", "Revoke", Weight::kSecondary, is_revoking_))
    is_revoking_ = !is_revoking_;
  if (question_ != 0) ui.text("The server makes a code.", Size::kSmall, true);
  if (code_) draw_code(ui);
  if (is_revoking_) draw_revoke(ui);
}

void KioskDesk::draw_code(Ui& ui) {
  ui.space(0.3F);
  if (code_->expires_at <= port_.now())
    return ui.banner("The code is not valid any more. Ask for another one.", Tone::kNeed);
  ui.text("On the device, open this server's address with /kiosk/ behind it, and type:");
  ui.text_as("kiosks/code/shown", code_->code, Size::kLarge);
  ui.text_as("kiosks/code/until",
             "Valid until " + port_.words().when(code_->expires_at) +
                 ", once, for this kiosk. Another code makes this one void.",
             Size::kSmall, true);
}

void KioskDesk::draw_revoke(Ui& ui) {
  ui.space(0.3F);
  ui.banner("Revoking is for good. The device forgets everything that it holds, its key too, as "
            "soon as it has contact. What it had not handed over it hands over then, and you find "
            "it under Visitors, Not taken. To use the device again, set up a new kiosk with a "
            "series of its own.",
            Tone::kLate);
  ui.text("Why", Size::kSmall, true);
  ui.text_field(kReason, "Why it is revoked", reason_);
  const Id<Device> id = kiosk_->row.id;
  if (ui.button("kiosks/revoke/done", "Revoke " + kiosk_->row.name + " for good",
                Weight::kPrimary)) {
    const std::string reason(trim(reason_));
    if (submit(make_command(RevokeDevice{id, reason, {}}), kiosk_->row.name + " is revoked.")) {
      is_revoking_ = false;
      reason_.clear();
      is_text_stale_ = true;
    }
    return;
  }
  ui.flow("Never mind");
  if (ui.button("kiosks/revoke/leave", "Never mind", Weight::kQuiet)) is_revoking_ = false;
}

void KioskDesk::draw_form(Ui& ui) {
  ui.heading(is_new_ ? "Set up a kiosk" : "Change " + (kiosk_ ? kiosk_->row.name : profile_->name));
  draw_notice(ui);
  ui.text("Name", Size::kSmall, true);
  ui.text_field(kName, "Name of the kiosk, such as Front door", profile_->name);
  draw_form_places(ui);
  draw_form_offers(ui);
  draw_form_end(ui);
}

void KioskDesk::draw_form_places(Ui& ui) {
  SetUpKiosk& profile = *profile_;
  choose(ui, "kiosks/site", "Site where it stands", "Choose a site", choices_.sites, profile.site);
  choose(ui, "kiosks/account", "Account that its cases are opened on", "Choose an account",
         choices_.accounts, profile.account);
  const bool is_fixed = !is_new_ && kiosk_ && kiosk_->is_enrolled;
  if (is_fixed) {
    ui.fact({"Series", profile.series + ": fixed, since it has given out numbers", Tone::kCalm});
  } else {
    ui.text("Series of its numbers", Size::kSmall, true);
    ui.text_field(kSeries, "Series of its numbers, such as K7", profile.series);
  }
  choose(ui, "kiosks/calendar", "When somebody is there", "Not said", choices_.calendars,
         profile.calendar);
}

void KioskDesk::draw_form_offers(Ui& ui) {
  SetUpKiosk& profile = *profile_;
  ui.text("What visitors can do", Size::kSmall, true);
  for (std::size_t i = 0; i < kNames<KioskForm>.size(); ++i) {
    const auto form = static_cast<KioskForm>(i);
    if (flip(ui, "kiosks/form/" + std::string(name_of(form)), title_of(form),
             profile.forms.has(form), i == 0))
      profile.forms.bits ^= KioskForms{form}.bits;
  }
  ui.text("Languages, the first chosen comes first", Size::kSmall, true);
  bool is_first = true;
  for (const KioskLanguage& language : kiosk_languages()) {
    auto& tags = profile.languages;
    const auto at = std::find(tags.begin(), tags.end(), language.tag);
    const bool is_on = at != tags.end();
    if (flip(ui, "kiosks/language/" + std::string(language.tag), language.name, is_on,
             std::exchange(is_first, false))) {
      if (is_on) tags.erase(at);
      else tags.emplace_back(language.tag);
    }
  }
  ui.text("A visit is taken for over after", Size::kSmall, true);
  std::vector<std::string> labels;
  std::size_t chosen = 0;
  for (const std::int64_t seconds : kIdleChoices) {
    if (seconds == profile.idle_seconds) chosen = labels.size();
    labels.push_back(idle_words(seconds));
  }
  const bool is_other =
      std::find(std::begin(kIdleChoices), std::end(kIdleChoices), profile.idle_seconds) ==
      std::end(kIdleChoices);
  if (is_other) {
    chosen = labels.size();
    labels.push_back(idle_words(profile.idle_seconds));
  }
  ui.select("kiosks/idle", "A visit is taken for over after", labels, chosen, 300);
  if (chosen < std::size(kIdleChoices)) profile.idle_seconds = kIdleChoices[chosen];
}

void KioskDesk::draw_form_end(Ui& ui) {
  ui.space(0.3F);
  if (ui.button("kiosks/save", is_new_ ? "Set it up" : "Save the changes", Weight::kPrimary))
    return save();
  ui.flow("Never mind");
  if (ui.button("kiosks/leave", "Never mind", Weight::kQuiet)) {
    profile_.reset();
    notice_.clear();
  }
}

void KioskDesk::save() {
  SetUpKiosk profile = *profile_;
  profile.name = trim(profile.name);
  std::string series(trim(profile.series));
  for (char& c : series)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  profile.series = std::move(series);
  const std::string said =
      is_new_ ? profile.name + " is set up here. Now show its code, and type it at the device."
              : "The changes are saved.";
  if (!submit(make_command(profile), said)) return;
  profile_.reset();
  is_notice_kept_ = route_.selected != profile.device;
  wish_row(profile.device);
}

}  // namespace foyer::portal
