#include "payment/records.h"

namespace jangbu::payment {
namespace {

void put_money(ByteWriter& writer, Money money) {
  const auto bytes = money.to_sortable_bytes();
  writer.raw({bytes.data(), bytes.size()});
}

Money get_money(ByteReader& in) {
  const ByteView bytes = in.raw(16);
  if (!in.ok()) return {};
  const auto money = Money::from_sortable_bytes(bytes);
  if (!money) in.fail();
  return money.value_or(Money());
}

bool get_bool(ByteReader& in) {
  const std::uint8_t value = in.u8();
  if (value > 1) in.fail();
  return value == 1;
}

std::string get_text(ByteReader& in) { return std::string(in.text()); }

/// A number of an enumeration whose last value is `last`.
template <typename Enum>
Enum get_enum(ByteReader& in, Enum last) {
  const std::uint8_t value = in.u8();
  if (value > static_cast<std::uint8_t>(last)) in.fail();
  return static_cast<Enum>(value);
}

template <typename T, typename Read>
Result<T> decode_with(ByteView payload, Read read) {
  ByteReader in(payload);
  T value;
  read(in, value);
  RETURN_IF_ERROR(in.finish());
  return value;
}

}  // namespace

Bytes encode(const ChargeStarted& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.varint(value.attempt);
  writer.varint(value.checkout);
  writer.text(value.acquirer);
  writer.text(value.order_id);
  writer.text(value.form_key);
  return out;
}

template <>
Result<ChargeStarted> decode(ByteView payload) {
  return decode_with<ChargeStarted>(payload, [](ByteReader& in, ChargeStarted& value) {
    value.attempt = in.varint();
    value.checkout = in.varint();
    value.acquirer = get_text(in);
    value.order_id = get_text(in);
    value.form_key = get_text(in);
  });
}

Bytes encode(const AttemptEnded& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.varint(value.attempt);
  writer.u8(static_cast<std::uint8_t>(value.status));
  writer.u8(static_cast<std::uint8_t>(value.effect));
  writer.u8(value.expires ? 1 : 0);
  writer.varint(value.return_by);
  writer.text(value.reference);
  writer.text(value.code);
  writer.text(value.message);
  writer.text(value.card_brand);
  writer.text(value.card_last4);
  writer.text(value.note);
  ledger::append_entry(value.entry, out);
  return out;
}

template <>
Result<AttemptEnded> decode(ByteView payload) {
  return decode_with<AttemptEnded>(payload, [](ByteReader& in, AttemptEnded& value) {
    value.attempt = in.varint();
    value.status = get_enum(in, AttemptStatus::abandoned);
    if (value.status == AttemptStatus::open) in.fail();
    value.effect = get_enum(in, Consequence::return_failed);
    value.expires = get_bool(in);
    value.return_by = in.varint();
    value.reference = get_text(in);
    value.code = get_text(in);
    value.message = get_text(in);
    value.card_brand = get_text(in);
    value.card_last4 = get_text(in);
    value.note = get_text(in);
    value.entry = ledger::read_entry(in);
  });
}

Bytes encode(const CheckoutsExpired& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.i64(value.due_at.us);
  writer.varint(value.first);
  writer.varint(value.last);
  writer.varint(value.expired.size());
  for (const CheckoutNumber number : value.expired) writer.varint(number);
  return out;
}

template <>
Result<CheckoutsExpired> decode(ByteView payload) {
  return decode_with<CheckoutsExpired>(payload, [](ByteReader& in, CheckoutsExpired& value) {
    value.due_at = Instant{in.i64()};
    value.first = in.varint();
    value.last = in.varint();
    const std::uint64_t count = in.varint();
    if (count > in.remaining()) in.fail();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) value.expired.push_back(in.varint());
  });
}

Bytes encode(const CardKept& value) {
  Bytes out;
  ByteWriter writer(out);
  writer.varint(value.key);
  writer.varint(value.attempt);
  writer.text(value.card_brand);
  writer.text(value.card_last4);
  return out;
}

template <>
Result<CardKept> decode(ByteView payload) {
  return decode_with<CardKept>(payload, [](ByteReader& in, CardKept& value) {
    value.key = in.varint();
    value.attempt = in.varint();
    value.card_brand = get_text(in);
    value.card_last4 = get_text(in);
  });
}

Bytes encode(const CardForgotten& value) {
  Bytes out;
  ByteWriter(out).varint(value.key);
  return out;
}

template <>
Result<CardForgotten> decode(ByteView payload) {
  return decode_with<CardForgotten>(payload,
                                    [](ByteReader& in, CardForgotten& value) { value.key = in.varint(); });
}

void append_items(const std::vector<Item>& items, Bytes& out) {
  ByteWriter writer(out);
  writer.varint(items.size());
  for (const Item& item : items) {
    writer.text(item.name);
    writer.varint(item.quantity);
    put_money(writer, item.amount);
  }
}

std::vector<Item> read_items(ByteReader& in) {
  std::vector<Item> items;
  const std::uint64_t count = in.varint();
  if (count > in.remaining()) in.fail();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    Item& item = items.emplace_back();
    item.name = get_text(in);
    item.quantity = in.varint();
    item.amount = get_money(in);
  }
  return items;
}

void append_checkout(const Checkout& checkout, Bytes& out) {
  ByteWriter writer(out);
  writer.varint(checkout.number);
  writer.u8(static_cast<std::uint8_t>(checkout.door));
  writer.varint(checkout.document);
  writer.text(checkout.reference);
  put_money(writer, checkout.amount);
  writer.text(checkout.currency);
  writer.text(checkout.name);
  append_items(checkout.items, out);
  writer.text(checkout.buyer.name);
  writer.text(checkout.buyer.email);
  writer.text(checkout.buyer.phone);
  writer.text(checkout.return_url);
  writer.text(checkout.cancel_url);
  writer.i64(checkout.expires_at.us);
  if (checkout.door != Door::hub) writer.u8(static_cast<std::uint8_t>(checkout.purpose));
}

Checkout read_checkout(ByteReader& in) {
  Checkout checkout;
  checkout.number = in.varint();
  checkout.door = get_enum(in, Door::subscription);
  if (checkout.door < Door::hub) in.fail();
  checkout.document = in.varint();
  checkout.reference = get_text(in);
  checkout.amount = get_money(in);
  checkout.currency = get_text(in);
  checkout.name = get_text(in);
  checkout.items = read_items(in);
  checkout.buyer.name = get_text(in);
  checkout.buyer.email = get_text(in);
  checkout.buyer.phone = get_text(in);
  checkout.return_url = get_text(in);
  checkout.cancel_url = get_text(in);
  checkout.expires_at = Instant{in.i64()};
  if (checkout.door != Door::hub) checkout.purpose = get_enum(in, Purpose::keep);
  return checkout;
}

}  // namespace jangbu::payment
