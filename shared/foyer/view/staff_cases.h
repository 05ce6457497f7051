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

std::string case_number(const Case& row);  // the device's, while the server has given none
std::string state_words(CaseState state);
Tone tone_of(CaseState state);
std::string priority_words(Priority priority);

struct QueueRow {
  Id<Case> id;
  std::string number, subject, account, state, owner, promise;
  Tone tone = Tone::kCalm;  // of the state
  Tone promise_tone = Tone::kCalm;
  Instant due;  // of the next promise; none: nothing is promised
  Instant updated_at;
  std::string priority;
  Tone priority_tone = Tone::kCalm;
  int urgency = 0;  // of the priority: 0 is the most urgent
};

enum class QueueFilter : std::uint8_t { kOpen, kMine, kUnassigned, kEnded, kAll };
inline constexpr std::size_t kQueueFilters = 5;
std::string_view title_of(QueueFilter filter);

enum class QueueOrder : std::uint8_t {
  kPromise, kNumber, kSubject, kAccount, kState, kUpdated, kOwner, kPriority,
};
template <>
inline constexpr auto kNames<QueueOrder> = std::array<std::string_view, 8>{
    "promise", "number", "subject", "account", "state", "updated", "owner", "priority"};

struct QueueSort {
  QueueOrder order = QueueOrder::kPromise;
  bool descending = false;
  friend bool operator==(const QueueSort&, const QueueSort&) = default;
};

struct QueueQuery {
  QueueFilter filter = QueueFilter::kOpen;
  std::vector<QueueSort> sorts;  // the first decides; none: the promise that ends first
  std::string text;              // full-text; empty: all
  std::optional<CaseState> state;
  std::optional<Priority> priority;
  Id<User> owner;  // null: anybody
  friend bool operator==(const QueueQuery&, const QueueQuery&) = default;
};

// A column head was pressed: alone it sorts by this column, or turns the order round; `is_added`
// keeps what sorts before it.
void press_sort(std::vector<QueueSort>& sorts, QueueOrder order, bool is_added);

struct QueueOwner {
  Id<User> id;
  std::string name;
};
// Whom cases can be given to: active staff, by name.
std::vector<QueueOwner> possible_owners(const Reader& reader);
// The queues that cases wait in, by name.
std::vector<std::string> queues_in_use(const Reader& reader);

// Ties by id, so that rows keep their places in either direction.
void sort_queue(std::vector<QueueRow>& rows, const std::vector<QueueSort>& sorts);
// Sorted.
std::vector<QueueRow> queue_rows(const Reader& reader, const Actor& actor, const QueueQuery& query,
                                 Instant now, const TimeWords& words);

// Tab-separated lines as spreadsheets paste them: a tab or line end within a value is a space.
using TsvRow = std::vector<std::string>;
std::string to_tsv(const std::vector<TsvRow>& rows);
std::string to_tsv(const std::vector<QueueRow>& rows);  // with a head

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
