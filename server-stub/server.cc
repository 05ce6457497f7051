#include "server.h"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <ostream>
#include <thread>

#include "demo.h"
#include "first_rows.h"
#include "log.h"
#include "secrets.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

constexpr int kExitStorageFailed = 74;  // EX_IOERR
constexpr int kDrainMs = 8'000;
constexpr rlim_t kOwnDescriptors = 256;  // files, threads' events, and what a library opens

void log_response(const RequestSummary& summary) {
  log(LogLevel::kInfo, "request",
      {{"id", summary.request_id},
       {"method", summary.method},
       {"path", summary.path},
       {"status", std::int64_t{summary.status}},
       {"bytes", static_cast<std::int64_t>(summary.response_bytes)},
       {"us", summary.duration_us}});
}

// Nothing may be acknowledged any more. The answers of this group are still on their way out.
void stop_after_storage_failure(int sqlite_code) {
  log(LogLevel::kError, "storage_failed", {{"sqlite_code", std::int64_t{sqlite_code}}});
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  std::_Exit(kExitStorageFailed);
}

// As many as the system allows; what is ours is left free, or a flood of connections would keep
// the database from its files.
int connections_max(int wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  const auto free = limit.rlim_cur - std::min(limit.rlim_cur / 2, kOwnDescriptors);
  return static_cast<int>(std::min<rlim_t>(free, static_cast<rlim_t>(wanted)));
}

}  // namespace

Result<ListenAddress> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return fail(ErrorCode::kInvalid, "listen", "bad_address");
  ListenAddress result;
  auto address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  result.address = address.empty() ? "127.0.0.1" : address == "localhost" ? "127.0.0.1"
                                                                           : std::string(address);
  const auto port = text.substr(colon + 1);
  const auto [rest, error] = std::from_chars(port.data(), port.data() + port.size(), result.port);
  if (error != std::errc() || rest != port.data() + port.size() || port.empty())
    return fail(ErrorCode::kInvalid, "listen", "bad_address");
  return result;
}

Result<std::unique_ptr<Server>> Server::start(const Config& config,
                                              std::vector<const Entity*> entities,
                                              std::ostream& out) {
  std::unique_ptr<Server> server(new Server());
  auto files = StaticFiles::load(config.get("web"));
  if (!files) return std::unexpected(files.error());
  server->files_ = std::move(*files);
  auto installation = Installation::open({.folder = config.get("data"),
                                          .entities = std::move(entities),
                                          .on_fatal = stop_after_storage_failure},
                                         wall_clock());
  if (!installation) return std::unexpected(installation.error());
  server->installation_ = std::move(*installation);
  server->gate_ = std::make_unique<CommandGate>(*server->installation_, wall_clock);
  if (server->installation_->is_set_up() && !server->gate_->has_history())
    server->gate_->publish_everything();
  if (config.has("demo"))
    FOYER_TRY(load_demo(*server->installation_, *server->gate_, wall_clock()));
  server->refresh_calendars();
  ApplicationOptions options;
  options.allowed_origins = config.list("origin");
  options.is_demo = is_demo(*server->installation_);
  if (options.is_demo) options.demo_accounts = demo_sign_in_lines();
  server->application_ = std::make_unique<Application>(
      *server->installation_, *server->gate_, server->files_, std::move(options));
  FOYER_TRY(server->listen(config));
  server->announce(config, out);
  return server;
}

Result<void> Server::listen(const Config& config) {
  const auto address = parse_listen(config.get("listen"));
  if (!address) return std::unexpected(address.error());
  HttpServerOptions options;
  options.address = address->address;
  options.port = address->port;
  options.thread_count = std::atoi(config.get("threads").c_str());
  options.tls_certificate_file = config.get("tls-cert");
  options.tls_key_file = config.get("tls-key");
  options.trusted_proxies = config.list("trusted-proxy");
  options.on_response = log_response;
  options.limits.connections_max = connections_max(options.limits.connections_max);
  auto http = HttpServer::start(std::move(options), *application_);
  if (!http) return std::unexpected(http.error());
  http_ = std::move(*http);
  if (!config.has("metrics-listen")) return {};
  const auto metrics_address = parse_listen(config.get("metrics-listen"));
  if (!metrics_address) return std::unexpected(metrics_address.error());
  metrics_handler_ = std::make_unique<MetricsHandler>([this] {
    return metrics_text(http_->counters(), installation_->writer().counters(),
                        installation_->writer().waiting(), installation_->sessions().size());
  });
  HttpServerOptions metrics_options;
  metrics_options.address = metrics_address->address;
  metrics_options.port = metrics_address->port;
  metrics_options.thread_count = 1;
  auto metrics = HttpServer::start(std::move(metrics_options), *metrics_handler_);
  if (!metrics) return std::unexpected(metrics.error());
  metrics_ = std::move(*metrics);
  return {};
}

// The rows of tzdata run out after some years, and tzdata itself changes.
void Server::refresh_calendars() {
  installation_->writer().run_and_wait([this] {
    const auto updates = calendar_updates(installation_->store(), wall_clock());
    return run_as_installation(*gate_, updates, wall_clock()).has_value();
  });
}

void Server::announce(const Config& config, std::ostream& out) {
  const auto address = parse_listen(config.get("listen"));
  const bool is_loopback = address->address == "127.0.0.1" || address->address == "::1";
  const std::string host = is_loopback ? "localhost" : address->address;
  const std::string base = (config.has("tls-cert") ? "https://" : "http://") + host + ":" +
                           std::to_string(http_->port());
  out << "Foyer is running.\n  customers: " << base << "/\n  staff:     " << base
      << "/staff/\n  kiosks:    " << base << "/kiosk/\n";
  if (!is_loopback && !config.has("tls-cert") && !config.has("trusted-proxy"))
    out << "Browsers keep sign-in cookies only over https: give --tls-cert and --tls-key, or put\n"
           "a proxy in front and name it with --trusted-proxy.\n";
  if (is_demo(*installation_)) {
    out << "Demo data. Everybody's password is \"" << kDemoPassword << "\":\n";
    for (const auto& line : demo_sign_in_lines()) out << "  " << line << '\n';
  }
  if (!installation_->is_set_up()) {
    const auto token = random_token();
    installation_->writer().run_and_wait([&] {
      return store_value(installation_->database(), kSetupTokenHash, hash_token(token));
    });
    out << "Nobody can sign in yet. Create the first administrator here (works once):\n  " << base
        << "/setup?token=" << token << '\n';
  }
  out << std::flush;
}

void Server::drain() {
  log(LogLevel::kInfo, "draining");
  application_->begin_drain();
  http_->drain(kDrainMs);
}

Server::~Server() {
  // The application's threads and the writer answer into the HTTP server, so they stop first.
  if (application_) application_->stop();
  if (installation_) installation_->writer().stop();
  metrics_.reset();
  http_.reset();
  application_.reset();
  gate_.reset();
  installation_.reset();
  log(LogLevel::kInfo, "stopped");
}

}  // namespace foyer::server
