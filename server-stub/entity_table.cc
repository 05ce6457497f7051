#include "entity_table.h"

#include "flat_json.h"
#include "foyer/schema/row.h"

namespace foyer::server {
namespace {

std::string names_of_set(const Field& field, std::uint64_t bits) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < field.names.size(); ++i)
    if ((bits >> i) & 1) names.emplace_back(field.names[i]);
  return format_texts(names);
}

bool index_of_name(const Field& field, std::string_view name, std::uint8_t& index) {
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    if (field.names[i] != name) continue;
    index = static_cast<std::uint8_t>(i);
    return true;
  }
  return false;
}

std::string format_list(const Field& field, const void* object) {
  switch (field.type) {
    case FieldType::kTextList: return format_texts(field.value<std::vector<std::string>>(object));
    case FieldType::kIntegerList:
      return format_integers(field.value<std::vector<std::int64_t>>(object));
    case FieldType::kEnumSet: return names_of_set(field, field.value<std::uint64_t>(object));
    default: break;
  }
  std::vector<std::string> ids;
  for (const auto& id : field.value<std::vector<Uuid>>(object)) ids.push_back(to_string(id));
  return format_texts(ids);
}

// Binds one field and returns the number of the next parameter.
int bind_field(Statement& statement, int at, const Field& field, const void* object) {
  switch (field.type) {
    case FieldType::kInteger: statement.bind(at, field.value<std::int64_t>(object)); return at + 1;
    case FieldType::kEnum:
      statement.bind(at, field.names[field.value<std::uint8_t>(object)]);
      return at + 1;
    case FieldType::kEnumSet: statement.bind(at, format_list(field, object)); return at + 1;
    case FieldType::kMoney: {
      const auto& money = field.value<Money>(object);
      if (money.is_none()) {
        statement.bind_null(at).bind_null(at + 1);
      } else {
        statement.bind(at, money.minor).bind(at + 1, money.currency.view());
      }
      return at + 2;
    }
    default: break;
  }
  if (is_empty_field(field, object)) {
    statement.bind_null(at);
    return at + 1;
  }
  switch (field.type) {
    case FieldType::kText: statement.bind(at, field.value<std::string>(object)); break;
    case FieldType::kInstant: statement.bind(at, field.value<Instant>(object).ms); break;
    case FieldType::kId: statement.bind(at, to_string(field.value<Uuid>(object))); break;
    case FieldType::kBytes: statement.bind_blob(at, field.value<Bytes>(object).data); break;
    default: statement.bind(at, format_list(field, object)); break;
  }
  return at + 1;
}

int bind_unknown(Statement& statement, int at, const Entity& entity, const void* object) {
  const auto& unknown = entity.unknown(const_cast<void*>(object));
  if (unknown.bytes.empty())
    statement.bind_null(at);
  else
    statement.bind_blob(at, unknown.bytes);
  return at + 1;
}

bool read_list(std::string_view json, const Field& field, void* object) {
  if (field.type == FieldType::kIntegerList) {
    auto numbers = parse_integers(json);
    if (numbers) field.value<std::vector<std::int64_t>>(object) = std::move(*numbers);
    return numbers.has_value();
  }
  auto texts = parse_texts(json);
  if (!texts) return false;
  if (field.type == FieldType::kTextList) {
    field.value<std::vector<std::string>>(object) = std::move(*texts);
    return true;
  }
  for (const auto& text : *texts) {
    if (field.type == FieldType::kEnumSet) {
      std::uint8_t index = 0;
      if (!index_of_name(field, text, index)) return false;
      field.value<std::uint64_t>(object) |= std::uint64_t{1} << index;
    } else {
      const auto id = parse_uuid(text);
      if (!id) return false;
      field.value<std::vector<Uuid>>(object).push_back(*id);
    }
  }
  return true;
}

// Reads one field whose column is not NULL.
bool read_field(const Statement& row, int column, const Field& field, void* object) {
  switch (field.type) {
    case FieldType::kText: field.value<std::string>(object) = row.text(column); return true;
    case FieldType::kInteger: field.value<std::int64_t>(object) = row.integer(column); return true;
    case FieldType::kInstant: field.value<Instant>(object) = {row.integer(column)}; return true;
    case FieldType::kBytes: field.value<Bytes>(object).data = row.blob(column); return true;
    case FieldType::kMoney:
      field.value<Money>(object) = {row.integer(column), Currency(row.text(column + 1))};
      return true;
    case FieldType::kEnum:
      return index_of_name(field, row.text(column), field.value<std::uint8_t>(object));
    case FieldType::kId: {
      const auto id = parse_uuid(row.text(column));
      if (id) field.value<Uuid>(object) = *id;
      return id.has_value();
    }
    default: return read_list(row.text(column), field, object);
  }
}

}  // namespace

EntityTable::EntityTable(const Entity& entity)
    : entity_(&entity), name_(quote_identifier(entity.name)), columns_(columns_of(entity)) {
  std::string names, parameters, updates;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto quoted = quote_identifier(columns_[i].name);
    names += (i ? ", " : "") + quoted;
    parameters += (i ? ", ?" : "?") + std::to_string(i + 1);
    if (i > 0) updates += (i > 1 ? ", " : "") + quoted + " = excluded." + quoted;
  }
  select_sql_ = "SELECT " + names + " FROM " + name_ + " WHERE \"id\" = ?1";
  upsert_sql_ = "INSERT INTO " + name_ + " (" + names + ") VALUES (" + parameters +
                ") ON CONFLICT(\"id\") DO UPDATE SET " + updates;
  delete_sql_ = "DELETE FROM " + name_ + " WHERE \"id\" = ?1";
}

void EntityTable::bind(Statement& statement, const void* object) const {
  int at = 1;
  for (const auto& field : entity_->fields) at = bind_field(statement, at, field, object);
  bind_unknown(statement, at, *entity_, object);
}

void EntityTable::update(Database& database, const void* before, const void* after) const {
  std::vector<const Field*> written;
  std::string sets;
  bool is_same = entity_->unknown(const_cast<void*>(before)).bytes ==
                 entity_->unknown(const_cast<void*>(after)).bytes;
  std::size_t column = 0;
  for (const auto& field : entity_->fields) {
    const std::size_t width = field.type == FieldType::kMoney ? 2 : 1;
    const bool is_changed = !equal_fields(field, before, after);
    is_same &= !is_changed;
    if (field.id != 1 && (is_changed || !field.is_indexed())) {
      written.push_back(&field);
      for (std::size_t i = column; i < column + width; ++i)
        sets += quote_identifier(columns_[i].name) + " = ?, ";
    }
    column += width;
  }
  if (is_same) return;
  Statement& statement = database.statement("UPDATE " + name_ + " SET " + sets +
                                            quote_identifier(columns_[column].name) +
                                            " = ? WHERE \"id\" = ?");
  int at = 1;
  for (const auto* field : written) at = bind_field(statement, at, *field, after);
  at = bind_unknown(statement, at, *entity_, after);
  statement.bind(at, to_string(entity_->id_of(after))).run();
}

bool EntityTable::read(const Statement& row, void* object) const {
  int column = 0;
  for (const auto& field : entity_->fields) {
    clear_field(field, object);
    if (!row.is_null(column) && !read_field(row, column, field, object)) return false;
    column += field.type == FieldType::kMoney ? 2 : 1;
  }
  entity_->unknown(object).bytes = row.blob(column);
  return true;
}

}  // namespace foyer::server
