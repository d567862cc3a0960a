// What the hub writes into records: one struct for each kind, with its fields in their canonical order.
// Format: docs/formats/hub-records.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "door/keyed.h"
#include "engine/record.h"
#include "hub/apps.h"
#include "hub/requests.h"
#include "ledger/entry.h"
#include "ledger/fields.h"
#include "ledger/said.h"

namespace jangbu::hub {

using door::Keyed;
using ledger::accept;
using ledger::said;

inline constexpr engine::RecordKind app_kind = 120;                 // AppSet
inline constexpr engine::RecordKind order_created_kind = 121;       // OrderCreated
inline constexpr engine::RecordKind order_cancelled_kind = 122;     // OrderCancelled
inline constexpr engine::RecordKind refund_started_kind = 123;      // RefundStarted
inline constexpr engine::RecordKind onboarded_kind = 124;           // Onboarded
inline constexpr engine::RecordKind onboard_failed_kind = 125;      // OnboardFailed
inline constexpr engine::RecordKind partner_ensured_kind = 126;     // PartnerEnsured
inline constexpr engine::RecordKind campaign_created_kind = 127;    // CampaignCreated
inline constexpr engine::RecordKind campaign_activated_kind = 128;  // CampaignActivated
inline constexpr engine::RecordKind campaigns_moved_kind = 129;     // CampaignsMoved
inline constexpr engine::RecordKind campaign_judged_kind = 130;     // CampaignJudged
inline constexpr engine::RecordKind applied_kind = 131;             // Applied
inline constexpr engine::RecordKind apply_set_kind = 132;           // ApplySet
inline constexpr engine::RecordKind review_written_kind = 133;      // ReviewWritten
inline constexpr engine::RecordKind review_judged_kind = 134;       // ReviewJudged
inline constexpr engine::RecordKind contact_changed_kind = 135;     // ContactChanged
inline constexpr engine::RecordKind invited_kind = 136;             // Invited
inline constexpr engine::RecordKind password_set_kind = 137;        // PasswordSet
inline constexpr engine::RecordKind onboard_answered_kind = 138;    // OnboardAnswered
inline constexpr engine::RecordKind orders_noticed_kind = 139;      // OrdersNoticed
inline constexpr engine::RecordKind access_confirmed_kind = 140;    // AccessConfirmed
inline constexpr engine::RecordKind access_declined_kind = 141;     // AccessDeclined
inline constexpr engine::RecordKind password_forgotten_kind = 142;  // PasswordForgotten
inline constexpr engine::RecordKind password_changed_kind = 143;    // PasswordChanged
inline constexpr engine::RecordKind access_withdrawn_kind = 144;    // AccessWithdrawn

/// An order was made; its checkout is opened with it.
struct OrderCreated {
  Keyed keyed;
  OrderNumber number = 0;
  std::uint64_t checkout = 0;
  std::string code;
  NewOrder order;
  std::string link_base;  // public URL of the installation at that moment, so that the answer stays the same
  Instant expires_at;
  Hash onboard_body;  // of the canonical JSON of `order.onboard`, as sent; zero: none

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, number, checkout, code, order, link_base, expires_at, onboard_body);
  }
};

/// An unpaid order was cancelled.
struct OrderCancelled {
  Keyed keyed;
  OrderNumber order = 0;
  std::string code;
  std::string reason;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, order, code, reason);
  }
};

/// A refund is under way; the acquirer is asked after this is durable. When the order was consumed its
/// campaign is unwound here: the rest of its hold released, the deposit moved back to the app's prepaid
/// account.
struct RefundStarted {
  Keyed keyed;
  OrderNumber order = 0;
  std::string code;
  std::uint64_t attempt = 0;
  Money amount;
  std::string reason;
  bool by_operator = false;
  std::optional<CampaignId> unwound;
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, order, code, attempt, amount, reason, by_operator, unwound, entry);
  }
};

