#include "revocations.h"

#include <algorithm>

#include "foyer/model/people.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/bytes.h"

namespace foyer::server {
namespace {

// What of a row decides access; empty: there is no such row, or it gives none.
std::string access_of(const User& user) {
  if (user.state != UserState::kActive) return {};
  ByteWriter out;
  out.varint(user.roles.bits);
  out.uuid(user.contact);
  return out.take();
}
std::string access_of(const Contact& contact) {
  ByteWriter out;
  out.uuid(contact.account);
  out.uuid(contact.site);
  out.byte(static_cast<std::uint8_t>(contact.portal_scope));
  return out.take();
}
std::string access_of(const Device& device) {
  return device.revoked_at.is_none() && !device.enrolled_at.is_none() ? "live" : "";
}

bool is_less(const User& before, const User& after) {
  return after.state != UserState::kActive || (before.roles.bits & ~after.roles.bits) != 0 ||
         before.contact != after.contact;
}
bool is_less(const Contact& before, const Contact& after) {
  return access_of(before) != access_of(after);
}
bool is_less(const Device& before, const Device& after) {
  return !access_of(before).empty() && access_of(after).empty();
}

template <class T>
void note_row(AccessKind kind, const RecordingWriter::Touch& touch, const Reader& after,
              const Fence& fence, Instant now, std::vector<AccessNote>& notes) {
  T before{};
  if (touch.before.empty() || !decode(entity_of<T>(), touch.before, &before)) return;
  const auto row = get(after, Id<T>(touch.id));
  const std::string access = row ? access_of(*row) : std::string();
  const bool is_known = fence.notes().contains({kind, touch.id});
  const bool has_lost = !row || (access_of(before) != access && is_less(before, *row));
  if (has_lost || (is_known && access_of(before) != access))
    notes.push_back({kind, touch.id, access, now});
}

void apply_to_user(const AccessNote& note, Writer& writer) {
  auto user = get(writer, Id<User>(note.id));
  if (!user || access_of(*user) == note.access) return;
  if (note.access.empty()) {
    user->state = UserState::kSuspended;
  } else {
    ByteReader in(note.access);
    user->roles.bits = in.varint();
    user->contact = Id<Contact>(in.uuid());
  }
  put(writer, *user);
}

void apply_to_contact(const AccessNote& note, Writer& writer) {
  auto contact = get(writer, Id<Contact>(note.id));
  if (!contact || access_of(*contact) == note.access) return;
  if (note.access.empty()) {
    // The row was erased. Others may point at it: who signs in through it is shut out instead.
    for (User& user : find<&User::contact>(writer, contact->id)) {
      user.state = UserState::kSuspended;
      put(writer, user);
    }
    return;
  }
  ByteReader in(note.access);
  contact->account = Id<Account>(in.uuid());
  contact->site = Id<Site>(in.uuid());
  contact->portal_scope = static_cast<PortalScope>(
      std::min(in.byte(), static_cast<std::uint8_t>(PortalScope::kAccount)));
  put(writer, *contact);
}

void apply_to_device(const AccessNote& note, Writer& writer, Instant now) {
  auto device = get(writer, Id<Device>(note.id));
  if (!device || !note.access.empty() || access_of(*device).empty()) return;
  device->revoked_at = now;
  put(writer, *device);
}

}  // namespace

bool decides_access(const Entity& entity) {
  return entity.id == Table<User>::id || entity.id == Table<Contact>::id ||
         entity.id == Table<Device>::id;
}

std::vector<AccessNote> access_notes(const std::vector<RecordingWriter::Touch>& touched,
                                     const Reader& after, const Fence& fence, Instant now) {
  std::vector<AccessNote> notes;
  for (const auto& touch : touched) {
    if (touch.entity->id == Table<User>::id)
      note_row<User>(AccessKind::kUser, touch, after, fence, now, notes);
    if (touch.entity->id == Table<Contact>::id)
      note_row<Contact>(AccessKind::kContact, touch, after, fence, now, notes);
    if (touch.entity->id == Table<Device>::id)
      note_row<Device>(AccessKind::kDevice, touch, after, fence, now, notes);
  }
  return notes;
}

void apply_access_notes(const Fence& fence, Writer& writer, Instant now) {
  for (const auto& [key, note] : fence.notes()) {
    if (note.kind == AccessKind::kUser) apply_to_user(note, writer);
    if (note.kind == AccessKind::kContact) apply_to_contact(note, writer);
    if (note.kind == AccessKind::kDevice) apply_to_device(note, writer, now);
  }
}

}  // namespace foyer::server
