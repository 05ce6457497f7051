// A page is a function from a request and the rows its actor may read to a response. Not a server:
// the two hosts (server, service worker) bring requests, run commands and send responses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foyer/command/command.h"
#include "foyer/view/kiosk.h"

namespace foyer {

using Fields = std::vector<std::pair<std::string, std::string>>;
// The value of the first field of that name in a decoded form or query; empty if there is none.
std::string value_of_field(const Fields& fields, std::string_view name);

struct Request {
  std::string method;  // "GET" or "POST"
  std::string path;    // "/cases/0190...", decoded, without query
  Fields query;        // decoded, in order
  Fields form;         // decoded body of a POST, in order
  std::string language;  // best of Accept-Language or the person's own choice: "en"
  Actor actor;
  std::string form_token;  // of the session, for forms; the host has checked the posted one
  Instant now;
  bool demo = false;
  bool offline = false;    // rendered by the worker without a connection
  bool own_device = false; // this device keeps a replica at rest
  std::optional<KioskState> kiosk;  // the visitor stands before one
  std::optional<Error> failure;  // set when the host ran the page's command and it was refused
};

struct Response {
  int status = 200;
  Fields headers;  // content type and location; the host adds the security headers
  std::string body;
};

// What only the device itself can do. A host that is not on the device gives the response instead,
// which says so.
enum class DeviceDeed : std::uint8_t { kNone, kKeep, kForget, kRetry, kDiscard };

// Either a finished response, or a command to run first: on success the host redirects (303) to
// `location`; on refusal it calls the page again with `failure` set.
struct PageResult {
  Response response;
  std::optional<Command> command;
  Uuid command_id;       // from the form: the same form sent twice is one command
  std::string location;
  DeviceDeed deed = DeviceDeed::kNone;  // likewise ends with `location`
  // The refused entry that kRetry and kDiscard are about, or whose place `command` takes.
  std::uint64_t mid = 0;
};

// What pages need of their host that is not a row: words for instants and money, asset addresses,
// and the state of the outbox.
class PageHost {
 public:
  virtual ~PageHost() = default;
  // "today 14:30", "Mon 30 Nov 2026, 09:00" in zone and language; style "date", "time", "datetime"
  virtual std::string format_instant(Instant at, std::string_view zone, std::string_view language,
                                     std::string_view style) const = 0;
  virtual std::string format_money(Money amount, std::string_view language) const = 0;
  virtual std::string asset_url(std::string_view name) const = 0;
};

}  // namespace foyer
