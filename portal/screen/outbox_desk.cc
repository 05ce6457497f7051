#include "screen/outbox_desk.h"

#include <algorithm>

#include "foyer/command/registry.h"
#include "foyer/view/outbox_file.h"
#include "screen/command_form.h"

namespace foyer::portal {
namespace {

// "12 MB", "3.4 GB".
std::string size_words(std::uint64_t bytes) {
  constexpr std::uint64_t kMegabyte = 1000 * 1000;
  const std::uint64_t tenths = bytes / (kMegabyte / 10);
  if (tenths >= 10000)
    return std::to_string(tenths / 10000) + "." + std::to_string(tenths / 1000 % 10) + " GB";
  if (tenths >= 100) return std::to_string(tenths / 10) + " MB";
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

bool may_edit(const Port& port, std::uint64_t mid) {
  const auto found = port.outbox().find(mid);
  const CommandInfo* info =
      found == port.outbox().end() ? nullptr : find_command(found->second.command.name);
  return info != nullptr && can_be_filled_in(*info);
}

}  // namespace

void OutboxDesk::refresh() {
  lines_ = staff_outbox(port_.outbox(), port_.rows(), port_.words());
}

void OutboxDesk::turn() {
  discarding_ = 0;
  notice_.clear();
}

void OutboxDesk::draw(Ui& ui) {
  ui.heading("Outbox");
  if (port_.status().is_online)
    ui.text("Connected. What you do reaches the server at once.", Size::kBody, true);
  else
    ui.banner("Offline. What you do is kept on this device and sent when the connection is back.",
              Tone::kNeed);
  draw_room(ui);
  if (!notice_.empty()) ui.banner(notice_, is_refused_ ? Tone::kLate : Tone::kGood);
  if (lines_.refused.empty() && lines_.waiting.empty())
    return ui.empty("Nothing waits", "Everything you did has reached the server.");
  const auto draw_all = [&](std::string_view title, const std::vector<StaffOutboxLine>& lines) {
    if (lines.empty()) return;
    ui.space(0.3F);
    ui.section(title, lines.size());
    const std::size_t shown = std::min(lines.size(), kOutboxShownMax);
    for (std::size_t i = 0; i < shown; ++i) draw_line(ui, lines[i]);
    if (shown < lines.size())
      ui.text("And " + std::to_string(lines.size() - shown) + " more after these.",
              Size::kSmall, true);
  };
  const StaffOutbox shown = lines_;  // what is pressed changes them
  draw_all("Not accepted", shown.refused);
  draw_all("Waiting to be sent, in this order", shown.waiting);
  draw_save(ui);
}

void OutboxDesk::draw_save(Ui& ui) {
  ui.space(0.6F);
  ui.text("If this device cannot send any more", Size::kTitle);
  ui.text("Save all this to a file, and give it to a supervisor: they can send it in your name. "
          "Only your company's server can read the file.",
          Size::kSmall, true);
  ui.space(0.2F);
  if (saving_ == 0 && ui.button("outbox/save", "Save what waits to a file"))
    saving_ = port_.save_outbox(outbox_file_name(port_.actor().name),
                                encode_outbox_text({port_.now(), port_.outbox()}));
}

void OutboxDesk::answered(std::uint64_t question, int status) {
  if (question != saving_ || saving_ == 0) return;
  saving_ = 0;
  is_refused_ = status != 200;
  notice_ = status == 200
                ? "Saved to a file. It is kept on this device too until it has been sent, and "
                  "nothing is done twice."
                : "No file was made: this device has not been given the key for it yet. It gets "
                  "it when it is connected and signed in.";
}

void OutboxDesk::draw_room(Ui& ui) {
  const DeviceRoom room = port_.room();
  if (!room.is_known) return;
  std::string words = room.is_lasting
                          ? "This browser promised to keep what is stored here."
                          : "This browser may clear what is stored here when its disk is full.";
  if (room.bytes_max > 0)
    words += " " + size_words(room.used_bytes) + " of " + size_words(room.bytes_max) + " are used.";
  ui.text_as("outbox/room", words, Size::kSmall, true);
}

void draw_outbox_words(Ui& ui, const std::string& id, const StaffOutboxLine& line,
                       OutboxMark mark) {
  ui.space(0.4F);
  ui.text_as(id + "/title", line.title, Size::kTitle);
  ui.text_as(id + "/since", "Written " + line.since, Size::kSmall, true);
  ui.tag_as(id + "/state", mark.state, mark.tone);
  if (line.is_refused) ui.text_as(id + "/reason", line.reason);
  if (!line.about.empty()) ui.text_as(id + "/about", line.about, Size::kBody, true);
  for (std::size_t i = 0; i < line.words.size(); ++i) {
    const std::string word = id + "/words/" + std::to_string(i);
    ui.text_as(word + "/label", line.words[i].label, Size::kSmall, true);
    ui.text_as(word, line.words[i].text);
  }
}

void OutboxDesk::draw_line(Ui& ui, const StaffOutboxLine& line) {
  draw_outbox_words(ui, "outbox/" + std::to_string(line.mid), line,
                    line.is_refused ? OutboxMark{"Not accepted", Tone::kLate}
                                    : OutboxMark{"Waiting to send", Tone::kNeed});
  draw_deeds(ui, line);
}

void OutboxDesk::draw_deeds(Ui& ui, const StaffOutboxLine& line) {
  const std::string id = "outbox/" + std::to_string(line.mid);
  if (discarding_ == line.mid) return draw_discard(ui, line);
  if (line.is_refused) {
    if (ui.button(id + "/retry", "Try again", Weight::kPrimary)) {
      const auto again = port_.retry(line.mid);
      is_refused_ = !again;
      notice_ = again ? line.title + ": it is sent again."
                      : line.title + ": still not possible. " + refusal_words(again.error());
      is_changed_ = true;
    }
    ui.flow("Edit");
    if (may_edit(port_, line.mid) && ui.button(id + "/edit", "Edit")) edit_ = line.mid;
    ui.flow("Discard");
    if (ui.button(id + "/discard", "Discard")) {
      discarding_ = line.mid;
      notice_.clear();
    }
  }
  if (line.case_id.is_null()) return;
  if (line.is_refused) ui.flow("Open the case");
  if (ui.button(id + "/case", "Open the case", Weight::kQuiet)) case_ = line.case_id;
}

void OutboxDesk::draw_discard(Ui& ui, const StaffOutboxLine& line) {
  const std::string id = "outbox/" + std::to_string(line.mid);
  ui.text_as(id + "/sure", "Discard it? Its words are deleted from this device and are nowhere "
                           "else.");
  if (ui.button(id + "/discard/yes", "Discard the words", Weight::kPrimary)) {
    port_.discard(line.mid);
    discarding_ = 0;
    is_refused_ = false;
    notice_ = line.title + ": discarded.";
    is_changed_ = true;
  }
  ui.flow("Keep it");
  if (ui.button(id + "/discard/no", "Keep it")) discarding_ = 0;
}

}  // namespace foyer::portal
