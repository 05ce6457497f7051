// The real foyer-server as a child process, for tests of what kills it: start, find the port, send
// a signal, wait. FOYER_SERVER names another program than build/foyer-server.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace foyer::server {

inline std::string server_program() {
  const char* named = std::getenv("FOYER_SERVER");
  return named ? named : FOYER_SOURCE_DIR "/build/foyer-server";
}

class ServerProcess {
 public:
  // `foyer-server serve` with these arguments, on a free port; its log is appended to a file.
  // `environment`: "NAME=value", in addition to ours.
  ServerProcess(std::vector<std::string> arguments, const std::string& log_file,
                std::vector<std::string> environment = {}) {
    arguments.insert(arguments.begin(), {server_program(), "serve", "--listen", "127.0.0.1:0"});
    for (char** entry = environ; *entry; ++entry) environment.emplace_back(*entry);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return;
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_file.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    auto words = pointers_to(arguments), variables = pointers_to(environment);
    is_running_ = posix_spawn(&id_, words[0], &actions, nullptr, words.data(),
                              variables.data()) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
  }
  ~ServerProcess() {
    if (is_running_) end(SIGKILL);
    if (output_ >= 0) close(output_);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Waits until it says where it listens. 0: it ended before.
  std::uint16_t port() {
    constexpr char kMark[] = "customers: http://localhost:";
    std::string said;
    char chunk[1024];
    for (;;) {
      const auto at = said.find(kMark);
      if (at != std::string::npos && said.find('/', at + sizeof kMark - 1) != std::string::npos)
        return static_cast<std::uint16_t>(std::atoi(said.c_str() + at + sizeof kMark - 1));
      const auto size = read(output_, chunk, sizeof chunk);
      if (size <= 0) return 0;
      said.append(chunk, static_cast<std::size_t>(size));
    }
  }

  pid_t id() const { return id_; }
  void send_signal(int signal) { ::kill(id_, signal); }
  // The exit status, or minus the signal that ended it.
  int wait() {
    int status = 0;
    waitpid(id_, &status, 0);
    is_running_ = false;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int end(int signal) {
    send_signal(signal);
    return wait();
  }

 private:
  static std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
  }

  pid_t id_ = 0;
  int output_ = -1;
  bool is_running_ = false;
};

}  // namespace foyer::server
