#include "engine/outbox.h"

#include <gtest/gtest.h>

#include "engine/testing/tables.h"

namespace jangbu::engine {
namespace {

using testing::EmptyTables;

std::vector<std::uint64_t> ids(const Result<std::vector<ClaimedEvent>>& events) {
  std::vector<std::uint64_t> found;
  EXPECT_TRUE(events.ok());
  for (const ClaimedEvent& event : *events) found.push_back(event.id);
  return found;
}

struct OutboxTest : ::testing::Test {
  void put(std::uint64_t id, const std::string& destination, const std::string& document) {
    outbox.put(id, id * 10, Instant{1}, {destination, document, "topic", "payload " + std::to_string(id)});
  }
  void commit() {
    outbox.flush(*tables.session);
    tables.commit();
    outbox.committed();
  }
  void delivered(std::uint64_t id) {
    ASSERT_TRUE(
        tables.session->run_script("DELETE FROM engine_outbox WHERE id = " + std::to_string(id)).ok());
  }
  std::vector<std::uint64_t> peek(std::string_view destination, std::uint64_t after = 0,
                                  std::size_t limit = 10) {
    return ids(Outbox::peek(*tables.session, destination, after, limit));
  }
  using Ids = std::vector<std::uint64_t>;

  EmptyTables tables;
  Outbox outbox;
};

TEST_F(OutboxTest, HandsOutTheOldestEventOfEachDocument) {
  put(1, "webhook:1", "order A");
  put(2, "webhook:1", "order B");
  put(3, "webhook:1", "order A");
  put(4, "mail", "order A");
  commit();
  put(5, "webhook:1", "order C");
  put(6, "webhook:1", "order B");
  commit();
  EXPECT_EQ(peek("webhook:1"), (Ids{1, 2, 5}));
  EXPECT_EQ(peek("webhook:1", 1), (Ids{2, 5})) << "what is younger than a blocked one of its document waits";
  EXPECT_EQ(peek("webhook:1", 0, 2), (Ids{1, 2}));
  EXPECT_EQ(peek("mail"), (Ids{4}));
  EXPECT_EQ(peek("nobody"), (Ids{}));
  delivered(1);
  EXPECT_EQ(peek("webhook:1"), (Ids{2, 3, 5}));
  delivered(2);
  delivered(3);
  EXPECT_EQ(peek("webhook:1"), (Ids{5, 6}));
}

TEST_F(OutboxTest, AnEventComesBackWhole) {
  outbox.put(7, 70, Instant{1}, {"d", Bytes("doc\0ument", 9), "t", Bytes("\0\xff", 2)});
  commit();
  const auto events = Outbox::peek(*tables.session, "d", 0, 1);
  ASSERT_TRUE(events.ok());
  ASSERT_EQ(events->size(), 1U);
  const ClaimedEvent& claimed = events->front();
  EXPECT_EQ(claimed.id, 7U);
  EXPECT_EQ(claimed.record, 70U);
  EXPECT_EQ(claimed.event.destination, "d");
  EXPECT_EQ(claimed.event.document, Bytes("doc\0ument", 9));
  EXPECT_EQ(claimed.event.topic, "t");
  EXPECT_EQ(claimed.event.payload, Bytes("\0\xff", 2));
}

TEST_F(OutboxTest, DiscardForgetsTheBatch) {
  put(1, "d", "x");
  outbox.discard();
  commit();
  EXPECT_EQ(peek("d"), (Ids{}));
}

}  // namespace
}  // namespace jangbu::engine
