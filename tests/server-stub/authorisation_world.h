// A whole server without sockets, filled from the field tables: each entity has rows that are the
// customer's own, a colleague's (same account, other contact and site) and another company's, and
// every text in them is one of a kind, so that any byte can be traced to its field. Not a
// demonstration. Invariant: no entity, field, command or role is named here but to make rows legal.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <set>

#include "application.h"
#include "entities.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/generate.h"
#include "foyer/schema/row.h"
#include "foyer/sync/messages.h"

namespace foyer::server {

enum class Owner : std::uint8_t { kOwn, kColleague, kForeign };
inline constexpr std::array kOwners{Owner::kOwn, Owner::kColleague, Owner::kForeign};
inline constexpr std::array<std::string_view, 3> kOwnerNames{"own", "colleague", "foreign"};

struct MarkedRow {
  const Entity* entity = nullptr;
  Owner owner = Owner::kOwn;
  bool is_staff_only = false;
  std::shared_ptr<AnyRow> row;

  // "message/staff_only"
  std::string kind() const {
    return std::string(entity->name) + (is_staff_only ? "/staff_only" : "");
  }
};

// Who asks: a role, and for customers how far they see.
struct Asker {
  std::string name;  // "csr", "customer_user/own"
  Role role{};
  SiteKind site = SiteKind::kStaff;
  Id<User> user;
  Id<Device> device;  // of a kiosk, which has no user
  std::string cookie, form_token;
};

inline Uuid marked_id(const Entity& entity, Owner owner, bool is_staff_only = false) {
  return derive_uuid({}, std::string(entity.name) + "/" +
                             std::string(kOwnerNames[static_cast<std::size_t>(owner)]) +
                             (is_staff_only ? "/staff_only" : ""));
}

// The entity whose rows a field names by its key: "account", "case_id", "policy" of "sla_policy".
inline const Entity* pointed_at(const Field& field) {
  if (field.type != FieldType::kId || field.id == 1) return nullptr;
  if (field.key == "row") return &entity_of<Case>();  // of any kind: "entity" says which
  const auto key = field.key.ends_with("_id") ? field.key.substr(0, field.key.size() - 3)
                                              : field.key;
  if (const Entity* entity = find_entity(key)) return entity;
  for (const Entity* entity : entities())
    if (entity->name.ends_with('_' + std::string(key))) return entity;
  return nullptr;
}

class RowMarker {
 public:
  static constexpr std::string_view kPrefix = "zq";
  static constexpr std::size_t kMarkSize = 8;

  struct Source {
    const MarkedRow* row = nullptr;
    const Field* field = nullptr;
  };

  explicit RowMarker(Instant now) : now_(now) {
    for (const Owner owner : kOwners)
      for (const Entity* entity : entities()) {
        rows_.push_back(make(*entity, owner, false));
        if (entity->staff_only != nullptr) rows_.push_back(make(*entity, owner, true));
      }
    for (const MarkedRow& row : rows_)
      for (const Field& field : row.entity->fields)
        for (const auto& mark : marks_in(text_of(field, row.row->get())))
          sources_[mark] = {&row, &field};
  }

  const std::vector<MarkedRow>& rows() const { return rows_; }
  MarkedRow& row_of(const Entity& entity, Owner owner, bool is_staff_only = false) {
    for (MarkedRow& row : rows_)
      if (row.entity == &entity && row.owner == owner && row.is_staff_only == is_staff_only)
        return row;
    FOYER_ASSERT(false);
  }
  const std::map<std::string, Source, std::less<>>& sources() const { return sources_; }

