// Who is signed in. All live sessions are in memory; a SessionStorage makes them durable. Knows no
// cookie and no request: see session_cookies.h.
// Invariant: a token is never stored, only its hash; a session that ended is found by nobody, and
// its listeners hear of it at once.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "foyer/base/id.h"
#include "foyer/base/instant.h"

namespace foyer::server {

enum class SiteKind : std::uint8_t { kCustomer, kStaff, kKiosk };

struct Session {
  Uuid id;
  SiteKind site = SiteKind::kCustomer;
  Uuid user;               // of a kiosk: its device
  std::string token_hash;  // 32 bytes
  std::string form_token;  // what every form of this session carries
  Instant created_at;
  Instant seen_at;
  std::string label;  // "Firefox on Linux": for the list of sessions a person may end
};

struct SessionLimits {
  std::int64_t staff_idle_ms = 30 * kMsPerMinute;
  std::int64_t staff_absolute_ms = 8 * kMsPerHour;
  std::int64_t customer_idle_ms = 7 * kMsPerDay;
  std::int64_t customer_absolute_ms = 30 * kMsPerDay;
  std::int64_t kiosk_absolute_ms = 12 * kMsPerHour;  // it signs in by itself, without anybody
  std::size_t per_user_max = 20;  // the oldest ends when one more begins
  std::int64_t seen_step_ms = kMsPerMinute;  // how exactly `seen_at` is made durable
};

class SessionStorage {
 public:
  virtual ~SessionStorage() = default;
  using Done = std::function<void(bool is_durable)>;
  // `done` is called once, on any thread, after the change is durable or has failed.
  virtual void save(const Session& session, Done done) = 0;
  virtual void erase(const Uuid& id, Done done) = 0;
};

class Sessions {
 public:
  explicit Sessions(SessionStorage& storage, SessionLimits limits = {})
      : storage_(storage), limits_(limits) {}

  // At start: the stored sessions; those that ended by then are dropped.
  void load(std::vector<Session> stored, Instant now);

  struct Begun {
    std::string token;  // for the cookie; not kept here
    Session session;
  };
  // `done` is called when the session is durable; it can be found from then on.
  void begin(SiteKind site, const Uuid& user, std::string label, Instant now,
             std::function<void(std::optional<Begun>)> done);

  // The live session of a token, and notes that it was seen.
  std::optional<Session> find(SiteKind site, std::string_view token, Instant now);
  // Likewise by id, without noting anything: for sockets that stay open.
  bool is_live(const Uuid& id, Instant now);

  // Notes that the session was used, for sockets that stay open.
  void touch(const Uuid& id, Instant now);

  std::vector<Session> list(const Uuid& user, Instant now);
  // `done` after it is durable; the session is gone for readers at once. False: no such session.
  bool end(const Uuid& id, SessionStorage::Done done);
  // All sessions of a user, but one: after a change of password, or when the user is suspended.
  void end_all(const Uuid& user, const Uuid& except);
  // Ends what is idle or too old; call about once a minute.
  void sweep(Instant now);
  std::size_t size() const;

  // Called (outside any lock) with the id of each session that ends.
  void on_end(std::function<void(const Uuid&)> listener);

 private:
  bool is_over(const Session& session, Instant now) const;
  void keep(const Session& session);
  std::optional<Session> drop(const Uuid& id);

  SessionStorage& storage_;
  const SessionLimits limits_;
  std::mutex listener_mutex_;  // held while the listener runs
  std::function<void(const Uuid&)> ended_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Session> by_token_hash_;
  std::unordered_map<Uuid, std::string, UuidHash> hash_of_id_;
};

// "Firefox on Linux" from a User-Agent header: for people to recognise a device, nothing more.
std::string device_label(std::string_view user_agent);

// What a label names; empty what it does not.
struct DeviceLabel {
  std::string browser, system;
};
DeviceLabel parts_of_label(std::string_view label);

}  // namespace foyer::server
