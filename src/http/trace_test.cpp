#include "http/trace.h"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jangbu::http {
namespace {

/// Bytes that count up.
class Counting final : public Random {
 public:
  Bytes bytes(std::size_t count) override {
    Bytes out;
    for (std::size_t i = 0; i < count; ++i) out += static_cast<char>(i + 1);
    return out;
  }
};

constexpr const char* known = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(Traces, GoOnWithATraceThatIsValid) {
  const struct {
    const char* name;
    std::optional<std::string> said;
    bool goes_on;
  } cases[] = {
      {"none", std::nullopt, false},
      {"valid", known, true},
      {"a later version", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", true},
      {"a version that is none", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false},
      {"more behind version 00", std::string(known) + "-more", false},
      {"more without a dash", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more", false},
      {"capitals", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false},
      {"a trace of zeros", "00-00000000000000000000000000000000-b7ad6b7169203331-01", false},
      {"a parent of zeros", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false},
      {"too short", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", false},
      {"a line break", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331\r\n1", false},
  };
  Counting random;
  Traces traces(random);
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    const Trace trace = traces.next(each.said ? &*each.said : nullptr, nullptr);
    EXPECT_THAT(trace.traceparent, testing::MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]"));
    EXPECT_EQ(trace.id() == "0af7651916cd43dd8448eb211c80319c", each.goes_on);
    EXPECT_EQ(trace.traceparent.ends_with("-01"), each.goes_on);
    EXPECT_THAT(trace.traceparent, testing::Not(testing::HasSubstr("b7ad6b7169203331")))
        << "a part of its own";
    EXPECT_EQ(trace.request_id, trace.id());
  }
}

TEST(Traces, KeepTheClientsNameOfARequest) {
  const std::pair<std::string, bool> cases[] = {
      {"order-17", true}, {std::string(128, 'a'), true}, {std::string(129, 'a'), false},
      {"", false},        {"with a space", false},       {"\r\nX: y", false},
      {"장부", false},
  };
  Counting random;
  Traces traces(random);
  for (const auto& [said, kept] : cases)
    EXPECT_EQ(traces.next(nullptr, &said).request_id == said, kept) << said;
}

TEST(Traces, AreDifferent) {
  Counting random;
  Traces traces(random);
  const Trace first = traces.next(nullptr, nullptr);
  const Trace second = traces.next(nullptr, nullptr);
  EXPECT_NE(first.id(), second.id());
}

TEST(Traces, StandOnAnAnswerOnce) {
  Counting random;
  const Trace trace = Traces(random).next(nullptr, nullptr);
  Response response;
  response.headers.push_back({"x-request-id", "of another node"});
  add_trace(trace, response);
  ASSERT_EQ(response.headers.size(), 2U);
  EXPECT_EQ(response.headers[1].value, trace.traceparent);
}

TEST(Traces, AreTheThreadsForAWhile) {
  EXPECT_EQ(current_trace(), "");
  {
    const TraceScope outer("a");
    {
      const TraceScope inner("b");
      EXPECT_EQ(current_trace(), "b");
    }
    EXPECT_EQ(current_trace(), "a");
  }
  EXPECT_EQ(current_trace(), "");
}

}  // namespace
}  // namespace jangbu::http
