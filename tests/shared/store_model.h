// What a store should hold and answer, as a plain map that looks at every row: slow, and with
// nothing in common with any store but the field tables and the tokenizer.
#pragma once

#include <algorithm>
#include <map>

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

  std::vector<TextHit> search(const TextQuery& query) {
    const auto words = tokens_of(query.text);
    std::vector<TextHit> hits;
    for (const auto& [entity, rows] : rows_) {
      const auto& wanted = query.entities;
      if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), entity) == wanted.end())
        continue;
      for (const auto& [id, bytes] : rows)
        if (const auto score = score_of(*entity, decoded(*entity, bytes).get(), words))
          hits.push_back({entity, id, score});
    }
    std::sort(hits.begin(), hits.end(), [](const TextHit& a, const TextHit& b) {
      return std::pair(-a.score, b.id) < std::pair(-b.score, a.id);
    });
    if (hits.size() > query.limit) hits.resize(query.limit);
    return hits;
  }

 private:
  static AnyRow decoded(const Entity& entity, const std::string& bytes) {
    AnyRow row(entity);
    FOYER_ASSERT(decode(entity, bytes, row.get()).has_value());
    return row;
  }
  // How often the best token of each word occurs, summed up; 0 unless every word has one.
  static std::int64_t score_of(const Entity& entity, const void* object,
                               const std::vector<std::string>& words) {
    std::map<std::string, std::int64_t> tokens;
    for (const Field& field : entity.fields)
      if (field.has(kFullText))
        for (const auto& token : tokens_of(field.value<std::string>(object))) ++tokens[token];
    std::int64_t score = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      std::int64_t best = 0;
      for (const auto& [token, count] : tokens)
        if (i + 1 < words.size() ? token == words[i] : token.starts_with(words[i]))
          best = std::max(best, count);
      if (best == 0) return 0;
      score += best;
    }
    return score;
  }

  std::map<const Entity*, std::map<Uuid, std::string>> rows_;
};

}  // namespace foyer
