// The customer site over the demonstration's rows, for tests of its pages: a request in, a page
// out, commands run as a host runs them. Not a server: no sessions, no form tokens checked.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "foyer/command/demo_data.h"
#include "foyer/command/execute.h"
#include "foyer/model/registry.h"
#include "foyer/pages/pages.h"
#include "foyer/query/memory_store.h"

namespace foyer {

class PlainHost final : public PageHost {
 public:
  std::string format_instant(Instant at, std::string_view zone, std::string_view,
                             std::string_view style) const override {
    return std::string(style) + " " + std::to_string(at.ms) + " " + std::string(zone);
  }
  std::string format_money(Money amount, std::string_view) const override {
    return std::to_string(amount.minor);
  }
  std::string asset_url(std::string_view name) const override {
    return "/assets/" + std::string(name);
  }
};

class CustomerSite {
 public:
  static constexpr Instant kNow{1764160000000};
  static constexpr const char* kClara = "clara@lindenhof.example";
  static constexpr const char* kSofia = "sofia@seeblick.example";
  static constexpr const char* kNobody = "";

  CustomerSite() : store_(Numbering::kAuthority) {
    std::uint64_t index = 0;
    for (const DemoStep& step : demo_steps({kNow, {0, 60}})) {
      const Actor actor = step.actor_email.empty() ? installation_actor() : who(step.actor_email);
      const Context context{actor, step.at, derive_uuid(Uuid(), std::to_string(index++))};
      EXPECT_TRUE(run_command(step.command, store_, context)) << step.command.name;
    }
  }

  Actor who(std::string_view email) const {
    if (email.empty()) return {};
    return actor_of(store_, find<&User::email>(store_, email, 1).front().id);
  }

  Request request(std::string_view email, std::string path) const {
    Request request;
    request.method = "GET";
    request.language = "en";
    request.path = std::move(path);
    request.actor = who(email);
    request.form_token = "token-of-the-session";
    request.now = kNow;
    return request;
  }

  PageResult show(const Request& request) const {
    const ScopedReader reader(store_, request.actor);
    return render_page({request, reader, host_, {}});
  }
  Response get(std::string_view email, std::string path) const {
    return show(request(email, std::move(path))).response;
  }

  // As a host does it: the command runs once; a refusal comes back to the page.
  Response post(std::string_view email, std::string path, Fields form) {
    Request sent = request(email, std::move(path));
    sent.method = "POST";
    sent.form = std::move(form);
    const PageResult wanted = show(sent);
    if (!wanted.command) return wanted.response;
    const auto done = run_command(*wanted.command, store_, {sent.actor, kNow, wanted.command_id});
    if (done) return {303, {{"location", wanted.location}}, ""};
    sent.failure = done.error();
    return show(sent).response;
  }

  // A case whose account is (or is not) that of the person.
  Case some_case(std::string_view email, bool own) const {
    const Actor actor = who(email);
    const ScopedReader reader(store_, actor);
    for (const Case& row : all<Case>(store_))
      if (exists(reader, row.id) == own) return row;
    ADD_FAILURE() << "the demonstration has no such case";
    return {};
  }

  MemoryStore& store() { return store_; }
  const MemoryStore& store() const { return store_; }
  const PlainHost& host() const { return host_; }

 private:
  MemoryStore store_;
  PlainHost host_;
};

inline bool holds(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

inline std::string location_of(const Response& response) {
  for (const auto& [name, value] : response.headers)
    if (name == "location" || name == "Location") return value;
  return {};
}

}  // namespace foyer
