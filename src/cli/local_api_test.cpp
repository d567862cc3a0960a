#include "cli/local_api.h"

#include <gtest/gtest.h>

namespace jangbu::cli {
namespace {

TEST(LocalApi, ARequestThatCannotBeSaidIsNotSent) {
  ApiCall call;
  call.url = "http://127.0.0.1:1/";
  call.method = std::string(9'000'000, 'X');  // libcurl refuses it, and would send a GET
  const auto answer = send(call);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Errc::io_error);
  EXPECT_NE(answer.error().detail.find("bad argument"), std::string::npos) << answer.error().detail;
}

}  // namespace
}  // namespace jangbu::cli
