#include "http/curl_options.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace jangbu::http {
namespace {

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

TEST(CurlOptions, NothingIsSentWithoutAnOptionThatWasRefused) {
  const Handle curl(curl_easy_init(), curl_easy_cleanup);
  CurlOptions options(curl.get());
  options.set(CURLOPT_URL, "http://127.0.0.1:1/");
  EXPECT_EQ(options.refused(), CURLE_OK);
  const std::string too_long(9'000'000, 'X');
  options.set(CURLOPT_CUSTOMREQUEST, too_long.c_str());
  options.set(CURLOPT_NOSIGNAL, 1L);
  EXPECT_EQ(options.refused(), CURLE_BAD_FUNCTION_ARGUMENT) << "what comes after does not hide it";
  EXPECT_EQ(options.perform(), CURLE_BAD_FUNCTION_ARGUMENT);
}

TEST(CurlOptions, WhatWasAcceptedIsPerformed) {
  const Handle curl(curl_easy_init(), curl_easy_cleanup);
  CurlOptions options(curl.get());
  options.set(CURLOPT_URL, "gopher://127.0.0.1:1/");
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  EXPECT_EQ(options.perform(), CURLE_UNSUPPORTED_PROTOCOL);
}

}  // namespace
}  // namespace jangbu::http
