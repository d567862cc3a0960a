#include "affiliate/reward_api.h"

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

using R = RewardStatus;

TEST(RewardAfter, WhoMayDoWhat) {
  const std::string url = "https://blog.example/reward";
  const Instant now{1'000'000};
  struct Row {
    const char* what;
    Reward before;
    RewardForm form;
    By by;
    std::optional<Reward> after;  // nothing: refused
  };
  const Row rows[] = {
      {"it asks", {}, {url, R::requested, {}}, By::affiliate, Reward{R::requested, url, false, {}}},
      {"not without a URL", {}, {{}, R::requested, {}}, By::affiliate, {}},
      {"it does not approve itself",
       {R::requested, url, false, {}},
       {{}, R::approved, {}},
       By::affiliate,
       {}},
      {"nor refuse", {R::requested, url, false, {}}, {{}, R::rejected, {}}, By::affiliate, {}},
      {"the office approves",
       {R::requested, url, false, {}},
       {{}, R::approved, {}},
       By::office,
       Reward{R::approved, url, false, now}},
      {"not without a URL, either", {}, {{}, R::approved, {}}, By::office, {}},
      {"the office refuses",
       {R::requested, url, false, {}},
       {{}, R::rejected, {}},
       By::office,
       Reward{R::rejected, url, false, {}}},
      {"what is approved keeps its moment",
       {R::approved, url, false, Instant{5}},
       {{}, R::approved, {}},
       By::office,
       Reward{R::approved, url, false, Instant{5}}},
      {"another URL stays approved",
       {R::approved, url, false, Instant{5}},
       {"https://other.example/", {}, {}},
       By::affiliate,
       Reward{R::approved, "https://other.example/", false, Instant{5}}},
      {"also when it asks again",
       {R::approved, url, false, Instant{5}},
       {url, R::requested, {}},
       By::affiliate,
       Reward{R::approved, url, false, Instant{5}}},
      {"the office may take it back",
       {R::approved, url, false, Instant{5}},
       {{}, R::requested, {}},
       By::office,
       Reward{R::requested, url, false, Instant{5}}},
      {"what was refused is asked for again",
       {R::rejected, url, false, {}},
       {{}, R::requested, {}},
       By::affiliate,
       Reward{R::requested, url, false, {}}},
      {"approved once more",
       {R::requested, url, false, Instant{5}},
       {{}, R::approved, {}},
       By::office,
       Reward{R::approved, url, false, now}},
      {"no URL while it is approved", {R::approved, url, false, Instant{5}}, {"", {}, {}}, By::affiliate, {}},
      {"uniq_id",
       {R::approved, url, false, Instant{5}},
       {{}, {}, true},
       By::affiliate,
       Reward{R::approved, url, true, Instant{5}}},
  };
  for (const Row& row : rows) {
    const auto after = reward_after(row.before, row.form, row.by, now);
    EXPECT_EQ(after.ok(), row.after.has_value()) << row.what;
    if (after && row.after) {
      EXPECT_EQ(*after, *row.after) << row.what;
    }
  }
}

TEST(RewardStatus, Names) {
  for (const R status : {R::none, R::requested, R::approved, R::rejected})
    EXPECT_EQ(reward_status_of(reward_status_name(status)), status);
  EXPECT_EQ(reward_status_of("approved"), std::nullopt);
}

}  // namespace
}  // namespace jangbu::affiliate
