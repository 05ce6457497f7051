#include "metrics.h"

namespace foyer::server {
namespace {

void add(std::string& text, std::string_view name, std::string_view type, std::string_view help,
         double value) {
  text += "# HELP " + std::string(name) + ' ' + std::string(help) + "\n# TYPE " +
          std::string(name) + ' ' + std::string(type) + '\n' + std::string(name) + ' ' +
          std::to_string(value) + '\n';
}

}  // namespace

std::string metrics_text(const HttpCounters& http, const WriterCounters& writer,
                         std::size_t writer_waiting, std::size_t sessions) {
  std::string text;
  const auto number = [](const auto& counter) { return static_cast<double>(counter.load()); };
  add(text, "foyer_http_requests_total", "counter", "Requests received.", number(http.requests));
  add(text, "foyer_http_responses_5xx_total", "counter", "Answers with a status of 500 or more.",
      number(http.responses_5xx));
  add(text, "foyer_http_malformed_total", "counter", "Requests that could not be read.",
      number(http.refused_malformed));
  add(text, "foyer_http_connections", "gauge", "Open HTTP connections.",
      number(http.connections));
  add(text, "foyer_ws_connections", "gauge", "Open WebSockets.", number(http.sockets));
  add(text, "foyer_commits_total", "counter", "Transactions committed.", number(writer.commits));
  add(text, "foyer_commit_jobs_total", "counter", "Jobs committed, of which a group has several.",
      number(writer.jobs));
  add(text, "foyer_commit_duration_seconds_sum", "counter", "Time spent in COMMIT.",
      number(writer.commit_us_total) / 1e6);
  add(text, "foyer_commit_queue", "gauge", "Jobs waiting for the writer.",
      static_cast<double>(writer_waiting));
  add(text, "foyer_commit_refused_total", "counter", "Jobs refused because the queue was full.",
      number(writer.refused_full));
  add(text, "foyer_commit_disk_full_total", "counter", "Groups refused because the disk was full.",
      number(writer.disk_full));
  add(text, "foyer_sessions", "gauge", "People signed in.", static_cast<double>(sessions));
  return text;
}

void MetricsHandler::handle(SharedRequest request, Respond respond) {
  if (request->method != "GET" || request->path != "/metrics")
    return respond(problem_response(404, "not_found", {}, request->request_id));
  auto response = text_response(200, text_());
  response.headers.front().value = "text/plain; version=0.0.4; charset=utf-8";
  respond(std::move(response));
}

void MetricsHandler::upgrade(SharedRequest request, RespondUpgrade respond) {
  respond({nullptr, problem_response(404, "not_found", {}, request->request_id)});
}

}  // namespace foyer::server
