#include "foyer/view/untaken.h"

#include "foyer/view/named_words.h"

namespace foyer {
namespace {

constexpr NamedWords kWhat[] = {
    {"check_in.create", "Check-in"},
    {"case.open_at_kiosk", "New case"},
    {"feedback.give", "Rating"},
    {"device.report", "Report of the kiosk's health"},
};
constexpr NamedWords kReasons[] = {
    {"device_revoked", "The kiosk had been revoked when it handed this over."},
    {"another_device", "It was made for another kiosk than the one that handed it over."},
    {"unreadable", "It could not be opened or read. Its bytes are kept on the server."},
    {"refused", "The server refused it without a reason."},
    {"wrong_signature", "Its signature is not that of the kiosk: somebody may have forged it."},
    {"form_not_offered", "The kiosk does not offer this any more."},
    {"foreign_series", "Its number does not belong to the kiosk's own numbers."},
    {"required", "Something that is needed was left empty."},
    {"too_long", "Something in it was longer than it may be."},
    {"already_done", "Something with the same identity was taken before."},
    {"not_found", "What it is about is not there any more."},
    {"unknown_command", "It asks for something that this server does not know."},
    {"role", "The kiosk may not do this."},
    {"unknown_version", "It was written by another version of this program."},
    {"quarantined", "The server stopped twice while it did this, and does not try it again."},
    {"trimmed", "So many things that this person had sent are lost: the server was restored from a "
                "backup, and their device does not hold them any more."},
    {"device_storage_lost", "The browser of this person lost its storage, and with it so many "
                            "things that had not been sent."},
};

std::string what_words(const ParkedSubmission& row) {
  if (const auto words = words_for(kWhat, row.command); !words.empty()) return std::string(words);
  return row.command.empty() ? "Not readable" : row.command;
}

Instant written_at(const ParkedSubmission& row) {
  return row.at.is_none() ? row.received_at : row.at;
}

std::string where_of(const Reader& reader, const ParkedSubmission& row) {
  const auto device = get(reader, row.device);
  return visitor_place_words(reader, row.device, device ? device->site : Id<Site>());
}

// The oldest first. There are few of them, settled or not: no index holds what has no instant.
std::vector<ParkedSubmission> unsettled(const Reader& reader) {
  std::vector<ParkedSubmission> rows;
  const Scan by_age{&field_of<&ParkedSubmission::received_at>(), {}, {}, false};
  for (const Uuid& id : reader.scan(entity_of<ParkedSubmission>(), by_age))
    if (auto row = get(reader, Id<ParkedSubmission>(id)); row && row->settled_at.is_none())
      rows.push_back(std::move(*row));
  return rows;
}

void add_fact(std::vector<CaseFact>& facts, std::string label, std::string text) {
  if (!text.empty()) facts.push_back({std::move(label), std::move(text), Tone::kCalm});
}

}  // namespace

std::string untaken_reason_words(std::string_view reason) {
  if (const auto words = words_for(kReasons, reason); !words.empty()) return std::string(words);
  return "The server could not do it (" + std::string(reason) + ").";
}

std::vector<UntakenRow> untaken_rows(const Reader& reader, const TimeWords& words) {
  std::vector<UntakenRow> rows;
  for (const ParkedSubmission& row : unsettled(reader))
    rows.push_back({row.id, what_words(row), row.number, untaken_reason_words(row.reason),
                    words.when(written_at(row)), where_of(reader, row)});
  return rows;
}

std::size_t count_untaken(const Reader& reader) { return unsettled(reader).size(); }

std::optional<UntakenView> untaken_view(const Reader& reader, const Actor& actor,
                                        Id<ParkedSubmission> id, const TimeWords& words) {
  const auto row = get(reader, id);
  if (!row) return std::nullopt;
  UntakenView view;
  view.id = id;
  view.title = what_words(*row) + (row->number.empty() ? "" : " " + row->number);
  view.reason = untaken_reason_words(row->reason);
  view.words = row->words;
  if (!row->at.is_none()) add_fact(view.facts, "Written", words.when(row->at));
  add_fact(view.facts, "Handed over", words.when(row->received_at));
  add_fact(view.facts, "Where", where_of(reader, *row));
  view.is_settled = !row->settled_at.is_none();
  view.may_settle = !view.is_settled && may_serve_visitors(actor);
  if (view.is_settled) {
    add_fact(view.facts, "Settled", "by " + row->settled_by + ", " + words.when(row->settled_at));
    add_fact(view.facts, "How", row->note);
  }
  return view;
}

}  // namespace foyer
