// The search part of SqliteStore: the tokens of full-text fields lie in one table, so that a search
// is a few index ranges. Every word must match, the last one as a prefix; ranked as on devices
// (query/text_index.h), which forgive slips where nothing is found.
#include <algorithm>
#include <map>

#include "foyer/query/text_index.h"
#include "foyer/query/tokenizer.h"
#include "foyer/schema/row.h"
#include "sqlite_store.h"

namespace foyer::server {
namespace {


using RowKey = std::pair<std::int64_t, std::string>;  // entity id, row id
using Weights = std::map<RowKey, std::int64_t>;

// The first key after all keys that begin with `prefix`: 0xff occurs in no UTF-8 text.
std::string end_of_prefix(const std::string& prefix) { return prefix + '\xff'; }

Weights rows_with(Database& database, const std::string& word, bool is_prefix) {
  Weights rows;
  Statement& select = database.statement(
      is_prefix ? "SELECT entity, row_id, max(iif(token = ?1, ?3, ?4)) FROM search_token "
                  "WHERE token >= ?1 AND token < ?2 GROUP BY entity, row_id"
                : "SELECT entity, row_id, ?2 FROM search_token WHERE token = ?1");
  select.bind(1, word);
  if (is_prefix) select.bind(2, end_of_prefix(word)).bind(3, kExactScore).bind(4, kPrefixScore);
  else select.bind(2, kExactScore);
  while (select.step()) {
    RowKey key{select.integer(0), std::string(select.text(1))};
    rows.emplace(std::move(key), select.integer(2));
  }
  return rows;
}

}  // namespace

std::vector<TextHit> SqliteStore::search(const TextQuery& query) const {
  const auto words = tokens_of(query.text);
  if (words.empty()) return {};
  Weights matches;
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto rows = rows_with(database_, words[i], i + 1 == words.size());
    if (i == 0) {
      matches = std::move(rows);
      continue;
    }
    Weights both;
    for (auto& [key, score] : matches)
      if (const auto found = rows.find(key); found != rows.end())
        both.emplace(key, score + found->second);
    matches = std::move(both);
  }
  std::vector<TextHit> hits;
  for (const auto& [key, score] : matches) {
    const auto* table = layout_.find(static_cast<EntityId>(key.first));
    const auto id = parse_uuid(key.second);
    if (!table || !id) continue;
    const auto* entity = &table->entity();
    const auto& wanted = query.entities;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), entity) == wanted.end())
      continue;
    hits.push_back({entity, *id, score});
  }
  std::sort(hits.begin(), hits.end(), [](const TextHit& a, const TextHit& b) {
    return a.score != b.score ? a.score > b.score : a.id > b.id;
  });
  if (hits.size() > query.limit) hits.resize(query.limit);
  return hits;
}

bool SqliteStore::changes_text(const Entity& entity, const void* stored, const void* object) {
  return std::any_of(entity.fields.begin(), entity.fields.end(), [&](const Field& field) {
    return field.has(kFullText) && (!stored || !equal_fields(field, stored, object));
  });
}

void SqliteStore::write_tokens(const Entity& entity, const void* object) {
  std::map<std::string, std::int64_t> weights;
  for (const auto& field : entity.fields) {
    if (!field.has(kFullText) || field.type != FieldType::kText) continue;
    for (auto& word : tokens_of(field.value<std::string>(object))) {
      ++weights[std::move(word)];
    }
  }
  const auto id = to_string(entity.id_of(object));
  erase_tokens(entity, entity.id_of(object));
  for (const auto& [word, weight] : weights)
    database_.statement("INSERT INTO search_token VALUES (?1, ?2, ?3, ?4)")
        .bind(1, word)
        .bind(2, std::int64_t{entity.id})
        .bind(3, id)
        .bind(4, weight)
        .run();
}

void SqliteStore::erase_tokens(const Entity& entity, const Uuid& id) {
  database_.statement("DELETE FROM search_token WHERE row_id = ?1 AND entity = ?2")
      .bind(1, to_string(id))
      .bind(2, std::int64_t{entity.id})
      .run();
}

}  // namespace foyer::server
