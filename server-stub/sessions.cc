#include "sessions.h"

#include <algorithm>

#include "secrets.h"

namespace foyer::server {
namespace {

// Of labels, as device_label writes them.
constexpr std::string_view kSomeBrowser = "A browser";
constexpr std::string_view kOn = " on ";

Uuid random_session_id() {
  const auto bytes = random_bytes(16);
  Uuid id;
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x40);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}

}  // namespace

void Sessions::load(std::vector<Session> stored, Instant now) {
  const std::lock_guard lock(mutex_);
  for (const auto& session : stored)
    if (!is_over(session, now)) keep(session);
}

void Sessions::begin(SiteKind site, const Uuid& user, std::string label, Instant now,
                     std::function<void(std::optional<Begun>)> done) {
  Begun begun;
  begun.token = random_token();
  begun.session = {.id = random_session_id(),
                   .site = site,
                   .user = user,
                   .token_hash = hash_token(begun.token),
                   .form_token = random_token(),
                   .created_at = now,
                   .seen_at = now,
                   .label = std::move(label)};
  auto mine = list(user, now);
  if (mine.size() >= limits_.per_user_max) end(mine.back().id, [](bool) {});
  const auto session = begun.session;
  storage_.save(session, [this, begun = std::move(begun), done = std::move(done)](bool is_durable) {
    if (!is_durable) return done(std::nullopt);
    {
      const std::lock_guard lock(mutex_);
      keep(begun.session);
    }
    done(begun);
  });
}

std::optional<Session> Sessions::find(SiteKind site, std::string_view token, Instant now) {
  if (token.empty() || token.size() > 100) return std::nullopt;
  std::optional<Session> to_save;
  std::optional<Session> found;
  {
    const std::lock_guard lock(mutex_);
    const auto entry = by_token_hash_.find(hash_token(token));
    if (entry == by_token_hash_.end() || entry->second.site != site) return std::nullopt;
    if (is_over(entry->second, now)) return std::nullopt;
    auto& session = entry->second;
    if (now - session.seen_at >= limits_.seen_step_ms) {
      session.seen_at = now;
      to_save = session;
    }
    found = session;
  }
  if (to_save) storage_.save(*to_save, [](bool) {});
  return found;
}

bool Sessions::is_live(const Uuid& id, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto hash = hash_of_id_.find(id);
  return hash != hash_of_id_.end() && !is_over(by_token_hash_.at(hash->second), now);
}

void Sessions::touch(const Uuid& id, Instant now) {
  std::optional<Session> to_save;
  {
    const std::lock_guard lock(mutex_);
    const auto hash = hash_of_id_.find(id);
    if (hash == hash_of_id_.end()) return;
    auto& session = by_token_hash_.at(hash->second);
    if (is_over(session, now) || now - session.seen_at < limits_.seen_step_ms) return;
    session.seen_at = now;
    to_save = session;
  }
  storage_.save(*to_save, [](bool) {});
}

std::vector<Session> Sessions::list(const Uuid& user, Instant now) {
  std::vector<Session> mine;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [hash, session] : by_token_hash_)
      if (session.user == user && !is_over(session, now)) mine.push_back(session);
  }
  std::sort(mine.begin(), mine.end(), [](const Session& a, const Session& b) {
    return a.created_at != b.created_at ? a.created_at > b.created_at : a.id < b.id;
  });
  return mine;
}

void Sessions::on_end(std::function<void(const Uuid&)> listener) {
  const std::lock_guard lock(listener_mutex_);
  ended_ = std::move(listener);
}

bool Sessions::end(const Uuid& id, SessionStorage::Done done) {
  if (!drop(id)) return false;
  {
    const std::lock_guard lock(listener_mutex_);
    if (ended_) ended_(id);
  }
  storage_.erase(id, std::move(done));
  return true;
}

void Sessions::end_all(const Uuid& user, const Uuid& except) {
  std::vector<Uuid> ids;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [hash, session] : by_token_hash_)
      if (session.user == user && session.id != except) ids.push_back(session.id);
  }
  for (const auto& id : ids) end(id, [](bool) {});
}

void Sessions::sweep(Instant now) {
  std::vector<Uuid> ids;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [hash, session] : by_token_hash_)
      if (is_over(session, now)) ids.push_back(session.id);
  }
  for (const auto& id : ids) end(id, [](bool) {});
}

std::size_t Sessions::size() const {
  const std::lock_guard lock(mutex_);
  return by_token_hash_.size();
}

bool Sessions::is_over(const Session& session, Instant now) const {
  if (session.site == SiteKind::kKiosk)
    return now - session.created_at >= limits_.kiosk_absolute_ms;
  const bool is_staff = session.site == SiteKind::kStaff;
  const auto idle = is_staff ? limits_.staff_idle_ms : limits_.customer_idle_ms;
  const auto absolute = is_staff ? limits_.staff_absolute_ms : limits_.customer_absolute_ms;
  return now - session.seen_at >= idle || now - session.created_at >= absolute;
}

void Sessions::keep(const Session& session) {
  hash_of_id_[session.id] = session.token_hash;
  by_token_hash_[session.token_hash] = session;
}

std::optional<Session> Sessions::drop(const Uuid& id) {
  const std::lock_guard lock(mutex_);
  const auto hash = hash_of_id_.find(id);
  if (hash == hash_of_id_.end()) return std::nullopt;
  auto session = std::move(by_token_hash_.at(hash->second));
  by_token_hash_.erase(hash->second);
  hash_of_id_.erase(hash);
  return session;
}

std::string device_label(std::string_view user_agent) {
  struct Known {
    std::string_view mark, name;
  };
  // The order matters: Edge and Opera also say Chrome, Chrome also says Safari.
  static constexpr Known kBrowsers[] = {{"Edg/", "Edge"},         {"OPR/", "Opera"},
                                        {"Firefox/", "Firefox"},  {"Chrome/", "Chrome"},
                                        {"Safari/", "Safari"},    {"curl/", "curl"}};
  static constexpr Known kSystems[] = {{"Android", "Android"}, {"iPhone", "iPhone"},
                                       {"iPad", "iPad"},       {"Windows", "Windows"},
                                       {"Mac OS X", "macOS"},  {"Linux", "Linux"}};
  std::string label(kSomeBrowser);
  for (const auto& browser : kBrowsers) {
    if (user_agent.find(browser.mark) == std::string_view::npos) continue;
    label = browser.name;
    break;
  }
  for (const auto& system : kSystems) {
    if (user_agent.find(system.mark) == std::string_view::npos) continue;
    return label + std::string(kOn) + std::string(system.name);
  }
  return label;
}

DeviceLabel parts_of_label(std::string_view label) {
  DeviceLabel parts;
  const auto on = label.find(kOn);
  parts.browser = label.substr(0, on);
  if (on != std::string_view::npos) parts.system = label.substr(on + kOn.size());
  if (parts.browser == kSomeBrowser) parts.browser.clear();
  return parts;
}

}  // namespace foyer::server
