// Journal entries: what a record says about money.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/money.h"

namespace jangbu::ledger {

/// An account's number, handed out in order from 1.
using AccountRef = std::uint64_t;

/// How far an account may fall.
enum class Floor : std::uint8_t {
  none = 0,  // accounts of the house: issued, clearing, revenue
  zero = 1,  // available = posted - held must not be negative
};

/// A new account: a name is opened once per currency. Currencies are upper-case for ledger units: "POINT",
/// "TOKEN", "KRW".
struct Opening {
  AccountRef ref = 0;
  std::string name;
  std::string currency;
  Floor floor = Floor::zero;

  friend bool operator==(const Opening&, const Opening&) = default;
};

/// Per currency the postings of an entry sum to zero.
struct Posting {
  AccountRef account = 0;
  Money amount;  // signed, in the account's currency

  friend bool operator==(const Posting&, const Posting&) = default;
};

/// Sets aside (positive) or gives back (negative) a part of an account's balance.
struct HoldChange {
  AccountRef account = 0;
  Money amount;

  friend bool operator==(const HoldChange&, const HoldChange&) = default;
};

/// One business fact. It stands inside the record that caused it and is never changed; a mistake is corrected
/// by another entry.
struct Entry {
  std::vector<Opening> openings;
  std::vector<Posting> postings;
  std::vector<HoldChange> holds;

  friend bool operator==(const Entry&, const Entry&) = default;
  [[nodiscard]] bool empty() const { return openings.empty() && postings.empty() && holds.empty(); }
};

void append_entry(const Entry& entry, Bytes& out);
/// A failed reader (ByteReader::ok) leaves an unspecified value.
Entry read_entry(ByteReader& in);

}  // namespace jangbu::ledger
