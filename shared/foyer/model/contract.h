// What is owned and what was agreed: products, assets, contracts, entitlements with their ledger.
#pragma once

#include "foyer/model/party.h"

namespace foyer {

struct ContractLine;
struct SlaPolicy;

struct Product {
  Id<Product> id;
  std::string name;
  std::string external_key;
  std::string series;
  Money list_price;
  UnknownFields unknown;
};
template <>
struct Table<Product> {
  static constexpr EntityId id = 7;
  static constexpr std::string_view name = "product";
  static constexpr auto fields = std::array{
      field<&Product::id>(1, "id", {}),
      field<&Product::name>(2, "name",
                            {.flags = kRequired | kIndexed | kFullText, .column_width_em = 14}),
      field<&Product::external_key>(3, "external_key", {.flags = kIndexed, .audience = kStaff}),
      field<&Product::series>(4, "series", {.column_width_em = 8}),
      field<&Product::list_price>(5, "list_price", {.audience = kStaff, .column_width_em = 8}),
  };
  static constexpr auto publications =
      std::array{to_public(), to_staff(StaffArea::kService), to_staff(StaffArea::kSales)};
};

enum class AssetStatus : std::uint8_t { kInstalled, kInRepair, kRetired };
template <>
inline constexpr auto kNames<AssetStatus> =
    std::array<std::string_view, 3>{"installed", "in_repair", "retired"};

struct Asset {
  Id<Asset> id;
  Id<Account> account;
  Id<Site> site;
  Id<Product> product;
  Id<Asset> parent;
  std::string name;
  std::string serial;
  AssetStatus status = {};
  Instant installed_on;
  UnknownFields unknown;
};
template <>
struct Table<Asset> {
  static constexpr EntityId id = 9;
  static constexpr std::string_view name = "asset";
  static constexpr auto fields = std::array{
      field<&Asset::id>(1, "id", {}),
      field<&Asset::account>(2, "account", {.flags = kRequired | kIndexed}),
      field<&Asset::site>(3, "site", {.flags = kIndexed}),
      field<&Asset::product>(4, "product", {.flags = kIndexed}),
      field<&Asset::parent>(5, "parent", {.flags = kIndexed}),
      field<&Asset::name>(6, "name", {.flags = kRequired | kFullText, .column_width_em = 14}),
      field<&Asset::serial>(7, "serial", {.flags = kIndexed | kFullText, .column_width_em = 10}),
      field<&Asset::status>(8, "status", {}),
      field<&Asset::installed_on>(9, "installed_on", {}),
  };
  static constexpr auto publications =
      std::array{to_scope(ScopeKind::kAccount, 2), to_scope(ScopeKind::kSite, 3),
                 to_staff(StaffArea::kService), to_staff(StaffArea::kSales)};
};

// domain.md, section 6.
enum class ContractState : std::uint8_t {
  kDraft, kInApproval, kApproved, kSigned, kActive, kSuspended, kRenewed, kExpired, kTerminated,
};
template <>
inline constexpr auto kNames<ContractState> = std::array<std::string_view, 9>{
    "draft", "in_approval", "approved", "signed", "active", "suspended", "renewed", "expired",
    "terminated"};

enum class RenewalKind : std::uint8_t { kExpress, kTacit };
template <>
inline constexpr auto kNames<RenewalKind> = std::array<std::string_view, 2>{"express", "tacit"};

struct ServiceContract {
  Id<ServiceContract> id;
  Id<Account> account;
  std::string number;
  std::string name;
  std::int64_t version = 0;
  ContractState state = {};
  Instant starts_on;
  Instant ends_on;  // first instant no longer covered
  std::int64_t notice_days = 0;
  RenewalKind renewal = {};
  Money price;          // per year
  std::string summary;  // in plain words, for the customer
  UnknownFields unknown;
};
template <>
struct Table<ServiceContract> {
  static constexpr EntityId id = 10;
  static constexpr std::string_view name = "service_contract";
  static constexpr auto fields = std::array{
      field<&ServiceContract::id>(1, "id", {}),
      field<&ServiceContract::account>(2, "account", {.flags = kRequired | kIndexed}),
      field<&ServiceContract::number>(3, "number",
                                      {.flags = kIndexed | kFullText,
                                       .length_max = 40,
                                       .column_width_em = 8}),
      field<&ServiceContract::name>(4, "name",
                                    {.flags = kRequired | kFullText, .column_width_em = 16}),
      field<&ServiceContract::version>(5, "version", {.minimum = 1}),
      field<&ServiceContract::state>(6, "state",
                                     {.flags = kIndexed,
                                      .merge = Merge::kState,
                                      .column_width_em = 7}),
      field<&ServiceContract::starts_on>(7, "starts_on", {.flags = kRequired}),
      field<&ServiceContract::ends_on>(8, "ends_on", {.flags = kRequired | kIndexed}),
      field<&ServiceContract::notice_days>(9, "notice_days", {.minimum = 0, .maximum = 3650}),
      field<&ServiceContract::renewal>(10, "renewal", {}),
      field<&ServiceContract::price>(11, "price", {.column_width_em = 8}),
      field<&ServiceContract::summary>(12, "summary",
                                       {.length_max = 2000, .widget = Widget::kParagraph}),
  };
  static constexpr auto publications =
      std::array{to_scope(ScopeKind::kAccount, 2), to_staff(StaffArea::kService),
                 to_staff(StaffArea::kSales)};
};

struct ContractLine {
  Id<ContractLine> id;
  Id<ServiceContract> contract;
  std::string name;
  Id<Product> product;
  Id<Asset> asset;
  std::string coverage;  // in plain words: what is included
  UnknownFields unknown;
};
template <>
struct Table<ContractLine> {
  static constexpr EntityId id = 11;
  static constexpr std::string_view name = "contract_line";
  static constexpr auto fields = std::array{
      field<&ContractLine::id>(1, "id", {}),
      field<&ContractLine::contract>(2, "contract", {.flags = kRequired | kIndexed}),
      field<&ContractLine::name>(3, "name", {.flags = kRequired}),
      field<&ContractLine::product>(4, "product", {}),
      field<&ContractLine::asset>(5, "asset", {}),
      field<&ContractLine::coverage>(6, "coverage", {.length_max = 1000}),
  };
  static constexpr auto publications = std::array{with_parent<ServiceContract>(2)};
};

// What one unit of an entitlement is.
enum class EntitlementUnit : std::uint8_t { kCase, kHour, kVisit, kMoney };
template <>
inline constexpr auto kNames<EntitlementUnit> =
    std::array<std::string_view, 4>{"case", "hour", "visit", "money"};

struct Entitlement {
  Id<Entitlement> id;
  Id<Account> account;
  Id<ServiceContract> contract;
  Id<ContractLine> line;
  Id<Asset> asset;      // null: any
  Id<Product> product;  // null: any
  std::string name;
  EntitlementUnit unit = {};
  Id<SlaPolicy> policy;
  Instant starts_on;
  Instant ends_on;  // first instant no longer covered
  UnknownFields unknown;
};
template <>
struct Table<Entitlement> {
  static constexpr EntityId id = 12;
  static constexpr std::string_view name = "entitlement";
  static constexpr auto fields = std::array{
      field<&Entitlement::id>(1, "id", {}),
      field<&Entitlement::account>(2, "account", {.flags = kRequired | kIndexed}),
      field<&Entitlement::contract>(3, "contract", {.flags = kIndexed}),
      field<&Entitlement::line>(4, "line", {.flags = kIndexed}),
      field<&Entitlement::asset>(5, "asset", {}),
      field<&Entitlement::product>(6, "product", {}),
      field<&Entitlement::name>(7, "name", {.flags = kRequired}),
      field<&Entitlement::unit>(8, "unit", {}),
      field<&Entitlement::policy>(9, "policy", {}),
      field<&Entitlement::starts_on>(10, "starts_on", {.flags = kRequired}),
      field<&Entitlement::ends_on>(11, "ends_on", {.flags = kRequired}),
  };
  static constexpr auto publications =
      std::array{to_scope(ScopeKind::kAccount, 2), to_staff(StaffArea::kService)};
};

// domain.md, section 5. The ledger: append only, (source, kind) unique within an entitlement.
enum class LedgerKind : std::uint8_t { kGrant, kReserve, kConsume, kRelease, kAdjust, kExpire };
template <>
inline constexpr auto kNames<LedgerKind> = std::array<std::string_view, 6>{
    "grant", "reserve", "consume", "release", "adjust", "expire"};

struct EntitlementEntry {
  Id<EntitlementEntry> id;
  Id<Entitlement> entitlement;
  LedgerKind kind = {};
  std::int64_t quantity = 0;  // whole units; minor units for money; minutes for hours
  Uuid source;            // the case, contract or adjustment that caused it
  std::string reason;
  Instant at;
  UnknownFields unknown;
};
template <>
struct Table<EntitlementEntry> {
  static constexpr EntityId id = 13;
  static constexpr std::string_view name = "entitlement_entry";
  static constexpr auto fields = std::array{
      field<&EntitlementEntry::id>(1, "id", {}),
      field<&EntitlementEntry::entitlement>(2, "entitlement",
                                            {.flags = kRequired | kIndexed,
                                             .merge = Merge::kLedger}),
      field<&EntitlementEntry::kind>(3, "kind", {.merge = Merge::kLedger}),
      field<&EntitlementEntry::quantity>(4, "quantity", {.merge = Merge::kLedger}),
      field<&EntitlementEntry::source>(5, "source",
                                       {.flags = kIndexed, .merge = Merge::kLedger}),
      field<&EntitlementEntry::reason>(6, "reason", {.merge = Merge::kLedger}),
      field<&EntitlementEntry::at>(7, "at", {.flags = kRequired, .merge = Merge::kLedger}),
  };
  static constexpr auto publications = std::array{with_parent<Entitlement>(2)};
};

}  // namespace foyer
