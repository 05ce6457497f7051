#include "sqlite_text_index.h"

#include <algorithm>

#include "foyer/query/text_index.h"

namespace foyer::server {
namespace {

// So many rows are looked through by each search, which takes a millisecond or two.
constexpr std::int64_t kRecentMax = 4'096;
constexpr std::int64_t kRowsPerMerge = 8'192;
// A step is part of a transaction that somebody waits for.
constexpr std::size_t kPostingsPerStep = 1'500, kRowsPerStep = 500;

// The first key after all keys that begin with `prefix`: 0xff occurs in no UTF-8 text.
std::string end_of_prefix(const std::string& prefix) { return prefix + '\xff'; }

// As they lie in a row: " other word ".
std::string join(const SqliteTextIndex::Words& words) {
  std::string text(1, ' ');
  for (const auto& word : words) {
    text += word;
    text += ' ';
  }
  return text;
}

// Calls visit(word) for each.
template <class Visit>
void split_words(std::string_view text, Visit visit) {
  for (text.remove_prefix(std::min<std::size_t>(1, text.size())); !text.empty();) {
    const auto end = std::min(text.find(' '), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// The score of one row; 0: a word is missing.
std::int64_t score_of(std::string_view text, const std::vector<std::string>& words) {
  std::int64_t score = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_whole = text.find(' ' + words[i] + ' ') != std::string_view::npos;
    const bool is_last = i + 1 == words.size();
    if (is_whole) score += kExactScore;
    else if (is_last && text.find(' ' + words[i]) != std::string_view::npos) score += kPrefixScore;
    else return 0;
  }
  return score;
}

}  // namespace

// What a merge has still to do. A row that is written or erased meanwhile drops out of it.
struct SqliteTextIndex::Merge {
  struct Posting {
    std::string word;
    Row row;
  };
  std::vector<Posting> postings;  // in the order of the table
  std::vector<Row> rows;
  std::set<Row> dropped;
  std::size_t posting_at = 0, row_at = 0;
};

SqliteTextIndex::SqliteTextIndex(Database& database) : database_(database) {}
SqliteTextIndex::~SqliteTextIndex() = default;

void SqliteTextIndex::add(const Row& row, const Words& words) {
  if (merge_) merge_->dropped.insert(row);
  database_.statement("REPLACE INTO search_recent VALUES (?1, ?2, ?3)")
      .bind_id(1, row.second)
      .bind(2, std::int64_t{row.first})
      .bind(3, join(words))
      .run();
  if (recent_count_ >= 0) ++recent_count_;
}

void SqliteTextIndex::remove(const Row& row) {
  if (merge_) merge_->dropped.insert(row);
  for (const bool is_recent : {true, false}) {
    Statement& select = database_.statement(
        is_recent ? "SELECT words FROM search_recent WHERE row_id = ?1 AND entity = ?2"
                  : "SELECT words FROM search_text WHERE row_id = ?1 AND entity = ?2");
    select.bind_id(1, row.second).bind(2, std::int64_t{row.first});
    if (!select.step()) continue;
    const std::string words(select.text(0));
    select.reset();
    split_words(words, [&](std::string_view word) {
      database_.statement("DELETE FROM search_word WHERE word = ?1 AND entity = ?2 AND row_id = ?3")
          .bind(1, word)
          .bind(2, std::int64_t{row.first})
          .bind_id(3, row.second)
          .run();
    });
    database_
        .statement(is_recent ? "DELETE FROM search_recent WHERE row_id = ?1 AND entity = ?2"
                             : "DELETE FROM search_text WHERE row_id = ?1 AND entity = ?2")
        .bind_id(1, row.second)
        .bind(2, std::int64_t{row.first})
        .run();
  }
}

SqliteTextIndex::Scores SqliteTextIndex::rows_with(const std::string& word,
                                                   bool is_prefix) const {
  Scores rows;
  Statement& select = database_.statement(
      is_prefix ? "SELECT entity, row_id, max(iif(word = ?1, ?3, ?4)) FROM search_word "
                  "WHERE word >= ?1 AND word < ?2 GROUP BY entity, row_id"
                : "SELECT entity, row_id, ?2 FROM search_word WHERE word = ?1");
  select.bind(1, word);
  if (is_prefix) select.bind(2, end_of_prefix(word)).bind(3, kExactScore).bind(4, kPrefixScore);
  else select.bind(2, kExactScore);
  while (select.step())
    rows.emplace(Row{static_cast<EntityId>(select.integer(0)), select.id(1)}, select.integer(2));
  return rows;
}

SqliteTextIndex::Scores SqliteTextIndex::search(const std::vector<std::string>& words) const {
  Scores matches;
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto rows = rows_with(words[i], i + 1 == words.size());
    if (i == 0) {
      matches = std::move(rows);
      continue;
    }
    Scores both;
    for (auto& [row, score] : matches)
      if (const auto found = rows.find(row); found != rows.end())
        both.emplace(row, score + found->second);
    matches = std::move(both);
  }
  if (!words.empty()) add_recent(words, matches);
  return matches;
}

// Of a row that a merge has come half through, some words lie in both places: what lies with the
// row is complete.
void SqliteTextIndex::add_recent(const std::vector<std::string>& words, Scores& scores) const {
  Statement& select = database_.statement(
      "SELECT entity, row_id, words FROM search_recent WHERE instr(words, ?1) > 0");
  select.bind(1, " " + words.front() + (words.size() > 1 ? " " : ""));
  while (select.step()) {
    const Row row{static_cast<EntityId>(select.integer(0)), select.id(1)};
    if (const auto score = score_of(select.text(2), words)) scores[row] = score;
  }
}

bool SqliteTextIndex::wants_merge() {
  if (merge_) return true;
  if (recent_count_ < 0)
    recent_count_ = database_.integer_of("SELECT count(*) FROM search_recent").value_or(0);
  return recent_count_ >= kRecentMax;
}

void SqliteTextIndex::merge_some() {
  if (!merge_) begin_merge();
  if (merge_words() && move_rows()) forget_merge();
}

void SqliteTextIndex::forget_merge() {
  merge_.reset();
  recent_count_ = -1;
}

void SqliteTextIndex::begin_merge() {
  merge_ = std::make_unique<Merge>();
  Statement& select =
      database_.statement("SELECT entity, row_id, words FROM search_recent LIMIT ?1");
  select.bind(1, kRowsPerMerge);
  while (select.step()) {
    const Row row{static_cast<EntityId>(select.integer(0)), select.id(1)};
    merge_->rows.push_back(row);
    split_words(select.text(2), [&](std::string_view word) {
      merge_->postings.push_back({std::string(word), row});
    });
  }
  std::sort(merge_->postings.begin(), merge_->postings.end(), [](const auto& a, const auto& b) {
    return std::tie(a.word, a.row) < std::tie(b.word, b.row);
  });
}

// True when all are in.
bool SqliteTextIndex::merge_words() {
  const auto end = std::min(merge_->posting_at + kPostingsPerStep, merge_->postings.size());
  for (; merge_->posting_at < end; ++merge_->posting_at) {
    const auto& posting = merge_->postings[merge_->posting_at];
    if (merge_->dropped.contains(posting.row)) continue;
    database_.statement("REPLACE INTO search_word VALUES (?1, ?2, ?3)")
        .bind(1, posting.word)
        .bind(2, std::int64_t{posting.row.first})
        .bind_id(3, posting.row.second)
        .run();
  }
  return end == merge_->postings.size();
}

bool SqliteTextIndex::move_rows() {
  const auto end = std::min(merge_->row_at + kRowsPerStep, merge_->rows.size());
  for (; merge_->row_at < end; ++merge_->row_at) {
    const Row& row = merge_->rows[merge_->row_at];
    if (merge_->dropped.contains(row)) continue;
    for (const char* sql : {"REPLACE INTO search_text SELECT row_id, entity, words "
                            "FROM search_recent WHERE row_id = ?1 AND entity = ?2",
                            "DELETE FROM search_recent WHERE row_id = ?1 AND entity = ?2"})
      database_.statement(sql).bind_id(1, row.second).bind(2, std::int64_t{row.first}).run();
  }
  return end == merge_->rows.size();
}

}  // namespace foyer::server
