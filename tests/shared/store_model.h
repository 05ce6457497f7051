// What a store should hold and answer, as a plain map that looks at every row: slow, and with
// nothing in common with any store but the field tables and the tokenizer.
#pragma once

#include <algorithm>
#include <map>

#include "foyer/base/text.h"
#include "foyer/model/store.h"
#include "foyer/query/tokenizer.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/row.h"

namespace foyer {

class StoreModel {
 public:
  void write(const Entity& entity, const void* object) {
    rows_[&entity][entity.id_of(object)] = encode(entity, object);
  }
  void erase(const Entity& entity, const Uuid& id) { rows_[&entity].erase(id); }

  const std::map<Uuid, std::string>& rows(const Entity& entity) { return rows_[&entity]; }

  std::vector<Uuid> scan(const Entity& entity, const Scan& scan) {
    std::vector<std::pair<Value, Uuid>> found;
    for (const auto& [id, bytes] : rows_[&entity]) {
      const AnyRow row = decoded(entity, bytes);
      const Value value = scan.field ? value_of(*scan.field, row.get()) : Value();
      const bool is_after = is_empty(scan.from) || value >= scan.from;
      const bool is_before = is_empty(scan.to) || value <= scan.to;
      if (is_after && is_before) found.emplace_back(value, id);
    }
    std::sort(found.begin(), found.end());
    if (scan.descending) std::reverse(found.begin(), found.end());
    if (found.size() > scan.limit) found.resize(scan.limit);
    std::vector<Uuid> ids;
    for (const auto& [value, id] : found) ids.push_back(id);
    return ids;
  }

  // `forgives`: where no row has the words, those with one slip in each are found.
  std::vector<TextHit> search(const TextQuery& query, bool forgives) {
    auto hits = search(query, tokens_of(query.text), false);
    if (hits.empty() && forgives) hits = search(query, tokens_of(query.text), true);
    std::sort(hits.begin(), hits.end(), [](const TextHit& a, const TextHit& b) {
      return std::pair(-a.score, b.id) < std::pair(-b.score, a.id);
    });
    if (hits.size() > query.limit) hits.resize(query.limit);
    return hits;
  }

 private:
  std::vector<TextHit> search(const TextQuery& query, const std::vector<std::string>& words,
                              bool forgives) {
    std::vector<TextHit> hits;
    for (const auto& [entity, rows] : rows_) {
      const auto& wanted = query.entities;
      if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), entity) == wanted.end())
        continue;
      for (const auto& [id, bytes] : rows)
        if (const auto score = score_of(*entity, decoded(*entity, bytes).get(), words, forgives))
          hits.push_back({entity, id, score});
    }
    return hits;
  }

  static AnyRow decoded(const Entity& entity, const std::string& bytes) {
    AnyRow row(entity);
    FOYER_ASSERT(decode(entity, bytes, row.get()).has_value());
    return row;
  }
  // For each word 3 if the row has it, 2 if its last beginning, 1 with a slip, summed up; 0 unless
  // every word counts.
  static std::int64_t score_of(const Entity& entity, const void* object,
                               const std::vector<std::string>& words, bool forgives) {
    std::vector<std::string> tokens;
    for (const Field& field : entity.fields)
      if (field.has(kFullText))
        for (auto& token : tokens_of(field.value<std::string>(object))) tokens.push_back(token);
    std::int64_t score = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool is_last = i + 1 == words.size();
      std::int64_t best = 0;
      for (const auto& token : tokens) {
        if (token == words[i]) best = 3;
        else if (is_last && token.starts_with(words[i])) best = std::max<std::int64_t>(best, 2);
        else if (forgives && is_slip(words[i], token, is_last))
          best = std::max<std::int64_t>(best, 1);
      }
      if (best == 0) return 0;
      score += best;
    }
    return score;
  }

  static std::u32string letters_of(std::string_view text) {
    std::u32string letters;
    for (std::size_t at = 0; at < text.size();)
      letters.push_back(static_cast<char32_t>(next_code_point(text, at)));
    return letters;
  }
  // By the table of distances (optimal string alignment).
  static bool is_slip(std::string_view word, std::string_view token, bool is_beginning) {
    const std::u32string a = letters_of(word), b = letters_of(token);
    if (a.size() < 4 || a.size() > 60 || a.find_first_of(U"0123456789") != a.npos) return false;
    if (token.find_first_of("0123456789") == 0) return false;
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
      for (std::size_t j = 0; j <= b.size(); ++j) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1,
                            d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    const auto& last = d.back();
    return (is_beginning ? *std::min_element(last.begin(), last.end()) : last.back()) <= 1;
  }

  std::map<const Entity*, std::map<Uuid, std::string>> rows_;
};

}  // namespace foyer
