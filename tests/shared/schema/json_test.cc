#include "foyer/schema/json.h"

#include <gtest/gtest.h>

#include "foyer/command/open_case.h"
#include "foyer/model/registry.h"
#include "foyer/schema/binary.h"

namespace foyer {
namespace {

template <class T>
std::string errors_of(std::string_view text, T& object) {
  std::string joined;
  for (const auto& error : read_json(entity_of<T>(), text, &object))
    joined += (joined.empty() ? "" : " ") + error.field + ":" + error.detail;
  return joined;
}

TEST(JsonTest, EveryKindOfFieldComesBack) {
  Account account{};
  account.id = Id<Account>(derive_uuid({}, "a"));
  account.name = "Größe \"& Söhne\" \\ \n";
  account.revenue = {-105'450, Currency("EUR")};
  account.employees = INT64_MIN;
  account.lifecycle_stage = LifecycleStage::kAtRisk;
  account.customer_since = *parse_iso("2026-11-26T19:35:13.250Z");
  Account read{};
  EXPECT_EQ(errors_of(write_json(entity_of<Account>(), &account), read), "");
  EXPECT_EQ(encode(read), encode(account));
  User user{};
  user.id = Id<User>(derive_uuid({}, "u"));
  user.roles = {Role::kAdmin, Role::kCustomerUser};
  User read_user{};
  EXPECT_EQ(errors_of(write_json(entity_of<User>(), &user), read_user), "");
  EXPECT_EQ(read_user.roles, user.roles);
  Calendar calendar{};
  calendar.intervals = {0, 540, 1020};
  Calendar read_calendar{};
  EXPECT_EQ(errors_of(write_json(entity_of<Calendar>(), &calendar), read_calendar), "");
  EXPECT_EQ(read_calendar.intervals, calendar.intervals);
  Device device{};
  device.public_key.data = std::string("\0\xff", 2);
  Device read_device{};
  EXPECT_EQ(errors_of(write_json(entity_of<Device>(), &device), read_device), "");
  EXPECT_EQ(read_device.public_key, device.public_key);
}

TEST(JsonTest, NullSaysNothing) {
  Account account{};
  account.name = "Acme";
  EXPECT_EQ(errors_of("{\"name\":null,\"employees\":null,\"sector\":\"steel\"}", account), "");
  EXPECT_EQ(account.name, "Acme");
  EXPECT_EQ(account.sector, "steel");
  EXPECT_EQ(errors_of("{\"nonsense\":null}", account), "nonsense:unknown_field");
}

TEST(JsonTest, InternalFieldsStayInside) {
  Account account{};
  account.name = "Acme";
  account.sector = "steel";
  EXPECT_EQ(write_json(entity_of<Account>(), &account, kCustomerScope), "{\"name\":\"Acme\"}");
  EXPECT_EQ(write_json(entity_of<Account>(), &account),
            "{\"name\":\"Acme\",\"sector\":\"steel\"}");
}

TEST(JsonTest, WhatIsWrongIsSaidByField) {
  const struct {
    std::string_view text, errors;
  } cases[] = {
      {"", ":not_json"},
      {"[]", ":not_json"},
      {"null", ":not_json"},
      {"{\"name\":\"a\"", ":not_json"},
      {"{\"name\":\"\xff\"}", ":not_json"},
      {"{\"name\":\"a\",\"name\":\"b\"}", ":duplicate_key"},
      {"{\"nonsense\":1}", "nonsense:unknown_field"},
      {"{\"name\":1}", "name:wrong_type"},
      {"{\"employees\":1.5}", "employees:wrong_type"},
      {"{\"employees\":99999999999999999999}", "employees:wrong_type"},
      {"{\"employees\":\"1\"}", "employees:wrong_type"},
      {"{\"lifecycle_stage\":\"gone\"}", "lifecycle_stage:unknown_value"},
      {"{\"customer_since\":\"yesterday\"}", "customer_since:wrong_type"},
      {"{\"parent\":\"x\"}", "parent:wrong_type"},
      {"{\"revenue\":\"1\"}", "revenue:wrong_type"},
      {"{\"revenue\":{\"amount\":\"1\",\"currency\":\"euro\"}}", "revenue:unknown_value"},
      {"{\"revenue\":{\"amount\":\"1\",\"currency\":\"EUR\",\"x\":1}}", "revenue:wrong_type"},
      {"{\"name\":1,\"sector\":2}", "name:wrong_type sector:wrong_type"},
  };
  for (const auto& row : cases) {
    Account account{};
    EXPECT_EQ(errors_of(row.text, account), row.errors) << row.text;
  }
}

TEST(JsonTest, ADeepTextIsRefusedWithoutBeingBuilt) {
  Account account{};
  EXPECT_EQ(errors_of(std::string(1'000'000, '['), account), ":too_deep");
  EXPECT_EQ(errors_of("{\"name\":" + std::string(20, '[') + std::string(20, ']') + "}", account),
            ":too_deep");
}

TEST(JsonTest, AnyBytesAreFieldsOrErrors) {
  std::uint64_t state = 3;
  constexpr std::string_view kAlphabet = "{}[]\",:\\nul1-e. \xc3\xbc";
  for (int round = 0; round < 3'000; ++round) {
    std::string text = "{\"name\":";
    for (int i = 0; i < 30; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      text += kAlphabet[(state >> 33) % kAlphabet.size()];
    }
    Account account{};
    if (errors_of(text, account).empty()) {
      EXPECT_EQ(account.sector, "");
    }
  }
}

}  // namespace
}  // namespace foyer
