#include "foyer/command/execute.h"

#include "foyer/command/registry.h"
#include "foyer/command/upcast.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/validate.h"

namespace foyer {
namespace {

struct Prepared {
  const CommandInfo* info;
  AnyRow arguments;
};

Result<Prepared> prepare(const Command& written, const Context& context) {
  const auto current = upcast(written, commands(), upcasters());
  if (!current) return std::unexpected(current.error());
  const Command& command = *current;
  const CommandInfo* info = find_command(command.name);
  if (context.actor.is_anonymous()) return fail(ErrorCode::kUnauthenticated, "signed_out");
  if (!context.actor.roles.has_any_of(info->roles)) return fail(ErrorCode::kForbidden, "role");
  AnyRow arguments(*info->arguments);
  if (!decode(*info->arguments, command.arguments, arguments.get()))
    return fail(ErrorCode::kCorrupt, "arguments");
  if (auto errors = validate(*info->arguments, arguments.get()); !errors.empty())
    return std::unexpected(std::move(errors.front()));
  return Prepared{info, std::move(arguments)};
}

}  // namespace

Result<void> check_command(const Command& command, const Reader& reader, const Context& context) {
  auto prepared = prepare(command, context);
  if (!prepared) return std::unexpected(std::move(prepared).error());
  const ScopedReader visible(reader, context.actor);
  return prepared->info->check(prepared->arguments.get(), visible, context);
}

Result<void> run_command(const Command& command, Writer& writer, const Context& context) {
  auto prepared = prepare(command, context);
  if (!prepared) return std::unexpected(std::move(prepared).error());
  const ScopedReader visible(writer, context.actor);
  FOYER_TRY(prepared->info->check(prepared->arguments.get(), visible, context));
  prepared->info->apply(prepared->arguments.get(), writer, context);
  return {};
}

}  // namespace foyer
