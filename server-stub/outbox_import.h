// Outbox files (foyer/sync/outbox_file.h) on the server: the key that a device seals one with, and
// bringing one in, in its author's name and with their rights as of now. Knows no route.
// Invariant: each command runs once, under the id that it would have had over the wire; what is
// refused is not remembered, so that the same file can be brought in again.
#pragma once

#include "command_gate.h"
#include "foyer/view/outbox_file.h"

namespace foyer::server {

// Derived, never stored: who has the secret finds it again from the head.
struct OutboxFileKey {
  std::string head, key;  // `key`: 32 bytes
};
OutboxFileKey outbox_file_key(std::string_view secret, Id<User> user, const Uuid& client);

// What a file holds, after every byte of it was proved to be of its author's device.
struct OpenedOutboxFile {
  OutboxFileHead head;
  OutboxText text;
};
// As split_outbox_file and decode_outbox_text; kForbidden "other_installation", kCorrupt "damaged".
Result<OpenedOutboxFile> open_outbox_file(std::string_view secret, std::string_view file);

// What would be sent; changes nothing.
OutboxFileAnswer look_at_outbox(const Reader& rows, Database& database, OpenedOutboxFile file);

struct OutboxImportRequest {
  Actor by;  // who brings it, and is recorded
  std::string file_name;
  Instant now;
};
// Sends what waits, in order. From any thread but the writer's and an I/O thread: it waits.
OutboxFileAnswer import_outbox(Installation& installation, CommandGate& gate,
                               OpenedOutboxFile file, const OutboxImportRequest& request);

}  // namespace foyer::server
