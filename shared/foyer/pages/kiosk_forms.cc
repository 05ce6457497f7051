#include "foyer/pages/kiosk_forms.h"

#include <algorithm>

#include "foyer/base/text.h"
#include "foyer/command/kiosk_visit.h"
#include "foyer/schema/validate.h"

namespace foyer {
namespace {

using nlohmann::json;

constexpr int kRatingMax = 5;
constexpr int kPhoneDigitsMin = 5;

std::string words_in(const KioskView& view, std::string_view field) {
  return std::string(trim(view.page().posted(field)));
}

bool is_first_post(const KioskView& view) {
  return view.request().method == "POST" && !view.request().failure;
}

std::string next_number(const KioskView& view) {
  const auto& kiosk = view.request().kiosk;
  return kiosk ? kiosk_number(view.device().series, kiosk->next_number) : std::string();
}

// An address or a number that somebody could use, in whatever way it is written.
bool is_reachable(std::string_view contact) {
  if (contact.empty()) return true;
  const auto at = contact.find('@');
  if (at != std::string_view::npos) return at > 0 && at + 1 < contact.size();
  return std::count_if(contact.begin(), contact.end(), [](char c) {
           return c >= '0' && c <= '9';
         }) >= kPhoneDigitsMin;
}

// What the arguments' own table says about the fields that a page asks for.
template <class Args>
void check_fields(KioskView& view, const Args& args, const std::vector<std::string_view>& fields) {
  for (Error& error : validate(entity_of<Args>(), &args))
    if (std::find(fields.begin(), fields.end(), error.field) != fields.end())
      view.add_problem(std::move(error));
  const bool asks = std::find(fields.begin(), fields.end(), "visitor_contact") != fields.end();
  if (asks && !is_reachable(words_in(view, "visitor_contact")))
    view.add_problem({ErrorCode::kInvalid, "visitor_contact", "not_reachable"});
  view.order_problems(fields);
}

template <class Args>
PageResult to_seal(const KioskView& view, const Args& args, std::string_view kind) {
  PageResult result;
  result.command = make_command(args);
  result.command_id = view.page().posted_id("command_id");
  result.location = "/kiosk/receipt?number=" + args.number + "&kind=" + std::string(kind) +
                    "&lang=" + view.request().language;
  return result;
}

PageResult shown(const KioskView& view, std::string_view name, std::string title, json data) {
  KioskView::Frame frame{.name = name, .title = std::move(title)};
  return {view.respond(view.status(), frame, std::move(data)), {}, {}, {}};
}

json name_field(const KioskView& view) {
  return view.field({.name = "visitor_name",
                     .label = view.t("kiosk.visitor_name"),
                     .capitals = "words"});
}

json contact_field(const KioskView& view, std::string_view why) {
  return view.field({.name = "visitor_contact",
                     .label = view.t("kiosk.visitor_contact"),
                     .hint = view.t(why),
                     .mode = "email",
                     .capitals = "none"});
}

json about_field(const KioskView& view, std::string_view key) {
  return view.field({.name = "about",
                     .label = view.t(key),
                     .hint = view.t(std::string(key) + ".hint"),
                     .capitals = "characters"});
}

// ---- check in ----

std::optional<VisitReason> reason_of(std::string_view name) {
  const auto& names = kNames<VisitReason>;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<VisitReason>(found - names.begin());
}

PageResult check_in_page(const KioskView& view) {
  std::vector<KioskView::Choice> reasons;
  for (const std::string_view name : kNames<VisitReason>)
    reasons.push_back({std::string(name), view.t("kiosk.reason." + std::string(name)),
                       std::string(name)});
  json choices = json::array({view.choices("reason", view.t("kiosk.check_in.reason"), {},
                                           reasons)});
  json fields = json::array({name_field(view),
                             contact_field(view, "kiosk.check_in.contact_hint"),
                             about_field(view, "kiosk.check_in.about")});
  json hidden = json::array({view.hidden_id("command_id"), view.hidden_id("check_in")});
  return shown(view, "kiosk_check_in", view.t("kiosk.check_in.title"),
               {{"form", {{"choices", choices}, {"fields", fields}, {"hidden", hidden}}}});
}

// ---- open a case ----

constexpr std::string_view kSteps[] = {"about", "reach", "check"};
constexpr std::string_view kWords[] = {"subject", "body", "visitor_name", "visitor_contact"};
constexpr std::size_t kWordsOfFirstStep = 2;

std::size_t step_named(std::string_view name) {
  const auto found = std::find(std::begin(kSteps), std::end(kSteps), name);
  return found == std::end(kSteps) ? 0 : static_cast<std::size_t>(found - kSteps);
}

std::vector<std::string_view> words_of_step(std::size_t step) {
  if (step == 0) return {kWords[0], kWords[1]};
  if (step == 1) return {kWords[2], kWords[3]};
  return {};
}

OpenCaseAtKiosk case_from(const KioskView& view) {
  OpenCaseAtKiosk args;
  args.case_id = Id<Case>(view.page().posted_id("case_id"));
  args.message = Id<Message>(view.page().posted_id("message_id"));
  args.number = next_number(view);
  args.subject = words_in(view, "subject");
  args.body = words_in(view, "body");
  args.visitor_name = words_in(view, "visitor_name");
  args.visitor_contact = words_in(view, "visitor_contact");
  args.at = view.request().now;
  return args;
}

json case_fields(const KioskView& view, std::size_t step) {
  json fields = json::array();
  if (step == 0) {
    fields.push_back(view.field({.name = "subject",
                                 .label = view.t("kiosk.case.subject"),
                                 .hint = view.t("kiosk.case.subject.hint"),
                                 .is_optional = false}));
    fields.push_back(view.field({.name = "body",
                                 .kind = "paragraph",
                                 .label = view.t("kiosk.case.body"),
                                 .hint = view.t("kiosk.case.body.hint"),
                                 .is_optional = false}));
  }
  if (step == 1) {
    fields.push_back(name_field(view));
    fields.push_back(contact_field(view, "kiosk.case.contact_hint"));
  }
  return fields;
}

json case_answers(const KioskView& view) {
  json answers = json::array();
  for (std::size_t i = 0; i < std::size(kWords); ++i) {
    const std::string_view field = kWords[i];
    const std::string key = i < kWordsOfFirstStep ? "kiosk.case." : "kiosk.";
    answers.push_back({{"label", view.t(key + std::string(field))},
                       {"text", PageView::optional(words_in(view, field))},
                       {"change", kSteps[i < kWordsOfFirstStep ? 0 : 1]}});
  }
  return answers;
}

PageResult case_page(const KioskView& view, std::size_t step) {
  json hidden = json::array({KioskView::hidden("step", std::string(kSteps[step])),
                             view.hidden_id("command_id"), view.hidden_id("case_id"),
                             view.hidden_id("message_id")});
  const auto asked = words_of_step(step);
  for (const std::string_view field : kWords)
    if (std::find(asked.begin(), asked.end(), field) == asked.end())
      hidden.push_back(KioskView::hidden(field, view.page().posted(field)));
  const std::string title = "kiosk.case." + std::string(kSteps[step]) + ".title";
  json data = {{"progress", view.t("kiosk.case.progress",
                                   {{"step", std::to_string(step + 1)},
                                    {"steps", std::to_string(std::size(kSteps))}})},
               {"form", {{"fields", case_fields(view, step)}, {"hidden", hidden}}},
               {"answers", step == 2 ? case_answers(view) : json::array()},
               {"is_first", step == 0}};
  return shown(view, "kiosk_case", view.t(title), std::move(data));
}

// The step that asks for what a refused command is about.
std::size_t step_with_problem(const KioskView& view) {
  for (std::size_t step = 0; step < std::size(kSteps); ++step)
    for (const std::string_view field : words_of_step(step))
      if (view.has_problem_in(field)) return step;
  return std::size(kSteps) - 1;
}

// ---- rate ----

PageResult rate_page(const KioskView& view) {
  std::vector<KioskView::Choice> faces;
  for (int rating = kRatingMax; rating >= 1; --rating) {
    const std::string value = std::to_string(rating);
    faces.push_back({value, view.t("kiosk.rate." + value), value});
  }
  json choices = json::array({view.choices("rating", view.t("kiosk.rate.question"), {}, faces)});
  json fields = json::array({view.field({.name = "comment",
                                         .kind = "paragraph",
                                         .label = view.t("kiosk.rate.comment"),
                                         .hint = view.t("kiosk.rate.comment.hint"),
                                         .rows = 3}),
                             about_field(view, "kiosk.rate.about")});
  json hidden = json::array({view.hidden_id("command_id"), view.hidden_id("feedback")});
  return shown(view, "kiosk_rate", view.t("kiosk.rate.title"),
               {{"form", {{"choices", choices}, {"fields", fields}, {"hidden", hidden}}}});
}

}  // namespace

PageResult kiosk_check_in(KioskView& view) {
  if (!is_first_post(view)) return check_in_page(view);
  const auto reason = reason_of(view.page().posted("reason"));
  if (!reason) view.add_problem({ErrorCode::kInvalid, "reason", "required"});
  CreateCheckIn args;
  args.check_in = Id<CheckIn>(view.page().posted_id("check_in"));
  args.number = next_number(view);
  args.reason = reason.value_or(VisitReason{});
  args.visitor_name = words_in(view, "visitor_name");
  args.visitor_contact = words_in(view, "visitor_contact");
  args.about = words_in(view, "about");
  args.at = view.request().now;
  check_fields(view, args, {"reason", "visitor_name", "visitor_contact", "about"});
  return view.problems().empty() ? to_seal(view, args, "check_in") : check_in_page(view);
}

PageResult kiosk_case(KioskView& view) {
  if (view.request().method != "POST") return case_page(view, 0);
  if (view.request().failure) return case_page(view, step_with_problem(view));
  const std::size_t step = step_named(view.page().posted("step"));
  const std::string go = view.page().posted("go");
  if (go == "back") return case_page(view, step == 0 ? 0 : step - 1);
  if (go == kSteps[0] || go == kSteps[1]) return case_page(view, step_named(go));
  const auto args = case_from(view);
  const bool is_last = step + 1 == std::size(kSteps);
  // At the end everything is looked at again: hidden fields are only fields.
  check_fields(view, args, is_last ? std::vector<std::string_view>(kWords, std::end(kWords))
                                   : words_of_step(step));
  if (!view.problems().empty()) return case_page(view, step_with_problem(view));
  return is_last ? to_seal(view, args, "case") : case_page(view, step + 1);
}

PageResult kiosk_rate(KioskView& view) {
  if (!is_first_post(view)) return rate_page(view);
  GiveFeedback args;
  const std::string rating = view.page().posted("rating");
  const bool is_chosen = rating.size() == 1 && rating[0] >= '1' && rating[0] <= '5';
  args.rating = is_chosen ? rating[0] - '0' : 1;
  if (!is_chosen) view.add_problem({ErrorCode::kInvalid, "rating", "required"});
  args.feedback = Id<Feedback>(view.page().posted_id("feedback"));
  args.number = next_number(view);
  args.about = words_in(view, "about");
  args.comment = words_in(view, "comment");
  args.at = view.request().now;
  check_fields(view, args, {"rating", "comment", "about"});
  return view.problems().empty() ? to_seal(view, args, "feedback") : rate_page(view);
}

}  // namespace foyer
