#include "delivery/signature.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"

namespace jangbu::delivery {
namespace {

TEST(Base64, BothWays) {
  const struct {
    std::string bytes;
    const char* text;
  } rows[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {std::string("\0\xff\xfe", 3), "AP/+"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(to_base64(row.bytes), row.text);
    const auto bytes = from_base64(row.text);
    ASSERT_TRUE(bytes.ok()) << row.text;
    EXPECT_EQ(*bytes, row.bytes);
  }
  for (const char* bad :
       {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "Z===", "Zg==Zg==", "Zm9v\n", "Zm-v", "=Zm9", "Z=g="})
    EXPECT_FALSE(from_base64(bad).ok()) << bad;
}

/// The example of the standard's own text and libraries.
TEST(Signature, ExampleOfStandardWebhooks) {
  EXPECT_EQ(standard_signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                               1614265330, R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signature, SecretsInEveryForm) {
  const std::string key = "0123456789abcdef";
  const std::string signature = standard_signature("whsec_" + to_base64(key), "id", 1, "body");
  EXPECT_EQ(standard_signature(to_base64(key), "id", 1, "body"), signature);
  EXPECT_EQ(standard_signature("no base64!", "id", 1, "body"),
            "v1," + to_base64(crypto::hmac_sha256("no base64!", "id.1.body").view()));
}

TEST(Signature, Headers) {
  const Instant now{1'614'265'330'999'999};
  const auto names = [&](Signing signing) {
    std::string all;
    for (const auto& header : signature_headers(signing, "whsec_AAAA", "msg_1", now, "{}"))
      all += header.name + ";";
    return all;
  };
  EXPECT_EQ(names(Signing::none), "webhook-id;");
  EXPECT_EQ(names(Signing::standard), "webhook-id;webhook-timestamp;webhook-signature;");
  EXPECT_EQ(names(Signing::standard_and_bootpay),
            "webhook-id;webhook-timestamp;webhook-signature;X-Bootpay-Timestamp;X-Bootpay-Signature;");
  const auto headers = signature_headers(Signing::standard_and_bootpay, "whsec_AAAA", "msg_1", now, "{}");
  EXPECT_EQ(headers[1].value, "1614265330");
  EXPECT_EQ(headers[2].value, standard_signature("whsec_AAAA", "msg_1", 1614265330, "{}"));
  EXPECT_EQ(headers[4].value, "sha256=" + to_hex(crypto::hmac_sha256("whsec_AAAA", "1614265330.{}").view()));
}

}  // namespace
}  // namespace jangbu::delivery
