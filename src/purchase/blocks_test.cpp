#include "purchase/blocks.h"

#include <gtest/gtest.h>

#include "base/invariant.h"
#include "crypto/digest.h"
#include "purchase/queries.h"
#include "purchase/test_door.h"

namespace jangbu::purchase {
namespace {

std::vector<Hash> leaves_of(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(crypto::sha256("leaf " + std::to_string(i)));
  return leaves;
}

Hash join(const Hash& left, const Hash& right) {
  return crypto::sha256(Bytes(left.view()) + Bytes(right.view()));
}

TEST(MerkleTest, RootsByHand) {
  const auto l = leaves_of(5);
  EXPECT_EQ(merkle_root({l[0]}), join(l[0], l[0])) << "a single leaf is paired with itself";
  EXPECT_EQ(merkle_root({l[0], l[1]}), join(l[0], l[1]));
  EXPECT_EQ(merkle_root({l[0], l[1], l[2]}), join(join(l[0], l[1]), join(l[2], l[2])));
  EXPECT_EQ(merkle_root({l[0], l[1], l[2], l[3]}), join(join(l[0], l[1]), join(l[2], l[3])));
  const Hash fifth = join(l[4], l[4]);
  EXPECT_EQ(merkle_root(l), join(join(join(l[0], l[1]), join(l[2], l[3])), join(fifth, fifth)));
  EXPECT_THROW(merkle_root({}), InvariantViolation);
}

TEST(MerkleTest, EveryPathLeadsToTheRoot) {
  for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 1000U}) {
    const auto leaves = leaves_of(count);
    const Hash root = merkle_root(leaves);
    for (std::size_t i = 0; i < count; ++i) {
      const auto path = merkle_path(leaves, i);
      ASSERT_EQ(merkle_root_of_path(leaves[i], i, path), root) << count << " " << i;
      if (count > 5) continue;
      EXPECT_NE(merkle_root_of_path(crypto::sha256("another"), i, path), root);
      auto changed = path;
      changed.back() = crypto::sha256("another");
      EXPECT_NE(merkle_root_of_path(leaves[i], i, changed), root);
    }
    EXPECT_THROW(merkle_path(leaves, count), InvariantViolation);
  }
  EXPECT_EQ(merkle_path(leaves_of(1), 0).size(), 1U);
  EXPECT_EQ(merkle_path(leaves_of(1000), 999).size(), 10U);
}

TEST(MerkleTest, HeaderHashCoversEveryField) {
  const BlockHeader header{crypto::sha256("a"), crypto::sha256("b"), 0x0102030405060708, 9};
  EXPECT_EQ(header.hash(),
            crypto::sha256(Bytes(header.previous.view()) + Bytes(header.merkle_root.view()) +
                           Bytes("\x08\x07\x06\x05\x04\x03\x02\x01", 8) + Bytes("\x09\0\0\0\0\0\0\0", 8)));
  BlockHeader other = header;
  other.height += 1;
  EXPECT_NE(other.hash(), header.hash());
  other = header;
  other.timestamp += 1;
  EXPECT_NE(other.hash(), header.hash());
  other = header;
  other.previous = crypto::sha256("c");
  EXPECT_NE(other.hash(), header.hash());
}

struct CadenceTest : EachDoorTest {
  void record_many(int first, int last) {
    std::deque<Answered> answers;
    std::vector<std::unique_ptr<engine::Command>> commands;
    for (int i = first; i <= last; ++i)
      commands.push_back(record(purchase_of("p" + std::to_string(i), 1), answers.emplace_back()));
    fixture.run(std::move(commands));
    for (const Answered& answered : answers) ASSERT_TRUE(answered.ok());
  }
  StoredBlock block(std::uint64_t height) {
    const auto session = fixture.database.open_reader().value();
    return block_at(*session, height).value();
  }
};