/// The partner and manager that a record made or found.
struct PartnerPart {
  PartnerId id = 0;
  ManagerId manager = 0;
  bool made_partner = false;
  bool made_manager = false;
  std::optional<PartnerForm> form;  // when one of the two was made

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(id, manager, made_partner, made_manager, form);
  }
};

/// The money of a campaign at the moment it was asked about.
struct GatePart {
  Money required;   // reward x offers
  Money available;  // the deposit without what other campaigns hold

  [[nodiscard]] bool enough() const { return available >= required; }
  /// What is missing; zero when nothing is.
  [[nodiscard]] Money shortfall() const;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(required, available);
  }
};

/// The way into the portal that was offered to a manager.
struct InvitePart {
  InviteId id = 0;        // 0: none; the manager has a password and signs in, or waits to be confirmed
  Instant expires_at;     // of the invitation
  bool mail = false;      // a mail was queued, to the manager or, about a new one who waits, to the contact
  std::string link_base;  // as in OrderCreated

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(id, expires_at, mail, link_base);
  }
};

/// The one call: order consumed, partner, campaign, deposit, invitation.
struct Onboarded {
  Keyed keyed;
  bool by_itself = false;  // the order carried the body, and its payment ran it
  OrderNumber order = 0;
  Money charged;
  PartnerPart partner;
  CampaignId campaign = 0;
  CampaignForm form;
  CampaignStatus status = CampaignStatus::temporary_saved;
  Instant due_at;
  GatePart gate;
  InvitePart invite;
  ledger::Entry entry;

  /// Whether it made a manager for a brand that others manage, who is pending until somebody confirms.
  [[nodiscard]] bool asks_for_access() const {
    return partner.made_manager && !partner.made_partner && invite.id == 0;
  }

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, by_itself, order, charged, partner, campaign, form, status, due_at, gate, invite, entry);
  }
};

/// A paid order carried its onboarding, and that could not be done: people must look at it.
struct OnboardFailed {
  OrderNumber order = 0;
  std::string code;  // as the call would have answered

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(order, code);
  }
};

/// POST /v1/partners/ensure
struct PartnerEnsured {
  Keyed keyed;
  PartnerPart partner;
  ledger::Entry entry;  // opens the deposit of a new one

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, partner, entry);
  }
};

/// POST /v1/campaigns/pybk
struct CampaignCreated {
  Keyed keyed;
  PartnerId partner = 0;
  CampaignId campaign = 0;
  std::string country;
  CampaignForm form;
  CampaignStatus status = CampaignStatus::temporary_saved;
  Instant due_at;
  GatePart gate;
  ledger::Entry entry;  // the hold

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, partner, campaign, country, form, status, due_at, gate, entry);
  }
};

/// POST /v1/campaigns/{id}/activate; also when it had been live before and the call had a key.
struct CampaignActivated {
  Keyed keyed;
  CampaignId campaign = 0;
  CampaignStatus from = CampaignStatus::temporary_saved;
  CampaignStatus status = CampaignStatus::live;
  GatePart gate;
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, campaign, from, status, gate, entry);
  }
};

/// One campaign's step by the clock.
struct CampaignMove {
  CampaignId campaign = 0;
  CampaignStatus from = CampaignStatus::live;
  CampaignStatus to = CampaignStatus::live;
  Money released;  // what its hold gave back

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(campaign, from, to, released);
  }
};

/// The work of a due row: campaigns went on to their next phase.
struct CampaignsMoved {
  Instant due_at;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  bool done = false;  // nothing of that time is left, and the row goes
  std::vector<CampaignMove> moves;
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(due_at, first, last, done, moves, entry);
  }
};

/// An operator approved, rejected or sent back a campaign.
struct CampaignJudged {
  CampaignId campaign = 0;
  CampaignStatus from = CampaignStatus::under_review;
  CampaignStatus to = CampaignStatus::ready;
  std::string reason;
  Money released;
  Money held;
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(campaign, from, to, reason, released, held, entry);
  }
};

