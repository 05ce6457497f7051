#include "foyer/pages/device_pages.h"

#include <algorithm>
#include <charconv>

#include "foyer/base/text.h"
#include "foyer/command/open_case.h"
#include "foyer/command/registry.h"
#include "foyer/model/registry.h"

namespace foyer {
namespace {

using nlohmann::json;

// What the person wrote themselves: the texts that a command cannot do without.
bool is_written(const Field& field) {
  return field.type == FieldType::kText && field.has(kRequired);
}

// The command as it lies in the outbox; nothing for one that this build does not know.
struct Written {
  const CommandInfo* info;
  AnyRow arguments;
};
std::optional<Written> written(const OutboxLine& line) {
  const CommandInfo* info = find_command(line.command);
  if (info == nullptr || info->version != line.version) return std::nullopt;
  AnyRow arguments(*info->arguments);
  if (!decode(*info->arguments, line.arguments, arguments.get())) return std::nullopt;
  return Written{info, std::move(arguments)};
}

bool may_edit(const OutboxLine& line) {
  const auto found = line.is_refused ? written(line) : std::nullopt;
  if (!found) return false;
  const auto& fields = found->info->arguments->fields;
  return std::any_of(fields.begin(), fields.end(), is_written);
}

// The fields of the form in which the words are written anew: as they were, or as posted.
json edit_fields(const PageView& view, const OutboxLine& line, bool is_posted) {
  json fields = json::array();
  const auto found = written(line);
  if (!found) return fields;
  for (const Field& field : found->info->arguments->fields) {
    if (!is_written(field)) continue;
    PageView::FieldView shown;
    shown.name = field.key;
    shown.kind = field.options.widget == Widget::kParagraph ? "paragraph" : "text";
    shown.label = view.t("waiting.field." + std::string(field.key));
    json made = view.field(shown);
    if (!is_posted) made["value"] = field.value<std::string>(found->arguments.get());
    fields.push_back(std::move(made));
  }
  return fields;
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

json line_view(const PageView& view, const OutboxLine& line) {
  std::string what = "waiting.command." + line.command;
  if (!view.words().has(what)) what = "waiting.command.other";
  json paragraphs = json::array();
  for (const std::string_view text : split(line.words, '\n'))
    if (!trim(text).empty()) paragraphs.push_back(trim(text));
  // A case that waits itself is named by its own words.
  const bool is_opening = line.command == Table<OpenCase>::name;
  const auto about = is_opening ? std::nullopt : get(view.input().reader, line.case_id);
  const bool is_posted = view.request().failure.has_value() && view.posted("action") == "edit";
  const bool is_edited =
      may_edit(line) &&
      number_in(is_posted ? view.posted("mid") : view.asked("edit")) == line.mid;
  return {{"mid", std::to_string(line.mid)},
          {"what", view.t(what)},
          {"about", about ? json(about->subject) : json()},
          {"href", about ? json("/cases/" + to_string(about->id)) : json()},
          {"iso", to_iso(line.at)},
          {"at", view.time(line.at)},
          {"paragraphs", paragraphs},
          {"still", line.is_refused && number_in(view.asked("still")) == line.mid},
          {"may_edit", may_edit(line)},
          {"fields", is_edited ? edit_fields(view, line, is_posted) : json()},
          {"refused", line.is_refused ? json(view.error_text(line.error)) : json()}};
}

PageResult waiting_page(const PageView& view) {
  json lines = json::array();
  for (const OutboxLine& line : view.input().outbox) lines.push_back(line_view(view, line));
  const std::string key = view.request().own_device ? "waiting.empty_text" : "waiting.empty_direct";
  const auto& failure = view.request().failure;
  const int status = failure ? error_info(failure->code).http_status : 200;
  return {view.respond(status, "waiting", {}, view.t("waiting.title"),
                       {{"lines", lines}, {"empty", view.t(key)}}),
          {}, {}, {}};
}

// The refused command with the words as they are posted; nothing if there is none to be had.
std::optional<Command> edited(const PageView& view, std::uint64_t mid) {
  for (const OutboxLine& line : view.input().outbox) {
    if (line.mid != mid || !may_edit(line)) continue;
    auto found = written(line);
    for (const Field& field : found->info->arguments->fields)
      if (is_written(field))
        field.value<std::string>(found->arguments.get()) = view.posted(field.key);
    return Command{line.command, line.version,
                   encode(*found->info->arguments, found->arguments.get())};
  }
  return std::nullopt;
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
  result.mid = number_in(view.posted("mid"));
  result.location = "/waiting";
  if (action == "edit") {
    if (!view.request().failure) result.command = edited(view, result.mid);
    return result;
  }
  result.deed = action == "retry"     ? DeviceDeed::kRetry
                : action == "discard" ? DeviceDeed::kDiscard
                                      : DeviceDeed::kNone;
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
