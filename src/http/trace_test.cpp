#include "http/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jangbu::http {
namespace {

struct RequestTraces : ::testing::Test {
  SystemRandom random;
  TraceSource source{random};
};

TEST_F(RequestTraces, GoOnWithATraceThatIsValid) {
  const std::string valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const std::string nonsense = valid + "-more";
  const std::pair<const std::string*, bool> cases[] = {{nullptr, false}, {&valid, true}, {&nonsense, false}};
  for (const auto& [said, goes_on] : cases) {
    SCOPED_TRACE(said == nullptr ? "none" : *said);
    const RequestTrace made = trace_request(source, said, nullptr);
    EXPECT_EQ(parse_traceparent(made.traceparent), made.trace);
    EXPECT_EQ(to_text(made.trace) == "0af7651916cd43dd8448eb211c80319c", goes_on);
    EXPECT_EQ(made.traceparent.ends_with("-01"), goes_on);
    EXPECT_THAT(made.traceparent, testing::Not(testing::HasSubstr("b7ad6b7169203331")))
        << "a part of its own";
    EXPECT_EQ(made.request_id, to_text(made.trace));
  }
}

TEST_F(RequestTraces, KeepTheClientsNameOfARequest) {
  const std::pair<std::string, bool> cases[] = {
      {"order-17", true}, {std::string(128, 'a'), true}, {std::string(129, 'a'), false},
      {"", false},        {"with a space", false},       {"\r\nX: y", false},
      {"장부", false},
  };
  for (const auto& [said, kept] : cases)
    EXPECT_EQ(trace_request(source, nullptr, &said).request_id == said, kept) << said;
}

TEST_F(RequestTraces, StandOnAnAnswerOnce) {
  const RequestTrace trace = trace_request(source, nullptr, nullptr);
  Response response;
  response.headers.push_back({"x-request-id", "of another node"});
  add_trace(trace, response);
  ASSERT_EQ(response.headers.size(), 2U);
  EXPECT_EQ(response.headers[1].value, trace.traceparent);
}

}  // namespace
}  // namespace jangbu::http
