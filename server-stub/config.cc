#include "config.h"

#include <fstream>
#include <sstream>

#include "foyer/base/assert.h"
#include "foyer/base/text.h"

namespace foyer::server {
namespace {

std::string variable_of(std::string_view name) {
  std::string variable = "FOYER_";
  for (const char c : name)
    variable += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return variable;
}

const Setting* find_setting(std::string_view name) {
  for (const auto& setting : all_settings())
    if (setting.name == name) return &setting;
  return nullptr;
}

using Values = std::map<std::string, std::string, std::less<>>;

Result<Values> read_file(const std::string& path) {
  Values values;
  std::ifstream file(path);
  if (!file) return fail(ErrorCode::kInvalid, "config", "cannot_read");
  std::string raw;
  while (std::getline(file, raw)) {
    const auto line = trim(raw);
    if (line.empty() || line.front() == '#') continue;
    const auto equals = line.find('=');
    const auto name = trim(line.substr(0, equals));
    if (equals == std::string_view::npos || !find_setting(name))
      return fail(ErrorCode::kInvalid, std::string(name), "unknown_setting");
    values[std::string(name)] = trim(line.substr(equals + 1));
  }
  return values;
}

}  // namespace

const std::vector<Setting>& all_settings() {
  static const std::vector<Setting> settings = {
      {"listen", "127.0.0.1:8080", "address and port to serve on"},
      {"data", "foyer-data", "folder of the database file"},
      {"web", "", "folder of the built web files"},
      {"demo", "", "fill an empty data folder with demonstration data", true},
      {"tls-cert", "", "certificate chain (PEM); with --tls-key serves https"},
      {"tls-key", "", "private key (PEM)"},
      {"trusted-proxy", "", "addresses or networks whose X-Forwarded-* headers count"},
      {"origin", "", "the only origins whose requests are accepted, e.g. https://help.example.com"},
      {"metrics-listen", "", "address and port for /metrics; empty: none"},
      {"threads", "0", "I/O threads; 0: one per core"},
      {"log-level", "info", "debug, info, warning or error"},
      {"config", "", "file with the same settings, one key=value per line"},
      {"dry-run", "", "import: check and count, change nothing", true},
      {"map", "", "import: column=field, comma-separated"},
      {"email", "", "user add: the sign-in name"},
      {"name", "", "user add: the person's name"},
      {"role", "", "user add: roles, comma-separated"},
      {"password", "", "user add: the password; empty: read from standard input", false, true},
  };
  return settings;
}

Result<Config> Config::parse(const std::vector<std::string>& arguments,
                             const Environment& environment) {
  Config config;
  Values flags;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (!argument.starts_with("--")) {
      config.words_.emplace_back(argument);
      continue;
    }
    const auto equals = argument.find('=');
    const std::string name(argument.substr(2, equals == std::string_view::npos ? equals
                                                                               : equals - 2));
    const auto* setting = find_setting(name);
    if (!setting) return fail(ErrorCode::kInvalid, name, "unknown_setting");
    if (flags.contains(name)) return fail(ErrorCode::kInvalid, name, "given_twice");
    if (equals != std::string_view::npos) {
      flags[name] = argument.substr(equals + 1);
    } else if (setting->is_switch) {
      flags[name] = "1";
    } else {
      if (i + 1 >= arguments.size()) return fail(ErrorCode::kInvalid, name, "needs_value");
      flags[name] = arguments[++i];
    }
  }
  const auto from_environment = [&](std::string_view name) -> const std::string* {
    const auto found = environment.find(variable_of(name));
    return found == environment.end() ? nullptr : &found->second;
  };
  std::string file_name = flags.contains("config") ? flags["config"] : "";
  if (file_name.empty())
    if (const auto* value = from_environment("config")) file_name = *value;
  Values file;
  if (!file_name.empty()) {
    auto read = read_file(file_name);
    if (!read) return std::unexpected(read.error());
    file = std::move(*read);
  }
  for (const auto& setting : all_settings()) {
    const std::string name(setting.name);
    const auto* variable = from_environment(name);
    if (flags.contains(name)) config.values_[name] = flags[name];
    else if (variable) config.values_[name] = *variable;
    else if (file.contains(name)) config.values_[name] = file[name];
    else config.values_[name] = setting.fallback;
    auto& value = config.values_[name];
    if (setting.is_switch && (value == "0" || value == "false" || value == "no")) value.clear();
  }
  return config;
}

const std::string& Config::get(std::string_view name) const {
  const auto found = values_.find(name);
  FOYER_ASSERT(found != values_.end());
  return found->second;
}

std::vector<std::string> Config::list(std::string_view name) const {
  std::vector<std::string> parts;
  for (const auto part : split(get(name), ','))
    if (!trim(part).empty()) parts.emplace_back(trim(part));
  return parts;
}

std::string Config::print() const {
  std::string text;
  for (const auto& setting : all_settings()) {
    const auto& value = get(setting.name);
    text += std::string(setting.name) + '=';
    text += setting.is_secret && !value.empty() ? "(set)" : value;
    text += '\n';
  }
  return text;
}

}  // namespace foyer::server