  static std::vector<std::string> marks_in(std::string_view text) {
    std::vector<std::string> marks;
    for (auto at = text.find(kPrefix); at != std::string_view::npos;
         at = text.find(kPrefix, at + 1))
      if (at + kMarkSize <= text.size()) marks.emplace_back(text.substr(at, kMarkSize));
    return marks;
  }
  // What a field holds of text, be it a list or bytes.
  static std::string text_of(const Field& field, const void* row) {
    if (field.type == FieldType::kText) return field.value<std::string>(row);
    if (field.type == FieldType::kBytes) return field.value<Bytes>(row).data;
    std::string all;
    if (field.type == FieldType::kTextList)
      for (const auto& text : field.value<std::vector<std::string>>(row)) all += text + '\n';
    return all;
  }

 private:
  std::string next_mark() {
    std::string digits = std::to_string(++count_);
    return std::string(kPrefix) + std::string(kMarkSize - kPrefix.size() - digits.size(), 'x') +
           digits;
  }

  MarkedRow make(const Entity& entity, Owner owner, bool is_staff_only) {
    MarkedRow marked{&entity, owner, is_staff_only, std::make_shared<AnyRow>(entity)};
    void* row = marked.row->get();
    do {
      for (const Field& field : entity.fields) fill(field, entity, owner, row);
    } while (entity.staff_only != nullptr && entity.staff_only(row) != is_staff_only);
    if (entity.staff_only != nullptr) fill_choices(entity, is_staff_only, row);
    entity.fields[0].value<Uuid>(row) = marked_id(entity, owner, is_staff_only);
    if (auto* device = entity.id == Table<Device>::id ? static_cast<Device*>(row) : nullptr) {
      device->kind = DeviceKind::kKiosk;
      if (owner == Owner::kOwn) device->revoked_at = {};
      for (std::size_t form = 0; form < kNames<KioskForm>.size(); ++form)
        device->forms.add(static_cast<KioskForm>(form));
    }
    if (auto* user = entity.id == Table<User>::id ? static_cast<User*>(row) : nullptr) {
      if (owner == Owner::kOwn) user->state = UserState::kActive;
      user->roles = Roles{Role::kCustomerUser};
    }
    return marked;
  }

  // Another enumerator than the first wherever one leaves the row among those who may read it: an
  // empty field shows nothing of who reads it.
  static void fill_choices(const Entity& entity, bool is_staff_only, void* row) {
    for (const Field& field : entity.fields) {
      if (field.type != FieldType::kEnum || !is_empty_field(field, row)) continue;
      auto& value = field.value<std::uint8_t>(row);
      for (value = 1; value < field.names.size(); ++value)
        if (entity.staff_only(row) == is_staff_only) break;
      if (value == field.names.size()) value = 0;
    }
  }

  void fill(const Field& field, const Entity& entity, Owner owner, void* row) {
    AnyRow scratch(entity);
    // Which enumerator makes a row one for staff alone is not known here: any may be it.
    const bool may_be_empty = field.type == FieldType::kEnum && entity.staff_only != nullptr;
    do fill_randomly(entity, scratch.get(), random_);
    while (!may_be_empty && is_empty_field(field, scratch.get()));
    void* at = scratch.get();
    const bool is_code = field.key == "time_zone" || field.key == "language" ||
                         field.options.length_max < kMarkSize;
    if (field.type == FieldType::kText)
      field.value<std::string>(at) = field.key == "time_zone" ? "Europe/Berlin"
                                     : field.key == "language" ? "en"
                                     : is_code                 ? "EUR"
                                                               : next_mark();
    if (field.type == FieldType::kTextList && field.key != "languages")
      field.value<std::vector<std::string>>(at) = {next_mark()};
    if (field.type == FieldType::kBytes) field.value<Bytes>(at).data = next_mark();
    if (field.type == FieldType::kInstant)
      field.value<Instant>(at) = now_ + static_cast<std::int64_t>(++count_) * 1000;
    if (field.type == FieldType::kIntegerList) {
      auto& list = field.value<std::vector<std::int64_t>>(at);
      for (list.clear(); list.size() < field.options.row_width;)
        list.push_back(static_cast<std::int64_t>(list.size()) + 1);
    }
    if (const Entity* target = pointed_at(field))
      field.value<Uuid>(at) = marked_id(*target, owner);
    // A colleague is one of the same company.
    if (pointed_at(field) == &entity_of<Account>() && owner == Owner::kColleague)
      field.value<Uuid>(at) = marked_id(entity_of<Account>(), Owner::kOwn);
    copy_field(field, at, row);
  }

