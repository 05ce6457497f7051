// Rows for measurements: the same for the same seed and size, on every machine. Cases, a fifth as
// many contacts, a fiftieth as many accounts, a thousandth as many people who work on them; words
// by Zipf's law out of 20,000.
#pragma once

#include <cmath>

#include "foyer/base/random.h"
#include "foyer/model/registry.h"

namespace foyer::server {

class ZipfWords {
 public:
  ZipfWords() {
    double sum = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
      sum += 1.0 / static_cast<double>(i + 1);
      reach_.push_back(sum);
      words_.push_back(spelled(i));
    }
  }
  const std::string& next(Random& random) const {
    const double at = static_cast<double>(random.below(1U << 30)) / (1U << 30) * reach_.back();
    const auto found = std::upper_bound(reach_.begin(), reach_.end(), at);
    return words_[std::min<std::size_t>(static_cast<std::size_t>(found - reach_.begin()),
                                        kCount - 1)];
  }
  std::string sentence(Random& random, std::size_t words) const {
    std::string text;
    for (std::size_t i = 0; i < words; ++i) {
      if (i > 0) text += ' ';
      text += next(random);
    }
    return text;
  }

 private:
  static constexpr std::size_t kCount = 20'000;
  // The more frequent, the shorter.
  static std::string spelled(std::size_t number) {
    static constexpr std::string_view kStart[] = {"b", "d", "f", "g", "k", "l", "m", "n", "p",
                                                  "r", "s", "t", "v", "w", "st", "tr", "sch", "br"};
    static constexpr std::string_view kRest[] = {"a", "e", "i", "o", "u", "au", "ei", "en", "er",
                                                 "an", "in", "on"};
    std::string word;
    std::size_t left = number + 1;
    while (left > 0) {
      word += kStart[left % std::size(kStart)];
      left /= std::size(kStart);
      word += kRest[left % std::size(kRest)];
      left /= std::size(kRest);
    }
    return word + (number % 7 == 0 ? "s" : "");
  }

  std::vector<double> reach_;
  std::vector<std::string> words_;
};

struct SeedOptions {
  std::size_t cases = 0;
  std::size_t customers = 256;  // contacts who can sign in
  std::uint64_t seed = 1;
  Instant now;
  Id<User> me;  // owns as many cases as every other
  std::string my_name;
};

class SeededRows {
 public:
  explicit SeededRows(const SeedOptions& options)
      : options_(options), random_(options.seed) {
    for (std::size_t i = 0; i < options.cases / 1000; ++i) add_person(i);
    for (std::size_t i = 0; i < options.cases / 50; ++i) add_account(i);
    for (std::size_t i = 0; i < options.cases / 5; ++i) add_contact(i);
    for (std::size_t i = 0; i < options.cases; ++i) add_case(i);
    for (const Contact& contact : contacts)
      if (customers.size() < options.customers) add_customer(contact);
  }
  std::vector<User> people, customers;
  std::vector<Account> accounts;
  std::vector<Contact> contacts;
  std::vector<Case> cases;

 private:
  template <class T>
  Id<T> fresh(std::int64_t age_ms) {
    return Id<T>(make_uuid({options_.now.ms - age_ms}, random_));
  }
  void add_person(std::size_t number) {
    User user;
    user.id = fresh<User>(400 * kMsPerDay);
    user.name = words_.next(random_) + " " + words_.next(random_);
    user.email = "person" + std::to_string(number) + "@bench.example";
    user.roles.add(Role::kCsr);
    people.push_back(std::move(user));
  }
  void add_account(std::size_t number) {
    Account account;
    account.id = fresh<Account>(400 * kMsPerDay);
    account.name = words_.sentence(random_, 2) + " " + std::to_string(number);
    account.tier = number % 5 == 0 ? "gold" : "silver";
    account.segment = words_.next(random_);
    account.country = "DE";
    accounts.push_back(std::move(account));
  }
  void add_contact(std::size_t number) {
    Contact contact;
    contact.id = fresh<Contact>(390 * kMsPerDay);
    contact.account = accounts[number % accounts.size()].id;
    contact.name = words_.next(random_) + " " + words_.next(random_);
    contact.email = "contact" + std::to_string(number) + "@bench.example";
    contact.portal_scope = PortalScope::kAccount;
    contacts.push_back(std::move(contact));
  }
  void add_customer(const Contact& contact) {
    User user;
    user.id = fresh<User>(380 * kMsPerDay);
    user.name = contact.name;
    user.email = contact.email;
    user.contact = contact.id;
    user.roles.add(Role::kCustomerUser);
    customers.push_back(std::move(user));
  }
  // A tenth is open.
  void add_case(std::size_t number) {
    static constexpr CaseState kOpen[] = {CaseState::kNew, CaseState::kAssigned,
                                          CaseState::kInProgress, CaseState::kPending};
    const auto age_ms = static_cast<std::int64_t>((options_.cases - number) * 300'000 +
                                                  random_.below(300'000));
    Case row;
    row.id = fresh<Case>(age_ms);
    row.number = "B-" + std::to_string(100'000 + number);
    const Contact& contact = contacts[random_.below(contacts.size())];
    row.account = contact.account;
    row.contact = contact.id;
    row.subject = words_.sentence(random_, 4 + random_.below(5));
    row.category = words_.next(random_);
    row.priority = static_cast<Priority>(random_.below(4));
    row.opened_at = {options_.now.ms - age_ms};
    row.updated_at = {row.opened_at.ms + static_cast<std::int64_t>(random_.below(86'400'000))};
    const bool is_open = random_.below(10) == 0;
    row.state = is_open ? kOpen[random_.below(std::size(kOpen))] : CaseState::kClosed;
    const std::size_t owner = random_.below(people.size() + 1);
    if (!is_open) row.closed_at = row.resolved_at = row.updated_at;
    row.owner = owner == people.size() ? options_.me : people[owner].id;
    row.owner_name = owner == people.size() ? options_.my_name : people[owner].name;
    cases.push_back(std::move(row));
  }

  SeedOptions options_;
  Random random_;
  ZipfWords words_;
};

}  // namespace foyer::server
