// What the staff portal shows of visitors in a foyer: who waits, who was called where, and one
// visit. Plain structs and strings; no drawing.
#pragma once

#include "foyer/view/staff_cases.h"

namespace foyer {

bool may_see_visitors(const Actor& actor);
bool may_serve_visitors(const Actor& actor);

std::string visit_reason_words(VisitReason reason);
// "Foyer kiosk, Leeds"; empty if neither is here.
std::string visitor_place_words(const Reader& reader, Id<Device> device, Id<Site> site);

// "just now", "12 min", "1 h 5 min", "2 d 3 h".
std::string span_words(std::int64_t ms);

// From here on a wait is marked.
inline constexpr std::int64_t kLongWaitMs = 10 * kMsPerMinute;
inline constexpr std::int64_t kTooLongWaitMs = 20 * kMsPerMinute;

struct ArrivalRow {
  Id<CheckIn> id;
  CheckInState state = {};
  std::string number, name, reason, about, where;
  std::string status;  // "Waits", "Called to Desk 2"
  std::string span;    // how long they wait, or waited
  Tone status_tone = Tone::kCalm, span_tone = Tone::kCalm;
};
struct ArrivalPlace {
  Id<Device> device;
  std::string name;  // "Foyer kiosk, Leeds"
};
struct ArrivalList {
  std::vector<ArrivalRow> rows;
  std::size_t waiting = 0, called = 0;
  std::string longest;  // wait of those waiting
  Tone longest_tone = Tone::kCalm;
  bool is_cut = false;  // there are more than kVisitsMax
};
inline constexpr std::size_t kVisitsMax = 500;
// Those who wait, the longest wait first, then those who were called likewise; of one kiosk, or of
// all if `device` is null.
ArrivalList arrivals_here(const Reader& reader, Id<Device> device, Instant now);
// Those whose visit is over, the newest first.
ArrivalList arrivals_over(const Reader& reader, Id<Device> device, Instant now);
// The kiosks, by name; also those that are revoked, of which visits are left.
std::vector<ArrivalPlace> arrival_places(const Reader& reader);
std::size_t count_waiting(const Reader& reader);
// Where this person called somebody to last; empty if they never did.
std::string last_place(const Reader& reader, const Actor& actor);

// A row that something names, to be opened.
struct NamedCase {
  Id<Case> id;
  std::string title;  // "T-10482  Lift stuck"
};
// The case whose number stands in what a visitor wrote.
std::optional<NamedCase> case_named(const Reader& reader, std::string_view about);

struct VisitView {
  Id<CheckIn> id;
  CheckInState state = {};
  std::string number, name, status;
  Tone tone = Tone::kCalm;
  std::vector<CaseFact> facts;
  std::optional<NamedCase> about;
  bool is_here = false;  // waits or was called
  bool may_serve = false;
};
std::optional<VisitView> visit_view(const Reader& reader, const Actor& actor, Id<CheckIn> id,
                                    Instant now, const TimeWords& words);

// Why a command about a visit was refused, for people.
std::string visit_refusal_words(const Error& error);

}  // namespace foyer
