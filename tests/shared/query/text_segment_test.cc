// A part of the text index: what it was made of, merged, written and read, and damaged.
#include "foyer/query/text_segment.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "foyer/base/random.h"

namespace foyer {
namespace {

using Contents = std::map<std::string, std::set<std::pair<Uuid, EntityId>>>;

TextDocument document_of(std::uint64_t number) {
  return {derive_uuid({}, std::to_string(number / 2)), static_cast<EntityId>(number % 2 + 7)};
}

// Documents of even numbers are dead.
TextSegment made_of(std::uint64_t first, std::uint64_t end, Contents& contents, bool has_dead) {
  std::vector<TextDocument> documents;
  std::vector<bool> dead;
  std::map<std::string, std::vector<DocumentNumber>> terms;
  for (std::uint64_t n = first; n < end; ++n) {
    const auto number = static_cast<DocumentNumber>(documents.size());
    documents.push_back(document_of(n));
    dead.push_back(has_dead && n % 4 == 0);
    for (const std::string& term :
         {"all" + std::string(), "mod" + std::to_string(n % 50), "own" + std::to_string(n)}) {
      terms[term].push_back(number);
      if (!dead.back()) contents[term].insert({documents.back().id, documents.back().entity});
    }
  }
  std::vector<std::pair<std::string_view, const std::vector<DocumentNumber>*>> list;
  for (const auto& [term, numbers] : terms) list.emplace_back(term, &numbers);
  return TextSegment(documents, dead, list);
}

Contents contents_of(const TextSegment& segment) {
  Contents contents;
  auto terms = segment.terms_near("");
  while (terms.next()) {
    DocumentSet set = segment.empty_set();
    TextSegment::add_to(set, terms.postings());
    segment.remove_dead(set);
    for (DocumentNumber number = 0; number < segment.size(); ++number)
      if ((set[number / 64] >> (number % 64) & 1) != 0) {
        const TextDocument document = segment.document(number);
        contents[terms.term()].insert({document.id, document.entity});
      }
  }
  EXPECT_FALSE(terms.is_damaged());
  return contents;
}

TEST(TextSegment, HoldsWhatItWasMadeOf) {
  Contents wanted;
  const TextSegment segment = made_of(0, 500, wanted, true);
  EXPECT_EQ(segment.size(), 375u);
  EXPECT_EQ(contents_of(segment), wanted);
  for (DocumentNumber number = 1; number < segment.size(); ++number)
    EXPECT_TRUE(segment.document(number - 1) < segment.document(number));
}

TEST(TextSegment, EveryTermIsNearWhereItIsLookedFor) {
  Contents wanted;
  const TextSegment segment = made_of(0, 500, wanted, false);
  for (const auto& [term, documents] : wanted) {
    auto terms = segment.terms_near(term);
    int steps = 0;
    while (terms.next() && terms.term() != term) ++steps;
    EXPECT_EQ(terms.term(), term);
    EXPECT_LT(steps, 32);
  }
}

TEST(TextSegment, MergedHoldsWhatIsAliveInBoth) {
  Contents wanted;
  TextSegment a = made_of(0, 300, wanted, true), b = made_of(300, 420, wanted, false);
  for (const std::uint64_t struck : {17u, 301u, 418u}) {
    EXPECT_EQ(a.strike(document_of(struck)) + b.strike(document_of(struck)), 1);
    EXPECT_FALSE(a.strike(document_of(struck)) || b.strike(document_of(struck)));
    const TextDocument gone = document_of(struck);
    for (auto& [term, documents] : wanted) documents.erase({gone.id, gone.entity});
  }
  std::erase_if(wanted, [](const auto& each) { return each.second.empty(); });
  const TextSegment both = TextSegment::merged(a, b);
  EXPECT_EQ(both.size(), a.alive() + b.alive());
  EXPECT_EQ(contents_of(both), wanted);
  EXPECT_EQ(contents_of(TextSegment::merged(TextSegment(), both)), wanted);
}

TEST(TextSegment, WhatIsWrittenIsReadTheSame) {
  Contents wanted;
  TextSegment segment = made_of(0, 500, wanted, false);
  ASSERT_TRUE(segment.strike(document_of(3)));
  const auto again = TextSegment::decode(segment.encode());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->alive(), segment.alive());
  EXPECT_EQ(contents_of(*again), contents_of(segment));
  EXPECT_EQ(again->encode(), segment.encode());
}

// Every answer of what is read in spite of the damage stays within its documents.
TEST(TextSegment, DamagedBytesAreRefusedOrHarmless) {
  Contents wanted;
  const std::string sound = made_of(0, 60, wanted, false).encode();
  Random random(1);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes = sound;
    for (std::uint64_t i = 0; i <= random.below(3); ++i)
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    if (random.chance(1, 4)) bytes.resize(random.below(bytes.size()));
    const auto read = TextSegment::decode(bytes);
    if (!read) continue;
    for (const auto& [term, documents] : contents_of(*read)) EXPECT_FALSE(documents.empty());
    EXPECT_TRUE(TextSegment::decode(read->encode()));
  }
  EXPECT_FALSE(TextSegment::decode(""));
  EXPECT_TRUE(TextSegment::decode(TextSegment().encode()));
}

}  // namespace
}  // namespace foyer
