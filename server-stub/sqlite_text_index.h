// The index of words of one SQLite file: what was written lately lies row by row, the rest word by
// word; now and then many of the former become part of the latter, in the order of the words. So a
// new text costs a part of one page, not a page for each of its words. Knows no fields.
// Invariant: a search finds exactly the rows whose last written words match, merged or not.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "foyer/schema/entity.h"
#include "sqlite_database.h"

namespace foyer::server {

class SqliteTextIndex {
 public:
  using Row = std::pair<EntityId, Uuid>;
  using Words = std::set<std::string>;
  using Scores = std::map<Row, std::int64_t>;

  explicit SqliteTextIndex(Database& database);
  ~SqliteTextIndex();

  // The row must not be in the index.
  void add(const Row& row, const Words& words);
  void remove(const Row& row);
  // Every word must match, the last one as a prefix; ranked as on devices (query/text_index.h),
  // which forgive slips where nothing is found.
  Scores search(const std::vector<std::string>& words) const;

  // Writer only. Whether enough has gathered, or a merge is under way.
  bool wants_merge();
  // A few milliseconds of it.
  void merge_some();
  // The last step was undone: begin again.
  void forget_merge();

 private:
  struct Merge;
  Scores rows_with(const std::string& word, bool is_prefix) const;
  void add_recent(const std::vector<std::string>& words, Scores& scores) const;
  void begin_merge();
  bool merge_words();
  bool move_rows();

  Database& database_;
  std::int64_t recent_count_ = -1;  // or more; -1: not counted yet
  std::unique_ptr<Merge> merge_;
};

}  // namespace foyer::server
