#include "foyer/query/text_index.h"

#include <algorithm>
#include <bit>

#include "foyer/base/checksum.h"
#include "foyer/base/sort.h"
#include "foyer/query/typo.h"
#include "foyer/schema/bytes.h"

namespace foyer {
namespace {

constexpr std::uint8_t kVersion = 1;

// What is asked for with one word.
struct Sought {
  const std::string* word;
  MeantWord meant;
  bool is_last;  // the beginning of a word is enough
};

bool begins_with_digit(std::string_view term) {
  return !term.empty() && term.front() >= '0' && term.front() <= '9';
}

// Which documents of one part have a word, by how well.
struct Matches {
  DocumentSet exact, prefix, slip;  // empty: none

  void add(DocumentSet& set, const DocumentSet& empty, std::string_view postings) {
    if (set.empty()) set = empty;
    TextSegment::add_to(set, postings);
  }
  std::uint64_t any(std::size_t i) const {
    return (exact.empty() ? 0 : exact[i]) | (prefix.empty() ? 0 : prefix[i]) |
           (slip.empty() ? 0 : slip[i]);
  }
  std::int64_t score(DocumentNumber number) const {
    const auto has = [&](const DocumentSet& set) {
      return !set.empty() && (set[number / 64] >> (number % 64) & 1) != 0;
    };
    return has(exact) ? kExactScore : has(prefix) ? kPrefixScore : kSlipScore;
  }
};

// Calls found(term, set of the Matches that it belongs to) for each term that the word asks for.
Matches matches_in(const TextSegment& segment, const Sought& sought, bool forgives) {
  Matches matches;
  const DocumentSet empty = segment.empty_set();
  const std::string& word = *sought.word;
  for (auto terms = segment.terms_near(word); terms.next();) {
    const std::string& term = terms.term();
    if (term < word) continue;
    if (term == word) matches.add(matches.exact, empty, terms.postings());
    else if (sought.is_last && term.starts_with(word))
      matches.add(matches.prefix, empty, terms.postings());
    else break;
    if (!sought.is_last) break;
  }
  if (!forgives || !sought.meant.is_forgiven()) return matches;
  // Digits stand before letters, and no word with one is forgiven.
  for (auto terms = segment.terms_near(":"); terms.next();) {
    const std::string& term = terms.term();
    if (begins_with_digit(term)) continue;
    const bool is_close = sought.is_last ? sought.meant.matches_beginning_of(term)
                                         : sought.meant.matches(term);
    if (is_close) matches.add(matches.slip, empty, terms.postings());
  }
  return matches;
}

}  // namespace

struct TextIndex::Question {
  std::vector<Sought> words;
  const std::vector<EntityId>& entities;
  std::size_t limit;
  bool forgives;

  bool wants(EntityId entity) const {
    return entities.empty() ||
           std::find(entities.begin(), entities.end(), entity) != entities.end();
  }
  std::int64_t score_max() const {
    return static_cast<std::int64_t>(words.size()) * kExactScore;
  }
};

// The best of what was found. Documents of one part come the newest first, so that of each score
// the first ones are enough.
class TextIndex::Answer {
 public:
  explicit Answer(const Question& question) : question_(question) {}
  void begin_part() { counts_.assign(static_cast<std::size_t>(question_.score_max()) + 1, 0); }
  // False: nothing that this part still has can be among the best.
  bool add(const TextDocument& document, std::int64_t score) {
    if (!question_.wants(document.entity)) return true;
    if (counts_[static_cast<std::size_t>(score)]++ < question_.limit)
      found_.push_back({document, score});
    return counts_.back() < question_.limit;
  }
  std::vector<TextMatch> take() {
    sort_list(found_, [](const TextMatch& a, const TextMatch& b) {
      return a.score != b.score ? a.score > b.score : a.document < b.document;
    });
    if (found_.size() > question_.limit) found_.resize(question_.limit);
    return std::move(found_);
  }

