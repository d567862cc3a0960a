// What each role may do, row by row.
#include "console/operators.h"

#include <gtest/gtest.h>

namespace jangbu::console {
namespace {

TEST(Operators, RolesHaveNames) {
  for (const Role role : {Role::owner, Role::operates, Role::auditor})
    EXPECT_EQ(role_of(role_name(role)), role);
  EXPECT_EQ(role_name(Role::operates), "operator");
  for (const char* text : {"", "Owner", "root"}) EXPECT_EQ(role_of(text), std::nullopt) << text;
}

TEST(Operators, RolesAreBounded) {
  using http::Method;
  const struct {
    Method method;
    const char* pattern;
    bool owner;
    bool operates;
    bool auditor;
  } rows[] = {
      {Method::get, "/api/operators", true, true, true},
      {Method::head, "/api/audit", true, true, true},
      {Method::get, "/api/hub/apps", true, true, true},
      {Method::post, "/api/operators", true, false, false},
      {Method::put, "/api/operators/{id}", true, false, false},
      {Method::post, "/api/operators/{id}/password", true, false, false},
      {Method::post, "/api/hub/apps", true, false, false},
      {Method::put, "/api/hub/apps/{app}", true, false, false},
      {Method::post, "/api/invoice/apps/{key}/rotate", true, false, false},
      {Method::post, "/api/purchase/holders", true, false, false},
      {Method::post, "/api/purchase/holders/{holder}/keys", true, false, false},
      {Method::post, "/api/purchase/keys/revoke", true, false, false},
      {Method::put, "/api/purchase/rates/{code}", true, true, false},
      {Method::put, "/api/purchase/shops/{shopId}", true, true, false},
      {Method::post, "/api/admin/campaigns/{id}/approve", true, true, false},
      {Method::post, "/api/admin/orders/{reference}/refund", true, true, false},
      {Method::post, "/api/deliveries/resend", true, true, false},
      {Method::get, "/api/deliveries/{id}", true, true, true},
      {Method::get, "/api/deliveries/feed", true, false, false},
      {Method::head, "/api/deliveries/feed", true, false, false},
      {Method::get, "/api/payouts.csv", true, true, false},
      {Method::head, "/api/payouts.csv", true, true, false},
      {Method::del, "/api/anything", true, true, false},
      {Method::patch, "/api/anything", true, true, false},
      {Method::del, "/api/session", true, true, true},
      {Method::put, "/api/session/password", true, true, true},
      {Method::put, "/api/session/passwords", true, true, false},
      // A word within a segment is not the segment, nor is what a parameter stands for.
      {Method::put, "/api/affiliate/keysmith", true, true, false},
      {Method::put, "/api/merchants/{keys}", true, true, false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(may(Role::owner, row.method, row.pattern), row.owner) << row.pattern;
    EXPECT_EQ(may(Role::operates, row.method, row.pattern), row.operates) << row.pattern;
    EXPECT_EQ(may(Role::auditor, row.method, row.pattern), row.auditor) << row.pattern;
  }
}

}  // namespace
}  // namespace jangbu::console
