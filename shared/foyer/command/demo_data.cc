#include "foyer/command/demo_data.h"

#include <algorithm>

#include "foyer/base/random.h"
#include "foyer/command/demo_words.h"
#include "foyer/command/assign_case.h"
#include "foyer/command/confirm_case.h"
#include "foyer/command/grant_entitlement.h"
#include "foyer/command/hold_case.h"
#include "foyer/command/invite_contact.h"
#include "foyer/command/kiosk_device.h"
#include "foyer/command/note_case.h"
#include "foyer/command/open_case.h"
#include "foyer/command/pend_case.h"
#include "foyer/command/reopen_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/command/resolve_case.h"
#include "foyer/command/save_record.h"
#include "foyer/command/set_case_priority.h"
#include "foyer/command/start_case.h"
#include "foyer/model/registry.h"
#include "foyer/schema/binary.h"

namespace foyer {
namespace {

constexpr Uuid kNamespace{{0xf0, 0x7e, 0x12, 0xde, 0x30, 0, 0x80, 0, 0x80, 0, 0, 0, 0, 0, 0, 1}};

template <class T>
Id<T> demo_id(std::string_view name) {
  return Id<T>(derive_uuid(kNamespace, std::string(Table<T>::name) + "/" + std::string(name)));
}

class Story {
 public:
  explicit Story(const DemoOptions& options) : options_(options), random_(20261126) {}

  std::vector<DemoStep> tell() {
    configure();
    hire();
    for (const auto& product : kDemoProducts) add_product(product);
    for (const auto& article : kDemoArticles) add_article(article);
    for (const auto& account : kDemoAccounts) add_account(account);
    invite_customers();
    set_up_kiosk();
    for (std::size_t i = 0; i < kDemoCaseCount; ++i) add_case(i);
    std::stable_sort(steps_.begin(), steps_.end(),
                     [](const DemoStep& a, const DemoStep& b) { return a.at < b.at; });
    return std::move(steps_);
  }

 private:
  template <class Args>
  void add(std::string_view email, Instant at, const Args& args) {
    steps_.push_back({std::string(email), make_command(args), at});
  }
  template <class T>
  void save(const T& row, Instant at) {
    SaveRecord args{};
    args.entity = Table<T>::name;
    args.row.data = encode(row);
    add({}, at, args);
  }
  Instant ago(std::int64_t ms) const { return options_.start - ms; }
  Instant long_ago() const { return ago(400 * kMsPerDay); }

  void configure() {
    Calendar calendar{};
    calendar.id = demo_id<Calendar>("office");
    calendar.name = "Office hours";
    calendar.time_zone = "Europe/Berlin";
    for (std::int64_t day = 0; day < 5; ++day)
      for (const std::int64_t part : {day, 8 * std::int64_t{60}, 18 * std::int64_t{60}})
        calendar.intervals.push_back(part);
    calendar.transitions = options_.transitions;
    save(calendar, long_ago());
    for (const auto& policy : kDemoPolicies) {
      SlaPolicy row{};
      row.id = demo_id<SlaPolicy>(policy.name);
      row.name = policy.name;
      row.version = 1;
      row.calendar = calendar.id;
      row.budgets.assign(policy.budgets.begin(), policy.budgets.end());
      save(row, long_ago());
    }
    Tenant tenant{};
    tenant.id = demo_id<Tenant>("tenant");
    tenant.name = "Hallmark Lifts & Doors";
    tenant.time_zone = "Europe/Berlin";
    tenant.calendar = calendar.id;
    tenant.currency = "EUR";
    tenant.language = "en";
    tenant.help_line = "+49 30 5550 100, weekdays 8:00 to 18:00";
    save(tenant, long_ago());
  }

  void hire() {
    for (const auto& person : kDemoStaff) {
      User user{};
      user.id = demo_id<User>(person.email);
      user.name = person.name;
      user.email = person.email;
      user.roles = Roles{person.role};
      user.team = person.team;
      save(user, long_ago());
    }
  }

  void add_product(const DemoProduct& product) {
    Product row{};
    row.id = demo_id<Product>(product.name);
    row.name = product.name;
    row.series = product.series;
    row.list_price = {product.price_minor, Currency("EUR")};
    save(row, long_ago());
  }

  void add_article(const DemoArticle& article) {
    Article row{};
    row.id = demo_id<Article>(article.title);
    row.version = 1;
    row.title = article.title;
    row.summary = article.summary;
    row.body = article.body;
    row.audience = article.audience;
    row.state = ArticleState::kPublished;
    row.language = "en";
    row.updated_at = ago(40 * kMsPerDay);
    save(row, ago(40 * kMsPerDay));
  }

