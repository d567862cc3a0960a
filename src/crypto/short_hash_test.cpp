#include "crypto/short_hash.h"

#include <gtest/gtest.h>

namespace jangbu::crypto {
namespace {

/// The published vectors of SipHash-2-4: key 00 01 .. 0f, inputs 00 01 02 ..
TEST(ShortHashTest, AgreesWithThePublishedVectors) {
  Hash derived;
  for (std::size_t i = 0; i < derived.bytes.size(); ++i) derived.bytes[i] = static_cast<std::uint8_t>(i);
  const ShortHashKey key = short_hash_key(derived);
  Bytes input;
  EXPECT_EQ(short_hash(key, input), 0x726fdb47dd0e0e31U);
  for (char c = 0; c < 15; ++c) input.push_back(c);
  EXPECT_EQ(short_hash(key, input), 0xa129ca6149be45e5U);
}

TEST(ShortHashTest, DependsOnTheKey) {
  const ShortHashKey one{1};
  const ShortHashKey other{2};
  EXPECT_NE(short_hash(one, "visitor"), short_hash(other, "visitor"));
  EXPECT_NE(short_hash(one, "visitor"), short_hash(one, "visitos"));
}

}  // namespace
}  // namespace jangbu::crypto
