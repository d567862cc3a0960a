#include "http/router.h"

#include <optional>

#include <gtest/gtest.h>

#include "base/invariant.h"

namespace jangbu::http {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Route route(Method method, std::string pattern) {
  return {method, std::move(pattern), Effect::read, [](Responder) {}};
}

Router example() {
  Router router;
  router.add(route(Method::get, "/"));
  router.add(route(Method::get, "/v1/tx"));
  router.add(route(Method::post, "/v1/tx"));
  router.add(route(Method::get, "/v1/tx/{id}"));
  router.add(route(Method::get, "/v1/tx/latest"));
  router.add(route(Method::put, "/v1/tx/latest/pin"));
  router.add(route(Method::get, "/v1/tx/{id}/receipt/{part}"));
  router.add(route(Method::del, "/v1/{kind}/{id}"));
  return router;
}

TEST(Router, Match) {
  struct Row {
    const char* name;
    Method method;
    const char* path;
    const char* pattern;  // nullptr: no route
    int status;
    const char* allow;
    Pairs parameters;
  };
  const Row rows[] = {
      {"root", Method::get, "/", "/", 200, "", {}},
      {"literal", Method::get, "/v1/tx", "/v1/tx", 200, "", {}},
      {"by method", Method::post, "/v1/tx", "/v1/tx", 200, "", {}},
      {"parameter", Method::get, "/v1/tx/42", "/v1/tx/{id}", 200, "", {{"id", "42"}}},
      {"literal beats parameter", Method::get, "/v1/tx/latest", "/v1/tx/latest", 200, "", {}},
      {"back out of a literal",
       Method::get,
       "/v1/tx/latest/receipt/a",
       "/v1/tx/{id}/receipt/{part}",
       200,
       "",
       {{"id", "latest"}, {"part", "a"}}},
      {"back out for the method",
       Method::del,
       "/v1/tx/latest",
       "/v1/{kind}/{id}",
       200,
       "",
       {{"kind", "tx"}, {"id", "latest"}}},
      {"names are each route's own",
       Method::del,
       "/v1/a/b",
       "/v1/{kind}/{id}",
       200,
       "",
       {{"kind", "a"}, {"id", "b"}}},
      {"HEAD falls back", Method::head, "/v1/tx/7", "/v1/tx/{id}", 200, "", {{"id", "7"}}},
      {"decoded", Method::get, "/v1/tx/a%2Fb%20c+d", "/v1/tx/{id}", 200, "", {{"id", "a/b c+d"}}},
      {"literal spelled with escapes", Method::get, "/v1/%74x", "/v1/tx", 200, "", {}},
      {"malformed escape", Method::get, "/v1/tx/%zz", nullptr, 400, "", {}},
      {"cut escape", Method::get, "/v1/tx/%2", nullptr, 400, "", {}},
      {"unknown", Method::get, "/v2", nullptr, 404, "", {}},
      {"trailing slash is another path", Method::get, "/v1/tx/", nullptr, 404, "", {}},
      {"empty parameter", Method::get, "/v1/tx//receipt/a", nullptr, 404, "", {}},
      {"inner node", Method::get, "/v1", nullptr, 404, "", {}},
      {"case matters", Method::get, "/V1/tx", nullptr, 404, "", {}},
      {"not a path", Method::options, "*", nullptr, 404, "", {}},
      {"empty", Method::get, "", nullptr, 404, "", {}},
      {"wrong method", Method::put, "/v1/tx", nullptr, 405, "GET, POST", {}},
      {"HEAD without GET", Method::head, "/v1/tx/latest/pin", nullptr, 405, "PUT", {}},
      {"unknown method", Method::other, "/v1/tx", nullptr, 405, "GET, POST", {}},
  };
  const Router router = example();
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Router::Match match = router.match(row.method, row.path);
    EXPECT_EQ(match.status, row.status);
    EXPECT_EQ(match.allow, row.allow);
    EXPECT_EQ(match.parameters, row.parameters);
    ASSERT_EQ(match.route != nullptr, row.pattern != nullptr);
    if (match.route != nullptr) {
      EXPECT_EQ(match.route->pattern, row.pattern);
    }
  }
}

TEST(Router, TheMostSpecificDialectSpeaks) {
  Router router;
  const auto dialect = [](std::string name) {
    return [name](int status, std::string_view message) {
      Response response;
      response.status = status;
      response.body = name + ":" + std::string(message);
      return response;
    };
  };
  router.add_dialect({"/v1", dialect("v1")});
  router.add_dialect({"/v1/tx", dialect("tx")});
  router.add_dialect({"/files/", dialect("files")});
  EXPECT_EQ(router.render_error("/v1/tx/a", 404, "m").body, "tx:m");
  EXPECT_EQ(router.render_error("/v1/tx", 404, "m").body, "tx:m");
  EXPECT_EQ(router.render_error("/v1/txy", 404, "m").body, "v1:m");
  EXPECT_EQ(router.render_error("/files/a", 404, "m").body, "files:m");
  EXPECT_EQ(router.render_error("/v10", 404, "\"m\"\n").body,
            R"({"error":{"code":"not_found","message":"\"m\"\u000a"}})");
  EXPECT_EQ(router.render_error("", 431, "m").status, 431);
}