TEST_P(CadenceTest, ABlockIsSealedAfterASecondOfWallTime) {
  EXPECT_EQ(fixture.writer->next_wake(), std::nullopt) << "an empty block is never sealed";
  record_many(1, 2);
  EXPECT_EQ(fixture.writer->next_wake(), fixture.clock.wall_now() + Duration::seconds(1));
  fixture.clock.advance(Duration::microseconds(999'999));
  fixture.run({});
  EXPECT_EQ(count("purchase_blocks"), 0);
  record_many(3, 3);
  fixture.clock.advance(Duration::microseconds(1));
  record_many(4, 4);
  ASSERT_EQ(count("purchase_blocks"), 1);
  const StoredBlock first = block(1);
  EXPECT_EQ(first.block.count, 3U) << "what was there when the batch began";
  EXPECT_EQ(first.block.first_sequence, 1U);
  EXPECT_EQ(first.block.header.previous, Hash{});
  EXPECT_EQ(
      first.block.header.timestamp,
      static_cast<std::uint64_t>((engine::testing::example_moment + Duration::seconds(1)).unix_seconds()));
  EXPECT_EQ(crypto::recover_personal(first.hash, first.signature).value(), house.addresses[0]);
  fixture.clock.advance(Duration::seconds(1));
  fixture.run({});
  const StoredBlock second = block(2);
  EXPECT_EQ(second.block.count, 1U);
  EXPECT_EQ(second.block.first_sequence, 4U);
  EXPECT_EQ(second.block.header.previous, first.hash);
  fixture.clock.advance(Duration::days(1));
  fixture.run({});
  EXPECT_EQ(count("purchase_blocks"), 2);
}

TEST_P(CadenceTest, ABlockHoldsAThousandTransactionsAndNoMore) {
  record_many(1, 999);
  EXPECT_EQ(count("purchase_blocks"), 0);
  record_many(1000, 1003);
  ASSERT_EQ(count("purchase_blocks"), 1);
  EXPECT_EQ(block(1).block.count, 1000U);
  record_many(1004, 2000);
  ASSERT_EQ(count("purchase_blocks"), 2);
  EXPECT_EQ(block(2).block.count, 1000U);
  EXPECT_EQ(block(2).block.first_sequence, 1001U);
}

TEST_P(CadenceTest, ABlockHoldsNoMoreThanAThousandAfterAFaultEither) {
  // While a culprit is looked for commands go alone, and no work of the door's own goes with them.
  record_many(1, 900);
  std::deque<Answered> answers;
  std::vector<std::unique_ptr<engine::Command>> commands;
  for (int i = 0; i < 250; ++i)
    commands.push_back(record(purchase_of("q" + std::to_string(i), 1), answers.emplace_back()));
  class Culprit final : public engine::Command {
    engine::Decision decide(engine::Unit&) override { INVARIANT(false, "the test wants it so"); }
  };
  commands.push_back(std::make_unique<Culprit>());
  fixture.run(std::move(commands));
  for (const Answered& answered : answers) ASSERT_TRUE(answered.ok());
  fixture.clock.advance(Duration::seconds(1));
  fixture.run({});
  fixture.run({});
  ASSERT_EQ(count("purchase_blocks"), 2);
  EXPECT_EQ(block(1).block.count, 1000U);
  EXPECT_EQ(block(2).block.count, 150U);
  EXPECT_EQ(block(2).block.first_sequence, 1001U);
  EXPECT_EQ(block(2).block.header.previous, block(1).hash);
}

TEST_P(CadenceTest, AnOpenBlockSurvivesARestart) {
  record_many(1, 5);
  EXPECT_TRUE(cancel_now("p2").ok());
  fixture.restart();
  EXPECT_EQ(state->open_block().leaves.size(), 6U);
  EXPECT_EQ(state->open_block().leaves.front().sequence, 1U);
  EXPECT_EQ(fixture.writer->next_wake(), engine::testing::example_moment + Duration::seconds(1));
  record_many(6, 6);
  fixture.clock.advance(Duration::seconds(1));
  fixture.run({});
  EXPECT_EQ(block(1).block.count, 7U);
  fixture.restart();
  EXPECT_EQ(state->open_block().leaves.size(), 0U);
  EXPECT_EQ(state->last_block().height, 1U);
  EXPECT_EQ(state->last_block().hash, block(1).hash);
}

TEST_P(CadenceTest, BlocksAreFoundByTheirRecords) {
  record_many(1, 2);
  const std::uint64_t last = head();
  fixture.clock.advance(Duration::seconds(1));
  fixture.run({});
  record_many(3, 3);
  const auto session = fixture.database.open_reader().value();
  EXPECT_EQ(block_of_record(*session, last).value()->block.header.height, 1U);
  EXPECT_EQ(block_of_record(*session, last - 1).value()->block.header.height, 1U);
  EXPECT_FALSE(block_of_record(*session, head()).value().has_value()) << "in none yet";
  EXPECT_FALSE(block_of_record(*session, 1).value().has_value()) << "no transaction";
  EXPECT_EQ(block_at(*session, 2).error().code, Errc::not_found);
}

INSTANTIATE_TEST_SUITE_P(Databases, CadenceTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::purchase
