#include <gtest/gtest.h>

#include "cli/config.h"
#include "cli/doctor/checks.h"

namespace jangbu::cli {
namespace {

constexpr std::uint64_t mib = 1024 * 1024;

constexpr Instant in_days(std::int64_t days) { return Instant{} + Duration::days(days); }

TEST(Doctor, JudgesWhatItFound) {
  const struct {
    const char* name;
    Finding found;
    Health health;
  } cases[] = {
      {"a sync that did not happen", judge_sync(4), Health::bad},
      {"the fastest disk", judge_sync(5), Health::good},
      {"a slow disk", judge_sync(50'000), Health::good},
      {"a disk that is too slow", judge_sync(50'001), Health::doubtful},
      {"a full disk", judge_space(64 * mib - 1, 1024 * mib), Health::bad},
      {"little room", judge_space(64 * mib, 1024 * mib), Health::doubtful},
      {"a twentieth", judge_space(5000 * mib, 100'000 * mib), Health::good},
      {"less than a twentieth", judge_space(4999 * mib, 100'000 * mib), Health::doubtful},
      {"the clocks agree", judge_skew(Duration::seconds(2)), Health::good},
      {"a little ahead", judge_skew(Duration::seconds(3)), Health::doubtful},
      {"a minute behind", judge_skew(Duration::seconds(-60)), Health::doubtful},
      {"more than a minute", judge_skew(Duration::seconds(-61)), Health::bad},
      {"loopback", judge_listen("127.0.0.1:8080", "", false), Health::good},
      {"loopback of IPv6", judge_listen("[::1]:8080", "", false), Health::good},
      {"the network in the clear", judge_listen("0.0.0.0:8080", "http://shop.example", false), Health::bad},
      {"the network behind TLS", judge_listen("10.0.0.5:8080", "https://shop.example", false),
       Health::doubtful},
      {"the network over its own TLS", judge_listen("0.0.0.0:443", "", true), Health::good},
      {"a certificate to come", judge_validity({1}, {100}, {0}), Health::bad},
      {"one that has begun", judge_validity({0}, in_days(15), {0}), Health::good},
      {"one that has two weeks left", judge_validity({0}, in_days(14), {1}), Health::doubtful},
      {"one in its last moment", judge_validity({0}, {100}, {100}), Health::doubtful},
      {"one that is over", judge_validity({0}, {100}, {101}), Health::bad},
  };
  for (const auto& each : cases)
    EXPECT_EQ(each.found.health, each.health) << each.name << ": " << each.found.what;
}

TEST(Doctor, FindsTheHostOfAUrl) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://shop.example", "shop.example"},
      {"https://shop.example:8443/a:b", "shop.example"},
      {"http://127.0.0.1:8080", "127.0.0.1"},
      {"https://[::1]:8443", "::1"},
      {"https://[::1]", "::1"},
      {"nonsense", ""},
  };
  for (const auto& [url, host] : cases) EXPECT_EQ(host_of(url), host) << url;
}

TEST(Doctor, ReadsDatesOfHttp) {
  const auto date = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  ASSERT_TRUE(date);
  EXPECT_EQ(to_rfc3339(*date), "1994-11-06T08:49:37Z");
  EXPECT_FALSE(parse_http_date("yesterday"));
}

TEST(Config, MasksPasswordsOfUrls) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"127.0.0.1:8080", "127.0.0.1:8080"},
      {"https://shop.example/a@b:c", "https://shop.example/a@b:c"},
      {"postgresql://shop@db/jangbu", "postgresql://shop@db/jangbu"},
      {"postgresql://shop:secret@db:5432/jangbu", "postgresql://shop:***@db:5432/jangbu"},
      {"postgresql://shop:se@cret@db/jangbu", "postgresql://shop:***@db/jangbu"},
  };
  for (const auto& [text, masked] : cases) EXPECT_EQ(without_password(text), masked);
}

}  // namespace
}  // namespace jangbu::cli
