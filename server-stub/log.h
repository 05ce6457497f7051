// JSON lines on standard error: time in UTC, level, event, then numbers, codes and ids. Never
// bodies, names, addresses of people or what they wrote.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace foyer::server {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

struct LogField {
  std::string_view key;
  std::variant<std::int64_t, std::string_view> value;
};

void set_log_level(LogLevel least);
// One line, written whole also when several threads log.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
// The line that log() writes, for tests. `now_ms` since 1970.
std::string format_log_line(LogLevel level, std::string_view event,
                            std::initializer_list<LogField> fields, std::int64_t now_ms);

}  // namespace foyer::server
