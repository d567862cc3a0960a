#include "door/secrets.h"

#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace jangbu::door {
namespace {

constexpr Instant now{1'000'000'000};
constexpr Duration day = Duration::days(1);

struct TestSecret {
  std::uint64_t number = 0;
  std::optional<Instant> until;
  friend bool operator==(const TestSecret&, const TestSecret&) = default;
};
struct AppWithSecrets {
  std::vector<TestSecret> secrets;
};

TEST(Secrets, AreRotated) {
  struct Row {
    const char* name;
    std::vector<TestSecret> before;
    Duration keep_old;
    std::vector<TestSecret> after;  // empty: too_many_secrets
  };
  const Row rows[] = {
      {"the first", {}, day, {{1, {}}}},
      {"the old one ends after a while", {{1, {}}}, day, {{1, now + day}, {2, {}}}},
      {"at once", {{1, {}}}, Duration{}, {{2, {}}}},
      {"what ends sooner still does",
       {{1, now + Duration::seconds(1)}, {2, {}}},
       day,
       {{1, now + Duration::seconds(1)}, {2, now + day}, {3, {}}}},
      {"what has ended is left out, and its number is not used again", {{4, now}}, day, {{5, {}}}},
      {"three that are valid are enough", {{1, now + day}, {2, now + day}, {3, {}}}, day, {}},
  };
  for (const Row& row : rows) {
    const auto app = with_new_secret(AppWithSecrets{row.before}, TestSecret(), now, row.keep_old);
    if (row.after.empty()) {
      ASSERT_FALSE(app.ok()) << row.name;
      EXPECT_EQ(app.error().code, Errc::too_many_secrets) << row.name;
    } else {
      ASSERT_TRUE(app.ok()) << row.name;
      EXPECT_EQ(app->secrets, row.after) << row.name;
    }
  }
}

TEST(Secrets, AreKeptAsLongAsABodySays) {
  struct Row {
    const char* body;
    std::optional<Duration> keep;  // empty: refused
  };
  const Row rows[] = {
      {"", day},
      {R"({"keep_old":"0s"})", Duration{}},
      {R"({"keep_old":"90d"})", Duration::days(90)},
      {R"({"keep_old":"91d"})", {}},
      {R"({"keep_old":"soon"})", {}},
      {R"({"keep_old":1})", {}},
  };
  for (const Row& row : rows) {
    http::JsonBody body(row.body);
    const Duration keep = read_keep_old(body);
    EXPECT_EQ(!body.error().has_value(), row.keep.has_value()) << row.body;
    if (row.keep) {
      EXPECT_EQ(keep, *row.keep) << row.body;
    }
  }
}

}  // namespace
}  // namespace jangbu::door
