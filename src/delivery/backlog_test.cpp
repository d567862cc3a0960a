#include "delivery/backlog.h"

#include <gtest/gtest.h>

namespace jangbu::delivery {
namespace {

using Ids = std::vector<std::uint64_t>;

constexpr Instant now{1'000'000'000};

Pending event(std::uint64_t id, const std::string& destination, const std::string& document,
              Instant at = now) {
  Pending pending;
  pending.event = {id, id, at, {destination, document, "t", "payload"}};
  return pending;
}

std::vector<std::uint64_t> take_all(Backlog& backlog, Instant at = now) {
  std::vector<std::uint64_t> ids;
  while (const Pending* pending = backlog.next(at)) ids.push_back(pending->event.id);
  return ids;
}

TEST(Backlog, OneDocumentInOrder) {
  Backlog backlog({});
  for (const std::uint64_t id : Ids{1, 2, 3}) EXPECT_TRUE(backlog.admit(event(id, "webhook:a", "d"), ""));
  EXPECT_FALSE(backlog.admit(event(2, "webhook:a", "d"), ""));
  EXPECT_TRUE(backlog.admit(event(4, "webhook:a", "e"), ""));
  EXPECT_TRUE(backlog.admit(event(5, "webhook:b", "d"), ""));
  EXPECT_EQ(take_all(backlog), (Ids{1, 5, 4}));  // receivers in turn
  EXPECT_EQ(backlog.in_flight(), 3U);
  backlog.answered(1, false);
  EXPECT_EQ(take_all(backlog), Ids{});  // until it is known to be recorded
  backlog.remove(1);
  EXPECT_EQ(take_all(backlog), Ids{2});
  EXPECT_EQ(backlog.size(), 4U);
}

TEST(Backlog, AFailingEventBlocksItsDocumentAlone) {
  Backlog backlog({});
  backlog.admit(event(1, "webhook:a", "d"), "");
  backlog.admit(event(2, "webhook:a", "d"), "");
  EXPECT_EQ(take_all(backlog), Ids{1});
  backlog.answered(1, false);
  backlog.retry(1, now + Duration::seconds(5));
  backlog.admit(event(3, "webhook:a", "e"), "");
  EXPECT_EQ(take_all(backlog), Ids{3});
  EXPECT_EQ(backlog.next_wake(), now + Duration::seconds(5));
  EXPECT_EQ(take_all(backlog, now + Duration::microseconds(4'999'999)), Ids{});
  EXPECT_EQ(take_all(backlog, now + Duration::seconds(5)), Ids{1});
}

TEST(Backlog, AnEarlierEventThatComesLateGoesFirst) {
  Backlog backlog({});
  backlog.admit(event(5, "webhook:a", "d"), "");
  backlog.admit(event(2, "webhook:a", "d"), "");
  EXPECT_EQ(take_all(backlog), Ids{2});
  backlog.admit(event(1, "webhook:a", "d"), "");  // sent again by hand while 2 is under way
  backlog.answered(2, false);
  backlog.remove(2);
  EXPECT_EQ(take_all(backlog), Ids{1});
  backlog.answered(1, false);
  backlog.retry(1, now + Duration::seconds(9));
  EXPECT_EQ(take_all(backlog), Ids{});
}

TEST(Backlog, AReceiverHasSoManyAtATime) {
  Backlog backlog({.in_flight_each = 2});
  for (std::uint64_t id = 1; id <= 5; ++id) backlog.admit(event(id, "mail", std::to_string(id)), "");
  backlog.admit(event(6, "webhook:a", "x"), "https://a");
  backlog.admit(event(7, "webhook:a", "y"), "https://b");  // another receiver
  EXPECT_EQ(take_all(backlog), (Ids{1, 6, 7, 2}));
  backlog.answered(1, false);
  backlog.remove(1);
  EXPECT_EQ(take_all(backlog), Ids{3});
}

TEST(Backlog, ThoseWhoHangLeaveRoom) {
  Backlog backlog({.in_flight = 6, .in_flight_each = 2, .in_flight_troubled = 2});
  std::uint64_t id = 0;
  for (const char* hanging : {"webhook:a", "webhook:b", "webhook:c"})
    for (int i = 0; i < 4; ++i) {
      ++id;
      backlog.admit(event(id, hanging, std::to_string(id)), "");
    }
  const Ids first = take_all(backlog);
  EXPECT_EQ(first.size(), 6U);
  for (const std::uint64_t each : first) {
    backlog.answered(each, true);
    backlog.retry(each, now + Duration::seconds(5));
  }
  // Now each of them gets one at a time, and two of them at a time.
  EXPECT_EQ(take_all(backlog).size(), 2U);
  for (int i = 0; i < 4; ++i) {
    ++id;
    backlog.admit(event(id, "webhook:healthy", std::to_string(id)), "");
  }
  EXPECT_EQ(take_all(backlog).size(), 2U);
  EXPECT_EQ(backlog.in_flight(), 4U);
}

TEST(Backlog, AnAnswerEndsTheTrouble) {
  Backlog backlog({.in_flight_each = 4});
  for (std::uint64_t id = 1; id <= 6; ++id) backlog.admit(event(id, "webhook:a", std::to_string(id)), "");
  EXPECT_EQ(take_all(backlog).size(), 4U);
  backlog.answered(1, true);
  backlog.remove(1);
  EXPECT_EQ(take_all(backlog), Ids{});
  for (const std::uint64_t id : Ids{2, 3, 4}) {
    backlog.answered(id, true);
    backlog.remove(id);
  }
  EXPECT_EQ(take_all(backlog), Ids{5});
  backlog.answered(5, false);
  backlog.remove(5);
  EXPECT_EQ(take_all(backlog), Ids{6});
  EXPECT_EQ(backlog.size(), 1U);
}

TEST(Backlog, PayloadsBeyondTheBoundStayInTheDatabase) {
  Backlog backlog({.max_events = 4, .max_payload_bytes = 14});
  backlog.admit(event(1, "mail", "a"), "");
  backlog.admit(event(2, "mail", "b"), "");
  backlog.admit(event(3, "mail", "c"), "");
  EXPECT_FALSE(backlog.is_full());
  EXPECT_FALSE(backlog.has_room());
  const Pending* first = backlog.next(now);
  EXPECT_TRUE(first->has_payload);
  backlog.answered(1, false);
  backlog.remove(1);
  EXPECT_TRUE(backlog.has_room());
  EXPECT_TRUE(backlog.next(now)->has_payload);
  EXPECT_FALSE(backlog.next(now)->has_payload);
  backlog.admit(event(4, "mail", "d"), "");
  EXPECT_TRUE(backlog.next(now)->has_payload);
  EXPECT_EQ(backlog.oldest(), now);
  backlog.admit(event(5, "mail", "e"), "");
  EXPECT_TRUE(backlog.is_full());
  backlog.clear();
  EXPECT_EQ(backlog.size(), 0U);
  EXPECT_FALSE(backlog.oldest().has_value());
}

}  // namespace
}  // namespace jangbu::delivery
