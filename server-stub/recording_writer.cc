#include "recording_writer.h"

#include "foyer/schema/binary.h"

namespace foyer::server {

void RecordingWriter::write(const Entity& entity, const void* object) {
  remember(entity, entity.id_of(object));
  inner_.write(entity, object);
}

void RecordingWriter::erase(const Entity& entity, const Uuid& id) {
  remember(entity, id);
  inner_.erase(entity, id);
}

std::string RecordingWriter::next_number(std::string_view series) {
  ++numbers_[std::string(series)];
  return inner_.next_number(series);
}

void RecordingWriter::remember(const Entity& entity, const Uuid& id) {
  if (!places_.try_emplace({entity.id, id}, touched_.size()).second) return;
  Touch touch{&entity, id, {}};
  AnyRow row(entity);
  if (inner_.read(entity, id, row.get())) touch.before = encode(entity, row.get());
  touched_.push_back(std::move(touch));
}

}  // namespace foyer::server
