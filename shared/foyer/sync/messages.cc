#include "foyer/sync/messages.h"

#include "foyer/base/checksum.h"
#include "foyer/base/text.h"
#include "foyer/model/registry.h"
#include "foyer/schema/bytes.h"
#include "foyer/schema/description.h"
#include "foyer/sync/planted.h"

namespace foyer {
namespace {

constexpr std::uint64_t kListMax = 1 << 20;

void write_scope(ByteWriter& out, const Scope& scope) { out.bytes(to_string(scope)); }

Scope read_scope(ByteReader& in) {
  const auto scope = parse_scope(in.bytes());
  if (!scope) in.fail();
  return scope.value_or(Scope());
}

std::string read_text(ByteReader& in) {
  std::string text(in.bytes());
  if (!is_valid_utf8(text)) in.fail();
  return text;
}

template <class E>
E read_enum(ByteReader& in, E last) {
  const std::uint8_t value = in.byte();
  if (value > static_cast<std::uint8_t>(last)) in.fail();
  return static_cast<E>(in.failed() ? 0 : value);
}

void write_cookie(ByteWriter& out, const Cookie& cookie) {
  out.uuid(cookie.epoch);
  out.varint(cookie.seq);
  out.varint(cookie.schema);
  out.varint(cookie.scopes.size());
  for (const ScopeState& state : cookie.scopes) {
    write_scope(out, state.scope);
    out.varint(state.count);
    out.fixed32(state.crc);
    out.varint(state.seq);
  }
}

Cookie read_cookie(ByteReader& in) {
  Cookie cookie;
  cookie.epoch = in.uuid();
  cookie.seq = in.varint();
  cookie.schema = in.varint();
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    ScopeState state;
    state.scope = read_scope(in);
    state.count = in.varint();
    state.crc = in.fixed32();
    state.seq = in.varint();
    cookie.scopes.push_back(state);
  }
  return cookie;
}

void write(ByteWriter& out, const Hello& hello) {
  out.varint(hello.protocol);
  out.uuid(hello.client);
  out.varint(hello.last_mid);
  out.varint(hello.oldest_mid);
  write_cookie(out, hello.cookie);
  out.varint(hello.answered_mid);
  out.varint(hello.waiting);
  out.varint(hello.command_set);
  out.byte(hello.is_first_run ? 1 : 0);
}
void read(ByteReader& in, Hello& hello) {
  hello.protocol = in.varint();
  hello.client = in.uuid();
  hello.last_mid = in.varint();
  hello.oldest_mid = in.varint();
  hello.cookie = read_cookie(in);
  if (in.at_end()) return;  // of protocol 1 or 2: answered with a Reset
  hello.answered_mid = in.varint();
  hello.waiting = in.varint();
  hello.command_set = in.varint();
  hello.is_first_run = in.byte() == 1;
}

void write(ByteWriter& out, const Welcome& welcome) {
  out.varint(welcome.protocol);
  out.uuid(welcome.epoch);
  out.varint(welcome.last_mid);
  out.zigzag(welcome.server_time.ms);
  out.bytes(welcome.actor);
  out.varint(welcome.seq);
  out.varint(welcome.backup_seq);
  out.varint(welcome.forked_from.size());
  for (const EndedEpoch& ended : welcome.forked_from) {
    out.uuid(ended.epoch);
    out.varint(ended.seq);
  }
  out.varint(welcome.command_set);
}
void read(ByteReader& in, Welcome& welcome) {
  welcome.protocol = in.varint();
  welcome.epoch = in.uuid();
  welcome.last_mid = in.varint();
  welcome.server_time.ms = in.zigzag();
  welcome.actor = in.bytes();
  if (in.at_end()) return;  // stored by a build of protocol 2
  welcome.seq = in.varint();
  welcome.backup_seq = in.varint();
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    EndedEpoch ended;
    ended.epoch = in.uuid();
    ended.seq = in.varint();
    welcome.forked_from.push_back(ended);
  }
  welcome.command_set = in.varint();
}

void write_origin(ByteWriter& out, const PushedCommand& pushed) {
  const bool has_origin = !pushed.origin_client.is_null();
  out.byte(has_origin ? 1 : 0);
  if (!has_origin) return;
  out.uuid(pushed.origin_client);
  out.varint(pushed.origin_mid);
}
void read_origin(ByteReader& in, PushedCommand& pushed) {
  const std::uint8_t has_origin = in.byte();
  if (has_origin > 1) in.fail();
  if (has_origin != 1) return;
  pushed.origin_client = in.uuid();
  pushed.origin_mid = in.varint();
  if (pushed.origin_client.is_null()) in.fail();
}

