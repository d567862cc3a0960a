#include "payment/sandbox_memory.h"

namespace jangbu::payment::sandbox {
namespace {

using store::Value;

const store::Sql load_sql{"SELECT content FROM payment_sandbox_charges WHERE order_id = $1"};
const store::Sql store_sql{
    "INSERT INTO payment_sandbox_charges (order_id, content) VALUES ($1, $2) ON CONFLICT (order_id) DO "
    "UPDATE SET content = excluded.content"};

Bytes encode(const Memory& memory) {
  Bytes out;
  ByteWriter writer(out);
  const auto put_money = [&writer](Money money) {
    const auto bytes = money.to_sortable_bytes();
    writer.raw({bytes.data(), bytes.size()});
  };
  writer.u8(static_cast<std::uint8_t>(memory.state));
  writer.u8(static_cast<std::uint8_t>(memory.behaviour));
  writer.i64(memory.at.us);
  put_money(memory.amount);
  for (const std::string* text :
       {&memory.reference, &memory.code, &memory.message, &memory.card_brand, &memory.card_last4})
    writer.text(*text);
  writer.varint(memory.refunds.size());
  for (const auto& [order_id, refunded] : memory.refunds) {
    writer.text(order_id);
    put_money(refunded);
  }
  if (memory.charges != 0) writer.varint(memory.charges);
  return out;
}

Result<Memory> decode(ByteView bytes) {
  ByteReader in(bytes);
  const auto get_money = [&in] {
    const auto money = Money::from_sortable_bytes(in.raw(16));
    if (!money) in.fail();
    return money.value_or(Money());
  };
  Memory memory;
  memory.state = static_cast<Memory::State>(in.u8());
  memory.behaviour = static_cast<Behaviour>(in.u8());
  memory.at = Instant{in.i64()};
  memory.amount = get_money();
  for (std::string* text :
       {&memory.reference, &memory.code, &memory.message, &memory.card_brand, &memory.card_last4})
    *text = std::string(in.text());
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    std::string order_id(in.text());
    memory.refunds.emplace(std::move(order_id), get_money());
  }
  if (in.remaining() != 0) memory.charges = in.varint();
  RETURN_IF_ERROR(in.finish());
  return memory;
}

}  // namespace

void Memory::decline(std::string_view why, std::string_view text) {
  state = State::declined;
  code = why;
  message = text;
}

Outcome Memory::outcome() const {
  Outcome outcome;
  outcome.kind = state == State::approved   ? Outcome::Kind::approved
                 : state == State::waits    ? Outcome::Kind::needs_authentication
                 : state == State::declined ? Outcome::Kind::declined
                                            : Outcome::Kind::absent;
  outcome.reference = reference;
  outcome.code = code;
  outcome.message = message;
  outcome.card_brand = card_brand;
  outcome.card_last4 = card_last4;
  return outcome;
}

Money Memory::refunded() const {
  int128 sum = 0;
  for (const auto& [order_id, part] : refunds) sum += part.units();
  return Money::from_units(sum);
}

std::string key_row(std::string_view billing_key) { return "key:" + std::string(billing_key); }

Result<std::optional<Memory>> recall(store::Session& session, std::string_view name) {
  std::optional<Result<Memory>> found;
  RETURN_IF_ERROR(session.query(load_sql, {Value::blob(name)}, [&](const store::Row& row) {
    found = decode(row.bytes(0));
    return false;
  }));
  if (!found) return std::optional<Memory>();
  if (!*found) return found->error();
  return std::optional<Memory>(std::move(**found));
}

Status remember(store::Session& session, std::string_view name, const Memory& memory) {
  return session.execute(store_sql, {Value::blob(name), Value::blob(encode(memory))});
}

}  // namespace jangbu::payment::sandbox
