// Settings of one run: from flags, then FOYER_* variables, then the file named by --config, then
// defaults. Knows the names of the settings, not what they do.
//
//   config file := line*   line := key "=" value | "#" comment | blank   key: the flag, no dashes
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "foyer/base/result.h"

namespace foyer::server {

struct Setting {
  std::string_view name;  // "tls-cert"; flag "--tls-cert", variable "FOYER_TLS_CERT"
  std::string_view fallback;
  std::string_view what;  // for --help
  bool is_switch = false;
  bool is_secret = false;
};

const std::vector<Setting>& all_settings();

class Config {
 public:
  using Environment = std::map<std::string, std::string>;

  // `arguments` without the program's name. What is no flag is a word ("serve", a file name).
  // kInvalid with the flag as `field`: unknown, without its value, or given twice.
  static Result<Config> parse(const std::vector<std::string>& arguments,
                              const Environment& environment);

  const std::vector<std::string>& words() const { return words_; }
  const std::string& get(std::string_view name) const;
  bool has(std::string_view name) const { return !get(name).empty(); }
  // Comma-separated, trimmed, empty parts left out.
  std::vector<std::string> list(std::string_view name) const;
  // "key=value" lines, secrets replaced by "(set)".
  std::string print() const;

 private:
  std::vector<std::string> words_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace foyer::server
