// What a device has not handed over yet, in a person's words: for marks on pages and for the list
// of what waits. Not the outbox (sync/client_engine.h): nothing is changed here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "foyer/model/registry.h"
#include "foyer/sync/client_engine.h"

namespace foyer {

struct OutboxLine {
  std::uint64_t mid = 0;
  std::string command;    // its name: "case.reply"
  std::uint16_t version = 1;
  std::string arguments;  // its arguments as they are, to be written anew
  std::string words;      // what the person wrote, paragraphs by line feeds
  Id<Case> case_id;       // that it is about, or null
  std::vector<Uuid> ids;  // every row that its arguments name, first the ones it makes
  bool is_refused = false;
  Error error;  // of a refused one
  Instant at;
};

// In the order in which they were made. A command of an unknown name has no words and no ids.
std::vector<OutboxLine> outbox_lines(const std::map<std::uint64_t, OutboxEntry>& outbox);

// The line that waits to make or change the row; null if there is none.
const OutboxLine* waiting_for(const std::vector<OutboxLine>& lines, const Uuid& row);

}  // namespace foyer
