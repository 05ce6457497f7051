// `foyer-server serve`: opens the installation, listens, and stops in order. The composition of the
// parts, with no behaviour of its own.
#pragma once

#include <atomic>
#include <functional>
#include <iosfwd>
#include <memory>

#include "application.h"
#include "config.h"
#include "http_server.h"
#include "metrics.h"

namespace foyer::server {

struct ListenAddress {
  std::string address;
  std::uint16_t port = 0;
};
// "127.0.0.1:8080", "[::1]:8080", ":8080" (loopback).
Result<ListenAddress> parse_listen(std::string_view text);

class Server {
 public:
  // Starts everything; what people should know (addresses, set-up token) goes to `out`.
  static Result<std::unique_ptr<Server>> start(const Config& config,
                                               std::vector<const Entity*> entities,
                                               std::ostream& out);
  ~Server();

  std::uint16_t port() const { return http_->port(); }
  Installation& installation() { return *installation_; }
  CommandGate& gate() { return *gate_; }
  void sweep() {
    application_->sweep();
    gate_->refresh_backup();
    gate_->compact_log();
  }
  // /readyz answers 503, running requests end, sockets close with a hint: within 8 seconds.
  void drain();

 private:
  Server() = default;
  void refresh_calendars();
  void announce(const Config& config, std::ostream& out);
  Result<void> listen(const Config& config);

  std::unique_ptr<Installation> installation_;
  std::unique_ptr<CommandGate> gate_;
  StaticFiles files_;
  std::unique_ptr<Application> application_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<MetricsHandler> metrics_handler_;
  std::unique_ptr<HttpServer> metrics_;
};

}  // namespace foyer::server