struct Applied {
  Keyed keyed;
  ApplyId apply = 0;
  CampaignId campaign = 0;
  std::string reviewer;
  ApplyState state = ApplyState::under_selection;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, apply, campaign, reviewer, state);
  }
};

struct ApplySet {
  Keyed keyed;
  ApplyId apply = 0;
  ApplyState from = ApplyState::under_selection;
  ApplyState to = ApplyState::selected;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, apply, from, to);
  }
};

struct ReviewWritten {
  Keyed keyed;
  ReviewId review = 0;
  ApplyId apply = 0;
  bool made = false;
  ReviewState from = ReviewState::draft;
  ReviewForm form;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, review, apply, made, from, form);
  }
};

/// A review was approved (which pays the reviewer out of the campaign's hold), rejected or deleted.
struct ReviewJudged {
  Keyed keyed;
  ReviewId review = 0;
  ReviewState from = ReviewState::pending;
  ReviewState to = ReviewState::approved;
  Money reward;                         // paid; zero when none was
  std::optional<CampaignMove> settled;  // when this was the last review that the campaign waited for
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, review, from, to, reward, settled, entry);
  }
};

struct ContactChanged {
  PartnerId partner = 0;
  ManagerId manager = 0;
  ContactInfo before;
  ContactInfo after;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(partner, manager, before, after);
  }
};

/// A manager was invited again; earlier invitations end.
struct Invited {
  PartnerId partner = 0;
  ManagerId manager = 0;
  InvitePart invite;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(partner, manager, invite);
  }
};

/// The link of an invitation, or of a forgotten password, was used: the manager has this password now
/// (argon2id).
struct PasswordSet {
  ManagerId manager = 0;
  InviteId invite = 0;
  std::string password_hash;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(manager, invite, password_hash);
  }
};

/// A pending manager may come in, and is invited.
struct AccessConfirmed {
  PartnerId partner = 0;
  ManagerId manager = 0;
  ManagerId by = 0;  // 0: an operator
  InvitePart invite;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(partner, manager, by, invite);
  }
};

/// A pending manager may not come in and is none any more: the address is free again.
struct AccessDeclined {
  PartnerId partner = 0;
  ManagerId manager = 0;
  ManagerId by = 0;   // 0: an operator
  bool mail = false;  // a mail was queued to the address that asked

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(partner, manager, by, mail);
  }
};

/// Somebody who gave a manager's address has forgotten the password: a link to choose another one went to
/// that address, and the links before it end. The password stays as it is until the link is used.
struct PasswordForgotten {
  PartnerId partner = 0;
  ManagerId manager = 0;
  InvitePart invite;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(partner, manager, invite);
  }
};

/// A manager who knew the password chose another one (argon2id).
struct PasswordChanged {
  PartnerId partner = 0;
  ManagerId manager = 0;
  std::string password_hash;
  bool mail = false;  // a mail was queued that says so

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(partner, manager, password_hash, mail);
  }
};

/// A manager may not come in any more: password, links and sessions end, and the address is free again.
struct AccessWithdrawn {
  PartnerId partner = 0;
  ManagerId manager = 0;
  ManagerId by = 0;   // 0: an operator
  bool mail = false;  // a mail was queued to the address that lost it

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(partner, manager, by, mail);
  }
};

/// What the first answer to an onboarding said about its mail; every later answer says the same.
struct OnboardAnswered {
  std::uint64_t onboarded = 0;  // the record's number
  bool email_sent = false;
  Instant email_sent_at;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(onboarded, email_sent, email_sent_at);
  }
};

/// Paid orders that nobody consumed in time were told to operators.
struct OrdersNoticed {
  Instant due_at;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  bool done = false;  // nothing of that time is left, and the row goes
  std::vector<OrderNumber> orders;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(due_at, first, last, done, orders);
  }
};

}  // namespace jangbu::hub