void write(ByteWriter& out, const Push& push) {
  out.uuid(push.client);
  out.varint(push.commands.size());
  for (const PushedCommand& pushed : push.commands) {
    out.varint(pushed.mid);
    out.bytes(pushed.command.name);
    out.varint(pushed.command.version);
    out.bytes(pushed.command.arguments);
    out.varint(pushed.base_seq);
    out.zigzag(pushed.created_at.ms);
    out.byte(static_cast<std::uint8_t>(pushed.kind));
    out.varint(pushed.previous_hash);
    out.varint(pushed.hash);
    write_origin(out, pushed);
  }
}
void read(ByteReader& in, Push& push) {
  push.client = in.uuid();
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    PushedCommand pushed;
    pushed.mid = in.varint();
    pushed.command.name = read_text(in);
    const std::uint64_t version = in.varint();
    if (version > UINT16_MAX) in.fail();
    pushed.command.version = static_cast<std::uint16_t>(version);
    pushed.command.arguments = in.bytes();
    pushed.base_seq = in.varint();
    pushed.created_at.ms = in.zigzag();
    pushed.kind = read_enum(in, PushKind::kTrimmed);
    pushed.previous_hash = in.varint();
    pushed.hash = in.varint();
    read_origin(in, pushed);
    push.commands.push_back(std::move(pushed));
  }
}

void write(ByteWriter& out, const PushResult& result) {
  out.uuid(result.client);
  out.varint(result.expected_mid);
  out.varint(result.results.size());
  for (const PushedResult& one : result.results) {
    out.varint(one.mid);
    out.byte(static_cast<std::uint8_t>(one.outcome));
    out.byte(static_cast<std::uint8_t>(one.error.code));
    out.bytes(one.error.field);
    out.bytes(one.error.detail);
    out.varint(one.seq);
  }
}
void read(ByteReader& in, PushResult& result) {
  result.client = in.uuid();
  result.expected_mid = in.varint();
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    PushedResult one;
    one.mid = in.varint();
    one.outcome = read_enum(in, PushOutcome::kForked);
    one.error.code = read_enum(in, ErrorCode::kInternal);
    one.error.field = read_text(in);
    one.error.detail = read_text(in);
    one.seq = in.varint();
    result.results.push_back(std::move(one));
  }
}

void write(ByteWriter& out, const Poke& poke) {
  out.uuid(poke.epoch);
  out.varint(poke.base_seq);
  out.varint(poke.seq);
  out.byte(poke.is_last ? 1 : 0);
  for (const auto* scopes : {&poke.scopes, &poke.snapshots}) {
    out.varint(scopes->size());
    for (const Scope& scope : *scopes) write_scope(out, scope);
  }
  out.varint(poke.changes.size());
  for (const RowChange& change : poke.changes) {
    out.byte(static_cast<std::uint8_t>(change.op));
    out.varint(change.scope);
    out.varint(change.entity);
    out.uuid(change.id);
    if (change.op == RowOp::kPut) out.bytes(change.bytes);
  }
  if (!poke.is_last) return;
  write_cookie(out, poke.cookie);
  out.varint(poke.last_mid);
  out.varint(poke.backup_seq);
}
void read(ByteReader& in, Poke& poke) {
  poke.epoch = in.uuid();
  poke.base_seq = in.varint();
  poke.seq = in.varint();
  poke.is_last = in.byte() == 1;
  for (auto* scopes : {&poke.scopes, &poke.snapshots}) {
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && !in.failed(); ++i) scopes->push_back(read_scope(in));
  }
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    RowChange change;
    change.op = read_enum(in, RowOp::kRemove);
    const std::uint64_t scope = in.varint(), entity = in.varint();
    if (scope >= poke.scopes.size() || entity > UINT16_MAX) in.fail();
    change.scope = static_cast<std::uint32_t>(scope);
    change.entity = static_cast<EntityId>(entity);
    change.id = in.uuid();
    if (change.op == RowOp::kPut) change.bytes = in.bytes();
    poke.changes.push_back(std::move(change));
  }
  if (!poke.is_last) return;
  poke.cookie = read_cookie(in);
  poke.last_mid = in.varint();
  if (!in.at_end()) poke.backup_seq = in.varint();  // not of those stored by protocol 2
}

void write(ByteWriter& out, const Reset& reset) {
  out.byte(static_cast<std::uint8_t>(reset.reason));
  out.varint(reset.retry_after_ms);
  if (!reset.client.is_null()) out.uuid(reset.client);
}
void read(ByteReader& in, Reset& reset) {
  reset.reason = read_enum(in, ResetReason::kOverloaded);
  reset.retry_after_ms = in.varint();
  if (in.at_end()) return;
  reset.client = in.uuid();
  if (reset.client.is_null()) in.fail();
}

