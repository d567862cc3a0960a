#include "engine/outbox.h"

#include <gtest/gtest.h>

#include "engine/testing/tables.h"

namespace jangbu::engine {
namespace {

using testing::EmptyTables;

std::vector<std::uint64_t> ids(const Result<std::vector<PlacedEvent>>& events) {
  std::vector<std::uint64_t> found;
  EXPECT_TRUE(events.ok());
  for (const PlacedEvent& event : *events) found.push_back(event.id);
  return found;
}

struct OutboxTest : ::testing::Test {
  void put(std::uint64_t id, const std::string& destination, const std::string& document) {
    outbox.put({id, id * 10, Instant{1}, {destination, document, "topic", "payload " + std::to_string(id)}});
  }
  void commit() {
    outbox.flush(*tables.session);
    tables.commit();
    outbox.committed();
  }
  void set_state(std::uint64_t id, EventState state) {
    outbox.set_state(id, state, Instant{5});
    commit();
  }
  void delivered(std::uint64_t id) { set_state(id, EventState::delivered); }
  std::vector<std::uint64_t> peek(std::uint64_t after = 0, std::size_t limit = 10) {
    return ids(Outbox::peek(*tables.session, after, limit));
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
  EXPECT_EQ(peek(), (Ids{1, 2, 4, 5}));
  EXPECT_EQ(peek(1), (Ids{2, 4, 5})) << "what is younger than a blocked one of its document waits";
  EXPECT_EQ(peek(0, 2), (Ids{1, 2}));
  delivered(1);
  EXPECT_EQ(peek(), (Ids{2, 3, 4, 5}));
  delivered(2);
  set_state(3, EventState::given_up);
  EXPECT_EQ(peek(), (Ids{4, 5, 6}));
  set_state(2, EventState::pending);
  EXPECT_EQ(peek(), (Ids{2, 4, 5})) << "what is sent again goes first again";
}

TEST_F(OutboxTest, AnEventComesBackWhole) {
  outbox.put({7, 70, Instant{1}, {"d", Bytes("doc\0ument", 9), "t", Bytes("\0\xff", 2)}});
  commit();
  const auto events = Outbox::peek(*tables.session, 0, 1);
  ASSERT_TRUE(events.ok());
  ASSERT_EQ(events->size(), 1U);
  const PlacedEvent& claimed = events->front();
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
  EXPECT_EQ(peek(), (Ids{}));
}

}  // namespace
}  // namespace jangbu::engine
