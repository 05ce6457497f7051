#include "screen/outbox_file_desk.h"

#include <algorithm>

#include "foyer/schema/binary.h"
#include "foyer/view/import.h"

namespace foyer::portal {
namespace {

constexpr std::string_view kField = "outbox_file/file";

std::string changes(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " change" : " changes");
}

}  // namespace

void OutboxFileDesk::start_over() {
  file_.reset();
  answer_.reset();
  is_sent_ = false;
  trouble_.clear();
  question_ = 0;
  deed_ = Deed::kNone;
}

void OutboxFileDesk::picked(PickedFile file) {
  if (deed_ == Deed::kSend) return;
  start_over();
  is_open_ = true;
  trouble_ = refuse_outbox_file(file.size, file.head);
  file_ = std::move(file);
  if (trouble_.empty()) ask(Deed::kLook);
}

void OutboxFileDesk::ask(Deed deed) {
  deed_ = deed;
  trouble_.clear();
  question_ =
      port_.ask({outbox_file_path(file_->name, deed == Deed::kLook), file_->field, {}});
}

void OutboxFileDesk::answered(std::uint64_t question, int status, std::string_view body) {
  if (question != question_ || deed_ == Deed::kNone) return;
  const Deed deed = std::exchange(deed_, Deed::kNone);
  question_ = 0;
  auto answer = decode<OutboxFileAnswer>(body);
  if (status == 0 && deed == Deed::kSend)
    trouble_ = "The connection broke before the server answered. Import the same file again: "
               "nothing is done twice.";
  else if (status != 200)
    trouble_ = import_failure_words(status);
  else if (!answer)
    trouble_ = "The server's answer could not be read. Reload the page and try again.";
  if (!trouble_.empty()) return;
  is_sent_ = deed == Deed::kSend && answer->problem.empty();
  answer_ = std::move(*answer);
}

void OutboxFileDesk::draw_door(Ui& ui) {
  if (!may_import(port_.actor()) || !port_.status().is_online) return;
  ui.space(0.6F);
  ui.text("What a device could not send", Size::kTitle);
  ui.text("Somebody's device cannot reach the server any more, and they saved what waited there to "
          "a file: send it in their name.",
          Size::kSmall, true);
  ui.space(0.2F);
  if (ui.button("outbox_file/open", "Import an outbox file")) is_open_ = true;
}

void OutboxFileDesk::draw(Ui& ui) {
  ui.heading("Import an outbox file");
  ui.text("You see whose changes the file holds before anything is sent. Each is sent in its "
          "author's name and with their rights as of now, once: what has arrived already, from "
          "the device or from a file, is not done again.",
          Size::kBody, true);
  ui.space(0.3F);
  if (!port_.status().is_online)
    ui.banner("Only the server can open the file. You are offline; this page goes on when the "
              "connection is back.",
              Tone::kNeed);
  else
    draw_file(ui);
  if (!trouble_.empty()) ui.banner(trouble_, Tone::kLate);
  if (deed_ != Deed::kNone)
    ui.text(deed_ == Deed::kLook ? "The file is being opened." : "The changes are being sent.");
  if (answer_) {
    if (!answer_->problem.empty())
      ui.banner(outbox_problem_words(answer_->problem), Tone::kLate);
    if (const auto view = outbox_file_view(*answer_, port_.rows(), port_.words()))
      draw_found(ui, *view);
  }
  if (deed_ != Deed::kNone) return;
  ui.space(0.4F);
  if (ui.button("outbox_file/close", "Back to imports", Weight::kQuiet)) {
    start_over();
    is_open_ = false;
  }
}

void OutboxFileDesk::draw_file(Ui& ui) {
  if (deed_ == Deed::kSend) return;
  if (file_)
    ui.file_field(kField, file_->name, "Choose another one here.");
  else
    ui.file_field(kField, "Choose an outbox file", "or drop it here.");
}

void OutboxFileDesk::draw_found(Ui& ui, const OutboxFileView& view) {
  const std::size_t all = view.waiting.size() + view.refused.size() + view.arrived.size();
  if (all == 0) return;
  ui.space(0.4F);
  if (is_sent_) {
    const auto sent = static_cast<std::size_t>(answer_->sent);
    ui.banner(changes(sent) + " sent in the name of " + view.author + "." +
                  (view.refused.empty() ? "" : " " + changes(view.refused.size()) +
                                                   " not accepted: the reasons are below. Keep "
                                                   "the file until that is settled."),
              view.refused.empty() ? Tone::kGood : Tone::kNeed);
  } else {
    ui.text_as("outbox_file/author", changes(all) + " of " + view.author, Size::kTitle);
    ui.text_as("outbox_file/saved", "Saved to a file " + view.saved_at, Size::kSmall, true);
  }
  if (answer_->is_hidden == 1)
    ui.text("Your role does not read what people write to each other: only what kind of change "
            "each is, is shown.",
            Size::kSmall, true);
  const bool may_send = answer_->problem.empty() && deed_ == Deed::kNone;
  if (!is_sent_ && view.waiting.empty() && answer_->problem.empty())
    ui.banner("Nothing to send: everything in this file has arrived, or was refused before.",
              Tone::kBusy);
  else if (!view.waiting.empty() && may_send && port_.status().is_online &&
           ui.button("outbox_file/send", "Send " + changes(view.waiting.size()), Weight::kPrimary))
    ask(Deed::kSend);
  draw_lines(ui, {"Not accepted", Tone::kLate}, view.refused);
  draw_lines(ui, {"Not here yet", Tone::kNeed}, view.waiting);
  draw_lines(ui, {"Arrived", Tone::kGood}, view.arrived);
}

void OutboxFileDesk::draw_lines(Ui& ui, OutboxMark mark,
                                const std::vector<StaffOutboxLine>& lines) {
  if (lines.empty()) return;
  ui.space(0.3F);
  ui.section(mark.state, lines.size());
  const std::size_t shown = std::min(lines.size(), kOutboxShownMax);
  for (std::size_t i = 0; i < shown; ++i)
    draw_outbox_words(ui, "outbox_file/" + std::to_string(lines[i].mid), lines[i], mark);
  if (shown < lines.size())
    ui.text("And " + std::to_string(lines.size() - shown) + " more after these.", Size::kSmall,
            true);
}

}  // namespace foyer::portal
