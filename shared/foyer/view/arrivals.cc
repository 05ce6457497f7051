#include "foyer/view/arrivals.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/base/text.h"
#include "foyer/command/roles.h"
#include "foyer/rules/access.h"

namespace foyer {
namespace {

constexpr std::string_view kReasonWords[] = {"Question", "Appointment", "Picks something up",
                                             "Delivery", "Something else"};
// By whom somebody was called is looked for in so many visits, the newest first.
constexpr std::size_t kRecentVisits = 300;

std::string name_or_none(const CheckIn& row) {
  return row.visitor_name.empty() ? "No name given" : row.visitor_name;
}

std::string where_of(const Reader& reader, Id<Device> device, Id<Site> site) {
  const auto kiosk = get(reader, device);
  const auto place = get(reader, site);
  std::string words = kiosk ? kiosk->name : std::string();
  if (place && place->name != words) words += (words.empty() ? "" : ", ") + place->name;
  return words;
}

std::string status_words(const CheckIn& row) {
  switch (row.state) {
    case CheckInState::kWaiting: return "Waits";
    case CheckInState::kCalled: return "Called to " + row.place;
    case CheckInState::kServed: return "Served";
    case CheckInState::kLeft: return "Left unserved";
  }
  return {};
}

Tone tone_of(CheckInState state) {
  switch (state) {
    case CheckInState::kWaiting: return Tone::kNeed;
    case CheckInState::kCalled: return Tone::kBusy;
    case CheckInState::kServed: return Tone::kGood;
    case CheckInState::kLeft: return Tone::kCalm;
  }
  return Tone::kCalm;
}

bool is_here(const CheckIn& row) {
  return row.state == CheckInState::kWaiting || row.state == CheckInState::kCalled;
}

// Until they were called, or left, or now.
std::int64_t wait_of(const CheckIn& row, Instant now) {
  const Instant end = !row.called_at.is_none()  ? row.called_at
                      : !row.ended_at.is_none() ? row.ended_at
                                                : now;
  return std::max<std::int64_t>(end - row.at, 0);
}

Tone tone_of_wait(std::int64_t ms) {
  return ms >= kTooLongWaitMs ? Tone::kLate : ms >= kLongWaitMs ? Tone::kNeed : Tone::kCalm;
}

ArrivalRow row_of(const Reader& reader, const CheckIn& row, Instant now) {
  ArrivalRow line;
  line.id = row.id;
  line.state = row.state;
  line.number = row.number;
  line.name = name_or_none(row);
  line.reason = visit_reason_words(row.reason);
  line.about = row.about;
  line.where = where_of(reader, row.device, row.site);
  line.status = status_words(row);
  line.status_tone = tone_of(row.state);
  line.span = span_words(wait_of(row, now));
  if (row.state == CheckInState::kWaiting) line.span_tone = tone_of_wait(wait_of(row, now));
  return line;
}

std::vector<CheckIn> those_who(const Reader& reader, CheckInState state, Id<Device> device) {
  auto rows = find<&CheckIn::state>(reader, state);
  if (!device.is_null())
    std::erase_if(rows, [&](const CheckIn& row) { return row.device != device; });
  sort_list(rows, [](const CheckIn& a, const CheckIn& b) {
    return a.at != b.at ? a.at < b.at : a.id < b.id;
  });
  return rows;
}

std::vector<CheckIn> newest_visits(const Reader& reader, std::size_t limit) {
  std::vector<CheckIn> rows;
  const Scan newest{&field_of<&CheckIn::at>(), {}, {}, true, limit};
  for (const Uuid& id : reader.scan(entity_of<CheckIn>(), newest))
    if (auto row = get(reader, Id<CheckIn>(id))) rows.push_back(std::move(*row));
  return rows;
}

std::optional<Case> case_with(const Reader& reader, const std::string& number) {
  for (Case& row : find<&Case::number>(reader, number, 1)) return std::move(row);
  for (Case& row : find<&Case::device_number>(reader, number, 1)) return std::move(row);
  return std::nullopt;
}

void add_fact(std::vector<CaseFact>& facts, std::string label, std::string text,
              Tone tone = Tone::kCalm) {
  if (!text.empty()) facts.push_back({std::move(label), std::move(text), tone});
}

}  // namespace

bool may_see_visitors(const Actor& actor) {
  const auto scopes = scopes_of_actor(actor);
  const Scope service{ScopeKind::kStaff, StaffArea::kService, {}};
  return std::find(scopes.begin(), scopes.end(), service) != scopes.end();
}

bool may_serve_visitors(const Actor& actor) {
  return actor.is_staff() && actor.roles.has_any_of(kDesk);
}

std::string visit_reason_words(VisitReason reason) {
  return std::string(kReasonWords[static_cast<std::size_t>(reason)]);
}

std::string span_words(std::int64_t ms) {
  if (ms < kMsPerMinute) return "just now";
  const std::int64_t minutes = ms / kMsPerMinute, hours = minutes / 60, days = hours / 24;
  const auto pair = [](std::int64_t large, const char* unit, std::int64_t small,
                       const char* small_unit) {
    std::string words = std::to_string(large) + unit;
    if (small > 0) words += " " + std::to_string(small) + small_unit;
    return words;
  };
  if (days > 0) return pair(days, " d", hours % 24, " h");
  if (hours > 0) return pair(hours, " h", minutes % 60, " min");
  return std::to_string(minutes) + " min";
}

ArrivalList arrivals_here(const Reader& reader, Id<Device> device, Instant now) {
  ArrivalList list;
  const auto waiting = those_who(reader, CheckInState::kWaiting, device);
  const auto called = those_who(reader, CheckInState::kCalled, device);
  list.waiting = waiting.size();
  list.called = called.size();
  if (!waiting.empty()) {
    list.longest = span_words(wait_of(waiting.front(), now));
    list.longest_tone = tone_of_wait(wait_of(waiting.front(), now));
  }
  for (const auto* rows : {&waiting, &called})
    for (const CheckIn& row : *rows) list.rows.push_back(row_of(reader, row, now));
  return list;
}

ArrivalList arrivals_over(const Reader& reader, Id<Device> device, Instant now) {
  ArrivalList list;
  const auto newest = newest_visits(reader, kVisitsMax + 1);
  list.is_cut = newest.size() > kVisitsMax;
  for (const CheckIn& row : newest)
    if (!is_here(row) && (device.is_null() || row.device == device))
      list.rows.push_back(row_of(reader, row, now));
  return list;
}

std::vector<ArrivalPlace> arrival_places(const Reader& reader) {
  std::vector<ArrivalPlace> places;
  for (const Device& row : all<Device>(reader))
    if (row.kind == DeviceKind::kKiosk)
      places.push_back({row.id, where_of(reader, row.id, row.site)});
  sort_list(places, [](const ArrivalPlace& a, const ArrivalPlace& b) {
    return a.name != b.name ? a.name < b.name : a.device < b.device;
  });
  return places;
}

std::string visitor_place_words(const Reader& reader, Id<Device> device, Id<Site> site) {
  return where_of(reader, device, site);
}

std::size_t count_waiting(const Reader& reader) {
  const std::int64_t waiting = static_cast<std::int64_t>(CheckInState::kWaiting);
  return reader
      .scan(entity_of<CheckIn>(), {&field_of<&CheckIn::state>(), waiting, waiting, false})
      .size();
}

std::string last_place(const Reader& reader, const Actor& actor) {
  std::string place;
  Instant last;
  for (CheckIn& row : newest_visits(reader, kRecentVisits)) {
    if (row.called_by != actor.name || row.called_at <= last) continue;
    last = row.called_at;
    place = std::move(row.place);
  }
  return place;
}

std::optional<NamedCase> case_named(const Reader& reader, std::string_view about) {
  std::string capitals(about);
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == ',' || c == ';' || c == ':' || c == '#' || c == '\n') c = ' ';
  }
  for (const std::string_view word : split(capitals, ' ')) {
    if (word.find_first_of("0123456789") == std::string_view::npos) continue;
    if (const auto row = case_with(reader, std::string(word)))
      return NamedCase{row->id, case_number(*row) + "  " + row->subject};
  }
  return std::nullopt;
}

