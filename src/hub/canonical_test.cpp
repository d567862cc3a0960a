#include <gtest/gtest.h>

#include "hub/wire.h"

namespace jangbu::hub {
namespace {

bool same(std::string_view a, std::string_view b) {
  return canonical_body_hash(a).value() == canonical_body_hash(b).value();
}

TEST(CanonicalBody, IsOneForWhatSaysTheSame) {
  const struct {
    const char* a;
    const char* b;
    bool expected;
  } rows[] = {
      {R"({"a":1,"b":2})", "{ \"b\" : 2,\n\"a\":1 }", true},
      {R"({"x":{"a":1,"b":[{"c":1,"d":2}]}})", R"({"x":{"b":[{"d":2,"c":1}],"a":1}})", true},
      {"[1,2]", "[2,1]", false},
      {"", "{}", true},
      {"{}", "[]", false},
      {R"({"a":null})", "{}", false},
      {R"({"a":1,"a":2})", R"({"a":2})", true},
      {R"({"a":2,"a":1})", R"({"a":2})", false},
      {"1", "1.0", true},
      {"1", "1e0", true},
      {"100", "1E+2", true},
      {"100", "0.1e3", true},
      {"-12.50", "-125e-1", true},
      {"0", "-0.00e7", true},
      {"1", "-1", false},
      {"10", "1", false},
      {"1", "\"1\"", false},
      {"9007199254740993", "9007199254740992", false},
      {"1e400", "10e399", true},
      {"1e400", "1e401", false},
      {"1e99999999999999999999", "1e99999999999999999999", true},
      {"1e99999999999999999999", "10e99999999999999999998", false},
      {R"("\u00e9\n")", "\"\u00e9\\n\"", true},
      {R"("a")", R"("\u0061")", true},
      {R"("a")", R"("A")", false},
      {"true", "false", false},
  };
  for (const auto& row : rows) EXPECT_EQ(same(row.a, row.b), row.expected) << row.a << " and " << row.b;
  EXPECT_EQ(canonical_body_hash("{").error().code, Errc::malformed_json);
}

TEST(CanonicalBody, OfAnOnboardingLeavesItsPaymentOut) {
  const auto called =
      canonical_onboard_hash(R"({"partner":{"a":1},"campaign":{"b":2},"payment":{"orderCode":"HUBPAY-1"}})");
  const auto carried =
      canonical_carried_onboard_hash(R"({"amount":1,"onboard":{"campaign":{"b":2.0},"partner":{"a":1}}})");
  const auto with_payment_inside =
      canonical_onboard_hash(R"({"partner":{"a":1,"payment":1},"campaign":{"b":2}})");
  EXPECT_EQ(called.value(), carried.value());
  EXPECT_NE(called.value(), with_payment_inside.value());
  EXPECT_EQ(canonical_carried_onboard_hash(R"({"amount":1})").value(), Hash{});
  EXPECT_EQ(canonical_carried_onboard_hash(R"({"onboard":null})").value(), Hash{});
  EXPECT_EQ(canonical_carried_onboard_hash("{").error().code, Errc::malformed_json);
  EXPECT_EQ(canonical_onboard_hash("{").error().code, Errc::malformed_json);
}

}  // namespace
}  // namespace jangbu::hub