TEST(Router, A503CarriesRetryAfter) {
  Router router;
  router.add_dialect({"/own", [](int status, std::string_view) {
                        Response response;
                        response.status = status;
                        response.headers.push_back({"Retry-After", "9"});
                        return response;
                      }});
  ASSERT_EQ(router.render_error("/", 503, "m").headers.size(), 1U);
  EXPECT_EQ(router.render_error("/", 503, "m").headers[0].value, "1");
  ASSERT_EQ(router.render_error("/own", 503, "m").headers.size(), 1U);
  EXPECT_EQ(router.render_error("/own", 503, "m").headers[0].value, "9");
  EXPECT_TRUE(router.render_error("/", 500, "m").headers.empty());
}

TEST(Router, MistakesBreakAnInvariant) {
  Router router;
  router.add(route(Method::get, "/a/{x}"));
  EXPECT_THROW(router.add(route(Method::get, "/a/{y}")), InvariantViolation);
  EXPECT_THROW(router.add(route(Method::get, "a")), InvariantViolation);
  EXPECT_THROW(router.add({Method::get, "/b", Effect::read, nullptr}), InvariantViolation);
  EXPECT_THROW(router.add_dialect({"/b", nullptr}), InvariantViolation);
  EXPECT_THROW(router.add_tick(nullptr), InvariantViolation);
}

TEST(Router, TheSmallestBodyLimitIsKnown) {
  Router router;
  EXPECT_EQ(router.smallest_body_limit(), 1U << 20);
  router.add({Method::post, "/big", Effect::write, [](Responder) {}, 4 << 20});
  EXPECT_EQ(router.smallest_body_limit(), 1U << 20);
  router.add({Method::post, "/small", Effect::write, [](Responder) {}, 100});
  EXPECT_EQ(router.smallest_body_limit(), 100U);
}

TEST(Message, PercentDecode) {
  struct Row {
    const char* text;
    bool plus_is_space;
    const char* expected;
    bool valid;
  };
  const Row rows[] = {
      {"", false, "", true},         {"abc", false, "abc", true},  {"%41%7a", false, "Az", true},
      {"a+b", false, "a+b", true},   {"a+b", true, "a b", true},   {"%ED%95%9C", true, "한", true},
      {"%", false, "%", false},      {"%4", false, "%4", false},   {"%4g1", false, "%4g1", false},
      {"%25%34", false, "%4", true}, {"a%2", false, "a%2", false}, {"%%41", false, "%A", false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(percent_decode(row.text, row.plus_is_space), row.expected);
    EXPECT_EQ(percent_encoding_is_valid(row.text), row.valid);
  }
}

TEST(Message, PercentEncode) {
  EXPECT_EQ(percent_encode("aZ09-_.~"), "aZ09-_.~");
  EXPECT_EQ(percent_encode("a b+c&d=/?#%\"<한\r\n"), "a%20b%2Bc%26d%3D%2F%3F%23%25%22%3C%ED%95%9C%0D%0A");
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    EXPECT_EQ(percent_decode(percent_encode(text), true), text) << byte;
  }
}

TEST(Message, ParseQuery) {
  EXPECT_EQ(parse_query(""), Pairs{});
  EXPECT_EQ(parse_query("a=1&b=x+y&a=%26&&c&=d&e=f=g"),
            (Pairs{{"a", "1"}, {"b", "x y"}, {"a", "&"}, {"c", ""}, {"", "d"}, {"e", "f=g"}}));
}

TEST(Message, CredentialsOf) {
  struct Row {
    const char* authorization;
    std::optional<std::string_view> credentials;
  };
  const Row rows[] = {
      {"Bearer abc", "abc"},
      {"bearer abc", "abc"},
      {"BEARER abc", "abc"},
      {"Bearer  abc", " abc"},
      {"Bearer ", ""},
      {"Bearer", {}},
      {"", {}},
      {" abc", {}},
      {"Bearers abc", {}},
      {"Bearer\tabc", {}},
      {"Basic abc", {}},
      {"Beare\xD2 abc", {}},
  };
  for (const Row& row : rows) EXPECT_EQ(credentials_of(row.authorization, "Bearer"), row.credentials);
}

/// Counts what it is given.
class FakeChannel final : public Responder::Channel {
 public:
  const Request& request() const override { throw std::logic_error("not needed"); }
  void deliver(Response&& response) noexcept override {
    ++deliveries;
    last = std::move(response);
  }
  int deliveries = 0;
  Response last;
};

TEST(Responder, AnswersExactlyOnce) {
  const auto channel = std::make_shared<FakeChannel>();
  {
    Responder responder(channel);
    Responder moved = std::move(responder);
    Response response;
    response.status = 201;
    moved.respond(std::move(response));
    EXPECT_THROW(moved.respond({}), InvariantViolation);
  }
  EXPECT_EQ(channel->deliveries, 1);
  EXPECT_EQ(channel->last.status, 201);
}

TEST(Responder, DroppedWithoutAnAnswerSays500) {
  const auto dropped = std::make_shared<FakeChannel>();
  { const Responder responder(dropped); }
  EXPECT_EQ(dropped->deliveries, 1);
  EXPECT_EQ(dropped->last.status, 500);

  const auto replaced = std::make_shared<FakeChannel>();
  const auto kept = std::make_shared<FakeChannel>();
  Responder responder(replaced);
  responder = Responder(kept);
  EXPECT_EQ(replaced->deliveries, 1);
  EXPECT_EQ(kept->deliveries, 0);
  responder.respond({});
  EXPECT_EQ(kept->deliveries, 1);
}

}  // namespace
}  // namespace jangbu::http
