// The hub's commands: what sales sites, the reviewer app, operators and the clock change.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "door/write.h"
#include "hub/gate.h"
#include "hub/state.h"

namespace jangbu::hub {

using door::Answer;
using door::Render;

/// Why a change was refused, with the facts that its answer names.
struct Refused {
  Error error;
  std::optional<GatePart> gate = {};           // insufficient_deposit
  std::optional<std::string> order_code = {};  // already_paid: the order that paid
  std::vector<std::string> path = {};          // invalid_parameters: the member that is wrong

  /// In the words of /api, with the amounts that it is about.
  [[nodiscard]] Error in_words() const;
};

engine::KeyDigest application_digest(CampaignId campaign, std::string_view reviewer);
/// Takes the caller's token, and refuses apps that were suspended since the gate.
Status admit(State& state, engine::Unit& unit, const Caller& caller);

/// What door::Write asks of the hub.
struct HubDoor {
  using State = hub::State;
  using Caller = std::optional<hub::Caller>;  // empty: an operator
  using Refused = hub::Refused;
  static constexpr engine::KeyScope key_scope = engine::KeyScope::hub_idempotency;
  static Keyed keyed_of(const engine::Record& record);
  static void want(engine::Unit& unit, const Caller& caller) {
    if (caller) unit.tokens().want(caller->token);
  }
  static Status admit(State& state, engine::Unit& unit, const Caller& caller, const Keyed&) {
    return caller ? hub::admit(state, unit, *caller) : Status();
  }
};
template <typename T>
using Write = door::Write<HubDoor, T>;

/// A read's token: taken durably before the read is answered.
class UseToken final : public engine::Command {
 public:
  UseToken(State& state, Caller caller, std::function<void(Status)> done)
      : state_(state), caller_(std::move(caller)), done_(std::move(done)) {}
  void want(engine::Unit& unit) override { unit.tokens().want(caller_.token); }
  engine::Decision decide(engine::Unit& unit) override;
  void succeeded() noexcept override { done_({}); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  State& state_;
  Caller caller_;
  std::function<void(Status)> done_;
};

// ---- orders

class CreateOrder final : public Write<OrderCreated> {
 public:
  CreateOrder(State& state, hub::Caller caller, Keyed keyed, NewOrder order, Hash onboard_body,
              Render<OrderCreated> render, Answered answered)
      : Write(state, std::move(caller), std::move(keyed), std::move(render), std::move(answered)),
        order_(std::move(order)),
        onboard_body_(onboard_body) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  NewOrder order_;
  Hash onboard_body_;
};

/// How a request to cancel an order ended: closed unpaid, or with a refund under way.
struct OrderClosed {
  std::string code;
  OrderStatus status = OrderStatus::cancelled;  // or refunding
  Money refund;                                 // zero when nothing had been paid

  /// It is one of two records.
  static OrderClosed of(const engine::Record& record);
};

class CloseOrder final : public Write<OrderClosed> {
 public:
  /// `by_operator`: may also refund what was consumed, which unwinds it.
  CloseOrder(State& state, Caller caller, Keyed keyed, CancelOrder request, bool by_operator,
             Render<OrderClosed> render, Answered answered)
      : Write(state, std::move(caller), std::move(keyed), std::move(render), std::move(answered)),
        request_(std::move(request)),
        by_operator_(by_operator) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  Status unwind(engine::Unit& unit, OrderNumber number, const OrderRow& row, Money amount,
                ledger::EntryBuilder& entry, RefundStarted& refund);
  CancelOrder request_;
  bool by_operator_;
};

class NoticeOrders final : public engine::Command {
 public:
  NoticeOrders(State& state, engine::DueRow row) : state_(state), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  State& state_;
  engine::DueRow row_;
};

// ---- partners and campaigns

/// What an onboarding is answered with: the record, and what its first answer said about the mail.
struct OnboardAnswer {
  std::shared_ptr<const Onboarded> onboarded;
  std::uint64_t record = 0;
  std::uint64_t mail_event = 0;           // in the outbox; 0: no mail goes out
  std::optional<AnswerRow> first_answer;  // empty: nobody was answered yet
};

class OnboardCampaign final : public engine::Command {
 public:
  struct Done {
    OnboardAnswer answer;
    bool replayed = false;
  };
  using Answered = std::function<void(std::variant<Done, Refused>)>;
  /// `body`: the canonical hash of partner and campaign, as in OrderCreated::onboard_body.
  OnboardCampaign(State& state, Caller caller, Keyed keyed, Onboard request, Hash body, Answered answered)
      : state_(state),
        caller_(std::move(caller)),
        keyed_(std::move(keyed)),
        request_(std::move(request)),
        body_(body),
        answered_(std::move(answered)) {}

  [[nodiscard]] std::size_t size_bytes() const override { return 4096; }
  void want(engine::Unit& unit) override;
  engine::Decision decide(engine::Unit& unit) override;
  void render(const engine::Record& record) override;
  void succeeded() noexcept override;
  void failed(const Error& error) noexcept override;

