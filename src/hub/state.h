// The hub's tables, made from its records; and its side of the checkouts that pay for orders.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delivery/address.h"
#include "engine/projection.h"
#include "http/links.h"
#include "hub/apps.h"
#include "hub/records.h"
#include "hub/rows.h"
#include "ledger/book.h"
#include "payment/payment.h"
#include "payment/state.h"

namespace jangbu::hub {

/// What the installation is like, for decisions.
struct Surroundings {
  bool mail = false;  // mail goes out
  delivery::Reach reach = delivery::Reach::public_https;
};

/// Campaigns that one record moves on at most; what is left goes with the next.
inline constexpr std::size_t moves_per_record = 500;

/// Writer thread, as every projection.
class State final : public engine::Projection, public payment::Listener {
 public:
  /// Registers itself with `payments`. `board` and `secrets` may be null: a rebuild publishes nothing and
  /// opens nothing.
  State(ledger::Book& book, payment::State& payments, AppBoard* board, AppSecrets* secrets,
        Surroundings surroundings);
  ~State() override;

  [[nodiscard]] std::string_view name() const override { return "hub"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind >= 120 && kind < 160; }
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const override;
  void prefetch(engine::Unit& unit) override;
  void flush(engine::Unit& unit) override;
  void committed() override;
  void discard() override;
  void load(engine::Unit& unit) override;
  std::unique_ptr<engine::Command> next_work(engine::Unit& unit) override;
  /// Now, while paid orders wait for the onboarding that they carry: no command may come for long.
  [[nodiscard]] std::optional<Instant> next_wake() const override {
    return onboard_next_.empty() ? std::nullopt : std::optional(Instant{});
  }
  [[nodiscard]] bool owns(engine::WorkKind kind) const override {
    return kind == engine::WorkKind::hub_campaign_phase || kind == engine::WorkKind::hub_order_waits;
  }
  std::unique_ptr<engine::Command> due_work(engine::Unit& unit, const engine::DueRow& row) override;

  // payment::Listener
  Status may_pay(engine::Unit& unit, const payment::Checkout& checkout) override;
  Result<Bytes> decide_paid(engine::Unit& unit, const payment::Checkout& checkout,
                            ledger::EntryBuilder& entry) override;
  void apply_paid(engine::Unit& unit, const engine::Record& record, const payment::Checkout& checkout,
                  ByteView note) override;
  Bytes decide_refunded(engine::Unit& unit, const payment::Checkout& checkout, const payment::Attempt& refund,
                        ledger::EntryBuilder& entry) override;
  void apply_refunded(engine::Unit& unit, const engine::Record& record, const payment::Checkout& checkout,
                      const payment::Attempt& refund, ByteView note) override;
  Bytes decide_refund_failed(engine::Unit& unit, const payment::Checkout& checkout,
                             const payment::Attempt& refund, ledger::EntryBuilder& entry) override;
  void apply_refund_failed(engine::Unit& unit, const engine::Record& record,
                           const payment::Checkout& checkout, const payment::Attempt& refund,
                           ByteView note) override;
  void apply_expired(engine::Unit& unit, const engine::Record& record,
                     const payment::Checkout& checkout) override;

  /// Where links lead. Any thread; to be set before requests come.
  void set_links(const http::Links* links) { links_ = links; }
  [[nodiscard]] std::string link_base() const {
    const http::Links* links = links_;
    return links == nullptr ? std::string() : links->base_url();
  }
  [[nodiscard]] const Surroundings& surroundings() const { return surroundings_; }

  // For decide. Pointers are good until the next call.
  ledger::Book& book() { return book_; }
  payment::State& payments() { return payments_; }
  [[nodiscard]] const Apps& apps() const;
  const OrderRow* order(engine::Unit& unit, OrderNumber number);
  /// The order that has paid for a lead and was not paid back; 0 when there is none.
  OrderNumber paid_order_of_lead(engine::Unit& unit, AppId app, const std::string& lead_ref);
  const PartnerRow* partner(engine::Unit& unit, PartnerId id);
  /// 0 when there is none.
  PartnerId partner_of_number(engine::Unit& unit, AppId app, const std::string& country,
                              const std::string& business_number);
  const ManagerRow* manager(engine::Unit& unit, ManagerId id);
  ManagerId manager_of_email(engine::Unit& unit, const std::string& email);
  const InviteRow* invite(engine::Unit& unit, InviteId id);
  const CampaignRow* campaign(engine::Unit& unit, CampaignId id);
  const ApplyRow* application(engine::Unit& unit, ApplyId id);
  const ReviewRow* review(engine::Unit& unit, ReviewId id);
  const AnswerRow* answer(engine::Unit& unit, std::uint64_t onboarded);
  struct DueCampaigns {
    std::vector<CampaignId> ids;
    bool more = false;  // there may be more than these
  };
  /// Campaigns whose next step by the clock is at or before `until`, some of them.
  DueCampaigns campaigns_due(engine::Unit& unit, Instant until);
  /// The order that the record of a payment or of a refund leaves paid, when it still waits and nobody was
  /// told; else 0.
  OrderNumber waiting_order_of(engine::Unit& unit, const engine::Record& record);
  /// Notes keys that a command will read (see engine::Command::want).
  void want_order(OrderNumber number);
  void want_email(const std::string& email);
  void want_business_number(AppId app, const std::string& country, const std::string& business_number);

