// Checks and makes passwords without letting anyone use the cost of a hash as a weapon.
// Knows no user and no request.
// Invariant: at most two hashes run at once, at most 32 wait, and an unknown user costs as much.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "foyer/base/result.h"
#include "work_pool.h"

namespace foyer::server {

enum class PasswordVerdict : std::uint8_t { kWrong, kRight, kRightButOld };

class Passwords {
 public:
  Passwords();

  // Calls `done` on a pool thread. An empty hash (unknown user, or no password set) is checked
  // against a dummy and is always wrong. False: the queue is full, answer 503.
  bool verify(std::string hash, std::string password, std::function<void(PasswordVerdict)> done);
  // False as above. `done` gets an empty hash when memory is short.
  bool make(std::string password, std::function<void(std::string)> done);
  void stop() { pool_.stop(); }

 private:
  std::string dummy_hash_;
  WorkPool pool_;
};

// Length between 12 and 256 code points and none of the commonest: NIST SP 800-63B, 5.1.1.2.
Result<void> check_password_strength(std::string_view password, std::string_view email);

}  // namespace foyer::server
