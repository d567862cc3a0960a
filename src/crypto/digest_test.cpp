#include "crypto/digest.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace jangbu::crypto {
namespace {

std::string hex(const Hash& hash) { return to_hex(hash.view()); }

TEST(Sha256, FipsVectors) {
  const struct {
    const char* name;
    Bytes data;
    const char* expected;
  } rows[] = {
      {"empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"one block", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"a million", Bytes(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(hex(sha256(row.data)), row.expected) << row.name;
    for (const std::size_t cut : {std::size_t{0}, row.data.size() / 2, row.data.size()}) {
      EXPECT_EQ(hex(sha256_pair(ByteView(row.data).substr(0, cut), ByteView(row.data).substr(cut))),
                row.expected)
          << row.name << " cut at " << cut;
      Sha256Stream stream;
      stream.add(ByteView(row.data).substr(0, cut));
      stream.add(ByteView(row.data).substr(cut));
      EXPECT_EQ(hex(stream.finish()), row.expected) << row.name << " in pieces, cut at " << cut;
    }
  }
  EXPECT_EQ(sha256(ByteView()), sha256(""));
}

TEST(Keccak256, Vectors) {
  const struct {
    Bytes data;
    const char* expected;
  } rows[] = {
      {"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"},
      {"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"},
      {"The quick brown fox jumps over the lazy dog",
       "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15"},
      {"Transfer(address,address,uint256)",
       "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"},
  };
  for (const auto& row : rows) EXPECT_EQ(hex(keccak256(row.data)), row.expected) << row.data;
  EXPECT_EQ(keccak256(ByteView()), keccak256(""));
}

TEST(Keccak256, LengthsAroundTheBlockOf136Bytes) {
  // The digest of every length chained into one, so that padding at the block's edges is covered.
  Hash chained;
  for (std::size_t length = 130; length <= 140; ++length) {
    chained = keccak256(Bytes(chained.view()) + Bytes(length, 'x'));
    EXPECT_NE(chained, Hash());
  }
  EXPECT_NE(keccak256(Bytes(135, 'x')), keccak256(Bytes(136, 'x')));
}

TEST(Keccak256, ThreadsDoNotDisturbEachOther) {
  const Hash expected = keccak256("shared");
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  threads.reserve(wrong.size());
  for (int& count : wrong) {
    threads.emplace_back([&count, expected] {
      for (int i = 0; i < 1000; ++i) count += keccak256("shared") == expected ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(HmacSha256, Rfc4231Vectors) {
  const struct {
    const char* name;
    Bytes key;
    Bytes data;
    const char* expected;
  } rows[] = {
      {"case 1", Bytes(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"case 2", "Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {"case 3", Bytes(20, '\xaa'), Bytes(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {"case 4", from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819").value(), Bytes(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {"case 6, a key longer than a block", Bytes(131, '\xaa'),
       "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {"case 7, both longer than a block", Bytes(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs "
       "to be "
       "hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
      {"empty key and data", "", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
  };
  for (const auto& row : rows) EXPECT_EQ(hex(hmac_sha256(row.key, row.data)), row.expected) << row.name;
  EXPECT_EQ(hex(hmac_sha256(Bytes(20, '\x0c'), "Test With Truncation")).substr(0, 32),
            "a3b6167473100ee06e0c796c2955552b");
  // A key of exactly one block is used as it is; one byte more and its digest is the key.
  EXPECT_NE(hmac_sha256(Bytes(64, 'k'), "m"), hmac_sha256(sha256(Bytes(64, 'k')).view(), "m"));
  EXPECT_EQ(hmac_sha256(Bytes(65, 'k'), "m"), hmac_sha256(sha256(Bytes(65, 'k')).view(), "m"));
}

TEST(EqualConstantTime, Compares) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "ab"));
  EXPECT_FALSE(equal_constant_time("", "a"));
  EXPECT_TRUE(equal_constant_time(ByteView("a\0b", 3), ByteView("a\0b", 3)));
  EXPECT_FALSE(equal_constant_time(ByteView("a\0b", 3), ByteView("a\0c", 3)));
}

}  // namespace
}  // namespace jangbu::crypto
