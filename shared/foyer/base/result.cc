#include "foyer/base/result.h"

#include <array>

#include "foyer/base/assert.h"

namespace foyer {
namespace {

constexpr std::array<ErrorInfo, 10> kErrors{{
    {ErrorCode::kInvalid, "invalid", 400, Retry::kAfterChange},
    {ErrorCode::kNotFound, "not_found", 404, Retry::kNever},
    {ErrorCode::kConflict, "conflict", 409, Retry::kAfterChange},
    {ErrorCode::kForbidden, "forbidden", 403, Retry::kNever},
    {ErrorCode::kUnauthenticated, "unauthenticated", 401, Retry::kAfterChange},
    {ErrorCode::kUnavailable, "unavailable", 503, Retry::kLater},
    {ErrorCode::kExhausted, "exhausted", 429, Retry::kLater},
    {ErrorCode::kCorrupt, "corrupt", 400, Retry::kNever},
    {ErrorCode::kCancelled, "cancelled", 499, Retry::kAfterChange},
    {ErrorCode::kInternal, "internal", 500, Retry::kLater},
}};

}  // namespace

const ErrorInfo& error_info(ErrorCode code) {
  const auto index = static_cast<std::size_t>(code);
  FOYER_ASSERT(index < kErrors.size() && kErrors[index].code == code);
  return kErrors[index];
}

}  // namespace foyer
