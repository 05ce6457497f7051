#include "foyer/view/outbox_file.h"

#include <algorithm>

#include "foyer/view/import.h"
#include "foyer/view/named_words.h"
#include "foyer/view/route.h"

namespace foyer {
namespace {

constexpr NamedWords kProblems[] = {
    {"no_outbox_file", "This is no outbox file. Such a file is saved on the screen \"Outbox\"."},
    {"newer_version",
     "This file was saved by a newer Foyer than this server's. Import it once the server is "
     "brought up to date."},
    {"cut_short", "This file ends too early: it was not copied whole. Copy it again."},
    {"other_installation",
     "This file was saved for the Foyer of another company, and only that one can open it."},
    {"damaged",
     "This file was changed or damaged after it was saved, so nothing of it can be trusted. "
     "Nothing was sent. Copy it again from where it was saved."},
    {"too_many", "This file holds more than 10,000 changes: no device keeps as many."},
    {"not_its_device",
     "The device that this file names is another person's. Nothing was sent."},
    {"author_gone",
     "The account of whoever wrote this is suspended or deleted, so nothing can be sent in their "
     "name. Keep the file: it can be imported once the account is active again."},
    {"cannot_write", "The server cannot write at the moment. Nothing was sent; try again."},
};

}  // namespace

std::string outbox_file_path(std::string_view file_name, bool is_rehearsal) {
  return std::string(kOutboxFilePath) + "?file=" + encode_address_part(file_name) +
         (is_rehearsal ? "&dry_run=1" : "");
}

std::string outbox_file_name(std::string_view author) {
  return "Outbox of " + std::string(author) + ".foyer";
}

std::string refuse_outbox_file(std::uint64_t size, std::string_view head) {
  if (!is_outbox_file(head)) return outbox_problem_words("no_outbox_file");
  if (size > kImportBytesMax)
    return "This file has " + file_size_words(size) + ", and 64 MiB is the most that is taken.";
  return {};
}

std::string outbox_problem_words(std::string_view problem) {
  if (problem.empty()) return {};
  if (const auto words = words_for(kProblems, problem); !words.empty()) return std::string(words);
  return "The server could not read this file (" + std::string(problem) + ").";
}

std::optional<OutboxFileView> outbox_file_view(const OutboxFileAnswer& answer, const Reader& rows,
                                               const TimeWords& words) {
  const auto text = decode_outbox_text(answer.text.data);
  if (!text) return std::nullopt;
  OutboxFileView view;
  view.author = answer.author_name.empty() ? "somebody who is not here any more"
                                           : answer.author_name;
  view.saved_at = words.when(text->saved_at);
  StaffOutbox lines = staff_outbox(text->entries, rows, words);
  view.refused = std::move(lines.refused);
  for (StaffOutboxLine& line : lines.waiting) {
    const bool has_arrived = std::binary_search(answer.arrived.begin(), answer.arrived.end(),
                                                static_cast<std::int64_t>(line.mid));
    (has_arrived ? view.arrived : view.waiting).push_back(std::move(line));
  }
  return view;
}

}  // namespace foyer
