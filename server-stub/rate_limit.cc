#include "rate_limit.h"

#include <algorithm>

#include "foyer/base/text.h"

namespace foyer::server {
namespace {

// What is typed as an account may be long; only a bounded part names the key.
std::string account_key(std::string_view account) {
  return "a:" + to_ascii_lower(account.substr(0, 254));
}

// A household or a data centre gets a /64 in IPv6: count the network, not the single address.
std::string address_key(std::string_view address) {
  if (address.find(':') == std::string_view::npos) return "n:" + std::string(address);
  std::size_t end = 0;
  int groups = 0;
  while (end < address.size() && groups < 4) {
    if (address[end] == ':') ++groups;
    ++end;
  }
  return "n:" + std::string(address.substr(0, end));
}

}  // namespace

std::int64_t RateLimit::begin_attempt(std::string_view account, std::string_view address,
                                      Instant now) {
  const std::lock_guard lock(mutex_);
  const auto by_account = account_key(account);
  const auto by_address = address_key(address);
  const auto wait =
      std::max(account.empty() ? 0 : wait_of(by_account, options_.account_free, now),
               wait_of(by_address, options_.address_free, now));
  if (wait > 0) return wait;
  if (now - minute_start_ >= kMsPerMinute || now < minute_start_) {
    minute_start_ = now;
    minute_count_ = 0;
  }
  if (minute_count_ >= options_.total_per_minute)
    return std::max<std::int64_t>(1, kMsPerMinute - (now - minute_start_));
  ++minute_count_;
  make_room(now);
  if (!account.empty()) add(by_account, now);
  add(by_address, now);
  return 0;
}

void RateLimit::succeeded(std::string_view account, std::string_view address) {
  const std::lock_guard lock(mutex_);
  failures_.erase(account_key(account));
  const auto found = failures_.find(address_key(address));
  if (found != failures_.end() && --found->second.count <= 0) failures_.erase(found);
}

std::int64_t RateLimit::wait_of(const std::string& key, int free, Instant now) {
  const auto found = failures_.find(key);
  if (found == failures_.end()) return 0;
  auto& failures = found->second;
  if (now - failures.last >= options_.forget_ms) {
    failures_.erase(found);
    return 0;
  }
  if (failures.count < free) return 0;
  const int doublings = std::min(failures.count - free, 30);
  const auto wait = std::min(options_.wait_max_ms, options_.wait_first_ms << doublings);
  return std::max<std::int64_t>(0, wait - (now - failures.last));
}

void RateLimit::add(const std::string& key, Instant now) {
  auto& failures = failures_[key];
  ++failures.count;
  failures.last = now;
}

void RateLimit::make_room(Instant now) {
  if (failures_.size() + 2 < options_.keys_max) return;
  std::erase_if(failures_, [&](const auto& entry) {
    return now - entry.second.last >= kMsPerMinute;
  });
  // Still full: a flood of new keys. The total per minute bounds what they can do.
  if (failures_.size() + 2 >= options_.keys_max) failures_.clear();
}

}  // namespace foyer::server