  void add_account(const DemoAccount& demo) {
    Account account{};
    account.id = demo_id<Account>(demo.name);
    account.name = demo.name;
    account.segment = demo.segment;
    account.tier = demo.tier;
    account.sector = demo.sector;
    account.employees = demo.employees;
    account.country = "Germany";
    account.lifecycle_stage = LifecycleStage::kCustomer;
    account.time_zone = "Europe/Berlin";
    account.customer_since = ago(demo.years * 365 * kMsPerDay);
    save(account, long_ago());
    Site site{};
    site.id = demo_id<Site>(demo.name);
    site.account = account.id;
    site.name = demo.site;
    site.address = demo.address;
    save(site, long_ago());
    add_contacts(demo, account.id, site.id);
    add_assets(demo, account.id, site.id);
    add_contract(demo, account.id);
  }

  void add_contacts(const DemoAccount& demo, Id<Account> account, Id<Site> site) {
    for (const auto& person : demo.people) {
      Contact contact{};
      contact.id = demo_id<Contact>(person.email);
      contact.account = account;
      contact.site = site;
      contact.name = person.name;
      contact.email = person.email;
      contact.phones = {std::string(person.phone)};
      save(contact, long_ago());
    }
  }

  void add_assets(const DemoAccount& demo, Id<Account> account, Id<Site> site) {
    for (std::size_t i = 0; i < demo.assets.size(); ++i) {
      const auto& product = kDemoProducts[demo.assets[i]];
      Asset asset{};
      asset.id = demo_id<Asset>(std::string(demo.name) + std::to_string(i));
      asset.account = account;
      asset.site = site;
      asset.product = demo_id<Product>(product.name);
      asset.name = std::string(product.name) + ", " + std::string(kDemoPlaces[i % 4]);
      asset.serial = "HL-" + std::to_string(48210 + random_.below(50000));
      asset.installed_on = ago(std::int64_t(200 + random_.below(2000)) * kMsPerDay);
      save(asset, long_ago());
    }
  }

  void add_contract(const DemoAccount& demo, Id<Account> account) {
    const auto& plan = kDemoPlans[demo.plan];
    ServiceContract contract{};
    contract.id = demo_id<ServiceContract>(demo.name);
    contract.account = account;
    contract.number = "C-" + std::to_string(2000 + ++contracts_);
    contract.name = plan.name;
    contract.version = 1;
    contract.state = ContractState::kActive;
    contract.starts_on = ago(std::int64_t(30 + random_.below(250)) * kMsPerDay);
    contract.ends_on = contract.starts_on + 365 * kMsPerDay;
    contract.notice_days = 60;
    contract.renewal = RenewalKind::kTacit;
    contract.price = {plan.price_minor, Currency("EUR")};
    contract.summary = plan.summary;
    save(contract, long_ago());
    for (std::size_t i = 0; i < demo.assets.size(); ++i) {
      ContractLine line{};
      line.id = demo_id<ContractLine>(std::string(demo.name) + std::to_string(i));
      line.contract = contract.id;
      line.product = demo_id<Product>(kDemoProducts[demo.assets[i]].name);
      line.asset = demo_id<Asset>(std::string(demo.name) + std::to_string(i));
      line.name = kDemoProducts[demo.assets[i]].name;
      line.coverage = plan.coverage;
      save(line, long_ago());
    }
    Entitlement entitlement{};
    entitlement.id = demo_id<Entitlement>(demo.name);
    entitlement.account = account;
    entitlement.contract = contract.id;
    entitlement.name = plan.entitlement;
    entitlement.unit = EntitlementUnit::kCase;
    entitlement.policy = demo_id<SlaPolicy>(plan.policy);
    entitlement.starts_on = contract.starts_on;
    entitlement.ends_on = contract.ends_on;
    save(entitlement, long_ago());
    GrantEntitlement grant{};
    grant.entry = demo_id<EntitlementEntry>(demo.name);
    grant.entitlement = entitlement.id;
    grant.quantity = plan.units;
    grant.reason = "Included in the contract year";
    add({}, contract.starts_on, grant);
  }

  void invite_customers() {
    for (const auto& customer : kDemoCustomers) {
      InviteContact invite{};
      invite.contact = demo_id<Contact>(customer.email);
      invite.user = demo_id<User>(customer.email);
      invite.portal_scope = customer.scope;
      if (customer.is_admin) invite.roles = Roles{Role::kCustomerAdmin};
      add({}, ago(90 * kMsPerDay), invite);
    }
  }

  // In the foyer of the first customer, waiting for a browser to become it.
  void set_up_kiosk() {
    SetUpKiosk profile{};
    profile.device = demo_id<Device>("kiosk");
    profile.name = "Foyer, beside the entrance";
    profile.site = demo_id<Site>(kDemoAccounts[0].name);
    profile.account = demo_id<Account>(kDemoAccounts[0].name);
    profile.series = "K1";
    profile.forms = {KioskForm::kCheckIn, KioskForm::kOpenCase, KioskForm::kFeedback,
                     KioskForm::kArticles, KioskForm::kBoard};
    profile.languages = {"en", "de", "fr", "ar"};
    profile.calendar = demo_id<Calendar>("office");
    add({}, ago(30 * kMsPerDay), profile);
  }

