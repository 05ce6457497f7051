// The open WebSockets of signed-in people: finds those of a session that ended, and those that want
// to hear of a change. Knows no message's meaning.
// Invariant: a socket whose session ended gets nothing more and is closed at once.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "foyer/base/id.h"
#include "http_server.h"

namespace foyer::server {

class SocketDirectory {
 public:
  // `topics`: what the socket wants to hear of, such as "account:0190...". Returns a ticket.
  std::uint64_t add(std::shared_ptr<Socket> socket, const Uuid& session,
                    std::vector<std::string> topics);
  void remove(std::uint64_t ticket);

  // Sends the text once to each socket that wants one of the topics. A socket whose queue is full
  // is closed: its page asks again when it comes back.
  void notify(const std::vector<std::string>& topics, std::string_view text);
  // Closes all sockets of the session with code 4401, "signed out".
  void close_session(const Uuid& session);
  std::size_t size() const;

 private:
  struct Entry {
    std::shared_ptr<Socket> socket;
    Uuid session;
    std::vector<std::string> topics;
  };

  mutable std::mutex mutex_;
  std::uint64_t next_ticket_ = 1;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::unordered_map<std::string, std::vector<std::uint64_t>> by_topic_;
};

}  // namespace foyer::server
