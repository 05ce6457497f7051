// A Writer that passes everything on and remembers each row as it was before its first change, so
// that a command's effect can be published. Not an undo: a savepoint does that.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "foyer/model/store.h"

namespace foyer::server {

class RecordingWriter final : public Writer {
 public:
  explicit RecordingWriter(Writer& inner) : inner_(inner) {}

  bool read(const Entity& entity, const Uuid& id, void* object) const override {
    return inner_.read(entity, id, object);
  }
  std::vector<Uuid> scan(const Entity& entity, const Scan& scan) const override {
    return inner_.scan(entity, scan);
  }
  std::vector<TextHit> search(const TextQuery& query) const override {
    return inner_.search(query);
  }
  std::size_t count(const Entity& entity) const override { return inner_.count(entity); }
  void write(const Entity& entity, const void* object) override;
  void erase(const Entity& entity, const Uuid& id) override;
  std::string next_number(std::string_view series) override;

  struct Touch {
    const Entity* entity = nullptr;
    Uuid id;
    std::string before;  // encoded; empty: there was no such row
  };
  // In the order of first change.
  const std::vector<Touch>& touched() const { return touched_; }
  // How many numbers of each series were taken.
  const std::map<std::string, std::size_t>& numbers() const { return numbers_; }

 private:
  void remember(const Entity& entity, const Uuid& id);

  Writer& inner_;
  std::vector<Touch> touched_;
  std::map<std::pair<EntityId, Uuid>, std::size_t> places_;
  std::map<std::string, std::size_t> numbers_;
};

}  // namespace foyer::server
