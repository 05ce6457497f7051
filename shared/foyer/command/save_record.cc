#include "foyer/command/save_record.h"

#include "foyer/command/contest.h"
#include "foyer/model/registry.h"
#include "foyer/rules/merge.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/row.h"
#include "foyer/schema/validate.h"

namespace foyer {
namespace {

constexpr Roles kConfigure{Role::kAdmin};
constexpr Roles kCustomerData = kDesk | Roles{Role::kAdmin, Role::kSales};
constexpr Roles kContracts = kLeads | Roles{Role::kAdmin, Role::kSales};

struct Keeper {
  EntityId entity;
  Roles roles;
};
constexpr Keeper kKeeperTable[] = {
    {Table<Tenant>::id, kConfigure},
    {Table<Account>::id, kCustomerData},
    {Table<Contact>::id, kCustomerData},
    {Table<Site>::id, kCustomerData},
    {Table<User>::id, kConfigure},
    {Table<Product>::id, kContracts},
    {Table<Asset>::id, kCustomerData},
    {Table<ServiceContract>::id, kContracts},
    {Table<ContractLine>::id, kContracts},
    {Table<Entitlement>::id, kContracts},
    {Table<Calendar>::id, kConfigure},
    {Table<SlaPolicy>::id, kConfigure},
    {Table<Opportunity>::id, kContracts},
    {Table<Article>::id, kLeads | Roles{Role::kAdmin, Role::kKnowledgeEditor}},
};

Result<const Entity*> entity_kept_by(std::string_view name, const Actor& actor) {
  const Entity* entity = find_entity(name);
  if (entity == nullptr || keepers_of(entity->id).is_none())
    return fail(ErrorCode::kInvalid, "entity", "not_editable");
  if (!actor.roles.has_any_of(keepers_of(entity->id)))
    return fail(ErrorCode::kForbidden, "entity", "role");
  return entity;
}

struct Merging {
  AnyRow row;
  bool is_there = false;  // the row was
  std::vector<const Field*> contested;
};

Result<Merging> merged(const Entity& entity, const SaveRecord& args, const Reader& reader) {
  const auto id = peek_id(args.row.data);
  if (!id || id->is_null()) return fail(ErrorCode::kInvalid, "id", "required");
  Merging merging{AnyRow(entity), false, {}};
  void* row = merging.row.get();
  merging.is_there = reader.read(entity, *id, row);
  // What its author may not read is not theirs to overlay, nor to replace.
  if (!merging.is_there && reader.is_taken(entity, *id))
    return fail(ErrorCode::kConflict, "id", "already_done");
  if (!merging.is_there || args.seen.data.empty()) {
    if (!decode(entity, args.row.data, row)) return fail(ErrorCode::kCorrupt, "row", "row");
    return merging;
  }
  AnyRow mine(entity), seen(entity);
  if (!decode(entity, args.row.data, mine.get())) return fail(ErrorCode::kCorrupt, "row", "row");
  if (!decode(entity, args.seen.data, seen.get())) return fail(ErrorCode::kCorrupt, "seen", "row");
  merging.contested = merge_row(entity, seen.get(), mine.get(), row);
  // Where nobody could be asked to decide, the author is told, and keeps the words.
  if (!merging.contested.empty() && !is_contestable(entity))
    return fail(ErrorCode::kConflict, std::string(merging.contested.front()->key),
                "changed_meanwhile");
  return merging;
}

// A user's sign-in name must be unique, in lower case.
Result<void> check_user(const User& user, const Reader& reader) {
  if (user.roles.has_any_of(kMachineRoles))
    return fail(ErrorCode::kInvalid, "roles", "not_a_persons_role");
  for (const User& other : find<&User::email>(reader, user.email, 2))
    if (other.id != user.id) return fail(ErrorCode::kConflict, "email", "already_used");
  return {};
}

}  // namespace

Roles keepers_of(EntityId entity) {
  for (const Keeper& keeper : kKeeperTable)
    if (keeper.entity == entity) return keeper.roles;
  return {};
}

Result<void> check_row(const Entity& entity, const void* row, const Reader& reader) {
  if (auto errors = validate(entity, row); !errors.empty())
    return std::unexpected(std::move(errors.front()));
  if (entity.id == Table<User>::id) return check_user(*static_cast<const User*>(row), reader);
  return {};
}

Result<void> check(const SaveRecord& args, const Reader& reader, const Context& context) {
  const auto entity = entity_kept_by(args.entity, context.actor);
  if (!entity) return std::unexpected(entity.error());
  const auto merging = merged(**entity, args, reader);
  if (!merging) return std::unexpected(merging.error());
  return check_row(**entity, merging->row.get(), reader);
}

void apply(const SaveRecord& args, Writer& writer, const Context& context) {
  const Entity& entity = *find_entity(args.entity);
  const auto merging = merged(entity, args, writer);
  FOYER_ASSERT(merging.has_value());
  const Uuid& id = merging->row.id();
  if (merging->is_there) {
    AnyRow before(entity), mine(entity);
    writer.read(entity, id, before.get());
    note_changes(writer, context, entity, before.get(), merging->row.get());
    (void)decode(entity, args.row.data, mine.get());
    for (const Field* field : merging->contested)
      open_conflict(writer, context,
                    {entity, id, field->key, partial_row(entity, mine.get(), {field->key}),
                     partial_row(entity, before.get(), {field->key}), {}, {}, {}});
  }
  writer.write(entity, merging->row.get());
}

Result<void> check(const RemoveRecord& args, const Reader& reader, const Context& context) {
  const auto entity = entity_kept_by(args.entity, context.actor);
  if (!entity) return std::unexpected(entity.error());
  AnyRow row(**entity);
  if (!reader.read(**entity, args.row, row.get()))
    return fail(ErrorCode::kNotFound, "row", "not_found");
  // What other rows hang on stays: suspending a user or ending a contract is a save.
  for (const Entity* other : entities()) {
    // What says how a row came to be as it is does not hold it back.
    if (other->id == Table<Conflict>::id || other->id == Table<ChangeNote>::id) continue;
    for (const Field& field : other->fields)
      if (field.is_indexed() && field.type == FieldType::kId && field.id != 1 &&
          reader.has_any(*other, {&field, to_string(args.row), to_string(args.row), false, 1}))
        return fail(ErrorCode::kConflict, "row", "still_used");
  }
  return {};
}

void apply(const RemoveRecord& args, Writer& writer, const Context&) {
  writer.erase(*find_entity(args.entity), args.row);
}

}  // namespace foyer
