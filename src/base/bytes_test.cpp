#include "base/bytes.h"

#include <limits>
#include <optional>

#include <gtest/gtest.h>

namespace jangbu {
namespace {

using namespace std::string_literals;

TEST(Hex, WritesLowerCasePairs) {
  EXPECT_EQ(to_hex(""), "");
  EXPECT_EQ(to_hex("\x00\x0f\xf0\xff"s), "000ff0ff");
  EXPECT_EQ(to_hex_0x(""), "0x");
  EXPECT_EQ(to_hex_0x("\xab"), "0xab");
}

TEST(Hex, Reads) {
  const struct {
    const char* name;
    std::string_view text;
    std::optional<Bytes> expected;
  } rows[] = {
      {"empty", "", ""},
      {"lower", "00ff7a", "\x00\xff\x7a"s},
      {"upper", "AbCdEF", "\xab\xcd\xef"},
      {"odd length", "abc", std::nullopt},
      {"one past 9", "0:", std::nullopt},
      {"one before 0", "/0", std::nullopt},
      {"one past f", "0g", std::nullopt},
      {"one past F", "G0", std::nullopt},
      {"one before a", "`0", std::nullopt},
      {"one before A", "@0", std::nullopt},
      {"a byte above 127", "\xe1\xbc", std::nullopt},
      {"prefix", "0x00", std::nullopt},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Result<Bytes> bytes = from_hex(row.text);
    ASSERT_EQ(bytes.ok(), row.expected.has_value());
    if (row.expected) {
      EXPECT_EQ(*bytes, *row.expected);
    } else {
      EXPECT_EQ(bytes.error().code, Errc::invalid_hex);
    }
  }
}

TEST(Hex, RequiresThePrefixWhereItIsPartOfTheForm) {
  EXPECT_EQ(from_hex_0x("0x").value(), "");
  EXPECT_EQ(from_hex_0x("0x0aFF").value(), "\x0a\xff");
  EXPECT_EQ(from_hex_0x("0XFF").value(), "\xff");
  for (const std::string_view text : {"", "0", "x", "ff", "1xff", "0yff", "0xf", "0x0x"}) {
    EXPECT_EQ(from_hex_0x(text).error().code, Errc::invalid_hex) << text;
  }
}

TEST(HashType, TakesExactlyThirtyTwoBytes) {
  const Bytes bytes = "0123456789abcdef0123456789abcde\xff";
  const Result<Hash> hash = Hash::from_bytes(bytes);
  ASSERT_TRUE(hash.ok());
  EXPECT_EQ(hash->view(), bytes);
  EXPECT_EQ(Hash::from_bytes(bytes + "x").error().code, Errc::invalid_encoding);
  EXPECT_EQ(Hash::from_bytes(bytes.substr(1)).error().code, Errc::invalid_encoding);
  EXPECT_EQ(Hash::from_bytes("").error().code, Errc::invalid_encoding);
}

TEST(ByteWriter, WritesLittleEndian) {
  Bytes out;
  ByteWriter writer(out);
  writer.u8(0x01);
  writer.u16(0x0302);
  writer.u32(0x07060504);
  writer.u64(0x0f0e0d0c0b0a0908);
  writer.i64(-2);
  writer.text("abc");
  writer.raw("xyz");
  EXPECT_EQ(to_hex(out), "0102030405060708090a0b0c0d0e0ffeffffffffffffff0361626378797a");
}

TEST(ByteWriter, AppendsToWhatIsThere) {
  Bytes out = "head";
  ByteWriter(out).u8('!');
  EXPECT_EQ(out, "head!");
}

TEST(Varint, ShortestFormBothWays) {
  const struct {
    std::uint64_t value;
    const char* hex;
  } rows[] = {
      {0, "00"},
      {1, "01"},
      {0xfc, "fc"},
      {0xfd, "fdfd00"},
      {0xff, "fdff00"},
      {0xffff, "fdffff"},
      {0x10000, "fe00000100"},
      {0xffffffff, "feffffffff"},
      {0x100000000, "ff0000000001000000"},
      {0xffffffffffffffff, "ffffffffffffffffff"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.hex);
    Bytes out;
    ByteWriter(out).varint(row.value);
    EXPECT_EQ(to_hex(out), row.hex);
    ByteReader reader(out);
    EXPECT_EQ(reader.varint(), row.value);
    EXPECT_TRUE(reader.finish().ok());
  }
}

TEST(Varint, RefusesLongerFormsAndCutOnes) {
  for (const char* hex : {"", "fd", "fdfd", "fdfc00", "fd0000", "fe00000", "fe000001", "feffff0000",
                          "fe00000000", "ff000000000100", "ffffffffff00000000", "ff0000000000000000"}) {
    SCOPED_TRACE(hex);
    const std::string even = std::string(hex).substr(0, std::string_view(hex).size() & ~std::size_t{1});
    const Bytes bytes = from_hex(even).value();
    ByteReader reader(bytes);
    EXPECT_EQ(reader.varint(), 0U);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.finish().error().code, Errc::invalid_encoding);
  }
}

TEST(ByteReader, ReadsWhatWasWritten) {
  Bytes out;
  ByteWriter writer(out);
  writer.u8(0xff);
  writer.u16(0xfffe);
  writer.u32(0xfffffffd);
  writer.u64(0xfffffffffffffffc);
  writer.i64(std::numeric_limits<std::int64_t>::min());
  writer.text("");
  writer.text(Bytes(300, 'x'));
  writer.raw("tail");

  ByteReader reader(out);
  EXPECT_EQ(reader.u8(), 0xff);
  EXPECT_EQ(reader.position(), 1U);
  EXPECT_EQ(reader.u16(), 0xfffe);
  EXPECT_EQ(reader.u32(), 0xfffffffd);
  EXPECT_EQ(reader.u64(), 0xfffffffffffffffc);
  EXPECT_EQ(reader.i64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(reader.text(), "");
  EXPECT_EQ(reader.text(), Bytes(300, 'x'));
  EXPECT_EQ(reader.remaining(), 4U);
  EXPECT_EQ(reader.finish().error().code, Errc::invalid_encoding);  // something is left over
  EXPECT_EQ(reader.raw(4), "tail");
  EXPECT_TRUE(reader.at_end());
  EXPECT_TRUE(reader.finish().ok());
}

TEST(ByteReader, EveryReadFailsOneBytePastTheEnd) {
  const struct {
    const char* name;
    std::size_t size;
    void (*read)(ByteReader&);
  } rows[] = {
      {"u8", 1, [](ByteReader& in) { EXPECT_EQ(in.u8(), 0); }},
      {"u16", 2, [](ByteReader& in) { EXPECT_EQ(in.u16(), 0); }},
      {"u32", 4, [](ByteReader& in) { EXPECT_EQ(in.u32(), 0U); }},
      {"u64", 8, [](ByteReader& in) { EXPECT_EQ(in.u64(), 0U); }},
      {"i64", 8, [](ByteReader& in) { EXPECT_EQ(in.i64(), 0); }},
      {"raw", 5, [](ByteReader& in) { EXPECT_EQ(in.raw(5), ""); }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Bytes enough(row.size, '\0');
    ByteReader reader(enough);
    if (row.name != std::string_view("raw")) {
      row.read(reader);
      EXPECT_TRUE(reader.finish().ok());
    }
    const Bytes short_by_one(row.size - 1, '\x01');
    ByteReader short_reader(short_by_one);
    row.read(short_reader);
    EXPECT_FALSE(short_reader.ok());
  }
}

TEST(ByteReader, StaysFailed) {
  const Bytes bytes =
      "\x05"
      "abc"
      "later";
  ByteReader reader(ByteView(bytes).substr(0, 4));
  EXPECT_EQ(reader.text(), "");  // announces five bytes, has three
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.u8(), 0);
  EXPECT_EQ(reader.varint(), 0U);
  EXPECT_EQ(reader.text(), "");
  EXPECT_EQ(reader.raw(0), "");
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, AnEnormousLengthIsRefusedWithoutOverflow) {
  const Bytes bytes = from_hex("ffffffffffffffffff61").value();
  ByteReader reader(bytes);
  EXPECT_EQ(reader.text(), "");
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, ACallerCanFailIt) {
  ByteReader reader("");
  EXPECT_TRUE(reader.finish().ok());
  reader.fail();
  EXPECT_EQ(reader.finish().error().code, Errc::invalid_encoding);
}

}  // namespace
}  // namespace jangbu