std::optional<VisitView> visit_view(const Reader& reader, const Actor& actor, Id<CheckIn> id,
                                    Instant now, const TimeWords& words) {
  const auto row = get(reader, id);
  if (!row) return std::nullopt;
  VisitView view;
  view.id = id;
  view.state = row->state;
  view.number = row->number;
  view.name = name_or_none(*row);
  view.status = status_words(*row);
  view.tone = tone_of(row->state);
  view.is_here = is_here(*row);
  view.may_serve = view.is_here && may_serve_visitors(actor);
  view.about = case_named(reader, row->about);
  const std::int64_t wait = wait_of(*row, now);
  const bool is_waiting = row->state == CheckInState::kWaiting;
  add_fact(view.facts, "Reason", visit_reason_words(row->reason));
  add_fact(view.facts, "About", row->about);
  add_fact(view.facts, "Reached by", row->visitor_contact);
  add_fact(view.facts, "Came", words.when(row->at));
  add_fact(view.facts, is_waiting ? "Waits" : "Waited",
           is_waiting && wait < kMsPerMinute ? "since just now" : span_words(wait),
           is_waiting ? tone_of_wait(wait) : Tone::kCalm);
  add_fact(view.facts, "Where", where_of(reader, row->device, row->site));
  if (!row->called_at.is_none())
    add_fact(view.facts, "Called",
             "to " + row->place + " by " + row->called_by + ", " + words.when(row->called_at));
  if (!row->ended_at.is_none()) add_fact(view.facts, "Over", words.when(row->ended_at));
  return view;
}

std::string visit_refusal_words(const Error& error) {
  if (error.detail == "visit_over")
    return "Somebody else has seen to this visitor already: the visit is over.";
  if (error.detail == "already_done") return "Somebody has dealt with this already.";
  if (error.detail == "required" && error.field == "place")
    return "Say where to call them: write the place that the screen shall show.";
  if (error.detail == "too_long" && error.field == "place")
    return "The place is too long: the screen shows at most 40 letters.";
  if (error.detail == "role") return "Your role may not do this.";
  if (error.detail == "not_found") return "This visit is not there any more.";
  return "This could not be done (" + error.detail + ").";
}

}  // namespace foyer
