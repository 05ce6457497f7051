// An outbox file as a supervisor sees it before and after it is brought in: whose changes, said
// when, in which words, and what became of each. OutboxFileAnswer travels in the binary codec.
#pragma once

#include "foyer/sync/outbox_file.h"
#include "foyer/view/staff_outbox.h"

namespace foyer {

// What the server says about a file. With a `problem`, a message key, nothing was changed.
struct OutboxFileAnswer {
  std::string problem;
  std::string author_name;            // empty: nobody here has the id
  Bytes text;                         // an OutboxText; what was refused needs attention in it
  std::vector<std::int64_t> arrived;  // mids that have taken effect, ascending
  std::int64_t sent = 0;              // of those: now, not before
  std::int64_t is_hidden = 0;         // 1: the asking person's role may not read the words
  UnknownFields unknown;
};
template <>
struct Table<OutboxFileAnswer> {
  static constexpr std::string_view name = "outbox_file_answer";
  static constexpr auto fields = std::array{
      field<&OutboxFileAnswer::problem>(1, "problem", {}),
      field<&OutboxFileAnswer::author_name>(2, "author_name", {}),
      field<&OutboxFileAnswer::text>(3, "text", {}),
      field<&OutboxFileAnswer::arrived>(4, "arrived", {}),
      field<&OutboxFileAnswer::sent>(5, "sent", {}),
      field<&OutboxFileAnswer::is_hidden>(6, "is_hidden", {}),
  };
};

inline constexpr std::string_view kOutboxFilePath = "/staff/api/import/outbox-file";

std::string outbox_file_path(std::string_view file_name, bool is_rehearsal);
// "Outbox of Ana Lopez.foyer".
std::string outbox_file_name(std::string_view author);
// Why a chosen file is not even sent. Empty: send it. `head`: its first bytes.
std::string refuse_outbox_file(std::uint64_t size, std::string_view head);
// Empty if there is no problem.
std::string outbox_problem_words(std::string_view problem);

struct OutboxFileView {
  std::string author, saved_at;
  std::vector<StaffOutboxLine> waiting, refused, arrived;  // the oldest first
};
// Nothing for bytes that are no answer.
std::optional<OutboxFileView> outbox_file_view(const OutboxFileAnswer& answer, const Reader& rows,
                                               const TimeWords& words);

}  // namespace foyer
