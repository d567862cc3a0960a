#include "engine/record.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"

namespace jangbu::engine {
namespace {

Record example() {
  Record record;
  record.number = 42;
  record.kind = 100;
  record.batch = 7;
  record.recorded_at = Instant{1'705'292'050'000'000};
  record.wall_at = Instant{1'705'292'050'000'001};
  record.payload = std::string("a payload\0with anything", 23);
  record.seal = "a seal";
  record.hash = crypto::sha256("its hash");
  return record;
}

TEST(RecordTest, BodyIsKindBatchTimesAndPayload) {
  Record record = example();
  record.payload = "x";
  EXPECT_EQ(to_hex(record.body()),
            "6400"              // kind, u16le
            "07"                // batch, varint
            "80e8e03ef40e0600"  // recorded_at, i64le
            "81e8e03ef40e0600"  // wall_at, i64le
            "78");
}

TEST(RecordTest, StoredRowReadsBack) {
  for (const std::uint64_t batch : {0ULL, 252ULL, 253ULL, 65'536ULL, 1ULL << 40}) {
    Record record = example();
    record.batch = batch;
    record.recorded_at = Instant{-1};
    const auto read = decode_record(record.number, record.hash.view(), record.body(), record.seal);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->number, record.number);
    EXPECT_EQ(read->kind, record.kind);
    EXPECT_EQ(read->batch, batch);
    EXPECT_EQ(read->recorded_at, record.recorded_at);
    EXPECT_EQ(read->wall_at, record.wall_at);
    EXPECT_EQ(read->payload, record.payload);
    EXPECT_EQ(read->seal, record.seal);
    EXPECT_EQ(read->hash, record.hash);
    EXPECT_EQ(read->body(), record.body());
  }
}

TEST(RecordTest, RefusesWhatIsNoRow) {
  const Record record = example();
  const Bytes body = record.body();
  const std::size_t header = body.size() - record.payload.size();
  for (std::size_t size = 0; size < header; ++size) {
    const auto read = decode_record(1, record.hash.view(), ByteView(body).substr(0, size), "");
    ASSERT_FALSE(read.ok()) << size;
    EXPECT_EQ(read.error().code, Errc::invalid_encoding);
    EXPECT_NE(read.error().detail.find("record 1 "), std::string::npos);
  }
  EXPECT_TRUE(decode_record(1, record.hash.view(), ByteView(body).substr(0, header), "").ok())
      << "an empty payload is one";
  for (const std::size_t size : {0U, 31U, 33U}) {
    const auto read = decode_record(9, Bytes(size, 'h'), body, "");
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, Errc::invalid_encoding);
    EXPECT_NE(read.error().detail.find("record 9"), std::string::npos) << read.error().detail;
  }
}

TEST(RecordTest, ChainCoversPredecessorNumberAndBody) {
  const Hash previous = crypto::sha256("before");
  const Hash link = chain_hash(previous, 5, "body");
  EXPECT_EQ(link, chain_hash_of(previous, 5, body_hash("body")));
  Bytes by_hand(previous.view());
  by_hand += Bytes("\x05\0\0\0\0\0\0\0", 8);
  by_hand += crypto::sha256("body").view();
  EXPECT_EQ(link, crypto::sha256(by_hand));
  EXPECT_NE(link, chain_hash(crypto::sha256("another"), 5, "body"));
  EXPECT_NE(link, chain_hash(previous, 6, "body"));
  EXPECT_NE(link, chain_hash(previous, 5, "bodY"));
}

}  // namespace
}  // namespace jangbu::engine