 private:
  struct Tables;

  void apply_app(engine::Unit& unit, const engine::Record& record);
  void apply_order_created(engine::Unit& unit, const engine::Record& record);
  void apply_order_cancelled(engine::Unit& unit, const engine::Record& record);
  void apply_refund_started(engine::Unit& unit, const engine::Record& record);
  void apply_onboarded(engine::Unit& unit, const engine::Record& record);
  void apply_onboard_failed(engine::Unit& unit, const engine::Record& record);
  void apply_partner_ensured(engine::Unit& unit, const engine::Record& record);
  void apply_campaign_created(engine::Unit& unit, const engine::Record& record);
  void apply_campaign_activated(engine::Unit& unit, const engine::Record& record);
  void apply_campaigns_moved(engine::Unit& unit, const engine::Record& record);
  void apply_campaign_judged(engine::Unit& unit, const engine::Record& record);
  void apply_applied(engine::Unit& unit, const engine::Record& record);
  void apply_apply_set(engine::Unit& unit, const engine::Record& record);
  void apply_review_written(engine::Unit& unit, const engine::Record& record);
  void apply_review_judged(engine::Unit& unit, const engine::Record& record);
  void apply_contact_changed(engine::Unit& unit, const engine::Record& record);
  void apply_invited(engine::Unit& unit, const engine::Record& record);
  void apply_password_set(engine::Unit& unit, const engine::Record& record);
  void apply_onboard_answered(const engine::Record& record);
  void apply_orders_noticed(engine::Unit& unit, const engine::Record& record);
  void apply_access_confirmed(engine::Unit& unit, const engine::Record& record);
  void apply_access_declined(engine::Unit& unit, const engine::Record& record);
  void apply_access_withdrawn(engine::Unit& unit, const engine::Record& record);
  void apply_password_forgotten(engine::Unit& unit, const engine::Record& record);
  void apply_password_changed(engine::Unit& unit, const engine::Record& record);

  void put_partner(engine::Unit& unit, const engine::Record& record, AppId app, const PartnerPart& part,
                   bool asks_for_access);
  void put_invite(engine::Unit& unit, const InvitePart& invite, PartnerId partner, ManagerId manager,
                  const std::string& campaign_name);
  /// `event`: the mail in the outbox; 0: none.
  void keep_invite(engine::Unit& unit, const InvitePart& invite, ManagerId manager, std::uint64_t event);
  /// The address is no longer this manager's way in; another's, who came with the same placeholder, stays.
  void release_email(engine::Unit& unit, const std::string& email, ManagerId manager);
  void apply_move(engine::Unit& unit, const engine::Record& record, const CampaignMove& move);
  void put_campaign(engine::Unit& unit, const engine::Record& record, CampaignId id, CampaignRow row,
                    const CampaignForm& form);
  void set_status(engine::Unit& unit, const engine::Record& record, CampaignId id, CampaignStatus to);
  /// One campaign more (1) or fewer (-1).
  void count(engine::Unit& unit, AppId app, Shown shown, int by);
  void note_deposit(engine::Unit& unit, PartnerId partner, DepositMoveRow move);
  /// Whether a payment that was begun may be taken, also while the order's app is suspended.
  Status may_take(engine::Unit& unit, const payment::Checkout& checkout);
  /// Tells the order's webhook, when it has one.
  void tell(engine::Unit& unit, OrderNumber number, std::string_view topic);

  ledger::Book& book_;
  payment::State& payments_;
  AppSecrets* secrets_;
  Surroundings surroundings_;
  std::atomic<const http::Links*> links_{nullptr};
  std::unique_ptr<Tables> tables_;
  std::vector<OrderNumber> onboard_next_;  // paid in this batch, carry their onboarding
  std::vector<OrderNumber> onboard_held_;  // the same, of apps that are suspended
};

/// The next step that the clock takes with a campaign of this status, or zero.
Instant next_step(const CampaignRow& row);
/// Where a campaign stands once every step up to `now` is taken; `row` is as it stands.
CampaignStatus status_at(const CampaignRow& row, Instant now);
/// Whether a hold is kept for campaigns of this status.
bool holds_deposit(CampaignStatus status);

}  // namespace jangbu::hub
