// foyer-server: reads the command line and hands over to the part that does the work.
#include <csignal>
#include <ctime>
#include <iostream>

#include "admin.h"
#include "entities.h"
#include "log.h"
#include "server.h"

extern char** environ;

namespace foyer::server {
namespace {

constexpr char kUsage[] =
    "Usage:\n"
    "  foyer-server serve [--listen ADDRESS:PORT] [--data FOLDER] [--web FOLDER] [--demo]\n"
    "  foyer-server import KIND FILE [--dry-run] [--map COLUMN=FIELD,..] [--data FOLDER]\n"
    "  foyer-server undo-import RUN [--data FOLDER]\n"
    "  foyer-server backup FILE [--data FOLDER]\n"
    "  foyer-server restore FILE [--data FOLDER]\n"
    "  foyer-server doctor [--data FOLDER]\n"
    "  foyer-server device list [--data FOLDER]\n"
    "  foyer-server device revoke DEVICE [--data FOLDER]\n"
    "  foyer-server user add --email E --name N --role R[,R] [--data FOLDER]\n"
    "  foyer-server config print\n"
    "Settings, each also FOYER_* (dashes become underscores) or a line of --config FILE:\n";

Config::Environment environment() {
  Config::Environment values;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (text.starts_with("FOYER_") && equals != std::string::npos)
      values[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return values;
}

int usage() {
  std::cerr << kUsage;
  for (const auto& setting : all_settings())
    std::cerr << "  --" << setting.name << "  " << setting.what << '\n';
  return 2;
}

LogLevel level_named(const std::string& name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warning") return LogLevel::kWarning;
  return name == "error" ? LogLevel::kError : LogLevel::kInfo;
}

int serve(const Config& config) {
  // Blocked before any thread starts, so that only this one takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  auto server = Server::start(config, stored_entities(), std::cout);
  if (!server) {
    std::cerr << explain(server.error()) << '\n';
    return 1;
  }
  const timespec minute{60, 0};
  while (sigtimedwait(&signals, nullptr, &minute) < 0) (*server)->sweep();
  (*server)->drain();
  return 0;
}

int run(const Config& config) {
  set_log_level(level_named(config.get("log-level")));
  const auto& words = config.words();
  const auto is = [&words](std::size_t count, const char* first) {
    return words.size() == count && words[0] == first;
  };
  if (is(1, "serve")) return serve(config);
  if (is(2, "backup")) return back_up(config, words[1], std::cout);
  if (is(2, "restore")) return restore(config, words[1], stored_entities(), std::cout);
  if (is(3, "import"))
    return import_file(config, words[1], words[2], stored_entities(), std::cout);
  if (is(2, "undo-import"))
    return undo_import_run(config, words[1], stored_entities(), std::cout);
  if (is(1, "doctor")) return run_doctor(config, std::cout);
  if (is(2, "user") && words[1] == "add")
    return add_user(config, stored_entities(), std::cin, std::cout);
  if (is(2, "device") && words[1] == "list")
    return list_devices(config, stored_entities(), std::cout);
  if (is(3, "device") && words[1] == "revoke")
    return revoke_device(config, words[2], stored_entities(), std::cout);
  if (is(2, "config") && words[1] == "print") {
    std::cout << config.print();
    return 0;
  }
  return usage();
}

int start(const std::vector<std::string>& arguments) {
  const auto config = Config::parse(arguments, environment());
  if (config) return run(*config);
  std::cerr << explain(config.error()) << '\n';
  return 2;
}

}  // namespace
}  // namespace foyer::server

int main(int count, char** arguments) {
  return foyer::server::start({arguments + 1, arguments + count});
}