 private:
  const Question& question_;
  std::vector<std::size_t> counts_;  // by score, in this part
  std::vector<TextMatch> found_;
};

namespace {

// The documents of a segment that have all words.
DocumentSet common(const TextSegment& segment, const std::vector<Matches>& matches) {
  DocumentSet set = segment.empty_set();
  for (std::size_t i = 0; i < set.size(); ++i) {
    set[i] = ~std::uint64_t{0};
    for (const Matches& each : matches) set[i] &= each.any(i);
  }
  segment.remove_dead(set);
  return set;
}

// Ascending, until `visit` says no.
template <class Visit>
void visit(const DocumentSet& set, Visit visit) {
  for (std::size_t i = 0; i < set.size(); ++i)
    for (std::uint64_t bits = set[i]; bits != 0; bits &= bits - 1) {
      const std::size_t number = 64 * i + static_cast<std::size_t>(std::countr_zero(bits));
      if (!visit(static_cast<DocumentNumber>(number))) return;
    }
}

}  // namespace

void TextIndex::put(const TextDocument& document, std::vector<std::string> words) {
  erase(document);
  if (words.empty()) return;
  const auto number = static_cast<DocumentNumber>(open_.documents.size());
  open_.documents.push_back(document);
  open_.dead.push_back(false);
  open_.numbers[document] = number;
  for (std::string& word : words) {
    auto& numbers = open_.terms[std::move(word)];
    if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
  }
  if (open_.documents.size() >= open_max_) settle();
}

void TextIndex::erase(const TextDocument& document) {
  if (const auto found = open_.numbers.find(document); found != open_.numbers.end()) {
    open_.dead[found->second] = true;
    open_.numbers.erase(found);
    return;
  }
  for (TextSegment& segment : segments_)
    if (segment.strike(document)) return;
}

void TextIndex::settle() {
  if (open_.documents.empty()) return;
  std::vector<std::pair<std::string_view, const std::vector<DocumentNumber>*>> terms;
  terms.reserve(open_.terms.size());
  for (const auto& [term, numbers] : open_.terms) terms.emplace_back(term, &numbers);
  std::sort(terms.begin(), terms.end());
  segments_.emplace_back(open_.documents, open_.dead, terms);
  open_ = Open();
  merge_alike();
}

void TextIndex::merge_alike() {
  while (segments_.size() >= 2) {
    TextSegment& last = segments_.back();
    TextSegment& larger = segments_[segments_.size() - 2];
    if (larger.alive() > 2 * last.alive()) return;
    larger = TextSegment::merged(larger, last);
    segments_.pop_back();
  }
}

std::vector<TextMatch> TextIndex::search(const std::vector<std::string>& words,
                                         const std::vector<EntityId>& entities,
                                         std::size_t limit) const {
  if (words.empty() || limit == 0) return {};
  Question question{{}, entities, limit, false};
  for (const std::string& word : words)
    question.words.push_back({&word, MeantWord(word), &word == &words.back()});
  auto found = answer(question);
  const bool may_forgive = std::any_of(question.words.begin(), question.words.end(),
                                       [](const Sought& each) { return each.meant.is_forgiven(); });
  if (!found.empty() || !may_forgive) return found;
  question.forgives = true;
  return answer(question);
}

std::vector<TextMatch> TextIndex::answer(const Question& question) const {
  Answer answer(question);
  search_open(question, answer);
  for (const TextSegment& segment : segments_) {
    std::vector<Matches> matches;
    for (const Sought& sought : question.words)
      matches.push_back(matches_in(segment, sought, question.forgives));
    answer.begin_part();
    visit(common(segment, matches), [&](DocumentNumber number) {
      std::int64_t score = 0;
      for (const Matches& each : matches) score += each.score(number);
      return answer.add(segment.document(number), score);
    });
  }
  return answer.take();
}

void TextIndex::search_open(const Question& question, Answer& answer) const {
  std::map<DocumentNumber, std::int64_t> scores;
  for (const Sought& sought : question.words) {
    std::map<DocumentNumber, std::int64_t> best;
    const auto take = [&](const std::vector<DocumentNumber>& numbers, std::int64_t score) {
      for (const DocumentNumber number : numbers)
        if (!open_.dead[number]) best[number] = std::max(best[number], score);
    };
    const bool forgives = question.forgives && sought.meant.is_forgiven();
    if (!sought.is_last && !forgives) {
      if (const auto found = open_.terms.find(*sought.word); found != open_.terms.end())
        take(found->second, kExactScore);
    } else {
      for (const auto& [term, numbers] : open_.terms) {
        if (term == *sought.word) take(numbers, kExactScore);
        else if (sought.is_last && term.starts_with(*sought.word)) take(numbers, kPrefixScore);
        else if (forgives && !begins_with_digit(term) &&
                 (sought.is_last ? sought.meant.matches_beginning_of(term)
                                 : sought.meant.matches(term)))
          take(numbers, kSlipScore);
      }
    }
    if (&sought != &question.words.front())
      for (auto& [number, score] : best) {
        const auto before = scores.find(number);
        score = before == scores.end() ? 0 : score + before->second;
      }
    std::erase_if(best, [](const auto& each) { return each.second == 0; });
    scores = std::move(best);
  }
  std::vector<TextMatch> found;
  for (const auto& [number, score] : scores) found.push_back({open_.documents[number], score});
  sort_list(found,
            [](const TextMatch& a, const TextMatch& b) { return a.document < b.document; });
  answer.begin_part();
  for (const TextMatch& match : found)
    if (!answer.add(match.document, match.score)) break;
}

std::string TextIndex::encode() {
  settle();
  ByteWriter out;
  out.byte(kVersion);
  out.varint(segments_.size());
  for (const TextSegment& segment : segments_) out.bytes(segment.encode());
  const std::uint32_t crc = crc32c(out.view());
  out.fixed32(crc);
  return out.take();
}

Result<TextIndex> TextIndex::decode(std::string_view bytes) {
  const auto corrupt = [] { return fail(ErrorCode::kCorrupt, "text"); };
  if (bytes.size() < 5) return corrupt();
  const std::string_view body = bytes.substr(0, bytes.size() - 4);
  if (ByteReader(bytes.substr(body.size())).fixed32() != crc32c(body)) return corrupt();
  ByteReader in(body);
  TextIndex index;
  if (in.byte() != kVersion) return corrupt();
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    auto segment = TextSegment::decode(in.bytes());
    if (!segment) return corrupt();
    index.segments_.push_back(std::move(*segment));
  }
  if (in.failed() || !in.at_end()) return corrupt();
  return index;
}

std::size_t TextIndex::size() const {
  std::size_t sum = open_.numbers.size();
  for (const TextSegment& segment : segments_) sum += segment.alive();
  return sum;
}

std::size_t TextIndex::bytes() const {
  std::size_t sum = 0;
  for (const TextSegment& segment : segments_) sum += segment.bytes();
  for (const auto& [term, numbers] : open_.terms)
    sum += term.size() + numbers.capacity() * sizeof(DocumentNumber) + 64;
  return sum + open_.documents.size() * 64;
}

}  // namespace foyer
