// Phone numbers: the exact format that is hashed, and the hash.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace jangbu::purchase {

/// keccak256(abi.encode(string "BOSagora Phone Number", string phone)); `phone` in international format, or
/// empty.
Hash phone_hash(std::string_view international);

/// A phone number as sent, understood.
struct Phone {
  std::string international;  // "+82 10-1000-2000"; empty when none was given
  Hash hash;
};

/// Parses and formats phone numbers (libphonenumber, ~29 us each) behind a bounded cache by raw text.
/// Thread-safe.
class PhoneBook {
 public:
  /// `cache_entries`: texts remembered, good and bad ones.
  explicit PhoneBook(std::size_t cache_entries = 65536);
  ~PhoneBook();
  /// `raw` is trimmed already; empty gives the empty phone. A number must carry its country (+82 ...). Error:
  /// invalid_phone.
  Result<Phone> parse(std::string_view raw) const;
  /// Loads the tables of the library (some ms) so that the first request does not pay for it.
  void warm_up() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jangbu::purchase
