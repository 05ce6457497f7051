// Keeps what was taken away taken away: notes in the fence whose access became less, and applies
// the notes to a database that does not know of it, because it is older. Decides no access itself:
// rules/access.h does, from the rows.
#pragma once

#include "fence.h"
#include "recording_writer.h"

namespace foyer::server {

// Rows of this kind say who may do what.
bool decides_access(const Entity& entity);

// What the touched rows of users, contacts and devices say about access, of those that lost some,
// and of those that a note speaks of already.
std::vector<AccessNote> access_notes(const std::vector<RecordingWriter::Touch>& touched,
                                     const Reader& after, const Fence& fence, Instant now);

// Brings the rows to the access that the notes say. Sessions are no rows: the caller ends them.
void apply_access_notes(const Fence& fence, Writer& writer, Instant now);

}  // namespace foyer::server
