// A part of the text index that does not change but for what is struck out: documents, the newest
// first, and for each term the documents that have it. In memory as it is stored.
// Invariant: documents descend by id; terms ascend; every posting is a document's number.
//
//   terms := term*       term := shared:varint suffix:bytes postings:bytes, every 32nd shared = 0
//   postings := first:varint (distance - 1):varint*
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "foyer/base/id.h"
#include "foyer/base/result.h"
#include "foyer/schema/entity.h"

namespace foyer {

struct TextDocument {
  Uuid id;
  EntityId entity = 0;
  friend bool operator==(const TextDocument&, const TextDocument&) = default;
  // The newest first.
  friend bool operator<(const TextDocument& a, const TextDocument& b) {
    return a.id != b.id ? b.id < a.id : a.entity < b.entity;
  }
};
using DocumentNumber = std::uint32_t;

// One bit for each document.
using DocumentSet = std::vector<std::uint64_t>;

class TextSegment {
 public:
  // Reads terms one after the other.
  class Terms {
   public:
    explicit Terms(std::string_view bytes) : rest_(bytes) {}
    // False: there is none any more, or the bytes are damaged.
    bool next();
    const std::string& term() const { return term_; }
    std::string_view postings() const { return postings_; }
    bool is_damaged() const { return is_damaged_; }
    std::size_t left() const { return rest_.size(); }

   private:
    std::string_view rest_, postings_;
    std::string term_;
    bool is_damaged_ = false;
  };

  TextSegment() = default;
  // `terms`: by term, numbers of `documents`; each document once for a term. Documents that are in
  // `dead` are left out.
  TextSegment(const std::vector<TextDocument>& documents, const std::vector<bool>& dead,
              const std::vector<std::pair<std::string_view, const std::vector<DocumentNumber>*>>&
                  terms);
  // What is alive in both.
  static TextSegment merged(const TextSegment& a, const TextSegment& b);

  std::size_t size() const { return entities_.size(); }
  std::size_t alive() const { return entities_.size() - dead_count_; }
  TextDocument document(DocumentNumber number) const { return {ids_[number], entities_[number]}; }
  // True: it was there and alive.
  bool strike(const TextDocument& document);

  // Terms from the last block that begins at or before `from`: some stand before it.
  Terms terms_near(std::string_view from) const;
  // Adds the documents of a term to a set of size().
  static void add_to(DocumentSet& set, std::string_view postings);
  DocumentSet empty_set() const { return DocumentSet((size() + 63) / 64); }
  void remove_dead(DocumentSet& set) const;

  // Any bytes give a segment or kCorrupt.
  std::string encode() const;
  static Result<TextSegment> decode(std::string_view bytes);
  std::size_t bytes() const;

 private:
  class Writer;

  bool is_dead(DocumentNumber number) const {
    return !dead_.empty() && (dead_[number / 64] >> (number % 64) & 1) != 0;
  }
  bool index_blocks();  // false: damaged
  bool has_sound_terms() const;

  std::vector<Uuid> ids_;
  std::vector<EntityId> entities_;
  std::string terms_;
  std::vector<std::uint32_t> blocks_;  // where every 32nd term begins
  DocumentSet dead_;                   // empty: none is
  std::size_t dead_count_ = 0;
};

}  // namespace foyer
