// An affiliate's reward API: asked for, approved or refused, tried out. The commands.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "affiliate/configure.h"
#include "affiliate/settlement.h"

namespace jangbu::affiliate {

/// What somebody wants of an affiliate's rewards; what is absent stays as it is.
struct RewardForm {
  std::optional<std::string> url;  // in a form that may be sent to; empty: none
  std::optional<RewardStatus> status;
  std::optional<bool> uniq_id;
};

/// How a reward stands after the form. An affiliate asks and sets its URL: what is approved stays approved
/// when the URL changes, and to ask again changes nothing then. The office approves and refuses. Errors:
/// invalid_parameters (without a URL nothing can be asked for or approved; an affiliate does not decide).
Result<Reward> reward_after(const Reward& before, const RewardForm& form, By by, Instant now);

/// Errors: as reward_after(), not_found.
class SetReward final : public Write<RewardSet> {
 public:
  SetReward(State& state, AffiliateNumber affiliate, By by, RewardForm form, door::Render<RewardSet> render,
            Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)),
        affiliate_(affiliate),
        by_(by),
        form_(std::move(form)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  AffiliateNumber affiliate_;
  By by_;
  RewardForm form_;
};

/// Sends the fixed sample to the affiliate's URL, once, whether it is approved or not. Errors: not_found,
/// invalid_parameters (there is no URL).
class TestReward final : public Write<RewardTested> {
 public:
  TestReward(State& state, AffiliateNumber affiliate, By by, door::Render<RewardTested> render,
             Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)), affiliate_(affiliate), by_(by) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  AffiliateNumber affiliate_;
  By by_;
};

std::string_view reward_status_name(RewardStatus status);
std::optional<RewardStatus> reward_status_of(std::string_view name);

}  // namespace jangbu::affiliate
