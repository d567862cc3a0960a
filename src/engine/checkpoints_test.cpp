#include "engine/checkpoints.h"

#include <gtest/gtest.h>

#include "store/test_database.h"

namespace jangbu::engine {
namespace {

using store::test::must;

const std::string ones(64, '1');
const std::string twos(64, '2');

Record record_of(std::uint64_t number, const std::string& digits) {
  Record record;
  record.number = number;
  record.hash = must(Hash::from_bytes(must(from_hex(digits))));
  return record;
}

TEST(Checkpoints, AreReadAsTheyArePrinted) {
  const struct {
    const char* name;
    std::string text;
    bool good;
  } rows[] = {
      {"as printed", "22:0x" + ones, true},
      {"the highest number", "18446744073709551615:0x" + ones, true},
      {"one past it", "18446744073709551616:0x" + ones, false},
      {"record 0", "0:0x" + ones, false},
      {"a sign", "-1:0x" + ones, false},
      {"no number", ":0x" + ones, false},
      {"no hash", "22:", false},
      {"no colon", "220x" + ones, false},
      {"without 0x", "22:" + ones, false},
      {"a digit short", "22:0x" + ones.substr(1), false},
      {"a byte more", "22:0x" + ones + "11", false},
      {"no digit", "22:0x" + ones.substr(1) + "g", false},
      {"a space in front", " 22:0x" + ones, false},
      {"nothing", "", false},
  };
  for (const auto& row : rows) {
    const auto checkpoint = parse_checkpoint(row.text);
    ASSERT_EQ(checkpoint.ok(), row.good) << row.name;
    if (!row.good) continue;
    EXPECT_EQ(to_string(*checkpoint), row.text) << row.name;
  }
}

TEST(Checkpoints, MustPassBy) {
  const struct {
    const char* name;
    std::vector<std::string> noted;
    std::string fault;
  } rows[] = {
      {"nothing noted", {}, ""},
      {"the last one", {"3:0x" + ones}, ""},
      {"several, the same one twice", {"3:0x" + ones, "1:0x" + ones, "3:0x" + ones}, ""},
      {"another hash",
       {"1:0x" + ones, "2:0x" + twos},
       "engine_records: record 2 has the hash 0x" + ones + ", what was noted of it is 0x" + twos},
      {"two hashes of one record",
       {"2:0x" + ones, "2:0x" + twos},
       "engine_records: record 2 has the hash 0x" + ones + ", what was noted of it is 0x" + twos},
      {"one past the end",
       {"5:0x" + ones, "4:0x" + ones},
       "engine_records: record 4, which was noted, is missing: the book ends with record 3"},
  };
  for (const auto& row : rows) {
    Checkpoints checkpoints;
    for (const std::string& each : row.noted) checkpoints.add(must(parse_checkpoint(each)));
    Status found;
    for (std::uint64_t number = 1; number <= 3 && found; ++number)
      found = checkpoints.check(record_of(number, ones));
    if (found) found = checkpoints.finish(3);
    EXPECT_EQ(found ? "" : found.error().detail, row.fault) << row.name;
  }
}

}  // namespace
}  // namespace jangbu::engine
