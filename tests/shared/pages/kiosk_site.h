// A walk-up screen over the demonstration's rows, for tests of its pages: commands run as the
// server runs them when they arrive. Not a device: nothing is sealed, nothing kept.
#pragma once

#include "foyer/pages/kiosk_pages.h"
#include "shared/pages/customer_site.h"

namespace foyer {

class KioskSite {
 public:
  KioskSite() {
    device_.id = Id<Device>(derive_uuid(Uuid(), "kiosk"));
    device_.name = "Foyer, left of the lift";
    device_.kind = DeviceKind::kKiosk;
    device_.account = all<Account>(store(), 1).front().id;
    device_.site = all<Site>(store(), 1).front().id;
    device_.series = "K7";
    device_.enrolled_at = CustomerSite::kNow - kMsPerDay;
    device_.forms = {KioskForm::kCheckIn, KioskForm::kOpenCase, KioskForm::kFeedback,
                     KioskForm::kArticles, KioskForm::kBoard};
    device_.languages = {"en", "de", "fr", "ar"};
    change([](Device&) {});
  }

  // The profile, as the portal would change it.
  template <class Change>
  void change(Change change) {
    change(device_);
    put(store(), device_);
  }

  Request request(std::string path, Fields query = {}) const {
    Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.query = std::move(query);
    request.language = "en";
    request.actor = actor_of(site_.store(), device_.id);
    request.now = CustomerSite::kNow;
    KioskState kiosk;
    kiosk.next_number = next_number_;
    kiosk.last_contact_at = CustomerSite::kNow - kMsPerMinute;
    kiosk.storage = StorageState::kPersisted;
    kiosk.version = "3f2a9c1b";
    request.kiosk = kiosk;
    return request;
  }

  PageResult show(const Request& request) const {
    const ScopedReader reader(site_.store(), request.actor);
    return render_kiosk_page({request, reader, site_.host(), {}});
  }
  Response get(std::string path, Fields query = {}) const {
    return show(request(std::move(path), std::move(query))).response;
  }
  PageResult ask(std::string path, Fields form) const {
    Request sent = request(std::move(path));
    sent.method = "POST";
    sent.form = std::move(form);
    return show(sent);
  }
  // As a host and then the server do it; the number counts on.
  Response post(std::string path, Fields form) {
    Request sent = request(std::move(path));
    sent.method = "POST";
    sent.form = std::move(form);
    const PageResult wanted = show(sent);
    if (!wanted.command) return wanted.response;
    const Context context{sent.actor, sent.now, wanted.command_id};
    if (const auto done = run_command(*wanted.command, store(), context); !done) {
      sent.failure = done.error();
      return show(sent).response;
    }
    ++next_number_;
    return {303, {{"location", wanted.location}}, ""};
  }

  CheckIn visit(std::string number, CheckInState state, std::int64_t minutes_ago,
                std::string place = {}) {
    CheckIn row;
    row.id = Id<CheckIn>(derive_uuid(Uuid(), number));
    row.device = device_.id;
    row.site = device_.site;
    row.number = std::move(number);
    row.visitor_name = "Vera Visitor";
    row.state = state;
    row.place = std::move(place);
    row.at = CustomerSite::kNow - minutes_ago * kMsPerMinute;
    if (state == CheckInState::kCalled) row.called_at = row.at + kMsPerMinute;
    put(store(), row);
    return row;
  }

  MemoryStore& store() { return site_.store(); }
  const PlainHost& host() const { return site_.host(); }
  const Device& device() const { return device_; }

 private:
  CustomerSite site_;
  Device device_;
  std::int64_t next_number_ = 31;
};

inline std::string uuid_of(std::string_view name) {
  return to_string(derive_uuid(Uuid(), name));
}

}  // namespace foyer
