#include "foyer/pages/kiosk_pages.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/base/text.h"
#include "foyer/pages/contract_pages.h"
#include "foyer/pages/kiosk_forms.h"

namespace foyer {
namespace {

using nlohmann::json;

constexpr std::string_view kRoot = "/kiosk/";
constexpr int kReceiptSeconds = 45;
constexpr std::size_t kNumberLengthMax = 20;

struct Tile {
  KioskForm form;
  std::string_view path;
};
constexpr Tile kTiles[] = {{KioskForm::kCheckIn, "/kiosk/check-in"},
                           {KioskForm::kOpenCase, "/kiosk/case"},
                           {KioskForm::kFeedback, "/kiosk/rate"},
                           {KioskForm::kArticles, "/kiosk/articles"},
                           {KioskForm::kBoard, "/kiosk/board"}};

PageResult shown(Response response) { return {std::move(response), {}, {}, {}}; }

PageResult not_here(const KioskView& view) {
  KioskView::Frame frame{.name = "kiosk_message", .title = view.t("kiosk.not_here.title")};
  return shown(view.respond(404, frame, {{"text", view.t("kiosk.not_here.text")}}));
}

// When somebody is at the desk again, or null while somebody is; `key` has a form for never.
json closed_text(const KioskView& view, const std::string& key) {
  const auto hours = view.hours();
  if (hours.is_open) return {};
  if (hours.opens_at.is_none()) return view.t(key + ".never");
  return view.t(key, {{"time", view.page().time(hours.opens_at)}});
}

// ---- welcome ----

PageResult welcome(KioskView& view) {
  json tiles = json::array();
  for (const Tile& tile : kTiles) {
    if (!view.offers(tile.form)) continue;
    const std::string name(name_of(tile.form));
    tiles.push_back({{"href", view.link(tile.path)},
                     {"text", view.t("kiosk.tile." + name)},
                     {"hint", view.t("kiosk.tile." + name + ".hint")},
                     {"icon", name},
                     {"is_first", tiles.empty()}});
  }
  json languages = json::array();
  for (const std::string& language : view.spoken())
    languages.push_back({{"code", language},
                         {"name", Words(language).text("kiosk.language")},
                         {"href", std::string(kRoot) + "?lang=" + language},
                         {"current", language == view.request().language}});
  if (languages.size() < 2) languages = json::array();
  json closed = closed_text(view, "kiosk.closed.text");
  if (!closed.is_null())
    closed = {{"title", view.t("kiosk.closed.title")}, {"text", std::move(closed)}};
  KioskView::Frame frame{.name = "kiosk_welcome",
                         .title = view.t("kiosk.welcome.title"),
                         .is_live = true,
                         .is_home = true};
  return shown(view.respond(
      200, frame, {{"tiles", tiles}, {"languages", languages}, {"closed", std::move(closed)}}));
}

// ---- receipt ----

// Of this device's own series: the page says no words that somebody else made up.
bool is_own_number(const KioskView& view, std::string_view number) {
  const std::string& series = view.device().series;
  if (series.empty() || number.size() > kNumberLengthMax) return false;
  if (!number.starts_with(series + "-") || number.size() == series.size() + 1) return false;
  const std::string_view digits = number.substr(series.size() + 1);
  return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

PageResult receipt(KioskView& view) {
  const std::string kind = view.page().asked("kind");
  const std::string number = view.page().asked("number");
  const bool is_known = kind == "check_in" || kind == "case" || kind == "feedback";
  if (!is_known || !is_own_number(view, number)) return not_here(view);
  const bool is_feedback = kind == "feedback";
  const std::string key = "kiosk.receipt." + kind;
  json next = json::array();
  for (const std::string_view line : {".next_1", ".next_2"}) {
    const std::string words = key + std::string(line);
    const bool is_board_line = kind == "check_in" && line == ".next_1";
    if (is_board_line && !view.offers(KioskForm::kBoard))
      next.push_back(view.t("kiosk.receipt.check_in.next_0"));
    else
      next.push_back(view.t(words));
  }
  const Instant now = view.request().now;
  json closed = closed_text(view, "kiosk.receipt.closed");
  KioskView::Frame frame{.name = "kiosk_receipt", .title = view.t(key + ".title")};
  return shown(view.respond(200, frame,
                            {{"lead", view.t(key + ".lead")},
                             {"number", is_feedback ? json() : json(number)},
                             {"code", is_feedback ? json() : json(number)},
                             {"next", next},
                             {"closed", is_feedback ? json() : std::move(closed)},
                             {"at", view.page().time(now)},
                             {"iso", to_iso(now)},
                             {"seconds", kReceiptSeconds}}));
}

// ---- articles ----

PageResult articles(KioskView& view) {
  const std::string text = view.page().posted("q").substr(0, 200);
  json rows = json::array();
  for (const Article& row : current_articles(view.page(), text))
    if (row.audience == ArticleAudience::kEverybody)
      rows.push_back({{"href", view.link("/kiosk/articles/" + to_string(row.id))},
                      {"title", row.title},
                      {"summary", row.summary}});
  KioskView::Frame frame{.name = "kiosk_articles", .title = view.t("articles.title")};
  return shown(view.respond(200, frame, {{"rows", rows}, {"q", text}}));
}

PageResult article(KioskView& view, Id<Article> id) {
  const auto row = get(view.reader(), id);
  const bool is_public = row && row->audience == ArticleAudience::kEverybody &&
                         is_current_article(*row, view.request().now);
  if (!is_public) return not_here(view);
  KioskView::Frame frame{.name = "kiosk_article", .title = row->title};
  return shown(view.respond(200, frame,
                            {{"summary", PageView::optional(row->summary)},
                             {"back", view.link("/kiosk/articles")},
                             {"blocks", article_blocks(row->body)}}));
}

// ---- the board ----

constexpr std::size_t kCalledMax = 6, kWaitingMax = 24;
// Whoever came yesterday does not wait any more, also if nobody said so.
constexpr std::int64_t kVisitMs = 18 * 60 * kMsPerMinute;

std::vector<CheckIn> visits_in(const KioskView& view, CheckInState state) {
  std::vector<CheckIn> rows;
  for (CheckIn& row : find<&CheckIn::state>(view.reader(), state))
    if (row.at > view.request().now - kVisitMs) rows.push_back(std::move(row));
  return rows;
}

PageResult board(KioskView& view) {
  auto called = visits_in(view, CheckInState::kCalled);
  sort_list(called,
            [](const CheckIn& a, const CheckIn& b) { return a.called_at > b.called_at; });
  if (called.size() > kCalledMax) called.resize(kCalledMax);
  json called_rows = json::array();
  for (const CheckIn& row : called)
    called_rows.push_back({{"number", row.number},
                           {"place", PageView::optional(row.place)},
                           {"is_latest", called_rows.empty()}});
  auto waiting = visits_in(view, CheckInState::kWaiting);
  sort_list(waiting, [](const CheckIn& a, const CheckIn& b) { return a.at < b.at; });
  json numbers = json::array();
  for (const CheckIn& row : waiting)
    if (numbers.size() < kWaitingMax) numbers.push_back(row.number);
  const auto others = static_cast<std::int64_t>(waiting.size() - numbers.size());
  const bool is_only_form = view.device().forms == KioskForms{KioskForm::kBoard};
  KioskView::Frame frame{.name = "kiosk_board",
                         .title = view.t("kiosk.board.title"),
                         .is_live = true,
                         .clears = !is_only_form};
  const json more =
      others > 0 ? json(view.page().words().plural("kiosk.board.more", others)) : json();
  return shown(view.respond(200, frame,
                            {{"called", called_rows}, {"waiting", numbers}, {"more", more}}));
}

// ---- health ----

constexpr std::int64_t kContactLateMs = 60 * kMsPerMinute;
constexpr std::int64_t kDriftMsMax = 2 * kMsPerMinute;

json health_row(std::string label, std::string text, Instant at = {}) {
  return {{"label", std::move(label)},
          {"text", std::move(text)},
          {"iso", at.is_none() ? json() : json(to_iso(at))},
          {"tag", json()},
          {"tone", json()}};
}

std::string drift_text(const KioskView& view, const KioskState& kiosk) {
  if (!kiosk.drift_ms) return view.t("kiosk.health.drift.unknown");
  const std::int64_t seconds = (std::abs(*kiosk.drift_ms) + 500) / 1000;
  if (seconds == 0) return view.t("kiosk.health.drift.none");
  return view.page().words().plural(
      *kiosk.drift_ms > 0 ? "kiosk.health.drift.behind" : "kiosk.health.drift.ahead", seconds);
}

json health_rows(const KioskView& view, const KioskState& kiosk) {
  json rows = json::array();
  const auto add = [&](std::string_view key, std::string text, Instant at = {}) {
    rows.push_back(health_row(view.t("kiosk.health." + std::string(key)), std::move(text), at));
  };
  const auto mark = [&](bool is_bad, std::string_view tone, std::string_view bad,
                        std::string_view good) {
    rows.back()["tag"] = view.t("kiosk.health." + std::string(is_bad ? bad : good));
    rows.back()["tone"] = is_bad ? tone : "good";
  };
  const auto when = [&](Instant at) {
    return at.is_none() ? view.t("kiosk.health.never") : view.page().time(at);
  };
  const Instant now = view.request().now;
  add("contact", when(kiosk.last_contact_at), kiosk.last_contact_at);
  mark(kiosk.last_contact_at < now - kContactLateMs, "need", "contact.late", "contact.good");
  add("waiting", view.page().words().plural("kiosk.health.waiting_count", kiosk.waiting));
  if (kiosk.waiting > 0)
    add("oldest", when(kiosk.oldest_waiting_at), kiosk.oldest_waiting_at);
  const std::string storage(name_of(kiosk.storage));
  add("storage", view.t("kiosk.health.storage." + storage));
  mark(kiosk.storage != StorageState::kPersisted, "need", "storage.at_risk", "storage.safe");
  add("drift", drift_text(view, kiosk));
  const bool is_far_off = kiosk.drift_ms && std::abs(*kiosk.drift_ms) > kDriftMsMax;
  if (is_far_off) mark(true, "need", "drift.far", "drift.far");
  const auto site = get(view.reader(), view.device().site);
  add("name", view.device().name);
  if (site) add("site", site->name);
  add("series", view.device().series);
  add("next", kiosk_number(view.device().series, kiosk.next_number));
  add("enrolled", when(view.device().enrolled_at), view.device().enrolled_at);
  add("version", kiosk.version.empty() ? view.t("kiosk.health.unknown") : kiosk.version);
  return rows;
}

PageResult health(KioskView& view) {
  const KioskState kiosk = view.request().kiosk.value_or(KioskState{});
  KioskView::Frame frame{.name = "kiosk_health",
                         .title = view.t("kiosk.health.title"),
                         .is_live = true};
  return shown(view.respond(200, frame, {{"rows", health_rows(view, kiosk)}}));
}

// ---- routes ----

struct Route {
  std::string_view path;
  std::optional<KioskForm> form;  // of the profile
  bool takes_post;
  PageResult (*show)(KioskView& view);
};
const Route kRoutes[] = {
    {"/kiosk/", {}, false, welcome},
    {"/kiosk/check-in", KioskForm::kCheckIn, true, kiosk_check_in},
    {"/kiosk/case", KioskForm::kOpenCase, true, kiosk_case},
    {"/kiosk/rate", KioskForm::kFeedback, true, kiosk_rate},
    {"/kiosk/receipt", {}, false, receipt},
    {"/kiosk/articles", KioskForm::kArticles, true, articles},
    {"/kiosk/board", KioskForm::kBoard, false, board},
    {"/kiosk/health", {}, false, health},
};
constexpr std::string_view kArticle = "/kiosk/articles/";

}  // namespace

bool is_kiosk_page(std::string_view path) { return path.starts_with(kRoot); }

PageResult render_kiosk_page(const PageInput& input) {
  KioskView view(input);
  if (!view.is_enrolled()) return shown(render_kiosk_entry(input));
  const std::string_view path = input.request.path;
  if (path.starts_with(kArticle) && view.offers(KioskForm::kArticles)) {
    const auto id = parse_uuid(path.substr(kArticle.size()));
    return id ? article(view, Id<Article>(*id)) : not_here(view);
  }
  for (const Route& route : kRoutes) {
    if (route.path != path) continue;
    if (route.form && !view.offers(*route.form)) break;
    if (input.request.method == "POST" && !route.takes_post)
      return shown(render_kiosk_error(input, 405));
    return route.show(view);
  }
  return not_here(view);
}

Response render_kiosk_entry(const PageInput& input) {
  const KioskView view(input);
  json problems = json::array();
  for (const std::string_view kind : {"empty", "wrong_code", "no_network", "too_many", "failed"})
    problems.push_back(
        {{"kind", kind}, {"text", view.t("kiosk.entry.problem." + std::string(kind))}});
  KioskView::Frame frame{
      .name = "kiosk_entry", .title = view.t("kiosk.entry.title"), .clears = false};
  Response response = view.respond(200, frame, {{"problems", problems}});
  for (auto& [name, value] : response.headers)
    if (name == "Cache-Control") value = "no-cache";
  return response;
}

Response render_kiosk_error(const PageInput& input, int status) {
  const KioskView view(input);
  std::string key = "page_error." + std::to_string(status);
  if (!view.page().words().has(key + ".title")) key = "page_error.500";
  KioskView::Frame frame{.name = "kiosk_message", .title = view.t(key + ".title")};
  return view.respond(status, frame, {{"text", view.t(key + ".text")}});
}

}  // namespace foyer
