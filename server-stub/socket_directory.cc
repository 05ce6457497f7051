#include "socket_directory.h"

#include <algorithm>
#include <set>

namespace foyer::server {
namespace {

constexpr std::uint16_t kSignedOut = 4401;
constexpr std::uint16_t kTryAgain = 1013;

}  // namespace

std::uint64_t SocketDirectory::add(std::shared_ptr<Socket> socket, const Uuid& session,
                                   std::vector<std::string> topics) {
  const std::lock_guard lock(mutex_);
  const auto ticket = next_ticket_++;
  for (const auto& topic : topics) by_topic_[topic].push_back(ticket);
  entries_.emplace(ticket, Entry{std::move(socket), session, std::move(topics)});
  return ticket;
}

void SocketDirectory::remove(std::uint64_t ticket) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(ticket);
  if (entry == entries_.end()) return;
  for (const auto& topic : entry->second.topics) {
    auto& tickets = by_topic_[topic];
    std::erase(tickets, ticket);
    if (tickets.empty()) by_topic_.erase(topic);
  }
  entries_.erase(entry);
}

void SocketDirectory::notify(const std::vector<std::string>& topics, std::string_view text) {
  std::vector<std::shared_ptr<Socket>> sockets;
  {
    const std::lock_guard lock(mutex_);
    std::set<std::uint64_t> tickets;
    for (const auto& topic : topics)
      if (const auto found = by_topic_.find(topic); found != by_topic_.end())
        tickets.insert(found->second.begin(), found->second.end());
    for (const auto ticket : tickets) sockets.push_back(entries_.at(ticket).socket);
  }
  const auto bytes = std::make_shared<const std::string>(text);
  for (const auto& socket : sockets)
    if (!socket->send(bytes, MessageKind::kText)) socket->close(kTryAgain, "too slow");
}

void SocketDirectory::close_session(const Uuid& session) {
  std::vector<std::shared_ptr<Socket>> sockets;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [ticket, entry] : entries_)
      if (entry.session == session) sockets.push_back(entry.socket);
  }
  for (const auto& socket : sockets) socket->close(kSignedOut, "signed out");
}

std::size_t SocketDirectory::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace foyer::server
