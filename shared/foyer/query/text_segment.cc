#include "foyer/query/text_segment.h"

#include <algorithm>
#include <bit>

#include "foyer/schema/bytes.h"

namespace foyer {
namespace {

constexpr std::size_t kBlock = 32;
constexpr DocumentNumber kGone = UINT32_MAX;
constexpr std::uint8_t kVersion = 1;

// Calls visit(number) for each; false: damaged. `limit`: how many documents there are.
template <class Visit>
bool for_each_posting(std::string_view postings, std::uint64_t limit, Visit visit) {
  std::uint64_t number = 0;
  bool is_first = true;
  for (std::size_t at = 0; at < postings.size();) {
    std::uint64_t distance = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (at == postings.size() || shift > 28) return false;
      const auto byte = static_cast<std::uint8_t>(postings[at++]);
      distance |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) break;
    }
    number = is_first ? distance : number + distance + 1;
    is_first = false;
    if (number >= limit) return false;
    visit(static_cast<DocumentNumber>(number));
  }
  return true;
}

std::size_t shared_length(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(
      std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

}  // namespace

class TextSegment::Writer {
 public:
  // Ascending terms; ascending numbers.
  void add(std::string_view term, const std::vector<DocumentNumber>& numbers) {
    if (numbers.empty()) return;
    const std::size_t shared = count_++ % kBlock == 0 ? 0 : shared_length(last_, term);
    terms_.varint(shared);
    terms_.bytes(term.substr(shared));
    ByteWriter postings;
    DocumentNumber next = 0;
    for (const DocumentNumber number : numbers) {
      postings.varint(number - next);
      next = number + 1;
    }
    terms_.bytes(postings.view());
    last_ = term;
  }
  std::string take() { return terms_.take(); }

 private:
  ByteWriter terms_;
  std::string last_;
  std::size_t count_ = 0;
};

bool TextSegment::Terms::next() {
  if (rest_.empty()) return false;
  ByteReader in(rest_);
  const std::uint64_t shared = in.varint();
  const std::string_view suffix = in.bytes();
  postings_ = in.bytes();
  is_damaged_ = in.failed() || shared > term_.size();
  if (is_damaged_) return false;
  term_.resize(static_cast<std::size_t>(shared));
  term_ += suffix;
  rest_.remove_prefix(in.position());
  return true;
}

TextSegment::TextSegment(
    const std::vector<TextDocument>& documents, const std::vector<bool>& dead,
    const std::vector<std::pair<std::string_view, const std::vector<DocumentNumber>*>>& terms) {
  std::vector<DocumentNumber> order;
  for (DocumentNumber number = 0; number < documents.size(); ++number)
    if (!dead[number]) order.push_back(number);
  std::sort(order.begin(), order.end(), [&](DocumentNumber a, DocumentNumber b) {
    return documents[a] < documents[b];
  });
  std::vector<DocumentNumber> places(documents.size(), kGone);
  for (DocumentNumber place = 0; place < order.size(); ++place) {
    places[order[place]] = place;
    ids_.push_back(documents[order[place]].id);
    entities_.push_back(documents[order[place]].entity);
  }
  Writer writer;
  std::vector<DocumentNumber> numbers;
  for (const auto& [term, list] : terms) {
    numbers.clear();
    for (const DocumentNumber number : *list)
      if (places[number] != kGone) numbers.push_back(places[number]);
    std::sort(numbers.begin(), numbers.end());
    writer.add(term, numbers);
  }
  terms_ = writer.take();
  terms_.shrink_to_fit();
  index_blocks();
}

TextSegment TextSegment::merged(const TextSegment& a, const TextSegment& b) {
  TextSegment both;
  std::vector<DocumentNumber> a_places(a.size(), kGone), b_places(b.size(), kGone);
  both.ids_.reserve(a.alive() + b.alive());
  both.entities_.reserve(a.alive() + b.alive());
  for (DocumentNumber i = 0, j = 0; i < a.size() || j < b.size();) {
    const bool is_a = j == b.size() || (i < a.size() && a.document(i) < b.document(j));
    const TextSegment& from = is_a ? a : b;
    DocumentNumber& number = is_a ? i : j;
    if (!from.is_dead(number)) {
      (is_a ? a_places : b_places)[number] = static_cast<DocumentNumber>(both.ids_.size());
      both.ids_.push_back(from.ids_[number]);
      both.entities_.push_back(from.entities_[number]);
    }
    ++number;
  }
  Writer writer;
  std::vector<DocumentNumber> numbers, others;
  const auto read = [](const Terms& from, const std::vector<DocumentNumber>& places,
                       std::vector<DocumentNumber>& to) {
    to.clear();
    for_each_posting(from.postings(), places.size(), [&](DocumentNumber number) {
      if (places[number] != kGone) to.push_back(places[number]);
    });
  };
  Terms a_terms(a.terms_), b_terms(b.terms_);
  bool has_a = a_terms.next(), has_b = b_terms.next();
  while (has_a || has_b) {
    const int order = !has_a ? 1 : !has_b ? -1 : a_terms.term().compare(b_terms.term());
    numbers.clear();
    others.clear();
    if (order <= 0) read(a_terms, a_places, numbers);
    if (order >= 0) read(b_terms, b_places, others);
    const auto middle = static_cast<std::ptrdiff_t>(numbers.size());
    numbers.insert(numbers.end(), others.begin(), others.end());
    std::inplace_merge(numbers.begin(), numbers.begin() + middle, numbers.end());
    writer.add(order <= 0 ? a_terms.term() : b_terms.term(), numbers);
    if (order <= 0) has_a = a_terms.next();
    if (order >= 0) has_b = b_terms.next();
  }
  both.terms_ = writer.take();
  both.terms_.shrink_to_fit();
  both.index_blocks();
  return both;
}

bool TextSegment::index_blocks() {
  blocks_.clear();
  Terms terms(terms_);
  for (std::size_t count = 0;; ++count) {
    const std::size_t at = terms_.size() - terms.left();
    if (!terms.next()) return !terms.is_damaged();
    if (count % kBlock != 0) continue;
    if (terms_[at] != 0) return false;
    blocks_.push_back(static_cast<std::uint32_t>(at));
  }
}

bool TextSegment::has_sound_terms() const {
  Terms terms(terms_);
  std::string last;
  for (bool is_first = true; terms.next(); is_first = false) {
    if (!is_first && terms.term() <= last) return false;
    last = terms.term();
    if (terms.postings().empty() ||
        !for_each_posting(terms.postings(), size(), [](DocumentNumber) {}))
      return false;
  }
  return !terms.is_damaged();
}

bool TextSegment::strike(const TextDocument& document) {
  std::size_t from = 0, to = size();
  while (from < to) {
    const std::size_t middle = (from + to) / 2;
    if (this->document(static_cast<DocumentNumber>(middle)) < document) from = middle + 1;
    else to = middle;
  }
  const auto number = static_cast<DocumentNumber>(from);
  if (from == size() || this->document(number) != document || is_dead(number)) return false;
  if (dead_.empty()) dead_ = empty_set();
  dead_[number / 64] |= std::uint64_t{1} << (number % 64);
  ++dead_count_;
  return true;
}

TextSegment::Terms TextSegment::terms_near(std::string_view from) const {
  const auto block = std::partition_point(blocks_.begin(), blocks_.end(), [&](std::uint32_t at) {
    Terms first(std::string_view(terms_).substr(at));
    first.next();
    return first.term() <= from;
  });
  const std::size_t at = block == blocks_.begin() ? 0 : *std::prev(block);
  return Terms(std::string_view(terms_).substr(at));
}

void TextSegment::add_to(DocumentSet& set, std::string_view postings) {
  for_each_posting(postings, 64 * set.size(), [&](DocumentNumber number) {
    set[number / 64] |= std::uint64_t{1} << (number % 64);
  });
}

void TextSegment::remove_dead(DocumentSet& set) const {
  for (std::size_t i = 0; i < dead_.size(); ++i) set[i] &= ~dead_[i];
}

std::string TextSegment::encode() const {
  ByteWriter out;
  out.byte(kVersion);
  out.varint(size());
  for (const Uuid& id : ids_) out.uuid(id);
  for (const EntityId entity : entities_) out.varint(entity);
  out.varint(dead_.size());
  for (const std::uint64_t bits : dead_) {
    out.fixed32(static_cast<std::uint32_t>(bits));
    out.fixed32(static_cast<std::uint32_t>(bits >> 32));
  }
  out.bytes(terms_);
  return out.take();
}

Result<TextSegment> TextSegment::decode(std::string_view bytes) {
  const auto corrupt = [] { return fail(ErrorCode::kCorrupt, "text"); };
  ByteReader in(bytes);
  TextSegment segment;
  if (in.byte() != kVersion) return corrupt();
  const std::size_t count = in.count();
  if (count > bytes.size() / sizeof(Uuid)) return corrupt();
  for (std::size_t i = 0; i < count; ++i) segment.ids_.push_back(in.uuid());
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t entity = in.varint();
    if (entity > UINT16_MAX) return corrupt();
    segment.entities_.push_back(static_cast<EntityId>(entity));
  }
  for (DocumentNumber i = 1; i < count; ++i)
    if (!(segment.document(i - 1) < segment.document(i))) return corrupt();
  const std::size_t dead = in.count();
  if (in.failed() || (dead != 0 && dead != segment.empty_set().size())) return corrupt();
  for (std::size_t i = 0; i < dead; ++i) {
    const std::uint64_t low = in.fixed32(), high = in.fixed32();
    segment.dead_.push_back(low | high << 32);
    segment.dead_count_ += static_cast<std::size_t>(std::popcount(segment.dead_.back()));
  }
  if (dead != 0 && count % 64 != 0 && (segment.dead_.back() >> (count % 64)) != 0) return corrupt();
  segment.terms_ = in.bytes();
  if (in.failed() || !in.at_end() || !segment.index_blocks() || !segment.has_sound_terms())
    return corrupt();
  return segment;
}

std::size_t TextSegment::bytes() const {
  return ids_.capacity() * sizeof(Uuid) + entities_.capacity() * sizeof(EntityId) +
         terms_.capacity() + blocks_.capacity() * sizeof(std::uint32_t) +
         dead_.capacity() * sizeof(std::uint64_t);
}

}  // namespace foyer
