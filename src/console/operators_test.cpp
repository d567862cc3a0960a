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
    const char* path;
    bool owner;
    bool operates;
    bool auditor;
  } rows[] = {
      {Method::get, "/api/operators", true, true, true},
      {Method::head, "/api/audit", true, true, true},
      {Method::get, "/api/hub/apps", true, true, true},
      {Method::post, "/api/operators", true, false, false},
      {Method::put, "/api/operators/7", true, false, false},
      {Method::post, "/api/operators/7/password", true, false, false},
      {Method::post, "/api/hub/apps", true, false, false},
      {Method::put, "/api/hub/apps/pybk-sales", true, false, false},
      {Method::post, "/api/invoice/apps/key/rotate", true, false, false},
      {Method::post, "/api/purchase/holders", true, false, false},
      {Method::post, "/api/purchase/holders/1/keys", true, false, false},
      {Method::post, "/api/purchase/keys/revoke", true, false, false},
      {Method::put, "/api/purchase/rates/krw", true, true, false},
      {Method::put, "/api/purchase/shops/0x00", true, true, false},
      {Method::post, "/api/admin/campaigns/1/approve", true, true, false},
      {Method::post, "/api/admin/orders/HUBPAY-1/refund", true, true, false},
      {Method::post, "/api/deliveries/resend", true, true, false},
      {Method::del, "/api/anything", true, true, false},
      {Method::patch, "/api/anything", true, true, false},
      {Method::del, "/api/session", true, true, true},
      {Method::put, "/api/session/password", true, true, true},
      {Method::put, "/api/session/passwords", true, true, false},
      // A word within a segment is not the segment.
      {Method::put, "/api/affiliate/keysmith", true, true, false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(may(Role::owner, row.method, row.path), row.owner) << row.path;
    EXPECT_EQ(may(Role::operates, row.method, row.path), row.operates) << row.path;
    EXPECT_EQ(may(Role::auditor, row.method, row.path), row.auditor) << row.path;
  }
}

}  // namespace
}  // namespace jangbu::console
