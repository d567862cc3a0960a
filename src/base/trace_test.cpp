#include "base/trace.h"

#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/invariant.h"

namespace jangbu {
namespace {

constexpr const char* known = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

// It goes with every command, by value.
static_assert(std::is_trivially_copyable_v<Trace> && sizeof(Trace) == 17);

TEST(Trace, ReadsATraceparentThatIsValid) {
  const struct {
    const char* name;
    std::string text;
    bool is_valid;
  } cases[] = {
      {"valid", known, true},
      {"a later version", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", true},
      {"a later version without more", "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true},
      {"flags of a later time", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff", true},
      {"nothing", "", false},
      {"a version that is none", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false},
      {"more behind version 00", std::string(known) + "-more", false},
      {"more without a dash", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more", false},
      {"capitals", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false},
      {"no digit", "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01", false},
      {"no dash", "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false},
      {"a trace of zeros", "00-00000000000000000000000000000000-b7ad6b7169203331-01", false},
      {"a parent of zeros", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false},
      {"too short", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", false},
      {"a line break", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331\r\n1", false},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    const auto trace = parse_traceparent(each.text);
    ASSERT_EQ(trace.has_value(), each.is_valid);
    if (!trace) continue;
    EXPECT_EQ(to_text(*trace), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_TRUE(trace->is_sampled);
  }
}

TEST(Trace, IsWrittenAsItWasRead) {
  for (const std::string flags : {"00", "01"}) {
    const std::string text = std::string(known).substr(0, 53) + flags;
    EXPECT_EQ(to_traceparent(parse_traceparent(text).value(), 0xb7ad6b7169203331), text);
  }
  EXPECT_EQ(to_traceparent(parse_traceparent(known).value(), 1),
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000001-01");
  EXPECT_THROW((void)to_traceparent(Trace{}, 1), InvariantViolation);
  EXPECT_THROW((void)to_traceparent(parse_traceparent(known).value(), 0), InvariantViolation);
}

TEST(Trace, NewOnesAreDifferentAndValid) {
  SystemRandom random;
  TraceSource one(random);
  TraceSource other(random);
  std::set<std::string> traces;
  std::set<std::uint64_t> spans;
  for (int i = 0; i < 1000; ++i) {
    for (TraceSource* source : {&one, &other}) {
      const Trace trace = source->begin();
      EXPECT_FALSE(trace.is_sampled);
      const std::uint64_t span = source->span();
      EXPECT_EQ(parse_traceparent(to_traceparent(trace, span)), trace);
      traces.insert(to_text(trace));
      spans.insert(span);
    }
  }
  EXPECT_EQ(traces.size(), 2000U);
  EXPECT_EQ(spans.size(), 2000U);
}

TEST(Trace, IsTheThreadsForAWhile) {
  SystemRandom random;
  TraceSource source(random);
  const Trace first = source.begin();
  const Trace second = source.begin();
  EXPECT_FALSE(current_trace());
  {
    const TraceScope outer(first);
    {
      const TraceScope inner(second);
      EXPECT_EQ(current_trace(), second);
      std::thread([] { EXPECT_FALSE(current_trace()); }).join();
    }
    EXPECT_EQ(current_trace(), first);
  }
  EXPECT_FALSE(current_trace());
}

}  // namespace
}  // namespace jangbu
