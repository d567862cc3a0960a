#include "ledger/entry.h"

namespace jangbu::ledger {
namespace {

/// sign byte (0 or 1), length byte, minimal big-endian magnitude.
void append_money(Money money, ByteWriter& writer) {
  // The one value whose negation does not exist is no amount of an entry: sums are checked long before it.
  const Money magnitude = money.is_negative() ? money.negated().value() : money;
  Bytes digits;
  magnitude.append_minimal_big_endian(digits);
  writer.u8(money.is_negative() ? 1 : 0);
  writer.u8(static_cast<std::uint8_t>(digits.size()));
  writer.raw(digits);
}

Money read_money(ByteReader& in) {
  const std::uint8_t sign = in.u8();
  const std::uint8_t size = in.u8();
  const ByteView digits = in.raw(size);
  if (sign > 1 || size == 0 || size > 16 || (size == 16 && !digits.empty() && (digits[0] & '\x80') != 0))
    in.fail();
  if (!in.ok()) return {};
  uint128 magnitude = 0;
  for (const char byte : digits) magnitude = magnitude << 8 | static_cast<std::uint8_t>(byte);
  // Canonical: no leading zero byte, no negative zero.
  if ((digits[0] == 0 && size > 1) || (magnitude == 0 && sign == 1)) in.fail();
  const auto units = static_cast<int128>(magnitude);
  return Money::from_units(sign == 1 ? -units : units);
}

}  // namespace

void append_entry(const Entry& entry, Bytes& out) {
  ByteWriter writer(out);
  writer.varint(entry.openings.size());
  for (const Opening& opening : entry.openings) {
    writer.varint(opening.ref);
    writer.text(opening.name);
    writer.text(opening.currency);
    writer.u8(static_cast<std::uint8_t>(opening.floor));
  }
  writer.varint(entry.postings.size());
  for (const Posting& posting : entry.postings) {
    writer.varint(posting.account);
    append_money(posting.amount, writer);
  }
  writer.varint(entry.holds.size());
  for (const HoldChange& hold : entry.holds) {
    writer.varint(hold.account);
    append_money(hold.amount, writer);
  }
}

Entry read_entry(ByteReader& in) {
  Entry entry;
  // Every element takes at least three bytes, so a false count cannot make this allocate more than the input
  // holds.
  const auto count = [&in] {
    const std::uint64_t n = in.varint();
    if (n > in.remaining()) in.fail();
    return in.ok() ? n : 0;
  };
  for (std::uint64_t n = count(); n > 0 && in.ok(); --n) {
    Opening opening;
    opening.ref = in.varint();
    opening.name = std::string(in.text());
    opening.currency = std::string(in.text());
    const std::uint8_t floor = in.u8();
    if (floor > 1) in.fail();
    opening.floor = static_cast<Floor>(floor);
    entry.openings.push_back(std::move(opening));
  }
  for (std::uint64_t n = count(); n > 0 && in.ok(); --n) {
    const AccountRef account = in.varint();
    entry.postings.push_back({account, read_money(in)});
  }
  for (std::uint64_t n = count(); n > 0 && in.ok(); --n) {
    const AccountRef account = in.varint();
    entry.holds.push_back({account, read_money(in)});
  }
  return entry;
}

}  // namespace jangbu::ledger
