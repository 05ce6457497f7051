#include "foyer/rules/merge.h"

#include <algorithm>
#include <optional>

#include "foyer/base/sort.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

// Elements of `a` that are not in `b`, each as often as it is there more often.
template <class T>
std::vector<T> without(const std::vector<T>& a, const std::vector<T>& b) {
  std::vector<T> rest;
  std::vector<T> gone = b;
  for (const T& each : a) {
    const auto found = std::find(gone.begin(), gone.end(), each);
    if (found == gone.end()) rest.push_back(each);
    else gone.erase(found);
  }
  return rest;
}

// The order of arrival must not show: elements come out sorted.
template <class T>
Merged merge_set(const std::vector<T>& seen, const std::vector<T>& mine, std::vector<T>& row) {
  const std::vector<T> taken_out = without(seen, mine);
  for (const T& each : without(mine, seen))
    if (std::find(row.begin(), row.end(), each) == row.end()) row.push_back(each);
  std::erase_if(row, [&](const T& each) {
    return std::find(taken_out.begin(), taken_out.end(), each) != taken_out.end();
  });
  sort_list(row);
  return Merged::kBoth;
}

// Entries are rows of `width` elements; they are never taken out.
Merged append_rows(const Field& field, const void* seen, const void* mine, void* object) {
  const std::size_t width = std::max<std::size_t>(field.options.row_width, 1);
  const auto rows_of = [&](const void* from) {
    const auto& flat = field.value<std::vector<std::int64_t>>(from);
    std::vector<std::vector<std::int64_t>> rows;
    for (std::size_t at = 0; at + width <= flat.size(); at += width)
      rows.emplace_back(flat.begin() + static_cast<std::ptrdiff_t>(at),
                        flat.begin() + static_cast<std::ptrdiff_t>(at + width));
    return rows;
  };
  auto all = rows_of(object);
  for (auto& entry : without(rows_of(mine), rows_of(seen))) all.push_back(std::move(entry));
  sort_list(all);
  auto& flat = field.value<std::vector<std::int64_t>>(object);
  flat.clear();
  for (const auto& entry : all) flat.insert(flat.end(), entry.begin(), entry.end());
  return Merged::kBoth;
}

// Nothing if this kind of field has no such merge: it is treated as a register.
std::optional<Merged> merge_by_kind(const Field& field, const void* seen, const void* mine,
                                    void* row) {
  const bool is_set = field.options.merge == Merge::kSet;
  if (!is_set && field.options.merge != Merge::kLedger) return std::nullopt;
  switch (field.type) {
    case FieldType::kEnumSet: {
      const auto before = field.value<std::uint64_t>(seen);
      const auto wanted = field.value<std::uint64_t>(mine);
      auto& bits = field.value<std::uint64_t>(row);
      bits = (bits | (wanted & ~before)) & ~(before & ~wanted);
      return Merged::kBoth;
    }
    case FieldType::kIdList:
      return merge_set(field.value<std::vector<Uuid>>(seen), field.value<std::vector<Uuid>>(mine),
                       field.value<std::vector<Uuid>>(row));
    case FieldType::kTextList:
      return merge_set(field.value<std::vector<std::string>>(seen),
                       field.value<std::vector<std::string>>(mine),
                       field.value<std::vector<std::string>>(row));
    case FieldType::kInteger:
      if (is_set) return std::nullopt;
      field.value<std::int64_t>(row) = static_cast<std::int64_t>(
          static_cast<std::uint64_t>(field.value<std::int64_t>(row)) +
          static_cast<std::uint64_t>(field.value<std::int64_t>(mine)) -
          static_cast<std::uint64_t>(field.value<std::int64_t>(seen)));
      return Merged::kBoth;
    case FieldType::kIntegerList:
      if (is_set) return std::nullopt;
      return append_rows(field, seen, mine, row);
    default: return std::nullopt;
  }
}

}  // namespace

Merged merge_field(const Field& field, const void* seen, const void* mine, void* row) {
  if (equal_fields(field, seen, mine)) return Merged::kUntouched;
  if (const auto merged = merge_by_kind(field, seen, mine, row)) return *merged;
  if (equal_fields(field, seen, row)) {
    copy_field(field, mine, row);
    return Merged::kMine;
  }
  return equal_fields(field, mine, row) ? Merged::kMine : Merged::kContested;
}

std::vector<const Field*> merge_row(const Entity& entity, const void* seen, const void* mine,
                                    void* row) {
  std::vector<const Field*> contested;
  for (const Field& field : entity.fields)
    if (field.id != 1 && merge_field(field, seen, mine, row) == Merged::kContested)
      contested.push_back(&field);
  return contested;
}

}  // namespace foyer
