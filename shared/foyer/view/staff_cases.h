// What the staff portal shows of cases: the queue and one case. Plain structs and strings; no
// drawing.
#pragma once

#include <string>
#include <vector>

#include "foyer/model/registry.h"
#include "foyer/model/store.h"
#include "foyer/rules/case_state.h"
#include "foyer/view/time_words.h"

namespace foyer {

// Colour never stands alone: the words beside it say the same.
enum class Tone : std::uint8_t { kCalm, kBusy, kNeed, kLate, kGood };

struct QueueRow {
  Id<Case> id;
  std::string number, subject, account, state, owner, promise;
  Tone tone = Tone::kCalm;  // of the state
  Tone promise_tone = Tone::kCalm;
  Instant due;  // of the next promise; none: nothing is promised
  Instant updated_at;
};

enum class QueueFilter : std::uint8_t { kOpen, kMine, kUnassigned, kEnded, kAll };
inline constexpr std::size_t kQueueFilters = 5;
std::string_view title_of(QueueFilter filter);

enum class QueueOrder : std::uint8_t { kPromise, kNumber, kSubject, kAccount, kState, kUpdated };

struct QueueQuery {
  QueueFilter filter = QueueFilter::kOpen;
  QueueOrder order = QueueOrder::kPromise;
  bool descending = false;
  std::string text;  // full-text; empty: all
};

// Sorted; ties by id, so that rows keep their places.
std::vector<QueueRow> queue_rows(const Reader& reader, const Actor& actor, const QueueQuery& query,
                                 Instant now, const TimeWords& words);

struct ThreadEntry {
  Id<Message> id;
  std::string who, when, body;
  bool is_internal = false;
  bool is_customer = false;
};
struct CaseFact {
  std::string label, text;
  Tone tone = Tone::kCalm;
};
struct CaseView {
  Case row;
  std::string number, state, account, contact;
  Tone tone = Tone::kCalm;
  std::vector<CaseFact> facts;
  std::vector<ThreadEntry> thread;
  std::vector<Transition> moves;  // that the actor may make now
  bool may_write = false;
};
std::optional<CaseView> case_view(const Reader& reader, const Actor& actor, Id<Case> id,
                                  Instant now, const TimeWords& words);

}  // namespace foyer