  void add_case(std::size_t index) {
    const auto& topic = kDemoTopics[index % kDemoTopics.size()];
    const auto& account = kDemoAccounts[(index * 5) % kDemoAccounts.size()];
    const std::string key = "case" + std::to_string(index);
    const auto person = account.people[index % account.people.size()];
    // The newest cases are hours old, the oldest weeks; none lies in the future.
    const std::int64_t minutes = 25 + std::int64_t(index * index) * 11;
    Instant at = ago(minutes * kMsPerMinute);
    OpenCase open{};
    open.case_id = demo_id<Case>(key);
    open.message = demo_id<Message>(key + "/0");
    open.subject = topic.subject;
    open.body = topic.body;
    open.account = demo_id<Account>(account.name);
    open.contact = demo_id<Contact>(person.email);
    open.asset = demo_id<Asset>(std::string(account.name) + "0");
    open.channel = index % 3 == 0 ? Channel::kPhone : Channel::kWeb;
    open.priority = topic.priority;
    open.contact_at = at;
    add(kDemoStaff[index % 2].email, at, open);
    follow_story(index, topic, key, at);
  }

  // How far a case has come: the further back it began, the further. Most promises are kept.
  void follow_story(std::size_t index, const DemoTopic& topic, const std::string& key, Instant at) {
    const std::string_view agent = kDemoStaff[index % 3].email;
    const Id<Case> id = demo_id<Case>(key);
    const std::int64_t step = std::max<std::int64_t>((options_.start - at) / 12, kMsPerMinute);
    const auto soon = [&](std::size_t minutes) {
      return std::min(step, static_cast<std::int64_t>(minutes) * kMsPerMinute);
    };
    const auto say = [&](std::string_view number, std::string_view words) {
      add(agent, at, ReplyCase{id, demo_id<Message>(key + std::string(number)), std::string(words),
                               {}, {}, {}});
    };
    if (index < 4) return;  // new
    add(agent, at += soon(4 + index % 7), AssignCase{id, demo_id<User>(agent), {}, {}});
    if (index < 8) return;  // assigned
    add(agent, at += soon(3), StartCase{id, {}});
    at += soon(index % 9 == 8 ? 900 : 5 + index * 7 % 40);
    say("/1", topic.answer);
    add(agent, at += soon(20), NoteCase{id, demo_id<Message>(key + "/2"),
                                        std::string(topic.note), {}});
    const Instant lately = options_.start - std::int64_t(20 + index * 13 % 90) * kMsPerMinute;
    if (index < 14 || (index < 20 && index % 5 != 0 && index % 7 != 0)) {  // being worked on
      at = lately;
      if (index > 8) say("/3", "A short update: we are still on it, and it is going forward.");
      return;
    }
    if (index % 5 == 0) {  // waiting for the customer
      add(agent, at += soon(90), PendCase{id, demo_id<Message>(key + "/3"),
                                          WaitReason::kAwaitingCustomer, std::string(topic.need),
                                          {}, {}});
      return;
    }
    if (index % 7 == 0 && index < 45) {
      add(agent, at += soon(120), HoldCase{id, WaitReason::kAwaitingParts,
                                           "A spare part is on its way from the factory",
                                           options_.start + 2 * kMsPerDay, {}});
      at = lately;
      if (index < 40) say("/3", "The factory has confirmed the day of the delivery.");
      return;
    }
    add(agent, at += soon(60 * (6 + index * 13 % 40)),
        ResolveCase{id, demo_id<Message>(key + "/4"), std::string(topic.resolution), {}});
  }

  const DemoOptions& options_;
  Random random_;
  std::vector<DemoStep> steps_;
  int contracts_ = 0;
};

}  // namespace

std::vector<DemoSignIn> demo_sign_ins() {
  std::vector<DemoSignIn> list;
  for (const auto& customer : kDemoCustomers)
    list.push_back({customer.name, customer.email, customer.what});
  for (const auto& person : kDemoStaff) list.push_back({person.name, person.email, person.what});
  return list;
}

std::vector<DemoStep> demo_steps(const DemoOptions& options) { return Story(options).tell(); }

Actor installation_actor() {
  Actor actor;
  actor.user = Id<User>(derive_uuid(kNamespace, "installation"));
  actor.name = "Foyer";
  actor.roles = Roles{Role::kAdmin, Role::kServiceManager, Role::kSales, Role::kServer};
  return actor;
}

}  // namespace foyer
