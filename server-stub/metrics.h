// The numbers of one running server in Prometheus' text format, on a port of their own.
#pragma once

#include "http_server.h"
#include "installation.h"

namespace foyer::server {

std::string metrics_text(const HttpCounters& http, const WriterCounters& writer,
                         std::size_t writer_waiting, std::size_t sessions);

// Answers GET /metrics and nothing else.
class MetricsHandler final : public HttpHandler {
 public:
  explicit MetricsHandler(std::function<std::string()> text) : text_(std::move(text)) {}
  void handle(SharedRequest request, Respond respond) override;
  void upgrade(SharedRequest request, RespondUpgrade respond) override;

 private:
  std::function<std::string()> text_;
};

}  // namespace foyer::server
