// Expected failures as values. Not for programmer errors: those are FOYER_ASSERT (assert.h).
// Invariant: an Error never carries customer text; `detail` is a message key such as "too_long",
// which the locales turn into words (key "error.<field>.<detail>", else "error.<detail>").
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace foyer {

enum class ErrorCode : std::uint8_t {
  kInvalid,          // the input can never be accepted
  kNotFound,         // no such thing, or not for this actor
  kConflict,         // legal once, not any more
  kForbidden,        // the actor may not do this
  kUnauthenticated,  // nobody is signed in
  kUnavailable,      // try again later
  kExhausted,        // a limit or quota is reached
  kCorrupt,          // stored or received bytes are damaged
  kCancelled,        // given up by the caller
  kInternal,         // our mistake
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string field;   // key of the offending field, or empty
  std::string detail;  // message key: what is wrong with it

  friend bool operator==(const Error&, const Error&) = default;
};

enum class Retry : std::uint8_t { kNever, kAfterChange, kLater };

// One row per code: how it travels over HTTP and what may be done about it.
struct ErrorInfo {
  ErrorCode code;
  std::string_view name;  // stable, used in frames and in JSON problems
  int http_status;
  Retry retry;
};
const ErrorInfo& error_info(ErrorCode code);

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string field, std::string detail) {
  return std::unexpected(Error{code, std::move(field), std::move(detail)});
}
inline std::unexpected<Error> fail(ErrorCode code, std::string detail) {
  return std::unexpected(Error{code, {}, std::move(detail)});
}

}  // namespace foyer

// Returns the error of a Result<...> expression from the enclosing function.
#define FOYER_TRY(expression)                                               \
  do {                                                                      \
    if (auto foyer_try_result = (expression); !foyer_try_result)            \
      return std::unexpected(std::move(foyer_try_result).error());          \
  } while (false)
