// Canonical bytes of plain structs, listed once: a struct says its fields in order, and is written and read
// by that list. Integers are varints, texts have their length in front, money is 16 sortable bytes.
//
//   struct Paid {
//     std::uint64_t order = 0;
//     Money amount;
//     template <typename Visitor> void each_field(Visitor& visit) { visit(order, amount); }
//   };
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/money.h"
#include "base/time.h"
#include "ledger/entry.h"

namespace jangbu::ledger {

class FieldWriter {
 public:
  explicit FieldWriter(Bytes& out) : bytes_(out), out_(out) {}

  template <typename... Fields>
  void operator()(const Fields&... fields) {
    (put(fields), ...);
  }

 private:
  template <typename T>
  requires(std::is_enum_v<T> || std::is_class_v<T>) void put(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      bytes_.varint(static_cast<std::uint64_t>(value));
    } else {
      const_cast<T&>(value).each_field(*this);  // NOLINT: a list of fields reads or writes; here it reads
    }
  }
  void put(bool value) { bytes_.u8(value ? 1 : 0); }
  template <std::unsigned_integral T>
  void put(T value) {
    bytes_.varint(value);
  }
  void put(const std::string& value) { bytes_.text(value); }
  void put(Instant value) { bytes_.i64(value.us); }
  void put(Duration value) { bytes_.i64(value.us); }
  void put(const Hash& value) { bytes_.raw(value.view()); }
  void put(Money value) {
    const auto bytes = value.to_sortable_bytes();
    bytes_.raw({bytes.data(), bytes.size()});
  }
  void put(const Entry& value) { append_entry(value, out_); }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename T>
  void put(const std::vector<T>& values) {
    bytes_.varint(values.size());
    for (const T& value : values) put(value);
  }

  ByteWriter bytes_;
  Bytes& out_;
};

class FieldReader {
 public:
  explicit FieldReader(ByteReader& in) : in_(in) {}

  template <typename... Fields>
  void operator()(Fields&... fields) {
    (get(fields), ...);
  }

 private:
  template <typename T>
  requires(std::is_enum_v<T> || std::is_class_v<T>) void get(T& value) {
    if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(in_.varint());
    } else {
      value.each_field(*this);
    }
  }
  void get(bool& value) {
    const auto byte = in_.u8();
    if (byte > 1) in_.fail();
    value = byte == 1;
  }
  template <std::unsigned_integral T>
  void get(T& value) {
    const std::uint64_t wide = in_.varint();
    value = static_cast<T>(wide);
    if (value != wide) in_.fail();
  }
  void get(std::string& value) { value = in_.text(); }
  void get(Instant& value) { value.us = in_.i64(); }
  void get(Duration& value) { value.us = in_.i64(); }
  void get(Hash& value) {
    if (auto hash = Hash::from_bytes(in_.raw(32))) {
      value = *hash;
    } else {
      in_.fail();
    }
  }
  void get(Money& value) {
    if (auto money = Money::from_sortable_bytes(in_.raw(16))) {
      value = *money;
    } else {
      in_.fail();
    }
  }
  void get(Entry& value) { value = read_entry(in_); }
  template <typename T>
  void get(std::optional<T>& value) {
    bool present = false;
    get(present);
    value.reset();
    if (present) get(value.emplace());
  }
  template <typename T>
  void get(std::vector<T>& values) {
    const std::uint64_t count = in_.varint();
    values.clear();
    for (std::uint64_t i = 0; i < count && in_.ok(); ++i) get(values.emplace_back());
  }

  ByteReader& in_;
};

template <typename T>
Bytes encode_fields(const T& value) {
  Bytes out;
  FieldWriter writer(out);
  writer(value);
  return out;
}

/// Reads into `value`, whose content is unspecified after an error. Error: invalid_encoding, also when bytes
/// are left over.
template <typename T>
Status decode_fields_into(ByteView bytes, T& value) {
  ByteReader in(bytes);
  FieldReader reader(in);
  reader(value);
  return in.finish();
}
template <typename T>
Result<T> decode_fields(ByteView bytes) {
  T value;
  RETURN_IF_ERROR(decode_fields_into(bytes, value));
  return value;
}

}  // namespace jangbu::ledger