void write(ByteWriter& out, const Ping& ping) { out.zigzag(ping.server_time.ms); }
void read(ByteReader& in, Ping& ping) { ping.server_time.ms = in.zigzag(); }

template <std::size_t I = 0>
Result<SyncMessage> decode_body(std::size_t type, std::string_view body) {
  if constexpr (I == std::variant_size_v<SyncMessage>) {
    return fail(ErrorCode::kCorrupt, "frame");
  } else {
    if (type != I) return decode_body<I + 1>(type, body);
    std::variant_alternative_t<I, SyncMessage> message;
    ByteReader in(body);
    read(in, message);
    if (in.failed() || !in.at_end()) return fail(ErrorCode::kCorrupt, "frame");
    return SyncMessage(std::move(message));
  }
}

}  // namespace

std::string encode_frame(const SyncMessage& message) {
  ByteWriter body;
  std::visit([&](const auto& alternative) { write(body, alternative); }, message);
  ByteWriter frame;
  frame.byte(static_cast<std::uint8_t>(message.index()));
  frame.varint(body.view().size());
  frame.fixed32(crc32c(body.view()));
  frame.raw(body.view());
  return frame.take();
}

Result<std::vector<SyncMessage>> decode_frames(std::string_view stream,
                                               std::vector<std::string_view>* frames) {
  std::vector<SyncMessage> messages;
  ByteReader in(stream);
  while (!in.at_end()) {
    const std::size_t start = in.position();
    const std::uint8_t type = in.byte();
    const std::uint64_t length = in.varint();
    const std::uint32_t crc = in.fixed32();
    const std::string_view body = in.raw(length);
    const bool is_whole = crc32c(body) == crc || planted(EngineBug::kBitFlipAccepted);
    if (in.failed() || !is_whole || messages.size() >= kListMax)
      return fail(ErrorCode::kCorrupt, "frame");
    auto message = decode_body(type, body);
    if (!message) return std::unexpected(std::move(message).error());
    messages.push_back(std::move(*message));
    if (frames != nullptr) frames->push_back(in.since(start));
  }
  return messages;
}

std::string encode_actor(const Actor& actor) {
  ByteWriter out;
  out.uuid(actor.user);
  out.bytes(actor.name);
  out.varint(actor.roles.bits);
  out.uuid(actor.contact);
  out.uuid(actor.account);
  out.uuid(actor.site);
  out.byte(static_cast<std::uint8_t>(actor.portal_scope));
  out.uuid(actor.device);
  return out.take();
}

Result<Actor> decode_actor(std::string_view bytes) {
  ByteReader in(bytes);
  Actor actor;
  actor.user = Id<User>(in.uuid());
  actor.name = read_text(in);
  actor.roles.bits = in.varint();
  actor.contact = Id<Contact>(in.uuid());
  actor.account = Id<Account>(in.uuid());
  actor.site = Id<Site>(in.uuid());
  actor.portal_scope = read_enum(in, PortalScope::kAccount);
  actor.device = Id<Device>(in.uuid());
  if (in.failed() || !in.at_end()) return fail(ErrorCode::kCorrupt, "actor");
  return actor;
}

std::uint32_t row_crc(EntityId entity, std::string_view bytes) {
  const char head[2] = {static_cast<char>(entity & 0xff), static_cast<char>(entity >> 8)};
  return crc32c(bytes, crc32c({head, 2}));
}

Uuid command_id(const Uuid& client, std::uint64_t mid) {
  return derive_uuid(client, "mid/" + std::to_string(mid));
}

Uuid command_id(const Uuid& client, const PushedCommand& pushed) {
  return pushed.origin_client.is_null() ? command_id(client, pushed.mid)
                                        : command_id(pushed.origin_client, pushed.origin_mid);
}

std::uint64_t chain_hash(std::uint64_t previous, std::uint64_t mid, const Command& command,
                         Instant created_at) {
  ByteWriter all;
  all.varint(previous);
  all.varint(mid);
  all.bytes(command.name);
  all.varint(command.version);
  all.bytes(command.arguments);
  all.zigzag(created_at.ms);
  const Sha256Digest digest = sha256(all.view());
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < sizeof hash; ++i) hash = hash << 8 | digest[i];
  return hash == 0 ? 1 : hash;
}

std::uint64_t schema_hash() {
  static const std::uint64_t hash = schema_hash(entities());
  return hash;
}

}  // namespace foyer