  const Instant now_;
  Random random_{20261127};
  std::uint64_t count_ = 0;
  std::vector<MarkedRow> rows_;
  std::map<std::string, Source, std::less<>> sources_;
};

class AuthorisationWorld : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) / (std::string("foyer_") + test->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "web");
    InstallationOptions options{.folder = (folder_ / "data").string()};
    options.entities = stored_entities();
    installation_ = std::move(*Installation::open(options, now_));
    installation_->mark_set_up();
    files_ = *StaticFiles::load((folder_ / "web").string());
    ApplicationOptions application;
    application.clock = [this] { return now_; };
    gate_ = std::make_unique<CommandGate>(*installation_, application.clock);
    application_ =
        std::make_unique<Application>(*installation_, *gate_, files_, std::move(application));
    change([this](Writer& writer) {
      for (const MarkedRow& row : marker_.rows()) writer.write(*row.entity, row.row->get());
    });
    askers_.push_back({"nobody", {}, SiteKind::kCustomer, {}, {}, "", ""});
    for (std::size_t i = 0; i < kNames<Role>.size(); ++i) add_askers(static_cast<Role>(i));
    gate_->publish_everything();
  }
  void TearDown() override {
    application_->stop();
    installation_->writer().stop();
    application_.reset();
    gate_.reset();
    installation_.reset();
    std::filesystem::remove_all(folder_);
  }

  void change(const std::function<void(Writer&)>& work) {
    ASSERT_TRUE(installation_->writer().run_and_wait([&] {
      work(installation_->store());
      return true;
    }));
  }

  // What a asker is by the rows now.
  Actor actor_of_asker(const Asker& asker) {
    auto lease = installation_->readers().acquire();
    return asker.device.is_null() ? actor_of(lease.store(), asker.user)
                                      : actor_of(lease.store(), asker.device);
  }
  // Before a customer's turn: both customer roles share the own contact.
  void take_turn(const Asker& asker) {
    if (asker.site != SiteKind::kCustomer || asker.user.is_null()) return;
    const auto slash = asker.name.find('/');
    change([&](Writer& writer) {
      auto contact = *get(writer, Id<Contact>(marked_id(entity_of<Contact>(), Owner::kOwn)));
      for (std::size_t i = 0; i < kNames<PortalScope>.size(); ++i)
        if (kNames<PortalScope>[i] == asker.name.substr(slash + 1))
          contact.portal_scope = static_cast<PortalScope>(i);
      put(writer, contact);
      auto user = *get(writer, asker.user);
      user.roles = Roles{asker.role};
      put(writer, user);
    });
  }

  HttpResponse ask(const Asker& asker, const std::string& method, const std::string& path,
                   const std::string& body = "", std::vector<HttpHeader> more = {}) {
    auto request = std::make_shared<HttpRequest>();
    request->method = method;
    const auto question = path.find('?');
    request->path = path.substr(0, question);
    if (question != std::string::npos) request->query = path.substr(question + 1);
    request->host = "localhost";
    request->peer_address = "127.0.0.1";
    request->request_id = "0";
    request->body = body;
    request->headers = {{"host", "localhost"},
                        {"accept", "text/html"},
                        {"origin", "http://localhost"},
                        {"x-form-token", asker.form_token}};
    if (!asker.cookie.empty()) request->headers.push_back({"cookie", asker.cookie});
    for (auto& header : more) request->headers.push_back(std::move(header));
    std::promise<HttpResponse> answer;
    application_->handle(request, [&](HttpResponse response) {
      answer.set_value(std::move(response));
    });
    return answer.get_future().get();
  }

  static std::string sync_path(const Asker& asker) {
    if (asker.site == SiteKind::kKiosk) return "/kiosk/sync";
    return asker.site == SiteKind::kStaff ? "/staff/sync" : "/sync";
  }

  // Every row of every table as text, but for sessions and for what recognises a repetition: a
  // refused command of a device is remembered, so that it stays refused.
  std::string contents() {
    std::string all;
    installation_->writer().run_and_wait([&] {
      auto& database = installation_->database();
      std::vector<std::string> tables;
      Statement& names = database.statement(
          "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
      while (names.step()) tables.emplace_back(names.text(0));
      for (const auto& table : tables) {
        if (table == "server_session" || table == "server_command" || table == "sync_client")
          continue;
        append_table(database, table, all);
      }
      return true;
    });
    return all;
  }

  Instant now_{1'764'160'000'000};
  RowMarker marker_{now_};
  std::vector<Asker> askers_;
  std::filesystem::path folder_;
  StaticFiles files_;
  std::unique_ptr<Installation> installation_;
  std::unique_ptr<CommandGate> gate_;
  std::unique_ptr<Application> application_;

 private:
  static void append_table(Database& database, const std::string& table, std::string& all) {
    auto& kept = table_sql(database, table);
    Statement& rows = database.statement(kept);
    all += table + '\n';
    while (rows.step()) (all += rows.text(0)) += '\n';
  }
  static std::string& table_sql(Database& database, const std::string& table) {
    static std::map<std::string, std::string> known;
    std::string& sql = known[table];
    if (!sql.empty()) return sql;
    Statement& columns = database.statement("SELECT name FROM pragma_table_info(?1)");
    columns.bind(1, table);
    std::string list;
    while (columns.step())
      list += (list.empty() ? "" : " || ',' || ") +
              ("quote(\"" + std::string(columns.text(0)) + "\")");
    return sql = "SELECT " + list + " FROM \"" + table + "\" ORDER BY 1";
  }

  void add_askers(Role role) {
    const std::string name(kNames<Role>[static_cast<std::size_t>(role)]);
    if (kCustomerRoles.has(role)) {
      const Id<User> user(marked_id(entity_of<User>(), Owner::kOwn));
      for (const auto scope : kNames<PortalScope>)
        askers_.push_back({name + '/' + std::string(scope), role, SiteKind::kCustomer, user, {},
                           "", ""});
      for (auto it = askers_.end() - std::ssize(kNames<PortalScope>);
           it != askers_.end(); ++it)
        sign_in(*it);
      return;
    }
    if (role == Role::kKiosk) {
      askers_.push_back({name, role, SiteKind::kKiosk, {},
                         Id<Device>(marked_id(entity_of<Device>(), Owner::kOwn)), "", ""});
      sign_in(askers_.back());
    }
    // Also the roles of machines, which are worth nothing to a user who was given one.
    User user;
    user.id = Id<User>(derive_uuid({}, "user with the role " + name));
    user.name = user.email = name;
    user.roles = Roles{role};
    change([&](Writer& writer) { put(writer, user); });
    askers_.push_back({kMachineRoles.has(role) ? "user_as_" + name : name, role,
                       SiteKind::kStaff, user.id, {}, "", ""});
    sign_in(askers_.back());
  }

  void sign_in(Asker& asker) {
    std::promise<Sessions::Begun> begun;
    const Uuid who = asker.device.is_null() ? Uuid(asker.user) : Uuid(asker.device);
    installation_->sessions().begin(asker.site, who, "test", now_,
                                    [&](auto session) { begun.set_value(*session); });
    const auto session = begun.get_future().get();
    asker.cookie = std::string(cookie_name(asker.site)) + '=' + session.token;
    asker.form_token = session.session.form_token;
  }
};

}  // namespace foyer::server
