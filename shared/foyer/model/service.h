// The service desk: cases with their messages and events, calendars, promises (SLA).
// Invariant: messages, events and targets follow their case: they are published where it is,
// internal ones only to staff.
#pragma once

#include "foyer/model/contract.h"
#include "foyer/model/people.h"

namespace foyer {

// When a business works, in the zone of the place. Business-time arithmetic: rules/calendar.h.
struct Calendar {
  Id<Calendar> id;
  std::string name;
  std::string time_zone;  // IANA name
  // Rows of 3: weekday (0 = Monday), from minute, to minute of the local day, ascending, disjoint.
  std::vector<std::int64_t> intervals;
  // Rows of 3: days since 1970 (local date), from minute, to minute; from = to means closed that
  // day. A date that appears here follows these rows only.
  std::vector<std::int64_t> exceptions;
  // Rows of 2: UTC ms from which the offset holds, offset in minutes; ascending. Made by the server
  // from tzdata. Before the first row the first row's offset holds.
  std::vector<std::int64_t> transitions;
  UnknownFields unknown;
};
template <>
struct Table<Calendar> {
  static constexpr EntityId id = 14;
  static constexpr std::string_view name = "calendar";
  static constexpr auto fields = std::array{
      field<&Calendar::id>(1, "id", {}),
      field<&Calendar::name>(2, "name", {.flags = kRequired}),
      field<&Calendar::time_zone>(3, "time_zone", {.flags = kRequired, .length_max = 60}),
      field<&Calendar::intervals>(4, "intervals", {.length_max = 300, .row_width = 3}),
      field<&Calendar::exceptions>(5, "exceptions", {.length_max = 3000, .row_width = 3}),
      field<&Calendar::transitions>(6, "transitions", {.length_max = 2000, .row_width = 2}),
  };
  static constexpr auto publications = std::array{to_public()};
};

enum class Priority : std::uint8_t { kNormal, kLow, kHigh, kCritical };
template <>
inline constexpr auto kNames<Priority> =
    std::array<std::string_view, 4>{"normal", "low", "high", "critical"};

// Budgets in business minutes, rows of 4: first reply, next update, restore, resolution; one row
// per Priority in its order; 0 means no promise.
struct SlaPolicy {
  Id<SlaPolicy> id;
  std::string name;
  std::int64_t version = 0;
  Id<Calendar> calendar;
  std::vector<std::int64_t> budgets;
  UnknownFields unknown;
};
template <>
struct Table<SlaPolicy> {
  static constexpr EntityId id = 15;
  static constexpr std::string_view name = "sla_policy";
  static constexpr auto fields = std::array{
      field<&SlaPolicy::id>(1, "id", {}),
      field<&SlaPolicy::name>(2, "name", {.flags = kRequired}),
      field<&SlaPolicy::version>(3, "version", {.minimum = 1}),
      field<&SlaPolicy::calendar>(4, "calendar", {.flags = kRequired}),
      field<&SlaPolicy::budgets>(5, "budgets",
                                 {.flags = kRequired, .length_max = 64, .row_width = 4}),
  };
  static constexpr auto publications = std::array{to_public()};
};

// domain.md, section 3.
enum class CaseState : std::uint8_t {
  kNew, kAssigned, kInProgress, kPending, kHeld, kResolved, kClosed, kCancelled, kRejected, kMerged,
};
template <>
inline constexpr auto kNames<CaseState> = std::array<std::string_view, 10>{
    "new", "assigned", "in_progress", "pending", "held", "resolved", "closed", "cancelled",
    "rejected", "merged"};

enum class WaitReason : std::uint8_t {
  kNone,
  kAwaitingCustomer, kCustomerAsked, kScheduledByCustomer,           // Pending
  kAwaitingParts, kAwaitingVendor, kAwaitingApproval, kAwaitingVisit,  // Held
};
template <>
inline constexpr auto kNames<WaitReason> = std::array<std::string_view, 8>{
    "none", "awaiting_customer", "customer_asked", "scheduled_by_customer", "awaiting_parts",
    "awaiting_vendor", "awaiting_approval", "awaiting_visit"};

enum class Channel : std::uint8_t { kWeb, kPhone, kEmail, kKiosk, kField, kImport, kChat };
template <>
inline constexpr auto kNames<Channel> = std::array<std::string_view, 7>{
    "web", "phone", "email", "kiosk", "field", "import", "chat"};

// ITIL: 1 is the gravest.
enum class Grade : std::uint8_t { kNone, kHigh, kMedium, kLow };
template <>
inline constexpr auto kNames<Grade> =
    std::array<std::string_view, 4>{"none", "high", "medium", "low"};

struct Case {
  Id<Case> id;
  std::string number;         // "T-10482", from the server; empty until it has seen the case
  std::string device_number;  // what the device called it before: "D4F2-0031", an alias for ever
  Id<Account> account;
  Id<Contact> contact;
  Id<Site> site;
  Id<Asset> asset;
  Channel channel = {};
  std::string subject;
  std::string category;
  Grade impact = {};
  Grade urgency = {};
  Priority priority = {};
  CaseState state = {};
  WaitReason wait_reason = {};
  std::string wait_need;      // what we need, or what is awaited: the customer reads it
  Instant wait_until;
  Id<User> owner;
  std::string owner_name;     // as the customer may read it
  std::string queue;          // exactly one of owner and queue is set while open
  Id<Entitlement> entitlement;
  std::string entitlement_reason;  // why this one
  Instant opened_at;          // the contact time, not the save time
  Instant first_reply_at;
  Instant resolved_at;        // the first resolution; never changes
  Instant closed_at;
  Instant updated_at;         // of the last public change
  std::int64_t reopen_count = 0;
  std::int64_t reassign_count = 0;
  std::string resolution;     // public text
  Id<Case> follows;           // the closed case that this one follows up
  Id<Case> merged_into;
  std::string external_key;
  UnknownFields unknown;
};
template <>
struct Table<Case> {
  static constexpr EntityId id = 8;
  static constexpr std::string_view name = "case";
  static constexpr auto fields = std::array{
      field<&Case::id>(1, "id", {}),
      field<&Case::number>(2, "number",
                           {.flags = kIndexed | kFullText, .length_max = 20, .column_width_em = 6}),
      field<&Case::device_number>(3, "device_number",
                                  {.flags = kIndexed | kFullText, .length_max = 20}),
      field<&Case::account>(4, "account", {.flags = kRequired | kIndexed}),
      field<&Case::contact>(5, "contact", {.flags = kIndexed}),
      field<&Case::site>(6, "site", {.flags = kIndexed}),
      field<&Case::asset>(7, "asset", {.flags = kIndexed}),
      field<&Case::channel>(8, "channel", {}),
      field<&Case::subject>(9, "subject",
                            {.flags = kRequired | kFullText,
                             .length_max = 140,
                             .personal = Personal::kText,
                             .column_width_em = 24}),
      field<&Case::category>(10, "category", {.audience = kStaff, .column_width_em = 8}),
      field<&Case::impact>(11, "impact", {.audience = kStaff}),
      field<&Case::urgency>(12, "urgency", {.audience = kStaff}),
      field<&Case::priority>(13, "priority", {.flags = kIndexed, .column_width_em = 6}),
      field<&Case::state>(14, "state",
                          {.flags = kIndexed, .merge = Merge::kState, .column_width_em = 7}),
      field<&Case::wait_reason>(15, "wait_reason", {}),
      field<&Case::wait_need>(16, "wait_need", {.length_max = 1000}),
      field<&Case::wait_until>(17, "wait_until", {}),
      field<&Case::owner>(18, "owner", {.flags = kIndexed, .audience = kStaff}),
      field<&Case::owner_name>(19, "owner_name", {.column_width_em = 9}),
      field<&Case::queue>(20, "queue",
                          {.flags = kIndexed, .audience = kStaff, .column_width_em = 8}),
      field<&Case::entitlement>(21, "entitlement", {}),
      field<&Case::entitlement_reason>(22, "entitlement_reason", {}),
      field<&Case::opened_at>(23, "opened_at",
                              {.flags = kRequired | kIndexed, .column_width_em = 8}),
      field<&Case::first_reply_at>(24, "first_reply_at", {}),
      field<&Case::resolved_at>(25, "resolved_at", {}),
      field<&Case::closed_at>(26, "closed_at", {}),
      field<&Case::updated_at>(27, "updated_at", {.flags = kIndexed, .column_width_em = 8}),
      field<&Case::reopen_count>(28, "reopen_count", {.minimum = 0}),
      field<&Case::reassign_count>(29, "reassign_count", {.audience = kStaff, .minimum = 0}),
      field<&Case::resolution>(30, "resolution",
                               {.length_max = 10000, .personal = Personal::kText}),
      field<&Case::follows>(31, "follows", {.flags = kIndexed}),
      field<&Case::merged_into>(32, "merged_into", {}),
      field<&Case::external_key>(33, "external_key", {.flags = kIndexed, .audience = kStaff}),
  };
  static constexpr auto publications =
      std::array{to_scope(ScopeKind::kAccount, 4), to_scope(ScopeKind::kContact, 5),
                 to_scope(ScopeKind::kSite, 6), to_staff(StaffArea::kService)};
};

enum class Visibility : std::uint8_t { kPublic, kInternal };
template <>
inline constexpr auto kNames<Visibility> =
    std::array<std::string_view, 2>{"public", "internal"};

enum class AuthorKind : std::uint8_t { kCustomer, kStaffMember, kAutomatic };
template <>
inline constexpr auto kNames<AuthorKind> =
    std::array<std::string_view, 3>{"customer", "staff", "automatic"};

struct Message {
  Id<Message> id;
  Id<Case> case_id;
  Visibility visibility = {};
  AuthorKind author_kind = {};
  Id<User> author;
  std::string author_name;  // as everybody who sees the message may read it
  std::string body;
  Instant at;               // when it was said, by the author's device or the server
  UnknownFields unknown;
};
template <>
struct Table<Message> {
  static constexpr EntityId id = 16;
  static constexpr std::string_view name = "message";
  static constexpr auto fields = std::array{
      field<&Message::id>(1, "id", {}),
      field<&Message::case_id>(2, "case_id",
                               {.flags = kRequired | kIndexed, .merge = Merge::kLedger}),
      field<&Message::visibility>(3, "visibility", {.merge = Merge::kLedger}),
      field<&Message::author_kind>(4, "author_kind", {.merge = Merge::kLedger}),
      field<&Message::author>(5, "author", {.merge = Merge::kLedger}),
      field<&Message::author_name>(6, "author_name",
                                   {.merge = Merge::kLedger, .personal = Personal::kName}),
      field<&Message::body>(7, "body",
                            {.flags = kRequired | kFullText,
                             .length_max = 10000,
                             .merge = Merge::kLedger,
                             .personal = Personal::kText,
                             .widget = Widget::kParagraph}),
      field<&Message::at>(8, "at", {.flags = kRequired, .merge = Merge::kLedger}),
  };
  static constexpr auto publications = std::array{with_parent<Case>(2)};
  static bool staff_only(const Message& message) {
    return message.visibility == Visibility::kInternal;
  }
};

// What happened to a case, append only: its history, and what every clock is computed from.
enum class CaseEventKind : std::uint8_t {
  kOpened, kAssigned, kStateChanged, kPriorityChanged, kReplied, kReopened, kImported,
};
template <>
inline constexpr auto kNames<CaseEventKind> = std::array<std::string_view, 7>{
    "opened", "assigned", "state_changed", "priority_changed", "replied", "reopened", "imported"};

struct CaseEvent {
  Id<CaseEvent> id;
  Id<Case> case_id;
  CaseEventKind kind = {};
  CaseState from_state = {};
  CaseState to_state = {};
  WaitReason wait_reason = {};
  std::string detail;      // who it was assigned to, or why, in words
  std::string actor_name;
  Instant at;
  UnknownFields unknown;
};
template <>
struct Table<CaseEvent> {
  static constexpr EntityId id = 17;
  static constexpr std::string_view name = "case_event";
  static constexpr auto fields = std::array{
      field<&CaseEvent::id>(1, "id", {}),
      field<&CaseEvent::case_id>(2, "case_id",
                                 {.flags = kRequired | kIndexed, .merge = Merge::kLedger}),
      field<&CaseEvent::kind>(3, "kind", {.merge = Merge::kLedger}),
      field<&CaseEvent::from_state>(4, "from_state", {.merge = Merge::kLedger}),
      field<&CaseEvent::to_state>(5, "to_state", {.merge = Merge::kLedger}),
      field<&CaseEvent::wait_reason>(6, "wait_reason", {.merge = Merge::kLedger}),
      field<&CaseEvent::detail>(7, "detail",
                                {.audience = kStaff,
                                 .length_max = 10000,
                                 .merge = Merge::kLedger,
                                 .personal = Personal::kText}),
      field<&CaseEvent::actor_name>(8, "actor_name",
                                    {.audience = kStaff,
                                     .merge = Merge::kLedger,
                                     .personal = Personal::kName}),
      field<&CaseEvent::at>(9, "at", {.flags = kRequired, .merge = Merge::kLedger}),
  };
  static constexpr auto publications = std::array{with_parent<Case>(2)};
};

enum class SlaMetric : std::uint8_t { kFirstReply, kNextUpdate, kRestore, kResolution, kOnSite };
template <>
inline constexpr auto kNames<SlaMetric> = std::array<std::string_view, 5>{
    "first_reply", "next_update", "restore", "resolution", "on_site"};

// A promise about one case. Status and due are computed (rules/sla.h), never stored.
struct SlaTarget {
  Id<SlaTarget> id;
  Id<Case> case_id;
  SlaMetric metric = {};
  Id<SlaPolicy> policy;
  std::int64_t policy_version = 0;
  Id<Calendar> calendar;
  std::int64_t budget_minutes = 0;  // business time
  Instant start;
  Instant stop;
  Instant cancelled_at;
  // Rows of 3: from ms, to ms (0 = still open), WaitReason.
  std::vector<std::int64_t> pauses;
  UnknownFields unknown;
};
template <>
struct Table<SlaTarget> {
  static constexpr EntityId id = 18;
  static constexpr std::string_view name = "sla_target";
  static constexpr auto fields = std::array{
      field<&SlaTarget::id>(1, "id", {}),
      field<&SlaTarget::case_id>(2, "case_id", {.flags = kRequired | kIndexed}),
      field<&SlaTarget::metric>(3, "metric", {}),
      field<&SlaTarget::policy>(4, "policy", {}),
      field<&SlaTarget::policy_version>(5, "policy_version", {}),
      field<&SlaTarget::calendar>(6, "calendar", {}),
      field<&SlaTarget::budget_minutes>(7, "budget_minutes",
                                        {.minimum = 0, .maximum = 10 * 366 * 24 * 60}),
      field<&SlaTarget::start>(8, "start", {.flags = kRequired}),
      field<&SlaTarget::stop>(9, "stop", {}),
      field<&SlaTarget::cancelled_at>(10, "cancelled_at", {}),
      field<&SlaTarget::pauses>(11, "pauses", {.length_max = 3000, .row_width = 3}),
  };
  static constexpr auto publications = std::array{with_parent<Case>(2)};
};

}  // namespace foyer
