// A change is a command, and a command is data: arguments with a field table, `check` ("may I?",
// pure) apart from `apply` ("do it", pure). The same functions run on the device (optimistic) and
// on the server (authoritative). Invariant: apply after a successful check never fails, and depends
// on nothing but args, rows and context.
//
//   struct ReplyCase { Id<Case> case_id; Id<Message> message; ...; UnknownFields unknown; };
//   template <> struct Table<ReplyCase> { name = "case.reply"; fields = ... };
//   Result<void> check(const ReplyCase&, const Reader&, const Context&);
//   void apply(const ReplyCase&, Writer&, const Context&);
#pragma once

#include "foyer/rules/access.h"
#include "foyer/schema/binary.h"

namespace foyer {

struct Context {
  Actor actor;
  Instant now;       // the server's clock; on a device its own, corrected, when optimistic
  Uuid command;      // identity of this execution: derive ids of further rows from it
};

struct CommandInfo {
  std::string_view name;       // "case.reply": also the route of the RPC
  std::string_view title_key;  // locale key of menu item and palette entry
  std::string_view shortcut;   // "" or as in "R"
  std::uint16_t version = 1;
  Roles roles;                 // who may try at all; `check` looks at the rest
  const Entity* arguments = nullptr;
  Result<void> (*check)(const void* arguments, const Reader&, const Context&) = nullptr;
  void (*apply)(const void* arguments, Writer&, const Context&) = nullptr;
};

template <class Args>
constexpr CommandInfo command_info(std::string_view title_key, Roles roles,
                                   std::string_view shortcut = {}) {
  return {.name = Table<Args>::name,
          .title_key = title_key,
          .shortcut = shortcut,
          .roles = roles,
          .arguments = &entity_of<Args>(),
          .check = [](const void* args, const Reader& reader, const Context& context) {
            return check(*static_cast<const Args*>(args), reader, context);
          },
          .apply = [](const void* args, Writer& writer, const Context& context) {
            apply(*static_cast<const Args*>(args), writer, context);
          }};
}

// A command on its way: what forms, palette, outbox, frames and log hold.
struct Command {
  std::string name;
  std::uint16_t version = 1;
  std::string arguments;  // encoded by the binary codec through the command's field table
};
template <class Args>
Command make_command(const Args& args) {
  return {std::string(Table<Args>::name), 1, encode(args)};
}

// kConflict "already_done" if a row has the id that a new one is to get: the command was applied
// before, or the id is another's.
template <class T>
Result<void> check_new(const Reader& reader, Id<T> id) {
  if (id.is_null()) return fail(ErrorCode::kInvalid, "id", "required");
  if (reader.is_taken(entity_of<T>(), id)) return fail(ErrorCode::kConflict, "already_done");
  return {};
}

// registry.h: std::span<const CommandInfo> commands(); const CommandInfo* find_command(name);
// execute.h:  Result<void> check_command(const Command&, const Reader&, const Context&)
//       = decode, roles, validate(arguments), CommandInfo::check; authorisation before existence
//     Result<void> run_command(const Command&, Writer&, const Context&) = check_command + apply

}  // namespace foyer
