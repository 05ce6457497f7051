// The text index against a plain list of documents that is looked through for each question.
#include "foyer/query/text_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "foyer/base/random.h"
#include "foyer/query/typo.h"

namespace foyer {
namespace {

using Words = std::vector<std::string>;

TextDocument document_of(std::uint64_t number) {
  return {derive_uuid({}, std::to_string(number)), static_cast<EntityId>(number % 3 + 1)};
}

struct Model {
  std::vector<std::pair<TextDocument, Words>> documents;

  void erase(const TextDocument& document) {
    std::erase_if(documents, [&](const auto& each) { return each.first == document; });
  }
  void put(const TextDocument& document, const Words& words) {
    erase(document);
    if (!words.empty()) documents.emplace_back(document, words);
  }
  static std::int64_t score(const Words& has, const Words& words, bool forgives) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool is_last = i + 1 == words.size();
      const MeantWord meant(words[i]);
      std::int64_t best = 0;
      for (const std::string& word : has) {
        const bool is_number = word[0] >= '0' && word[0] <= '9';
        const bool is_near = forgives && meant.is_forgiven() && !is_number &&
                             (is_last ? meant.matches_beginning_of(word) : meant.matches(word));
        if (word == words[i]) best = kExactScore;
        else if (is_last && word.starts_with(words[i])) best = std::max<std::int64_t>(best, 2);
        else if (is_near) best = std::max<std::int64_t>(best, kSlipScore);
      }
      if (best == 0) return 0;
      sum += best;
    }
    return sum;
  }
  std::vector<TextMatch> search(const Words& words, const std::vector<EntityId>& entities,
                                std::size_t limit) const {
    std::vector<TextMatch> found;
    for (const bool forgives : {false, true}) {
      if (!found.empty()) break;
      for (const auto& [document, has] : documents) {
        const bool is_wanted =
            entities.empty() ||
            std::find(entities.begin(), entities.end(), document.entity) != entities.end();
        const auto sum = is_wanted ? score(has, words, forgives) : 0;
        if (sum > 0) found.push_back({document, sum});
      }
    }
    std::sort(found.begin(), found.end(), [](const TextMatch& a, const TextMatch& b) {
      return a.score != b.score ? a.score > b.score : a.document < b.document;
    });
    if (found.size() > limit) found.resize(limit);
    return found;
  }
};

std::string random_word(Random& random) {
  static constexpr std::string_view kWords[] = {
      "lift",  "lifts", "liftkey", "door",  "doors", "pump",  "pumpe", "stands", "still", "10482",
      "10483", "a",     "лифт",    "лифты", "電梯",  "größe", "main",  "mains",  "brake", "break"};
  std::string word(kWords[random.below(std::size(kWords))]);
  if (random.chance(1, 8)) word += std::to_string(random.below(200));
  return word;
}
std::string random_question(Random& random) {
  std::string word = random_word(random);
  if (random.chance(1, 3)) word = word.substr(0, 1 + random.below(4));
  if (random.chance(1, 3)) std::swap(word[random.below(word.size())], word.back());
  return word;
}

void expect_equal(const TextIndex& index, const Model& model, const Words& words,
                  const std::vector<EntityId>& entities, std::size_t limit) {
  const auto found = index.search(words, entities, limit);
  const auto wanted = model.search(words, entities, limit);
  const std::string asked = words.front() + " .. " + words.back();
  ASSERT_EQ(found.size(), wanted.size()) << asked;
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].document, wanted[i].document) << asked << ", place " << i;
    ASSERT_EQ(found[i].score, wanted[i].score) << asked << ", place " << i;
  }
}

TEST(TextIndex, RandomDocumentsAndQuestionsAgreeWithThePlainModel) {
  Random random(4);
  TextIndex index;
  Model model;
  for (int step = 0; step < 6000; ++step) {
    const TextDocument document = document_of(random.below(700));
    if (random.chance(1, 6)) {
      index.erase(document);
      model.erase(document);
    } else {
      Words words;
      for (std::uint64_t i = random.below(6); i > 0; --i) words.push_back(random_word(random));
      index.put(document, words);
      model.put(document, words);
    }
    if (random.chance(1, 200)) index.settle();
    if (random.chance(1, 900)) {
      auto again = TextIndex::decode(index.encode());
      ASSERT_TRUE(again);
      index = std::move(*again);
    }
    ASSERT_EQ(index.size(), model.documents.size());
    if (step % 10 != 0) continue;
    Words words;
    for (std::uint64_t i = random.below(3); i < 3; ++i) words.push_back(random_question(random));
    std::vector<EntityId> entities;
    if (random.chance(1, 2)) entities.push_back(static_cast<EntityId>(1 + random.below(3)));
    ASSERT_NO_FATAL_FAILURE(
        expect_equal(index, model, words, entities, random.chance(1, 2) ? 5 : SIZE_MAX))
        << "step " << step;
  }
}

TEST(TextIndex, WordsAsTheyAreComeBeforeBeginningsAndBeginningsBeforeSlips) {
  TextIndex index;
  index.put(document_of(1), {"pumpe"});
  index.put(document_of(2), {"pump"});
  index.put(document_of(3), {"dump"});
  const auto found = index.search({"pump"}, {}, 10);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].document, document_of(2));
  EXPECT_EQ(found[1].document, document_of(1));
  index.erase(document_of(2));
  index.erase(document_of(1));
  const auto forgiven = index.search({"pump"}, {}, 10);
  ASSERT_EQ(forgiven.size(), 1u);
  EXPECT_EQ(forgiven[0].score, kSlipScore);
}

TEST(TextIndex, AHundredThousandDocumentsOfFewWordsTakeFewBytesEach) {
  Random random(5);
  TextIndex index;
  index.expect_many(true);
  constexpr std::size_t kCount = 100'000;
  for (std::uint64_t n = 0; n < kCount; ++n) {
    Words words{"b", std::to_string(100'000 + n)};
    for (int i = 0; i < 7; ++i) words.push_back("word" + std::to_string(random.below(20'000)));
    index.put(document_of(n), std::move(words));
  }
  index.settle();
  EXPECT_LT(index.bytes() / kCount, 100u);
  EXPECT_EQ(index.size(), kCount);
  EXPECT_EQ(index.search({"b"}, {}, SIZE_MAX).size(), kCount);
}

TEST(TextIndex, WhatIsNotAnIndexIsCorrupt) {
  TextIndex index;
  for (std::uint64_t n = 0; n < 50; ++n) index.put(document_of(n), {"lift", std::to_string(n)});
  const std::string bytes = index.encode();
  EXPECT_FALSE(TextIndex::decode(""));
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_FALSE(TextIndex::decode(damaged)) << at;
    EXPECT_FALSE(TextIndex::decode(std::string_view(bytes).substr(0, at))) << at;
  }
  EXPECT_TRUE(TextIndex::decode(bytes));
}

}  // namespace
}  // namespace foyer
