#include "foyer/pages/device_pages.h"

#include <charconv>

#include "foyer/base/text.h"
#include "foyer/command/open_case.h"
#include "foyer/model/registry.h"

namespace foyer {
namespace {

using nlohmann::json;

json line_view(const PageView& view, const OutboxLine& line) {
  std::string what = "waiting.command." + line.command;
  if (!view.words().has(what)) what = "waiting.command.other";
  json paragraphs = json::array();
  for (const std::string_view text : split(line.words, '\n'))
    if (!trim(text).empty()) paragraphs.push_back(trim(text));
  // A case that waits itself is named by its own words.
  const bool is_opening = line.command == Table<OpenCase>::name;
  const auto about = is_opening ? std::nullopt : get(view.input().reader, line.case_id);
  return {{"mid", std::to_string(line.mid)},
          {"what", view.t(what)},
          {"about", about ? json(about->subject) : json()},
          {"href", about ? json("/cases/" + to_string(about->id)) : json()},
          {"iso", to_iso(line.at)},
          {"at", view.time(line.at)},
          {"paragraphs", paragraphs},
          {"refused", line.is_refused ? json(view.error_text(line.error)) : json()}};
}

PageResult waiting_page(const PageView& view) {
  json lines = json::array();
  for (const OutboxLine& line : view.input().outbox) lines.push_back(line_view(view, line));
  return {view.respond(200, "waiting", {}, view.t("waiting.title"), {{"lines", lines}}),
          {}, {}, {}};
}

PageResult device_page(const PageView& view, bool was_asked_in_vain) {
  const bool is_kept = view.request().own_device;
  const std::string key = is_kept ? "device.kept" : "device.not_kept";
  json data = {{"kept", is_kept},
               {"text", view.t(key)},
               {"problem", was_asked_in_vain ? json(view.t("device.cannot")) : json()},
               {"waiting", !view.input().outbox.empty()}};
  return {view.respond(200, "device", {}, view.t("device.title"), std::move(data)), {}, {}, {}};
}

}  // namespace

PageResult show_waiting(const PageView& view) {
  PageResult result = waiting_page(view);
  if (view.request().method != "POST") return result;
  const std::string action = view.posted("action");
  const std::string mid = view.posted("mid");
  std::from_chars(mid.data(), mid.data() + mid.size(), result.mid);
  result.deed = action == "retry"     ? DeviceDeed::kRetry
                : action == "discard" ? DeviceDeed::kDiscard
                                      : DeviceDeed::kNone;
  result.location = "/waiting";
  return result;
}

PageResult show_device(const PageView& view) {
  const bool is_asked = view.request().method == "POST";
  PageResult result = device_page(view, is_asked || view.asked("failed") == "1");
  if (!is_asked) return result;
  result.deed = view.posted("action") == "forget" ? DeviceDeed::kForget : DeviceDeed::kKeep;
  result.location = "/device";
  return result;
}

PageResult show_offline(const PageView& view) {
  return {view.respond(200, "message", {}, view.t("offline.title"),
                       {{"text", view.t("offline.text")},
                        {"link", {{"href", "/cases"}, {"text", view.t("offline.again")}}}}),
          {}, {}, {}};
}

}  // namespace foyer
