// The one way in for a change: runs commands on the writer thread, each once, with the actor as the
// rows say now. Knows no form and no frame.
// Invariant: a command id is executed at most once; a repeat gets the first one's answer.
#pragma once

#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "foyer/command/command.h"
#include "installation.h"

namespace foyer::server {

struct CommandRequest {
  Command command;
  Uuid id;        // made by the form or the device
  Id<User> user;  // who is signed in; resolved to an actor when the command runs
};

class CommandGate {
 public:
  CommandGate(Installation& installation, std::function<Instant()> clock);
  ~CommandGate();

  // `done` is called once, on the writer thread, when the answer is durable. False: the queue is
  // full, and `done` is not called.
  bool submit(CommandRequest request, std::function<void(Result<void>)> done);

  // For jobs that run on the writer thread already, within their transaction: imports and
  // demonstration data. Not deduplicated by id.
  Result<void> execute(const Command& command, const Context& context);

  // Called on the writer thread after COMMIT with the scopes on which something changed.
  void on_change(std::function<void(const std::vector<std::string>&)> listener);

 private:
  Result<void> run_once(const CommandRequest& request);
  void publish();

  Installation& installation_;
  const std::function<Instant()> clock_;
  std::mutex mutex_;  // held while the listener runs
  std::function<void(const std::vector<std::string>&)> changed_;
  std::set<std::string> scopes_;  // writer thread only: of the transaction under way
};

}  // namespace foyer::server