 private:
  engine::Decision repeat(engine::Unit& unit, std::uint64_t number);
  State& state_;
  Caller caller_;
  Keyed keyed_;
  Onboard request_;
  Hash body_;
  Answered answered_;
  OnboardAnswer answer_;
  bool replayed_ = false;
  Refused refused_{Errc::internal};
};

/// A paid order that carries its onboarding. Never refused: what cannot be done is recorded as such.
class OnboardByItself final : public engine::Command {
 public:
  OnboardByItself(State& state, OrderNumber order) : state_(state), order_(order) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  State& state_;
  OrderNumber order_;
};

/// Keeps what the first answer to an onboarding says about its mail; later ones get the same.
class AnswerOnboard final : public engine::Command {
 public:
  using Done = std::function<void(Result<AnswerRow>)>;
  AnswerOnboard(State& state, std::uint64_t onboarded, bool email_sent, Done done)
      : state_(state), onboarded_(onboarded), email_sent_(email_sent), done_(std::move(done)) {}
  engine::Decision decide(engine::Unit& unit) override;
  void succeeded() noexcept override { done_(row_); }
  void failed(const Error& error) noexcept override { done_(error); }

 private:
  State& state_;
  std::uint64_t onboarded_;
  bool email_sent_;
  Done done_;
  AnswerRow row_;
};

class EnsurePartner final : public Write<PartnerEnsured> {
 public:
  EnsurePartner(State& state, hub::Caller caller, Keyed keyed, PartnerForm form,
                Render<PartnerEnsured> render, Answered answered)
      : Write(state, std::move(caller), std::move(keyed), std::move(render), std::move(answered)),
        form_(std::move(form)) {}
  void want(engine::Unit& unit) override;

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  PartnerForm form_;
};

class CreateCampaign final : public Write<CampaignCreated> {
 public:
  CreateCampaign(State& state, hub::Caller caller, Keyed keyed, NewCampaign request,
                 Render<CampaignCreated> render, Answered answered)
      : Write(state, std::move(caller), std::move(keyed), std::move(render), std::move(answered)),
        request_(std::move(request)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  NewCampaign request_;
};

class ActivateCampaign final : public Write<CampaignActivated> {
 public:
  ActivateCampaign(State& state, hub::Caller caller, Keyed keyed, CampaignId campaign,
                   Render<CampaignActivated> render, Answered answered)
      : Write(state, std::move(caller), std::move(keyed), std::move(render), std::move(answered)),
        campaign_(campaign) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  CampaignId campaign_;
};

class MoveCampaigns final : public engine::Command {
 public:
  MoveCampaigns(State& state, engine::DueRow row) : state_(state), row_(row) {}
  engine::Decision decide(engine::Unit& unit) override;

