// Full text: which documents have which words. Documents come and go one by one into a small
// part that is open; when it is full it becomes a segment, and segments of like size are merged.
// Not the words themselves: tokens_of() makes them, for the server's index (sqlite_text_index.h)
// too, which finds the same but forgives no slips.
// Invariant: a document is in one part, with the words that were put last, or in none.
#pragma once

#include <map>
#include <unordered_map>

#include "foyer/query/text_segment.h"

namespace foyer {

// The score is the sum over the words asked for.
enum TextScore : std::int64_t { kSlipScore = 1, kPrefixScore = 2, kExactScore = 3 };

struct TextMatch {
  TextDocument document;
  std::int64_t score = 0;
};

class TextIndex {
 public:
  // Replaces what the document had. `words`: may repeat.
  void put(const TextDocument& document, std::vector<std::string> words);
  void erase(const TextDocument& document);

  // Documents that have every word, the last one perhaps as the beginning of a word of theirs. If
  // there is none, with one slip in each word of four letters or more. The best first: words as
  // they are before beginnings before slips, then by id, the newest first.
  // `entities`: of these kinds alone; empty: of all. O(documents / 64 + postings of the words), and
  // with slips O(different words).
  std::vector<TextMatch> search(const std::vector<std::string>& words,
                                const std::vector<EntityId>& entities, std::size_t limit) const;

  // While many documents are put: larger parts, merged less often.
  void expect_many(bool is_many) { open_max_ = is_many ? kOpenManyMax : kOpenMax; }
  // Closes the open part.
  void settle();

  // Nothing is open in what is written. Any bytes give an index or kCorrupt.
  std::string encode();
  static Result<TextIndex> decode(std::string_view bytes);

  std::size_t size() const;   // documents
  std::size_t bytes() const;  // of memory, about

 private:
  static constexpr std::size_t kOpenMax = 1024, kOpenManyMax = 32 * 1024;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  struct DocumentHash {
    std::size_t operator()(const TextDocument& document) const {
      return UuidHash()(document.id) + document.entity;
    }
  };
  // The part that documents are put into.
  struct Open {
    std::vector<TextDocument> documents;
    std::vector<bool> dead;
    std::unordered_map<TextDocument, DocumentNumber, DocumentHash> numbers;  // alive
    std::unordered_map<std::string, std::vector<DocumentNumber>, Hash, std::equal_to<>> terms;
  };
  struct Question;
  class Answer;

  std::vector<TextMatch> answer(const Question& question) const;
  void search_open(const Question& question, Answer& answer) const;
  void merge_alike();

  Open open_;
  std::vector<TextSegment> segments_;  // the largest first
  std::size_t open_max_ = kOpenMax;
};

}  // namespace foyer
