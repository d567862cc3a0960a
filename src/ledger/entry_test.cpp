#include "ledger/entry.h"

#include <random>

#include <gtest/gtest.h>

namespace jangbu::ledger {
namespace {

constexpr int128 largest = static_cast<int128>((static_cast<uint128>(1) << 127) - 1);

Bytes encoded(const Entry& entry) {
  Bytes out;
  append_entry(entry, out);
  return out;
}

Result<Entry> decoded(ByteView bytes) {
  ByteReader in(bytes);
  Entry entry = read_entry(in);
  RETURN_IF_ERROR(in.finish());
  return entry;
}

Entry example() {
  Entry entry;
  entry.openings = {{1, "user:0xabc", "POINT", Floor::zero}, {2, "house:exchange", "TOKEN", Floor::none}};
  entry.postings = {{1, Money::from_units(1000)}, {2, Money::from_units(-1000)}};
  entry.holds = {{1, Money::from_units(7)}};
  return entry;
}

TEST(EntryTest, IsEmptyWithoutAnything) {
  EXPECT_TRUE(Entry{}.empty());
  EXPECT_FALSE(example().empty());
  EXPECT_EQ(encoded({}), Bytes("\0\0\0", 3));
}

TEST(EntryTest, HasTheseBytes) {
  EXPECT_EQ(to_hex(encoded(example())),
            "02"
            "01"
            "0a"
            "757365723a3078616263"
            "05"
            "504f494e54"
            "01"
            "02"
            "0e"
            "686f7573653a65786368616e6765"
            "05"
            "544f4b454e"
            "00"
            "02"
            "01"
            "00"
            "02"
            "03e8"
            "02"
            "01"
            "02"
            "03e8"
            "01"
            "01"
            "00"
            "01"
            "07");
}

TEST(EntryTest, ReadsBack) {
  EXPECT_EQ(decoded(encoded(example())).value(), example());
  for (const int128 units :
       {int128{0}, int128{1}, int128{-1}, int128{255}, int128{256}, int128{-256}, largest, -largest}) {
    Entry entry;
    entry.postings = {{~std::uint64_t{0}, Money::from_units(units)}};
    entry.holds = {{253, Money::from_units(units)}};
    const auto read = decoded(encoded(entry));
    ASSERT_TRUE(read.ok()) << Money::from_units(units).to_units_text();
    EXPECT_EQ(*read, entry);
  }
}

TEST(EntryTest, RefusesWhatIsNotCanonical) {
  struct Row {
    const char* name;
    const char* hex;
  };
  const Row rows[] = {
      {"nothing", ""},
      {"no holds", "0000"},
      {"a count in a longer form", "fd00000000"},
      {"more openings than bytes", "ff00000000000000800000"},
      {"more postings than bytes", "00ff0000000000000080"},
      {"a floor that nobody knows",
       "01"
       "01"
       "0161"
       "0162"
       "02"
       "00"
       "00"},
      {"a sign of 2",
       "00"
       "01"
       "01"
       "02"
       "01"
       "05"
       "00"},
      {"a negative zero",
       "00"
       "01"
       "01"
       "01"
       "01"
       "00"
       "00"},
      {"no digits",
       "00"
       "01"
       "01"
       "00"
       "00"
       "00"},
      {"a leading zero",
       "00"
       "01"
       "01"
       "00"
       "02"
       "0005"
       "00"},
      {"seventeen digits",
       "00"
       "01"
       "01"
       "00"
       "11"
       "0101010101010101010101010101010101"
       "00"},
      {"the lowest value",
       "00"
       "01"
       "01"
       "01"
       "10"
       "80000000000000000000000000000000"
       "00"},
      {"an account in a longer form",
       "00"
       "01"
       "fd0500"
       "00"
       "01"
       "05"
       "00"},
      {"something behind it",
       "000000"
       "00"},
      {"a name longer than the rest",
       "01"
       "01"
       "7f61"
       "00"
       "00"},
  };
  for (const Row& row : rows) {
    const auto read = decoded(from_hex(row.hex).value());
    ASSERT_FALSE(read.ok()) << row.name;
    EXPECT_EQ(read.error().code, Errc::invalid_encoding) << row.name;
  }
}

TEST(EntryTest, EveryPrefixIsRefused) {
  const Bytes bytes = encoded(example());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decoded(ByteView(bytes).substr(0, size)).ok()) << size;
}

// What is read says the same bytes again, so one entry has one encoding and a record one hash.
TEST(EntryTest, RandomBytesReadBackExactlyOrNotAtAll) {
  std::mt19937 random(20'240'115);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const Bytes seed = encoded(example());
  int read_back = 0;
  for (int round = 0; round < 200'000; ++round) {
    Bytes bytes;
    if (round % 2 == 0) {
      bytes = seed;
      for (std::size_t changes = 1 + below(3); changes > 0; --changes)
        bytes[below(bytes.size())] = static_cast<char>(random());
    } else {
      for (std::size_t size = below(24); size > 0; --size)
        bytes.push_back(static_cast<char>(below(3) == 0 ? random() : below(4)));
    }
    const auto read = decoded(bytes);
    if (!read) continue;
    ++read_back;
    ASSERT_EQ(encoded(*read), bytes) << to_hex(bytes);
  }
  EXPECT_GT(read_back, 1000);
}

}  // namespace
}  // namespace jangbu::ledger