 private:
  State& state_;
  engine::DueRow row_;
};

/// An operator's word on a campaign: `to` is ready (approved), rejected or revision_requested. Approving
/// needs the deposit.
class JudgeCampaign final : public Write<CampaignJudged> {
 public:
  JudgeCampaign(State& state, CampaignId campaign, CampaignStatus to, std::string reason,
                Render<CampaignJudged> render, Answered answered)
      : Write(state, {}, {}, std::move(render), std::move(answered)),
        campaign_(campaign),
        to_(to),
        reason_(std::move(reason)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  CampaignId campaign_;
  CampaignStatus to_;
  std::string reason_;
};

// ---- reviewers

class Apply final : public Write<Applied> {
 public:
  Apply(State& state, hub::Caller caller, Keyed keyed, CampaignId campaign, std::string reviewer,
        Render<Applied> render, Answered answered)
      : Write(state, std::move(caller), std::move(keyed), std::move(render), std::move(answered)),
        campaign_(campaign),
        reviewer_(std::move(reviewer)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  CampaignId campaign_;
  std::string reviewer_;
};

class SetApply final : public Write<ApplySet> {
 public:
  SetApply(State& state, hub::Caller caller, Keyed keyed, ApplyId apply, ApplyState to,
           Render<ApplySet> render, Answered answered)
      : Write(state, std::move(caller), std::move(keyed), std::move(render), std::move(answered)),
        apply_(apply),
        to_(to) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ApplyId apply_;
  ApplyState to_;
};

class WriteReview final : public Write<ReviewWritten> {
 public:
  WriteReview(State& state, hub::Caller caller, Keyed keyed, ApplyId apply, ReviewForm form,
              Render<ReviewWritten> render, Answered answered)
      : Write(state, std::move(caller), std::move(keyed), std::move(render), std::move(answered)),
        apply_(apply),
        form_(std::move(form)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ApplyId apply_;
  ReviewForm form_;
};

class JudgeReview final : public Write<ReviewJudged> {
 public:
  JudgeReview(State& state, hub::Caller caller, Keyed keyed, ReviewId review, ReviewState to,
              Render<ReviewJudged> render, Answered answered)
      : Write(state, std::move(caller), std::move(keyed), std::move(render), std::move(answered)),
        review_(review),
        to_(to) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ReviewId review_;
  ReviewState to_;
};

// ---- operators and managers

class ChangeContact final : public Write<ContactChanged> {
 public:
  ChangeContact(State& state, PartnerId partner, ContactInfo info, Render<ContactChanged> render,
                Answered answered)
      : Write(state, {}, {}, std::move(render), std::move(answered)),
        partner_(partner),
        info_(std::move(info)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  PartnerId partner_;
  ContactInfo info_;
};

/// Sends a manager a new invitation; earlier ones end.
class InviteAgain final : public Write<Invited> {
 public:
  InviteAgain(State& state, PartnerId partner, Render<Invited> render, Answered answered)
      : Write(state, {}, {}, std::move(render), std::move(answered)), partner_(partner) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  PartnerId partner_;
};

/// A manager who decides about others' access to their brand's portal. Nobody but the brand's contact may
/// (role_not_allowed), with the password that they signed in with (not_authenticated).
struct AccessJudge {
  PartnerId partner = 0;
  ManagerId manager = 0;
  std::string password_hash;
};

/// Lets a pending manager in: an invitation goes to the address that asked. Errors: not_found (nobody of that
/// number waits, or at another brand); those of AccessJudge.
class ConfirmAccess final : public Write<AccessConfirmed> {
 public:
  using By = AccessJudge;
  /// `by`: empty for an operator.
  ConfirmAccess(State& state, ManagerId pending, std::optional<By> by, Render<AccessConfirmed> render,
                Answered answered)
      : Write(state, {}, {}, std::move(render), std::move(answered)), pending_(pending), by_(std::move(by)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ManagerId pending_;
  std::optional<By> by_;
};

/// Ends a request for access: who asked is told, and may ask again with another onboarding. Errors: those of
/// ConfirmAccess.
class DeclineAccess final : public Write<AccessDeclined> {
 public:
  using By = AccessJudge;
  DeclineAccess(State& state, ManagerId pending, std::optional<By> by, Render<AccessDeclined> render,
                Answered answered)
      : Write(state, {}, {}, std::move(render), std::move(answered)), pending_(pending), by_(std::move(by)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ManagerId pending_;
  std::optional<By> by_;
};

/// Takes away a manager's access: password, links and sessions end, the address is free, and whoever had it
/// is told. Errors: not_found (there is no such manager, or at another brand; who waits is declined instead),
/// invalid_parameters (the brand's contact, which is changed instead); those of AccessJudge.
class WithdrawAccess final : public Write<AccessWithdrawn> {
 public:
  using By = AccessJudge;
  /// `by`: empty for an operator.
  WithdrawAccess(State& state, ManagerId manager, std::optional<By> by, Render<AccessWithdrawn> render,
                 Answered answered)
      : Write(state, {}, {}, std::move(render), std::move(answered)), manager_(manager), by_(std::move(by)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ManagerId manager_;
  std::optional<By> by_;
};

/// The link of an invitation, or of a forgotten password, is used: its manager has this password from now
/// on. Errors: invite_ended, not_found.
class SetPassword final : public Write<PasswordSet> {
 public:
  SetPassword(State& state, InviteId invite, std::string password_hash, Render<PasswordSet> render,
              Answered answered)
      : Write(state, {}, {}, std::move(render), std::move(answered)),
        invite_(invite),
        password_hash_(std::move(password_hash)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  InviteId invite_;
  std::string password_hash_;
};

/// A link to choose another password goes to a manager's address; who has none yet is invited again. Error:
/// not_found (the address is no manager's who may come in, or takes no mail).
class ForgetPassword final : public Write<PasswordForgotten> {
 public:
  /// `email`: in lower case.
  ForgetPassword(State& state, std::string email, Render<PasswordForgotten> render, Answered answered)
      : Write(state, {}, {}, std::move(render), std::move(answered)), email_(std::move(email)) {}
  void want(engine::Unit& unit) override;

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  std::string email_;
};

/// A manager changes the password; `before` is the hash of the one that was asked for. Error:
/// not_authenticated (the password is another one by now).
class ChangePassword final : public Write<PasswordChanged> {
 public:
  ChangePassword(State& state, ManagerId manager, std::string before, std::string password_hash,
                 Render<PasswordChanged> render, Answered answered)
      : Write(state, {}, {}, std::move(render), std::move(answered)),
        manager_(manager),
        before_(std::move(before)),
        password_hash_(std::move(password_hash)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ManagerId manager_;
  std::string before_;
  std::string password_hash_;
};

/// Issues a connected app (its id is the next free one) or changes one; its new secrets are kept beside the
/// record. Error: already_exists (the id or the service code is another app's).
class SetApp final : public Write<AppSet> {
 public:
  /// `secrets` may know secrets of `app.id` that are not written yet (see AppSecrets::generate).
  SetApp(State& state, AppSet app, const AppSecrets& secrets, Render<AppSet> render, Answered answered)
      : Write(state, {}, {}, std::move(render), std::move(answered)),
        app_(std::move(app)),
        secrets_(secrets) {}
  Status write_beside(store::Session& session) override { return secrets_.write(session, app_.id); }

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  AppSet app_;
  const AppSecrets& secrets_;
};

}  // namespace jangbu::hub
