// A data folder with the demonstration company and people who are signed in, without the cost of
// a password each. Opened by this process first, by a server afterwards.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <map>
#include <string>

#include "clock.h"
#include "command_gate.h"
#include "demo.h"
#include "entities.h"
#include "foyer/model/people.h"
#include "installation.h"
#include "session_cookies.h"

namespace foyer::server {

struct SignedInPerson {
  User user;
  Uuid session;
  std::string cookie, form_token;
  SiteKind site = SiteKind::kCustomer;

  std::string path(std::string_view rest) const {
    return (site == SiteKind::kStaff ? "/staff" : "") + std::string(rest);
  }
  // Of a request or an upgrade from a page of ours.
  std::string headers() const {
    return "Origin: http://localhost\r\nCookie: " + cookie + "\r\nX-Form-Token: " + form_token +
           "\r\n";
  }
};

inline SignedInPerson sign_in(Installation& installation, const std::string& email) {
  SignedInPerson person;
  {
    auto lease = installation.readers().acquire();
    person.user = find<&User::email>(lease.store(), email).at(0);
  }
  person.site = person.user.contact.is_null() ? SiteKind::kStaff : SiteKind::kCustomer;
  std::promise<Sessions::Begun> begun;
  installation.sessions().begin(person.site, person.user.id, "test", wall_clock(),
                                [&](auto session) { begun.set_value(*session); });
  const auto session = begun.get_future().get();
  person.session = session.session.id;
  person.form_token = session.session.form_token;
  person.cookie = std::string(cookie_name(person.site)) + "=" + session.token;
  return person;
}

class DemoFolder {
 public:
  explicit DemoFolder(const std::string& name)
      : root_(std::filesystem::path(testing::TempDir()) / name) {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
  }
  ~DemoFolder() { std::filesystem::remove_all(root_); }
  DemoFolder(const DemoFolder&) = delete;
  DemoFolder& operator=(const DemoFolder&) = delete;

  std::string data() const { return (root_ / "data").string(); }
  std::string file(const std::string& name) const { return (root_ / name).string(); }

  // The installation while no server runs on it.
  std::unique_ptr<Installation> open() const {
    auto installation =
        Installation::open({.folder = data(), .entities = stored_entities()}, wall_clock());
    EXPECT_TRUE(installation.has_value());
    return installation ? std::move(*installation) : nullptr;
  }

  // Loads the demonstration company and signs these people in, by their e-mail.
  std::map<std::string, SignedInPerson> prepare(const std::vector<std::string>& emails) const {
    std::map<std::string, SignedInPerson> people;
    const auto installation = open();
    CommandGate gate(*installation, wall_clock);
    EXPECT_TRUE(load_demo(*installation, gate, wall_clock()).has_value());
    for (const auto& email : emails) people[email] = sign_in(*installation, email);
    return people;
  }

 private:
  std::filesystem::path root_;
};

}  // namespace foyer::server
