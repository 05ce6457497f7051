// Every byte that anybody can get is searched for words that are not theirs to read: pages, feeds,
// errors, headers. A word is one of a kind, so that a find names the row and field that leaked.
#include <gtest/gtest.h>

#include <iostream>

#include "foyer/command/registry.h"
#include "foyer/pages/pages.h"
#include "foyer/schema/json.h"
#include "server-stub/authorisation_world.h"

namespace foyer::server {
namespace {

class CanaryTest : public AuthorisationWorld {
 protected:
  // The words and ids that a asker may come across.
  struct Readable {
    std::set<std::string> marks, ids;
  };

  Readable readable_by(const Asker& asker) {
    const auto actor = actor_of_asker(asker);
    auto lease = installation_->readers().acquire();
    const ScopedReader reader(lease.store(), actor);
    Readable readable;
    for (const MarkedRow& row : marker_.rows()) {
      AnyRow seen(*row.entity);
      if (!reader.read(*row.entity, row.row->id(), seen.get())) continue;
      readable.ids.insert(to_string(row.row->id()));
      for (const Field& field : row.entity->fields)
        for (auto& mark : RowMarker::marks_in(RowMarker::text_of(field, seen.get())))
          readable.marks.insert(std::move(mark));
    }
    return readable;
  }

  static std::string all_of(const HttpResponse& response) {
    std::string bytes = response.shared_body ? *response.shared_body : response.body;
    for (const auto& header : response.headers) bytes += '\n' + header.name + ": " + header.value;
    return bytes;
  }

  // `told`: what the request itself held, which an answer may repeat.
  void search(const HttpResponse& response, const Readable& readable, std::string_view told,
              const std::string& what) {
    const auto bytes = all_of(response);
    bytes_ += bytes.size();
    for (const auto& mark : RowMarker::marks_in(bytes)) {
      const auto source = marker_.sources().find(mark);
      if (source == marker_.sources().end() || told.find(mark) != std::string_view::npos) continue;
      ++found_;
      EXPECT_TRUE(readable.marks.contains(mark))
          << what << " shows " << source->second.row->kind() << '.' << source->second.field->key
          << " of the " << kOwnerNames[static_cast<std::size_t>(source->second.row->owner)];
    }
    for (const MarkedRow& row : marker_.rows()) {
      const auto id = to_string(row.row->id());
      if (readable.ids.contains(id) || told.find(id) != std::string_view::npos) continue;
      // A row that is read may name one that is not; a page makes no link of it.
      EXPECT_EQ(bytes.find('/' + id), std::string::npos) << what << " links: " << row.kind();
    }
  }

  void get_and_search(const Asker& asker, const Readable& readable,
                      const std::string& path) {
    const auto response = ask(asker, "GET", path);
    EXPECT_LT(response.status, 500) << asker.name << ' ' << path;
    search(response, readable, path, asker.name + " GET " + path);
  }

  // Each path with a "*" once for every row there is.
  std::vector<std::string> paths() const {
    std::set<std::string> all{"/staff/", "/staff/cases", "/healthz"};
    const auto add = [&](std::string_view path) {
      if (!path.ends_with('*')) return void(all.emplace(path));
      for (const MarkedRow& row : marker_.rows())
        all.insert(std::string(path.substr(0, path.size() - 1)) + to_string(row.row->id()));
    };
    for (const auto path : page_paths()) add(path);
    for (const auto& [method, path] : Application::routes())
      if (method == "GET") add(path);
    // Attachments and exports: there is nothing behind such addresses.
    for (const char* path : {"/attachments/", "/files/", "/export/", "/api/export/"})
      all.insert(path + to_string(marker_.rows().front().row->id()));
    return {all.begin(), all.end()};
  }

  // Search boxes, asked for every word there is.
  void search_by_every_word(const Asker& asker, const Readable& readable) {
    for (const auto& [mark, source] : marker_.sources())
      for (const std::string path : {"/cases?show=all&q=", "/articles?q="}) {
        if (!source.field->has(kFullText)) continue;
        const auto response = ask(asker, "GET", path + mark);
        search(response, readable, mark, asker.name + " GET " + path + mark);
      }
  }

  void read_errors(const Asker& asker, const Readable& readable) {
    const std::string site = asker.site == SiteKind::kStaff ? "/staff" : "";
    for (const CommandInfo& info : commands()) {
      AnyRow arguments(*info.arguments);
      fill_randomly(*info.arguments, arguments.get(), random_);
      for (const Field& field : info.arguments->fields)
        if (const Entity* target = pointed_at(field))
          field.value<Uuid>(arguments.get()) = marked_id(*target, Owner::kForeign);
      const auto json = write_json(*info.arguments, arguments.get());
      const Uuid key = derive_uuid(asker.user, asker.name + std::string(info.name));
      const auto response = ask(asker, "POST", site + "/api/command/" + std::string(info.name),
                                json, {{"idempotency-key", to_string(key)}});
      search(response, readable, json, asker.name + ' ' + std::string(info.name));
    }
  }

  Random random_{5};
  std::size_t bytes_ = 0, found_ = 0;
};

TEST_F(CanaryTest, NoByteHoldsAWordThatIsNotItsReadersToKnow) {
  const auto all_paths = paths();
  for (const Asker& asker : askers_) {
    take_turn(asker);
    gate_->publish_everything();
    const auto readable = readable_by(asker);
    const bool is_customer = asker.site == SiteKind::kCustomer;
    if (asker.site != SiteKind::kStaff || asker.role == Role::kCsr)
      for (const auto& path : all_paths) get_and_search(asker, readable, path);
    if (is_customer) search_by_every_word(asker, readable);
    Hello hello;
    hello.client = derive_uuid({}, asker.name);
    search(ask(asker, "POST", sync_path(asker), encode_frame(hello)), readable, "",
           asker.name + " feed");
    if (asker.device.is_null()) read_errors(asker, readable);
  }
  std::cout << "canaries: " << marker_.sources().size() << " words, " << bytes_
            << " bytes searched, " << found_ << " finds, each its reader's\n";
  EXPECT_GT(found_, 1000u);
}

// One database is one company: what two servers in one process share is code alone.
TEST_F(CanaryTest, AnotherCompanysServerKnowsNobodyHereAndNoWordOfTheirs) {
  InstallationOptions options{.folder = (folder_ / "other").string()};
  options.entities = stored_entities();
  const auto other = std::move(*Installation::open(options, now_));
  other->mark_set_up();
  CommandGate gate(*other, [this] { return now_; });
  ApplicationOptions application;
  application.clock = [this] { return now_; };
  auto elsewhere = std::make_unique<Application>(*other, gate, files_, std::move(application));
  application_.swap(elsewhere);
  const auto all_paths = paths();
  for (const Asker& asker : askers_) {
    if (asker.name != "csr" && !asker.name.ends_with("/account")) continue;
    for (const auto& path : all_paths) {
      const auto response = ask(asker, "GET", path);
      EXPECT_TRUE(path.find("session.json") == std::string::npos || response.status == 401);
      search(response, {}, path, asker.name + " GET " + path + " elsewhere");
    }
    Hello hello;
    hello.client = derive_uuid({}, asker.name);
    EXPECT_EQ(ask(asker, "POST", sync_path(asker), encode_frame(hello)).status, 401);
  }
  EXPECT_EQ(found_, 0u);
  application_.swap(elsewhere);
}

}  // namespace
}  // namespace foyer::server
