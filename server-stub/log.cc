#include "log.h"

#include <atomic>
#include <cstdio>

#include "clock.h"
#include "http_message.h"

namespace foyer::server {
namespace {

std::atomic<LogLevel> least_level{LogLevel::kInfo};

constexpr std::string_view kLevelNames[] = {"debug", "info", "warning", "error"};

}  // namespace

void set_log_level(LogLevel least) { least_level = least; }

std::string format_log_line(LogLevel level, std::string_view event,
                            std::initializer_list<LogField> fields, std::int64_t now_ms) {
  std::string line = "{\"at\":" + json_string(to_iso(Instant{now_ms})) + ",\"level\":" +
                     json_string(kLevelNames[static_cast<std::size_t>(level)]) +
                     ",\"event\":" + json_string(event);
  for (const auto& field : fields) {
    line += ',' + json_string(field.key) + ':';
    if (const auto* number = std::get_if<std::int64_t>(&field.value))
      line += std::to_string(*number);
    else
      line += json_string(std::get<std::string_view>(field.value));
  }
  return line + "}\n";
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < least_level) return;
  const auto line = format_log_line(level, event, fields, wall_clock().ms);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace foyer::server
