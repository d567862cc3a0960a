#include "hub/explain.h"

#include <algorithm>

#include "base/counted.h"
#include "engine/unit.h"
#include "hub/decide.h"
#include "hub/portal_queries.h"
#include "hub/records.h"
#include "hub/tables.h"
#include "hub/wire.h"
#include "payment/explain.h"

namespace jangbu::hub {
namespace {

using engine::Record;
using ledger::Told;
using store::Session;
using store::Value;

const store::Sql charges_sql{
    "SELECT record FROM hub_deposit_moves WHERE partner = $1 AND kind = 1 AND record < $2 ORDER BY number "
    "DESC LIMIT $3"};

std::string in_won(Money amount) { return amount.to_units_text() + " KRW"; }
std::string korean_won(Money amount) { return ledger::korean_amount(amount, won); }
std::string number_text(std::uint64_t number) { return std::to_string(number); }
std::string status_text(CampaignStatus status) { return std::string(shown_name(shown_status(status))); }
std::string korean_status(CampaignStatus status) { return std::string(shown_label(shown_status(status))); }

std::string korean_status(ApplyState state) {
  switch (state) {
    case ApplyState::under_selection:
      return "선정 검토";
    case ApplyState::selected:
      return "선정";
    case ApplyState::not_selected:
      return "미선정";
    case ApplyState::selected_by_purchase:
      return "구매로 선정";
  }
  return {};
}

std::string korean_status(ReviewState state) {
  switch (state) {
    case ReviewState::draft:
      return "작성 중";
    case ReviewState::pending:
      return "검수 대기";
    case ReviewState::approved:
      return "승인";
    case ReviewState::rejected:
      return "반려";
    case ReviewState::deleted:
      return "삭제됨";
  }
  return {};
}

template <typename Traits>
Result<typename Traits::Row> row_of(Session& session, std::uint64_t id) {
  std::optional<typename Traits::Row> found;
  RETURN_IF_ERROR(session.query(Traits::load, {Value::number(id)}, [&](const store::Row& row) {
    found = Traits::read(row);
    return false;
  }));
  if (!found) return Error(Errc::database_corrupt, "a record of the hub speaks of what is not there");
  return std::move(*found);
}

/// Collects the sources of a record: those that are older than it, each once, as many as may be named.
class Sources {
 public:
  Sources(const Record& record, Told& told) : record_(record), told_(told) {}
  void add(std::uint64_t source) {
    auto& from = told_.from;
    if (source == 0 || source >= record_.number || from.size() >= ledger::max_sources) return;
    if (std::find(from.begin(), from.end(), source) == from.end()) from.push_back(source);
  }
  Status add(const Result<std::uint64_t>& source) {
    if (!source) return source.error();
    add(*source);
    return {};
  }
  [[nodiscard]] std::size_t room() const { return ledger::max_sources - told_.from.size(); }

 private:
  const Record& record_;
  Told& told_;
};

Result<std::uint64_t> campaign_record(Session& session, CampaignId id) {
  ASSIGN_OR_RETURN(const CampaignRow row, row_of<CampaignTraits>(session, id));
  return row.record;
}

/// What a partner's deposit was fed with before a record: where a campaign without an order of its own has
/// its money from.
Status add_charges(Session& session, PartnerId partner, const Record& record, Sources& sources) {
  return session.query(charges_sql,
                       {Value::number(partner), Value::number(record.number), Value::number(sources.room())},
                       [&](const store::Row& row) {
                         sources.add(row.number(0));
                         return true;
                       });
}

/// The order, and the record in which it was paid.
Status add_order(Session& session, OrderNumber number, Sources& sources) {
  ASSIGN_OR_RETURN(const OrderRow row, row_of<OrderTraits>(session, number));
  sources.add(row.record);
  return sources.add(payment::paid_record(session, row.checkout));
}

// One function for each kind: what the record says, and what it came from.

Result<Told> tell_app(const Record& record) {
  const auto app = said<AppSet>(record);
  return Told{"hub.app_set",
              {"The connected app " + app->code + " was issued or changed.",
               "허브 앱 " + app->code + "의 설정을 저장했습니다."},
              {},
              {}};
}

Result<Told> tell_order_created(const Record& record) {
  const auto created = said<OrderCreated>(record);
  return Told{"hub.order_created",
              {"The order " + created->code + " was made: " + in_won(created->order.amount) + " for " +
                   created->order.product_name + ".",
               created->code + " 주문을 만들었습니다: " + created->order.product_name + ", " +
                   korean_won(created->order.amount) + "."},
              {},
              {}};
}

Result<Told> tell_order_cancelled(Session& session, const Record& record) {
  const auto cancelled = said<OrderCancelled>(record);
  Told told{"hub.order_cancelled",
            {"The order " + cancelled->code + " was cancelled unpaid.",
             cancelled->code + " 주문을 결제 전에 취소했습니다."},
            {},
            {}};
  RETURN_IF_ERROR(Sources(record, told).add(order_record(session, cancelled->order)));
  return told;
}

Result<Told> tell_refund_started(Session& session, const Record& record) {
  const auto refund = said<RefundStarted>(record);
  Told told{
      "hub.refund_started",
      {"A refund of " + in_won(refund->amount) + " of the order " + refund->code + " began" +
           (refund->unwound ? ", which undid the campaign " + number_text(*refund->unwound) : "") + ".",
       refund->code + " 주문에서 " + korean_won(refund->amount) + "의 환불을 시작했습니다." +
           (refund->unwound ? " 캠페인 " + number_text(*refund->unwound) + "의 예치금을 되돌렸습니다." : "")},
      refund->entry,
      {}};
  Sources sources(record, told);
  if (refund->unwound) RETURN_IF_ERROR(sources.add(campaign_record(session, *refund->unwound)));
  RETURN_IF_ERROR(add_order(session, refund->order, sources));
  return told;
}

Result<Told> tell_onboarded(Session& session, const Record& record) {
  const auto onboarded = said<Onboarded>(record);
  ASSIGN_OR_RETURN(const PartnerRow partner, row_of<PartnerTraits>(session, onboarded->partner.id));
  Told told{"hub.onboarded",
            {"A paid order put " + in_won(onboarded->charged) + " into the deposit of " +
                 partner.company_name + " and made the campaign " + number_text(onboarded->campaign) + " (" +
                 onboarded->form.product_name + "): " + number_text(onboarded->form.offers) + " rewards of " +
                 in_won(onboarded->form.reward) + ".",
             "결제한 주문으로 " + partner.company_name + "의 예치금에 " + korean_won(onboarded->charged) +
                 "을 넣고 캠페인(번호 " + number_text(onboarded->campaign) + ", " +
                 onboarded->form.product_name + ")을 만들었습니다: 보상 " +
                 korean_won(onboarded->form.reward) + " × " + number_text(onboarded->form.offers) + "명."},
            onboarded->entry,
            {}};
  Sources sources(record, told);
  RETURN_IF_ERROR(add_order(session, onboarded->order, sources));
  return told;
}

Result<Told> tell_onboard_failed(Session& session, const Record& record) {
  const auto failed = said<OnboardFailed>(record);
  Told told{"hub.onboard_failed",
            {"A paid order could not be onboarded by itself (" + failed->code + ").",
             "결제한 주문을 자동으로 온보딩하지 못했습니다 (" + failed->code + ")."},
            {},
            {}};
  Sources sources(record, told);
  RETURN_IF_ERROR(add_order(session, failed->order, sources));
  return told;
}

Result<Told> tell_partner_ensured(Session& session, const Record& record) {
  const auto ensured = said<PartnerEnsured>(record);
  ASSIGN_OR_RETURN(const PartnerRow partner, row_of<PartnerTraits>(session, ensured->partner.id));
  return Told{"hub.partner_ensured",
              {"The partner " + partner.company_name + " was found or signed up.",
               partner.company_name + " 파트너를 찾거나 등록했습니다."},
              ensured->entry,
              {}};
}

Result<Told> tell_campaign_created(Session& session, const Record& record) {
  const auto created = said<CampaignCreated>(record);
  Told told{
      "hub.campaign_created",
      {"The campaign " + number_text(created->campaign) + " (" + created->form.product_name +
           ") was made over the deposit of partner " + number_text(created->partner) + ": " +
           number_text(created->form.offers) + " rewards of " + in_won(created->form.reward) + ".",
       "파트너 " + number_text(created->partner) + "의 예치금으로 캠페인(번호 " +
           number_text(created->campaign) + ", " + created->form.product_name + ")을 만들었습니다: 보상 " +
           korean_won(created->form.reward) + " × " + number_text(created->form.offers) + "명."},
      created->entry,
      {}};
  Sources sources(record, told);
  RETURN_IF_ERROR(add_charges(session, created->partner, record, sources));
  return told;
}

Result<Told> tell_campaign_activated(Session& session, const Record& record) {
  const auto activated = said<CampaignActivated>(record);
  ASSIGN_OR_RETURN(const CampaignRow row, row_of<CampaignTraits>(session, activated->campaign));
  Told told{"hub.campaign_activated",
            {"The campaign " + number_text(activated->campaign) + " was asked to go live and is " +
                 status_text(activated->status) + ".",
             "캠페인 " + number_text(activated->campaign) +
                 "의 시작을 요청했습니다. 상태: " + korean_status(activated->status) + "."},
            activated->entry,
            {}};
  Sources sources(record, told);
  sources.add(row.record);
  RETURN_IF_ERROR(add_charges(session, row.partner, record, sources));
  return told;
}

Result<Told> tell_campaigns_moved(Session& session, const Record& record) {
  const auto moved = said<CampaignsMoved>(record);
  Told told{"hub.campaigns_moved",
            {"The time came for " + counted(moved->moves.size(), "campaign") +
                 " to go on; what those that ended held was released.",
             "캠페인 " + number_text(moved->moves.size()) +
                 "개가 예정대로 다음 단계로 넘어갔습니다. 끝난 캠페인이 묶어 둔 금액은 풀었습니다."},
            moved->entry,
            {}};
  Sources sources(record, told);
  for (const CampaignMove& move : moved->moves) {
    if (sources.room() == 0) break;
    RETURN_IF_ERROR(sources.add(campaign_record(session, move.campaign)));
  }
  return told;
}

Result<Told> tell_campaign_judged(Session& session, const Record& record) {
  const auto judged = said<CampaignJudged>(record);
  Told told{"hub.campaign_judged",
            {"An operator made the campaign " + number_text(judged->campaign) + " " +
                 status_text(judged->to) + (judged->reason.empty() ? "." : ": " + judged->reason + "."),
             "운영자가 캠페인 " + number_text(judged->campaign) +
                 "의 상태를 바꾸었습니다: " + korean_status(judged->to) + "." +
                 (judged->reason.empty() ? std::string() : " 사유: " + judged->reason + ".")},
            judged->entry,
            {}};
  RETURN_IF_ERROR(Sources(record, told).add(campaign_record(session, judged->campaign)));
  return told;
}

/// The record of an application, found by what is unique of it.
Result<std::uint64_t> applied_record(Session& session, const engine::PeekKey& peek, const ApplyRow& row) {
  ASSIGN_OR_RETURN(const auto number, peek(session, application_digest(row.campaign, row.reviewer)));
  return number.value_or(0);
}

Result<Told> tell_applied(Session& session, const Record& record) {
  const auto applied = said<Applied>(record);
  Told told{"hub.applied",
            {"The reviewer " + applied->reviewer + " applied to the campaign " +
                 number_text(applied->campaign) + ".",
             applied->reviewer + " 리뷰어가 캠페인 " + number_text(applied->campaign) + "에 지원했습니다."},
            {},
            {}};
  RETURN_IF_ERROR(Sources(record, told).add(campaign_record(session, applied->campaign)));
  return told;
}

Result<Told> tell_apply_set(Session& session, const engine::PeekKey& peek, const Record& record) {
  const auto set = said<ApplySet>(record);
  ASSIGN_OR_RETURN(const ApplyRow row, row_of<ApplyTraits>(session, set->apply));
  Told told{"hub.apply_set",
            {"The application of " + row.reviewer + " to the campaign " + number_text(row.campaign) +
                 " was set to " + code_text(set->to) + ".",
             row.reviewer + " 리뷰어의 캠페인 " + number_text(row.campaign) +
                 " 지원 상태를 바꾸었습니다: " + korean_status(set->to) + "."},
            {},
            {}};
  RETURN_IF_ERROR(Sources(record, told).add(applied_record(session, peek, row)));
  return told;
}

Result<Told> tell_review_written(Session& session, const engine::PeekKey& peek, const Record& record) {
  const auto written = said<ReviewWritten>(record);
  ASSIGN_OR_RETURN(const ApplyRow row, row_of<ApplyTraits>(session, written->apply));
  Told told{"hub.review_written",
            {"The reviewer " + row.reviewer + " wrote the review " + number_text(written->review) + ".",
             row.reviewer + " 리뷰어가 리뷰를 작성했습니다 (번호 " + number_text(written->review) + ")."},
            {},
            {}};
  RETURN_IF_ERROR(Sources(record, told).add(applied_record(session, peek, row)));
  return told;
}

Result<Told> tell_review_judged(Session& session, const engine::PeekKey& peek, const Record& record) {
  const auto judged = said<ReviewJudged>(record);
  ASSIGN_OR_RETURN(const ReviewRow review, row_of<ReviewTraits>(session, judged->review));
  ASSIGN_OR_RETURN(const ApplyRow apply, row_of<ApplyTraits>(session, review.apply));
  const std::string of = "The review " + number_text(judged->review) + " of " + apply.reviewer;
  const std::string korean_of = apply.reviewer + " 리뷰어의 리뷰(번호 " + number_text(judged->review) + ")";
  Told told{
      "hub.review_judged",
      judged->reward.is_positive()
          ? ledger::Sentence{of + " was approved: " + in_won(judged->reward) + " went from the campaign " +
                                 number_text(apply.campaign) + " to the reviewer.",
                             korean_of + "를 승인했습니다. 캠페인 " + number_text(apply.campaign) + "에서 " +
                                 korean_won(judged->reward) + "을 리뷰어에게 지급했습니다."}
          : ledger::Sentence{of + " was set to " + code_text(judged->to) + "; nothing was paid.",
                             korean_of + "의 상태를 바꾸었습니다: " + korean_status(judged->to) +
                                 ". 지급한 것은 없습니다."},
      judged->entry,
      {}};
  Sources sources(record, told);
  sources.add(review.record);
  RETURN_IF_ERROR(sources.add(applied_record(session, peek, apply)));
  RETURN_IF_ERROR(sources.add(campaign_record(session, apply.campaign)));
  return told;
}

/// A record about a partner's people, which came from the partner's sign-up.
Result<Told> tell_people(Session& session, const Record& record, std::string kind, ledger::Sentence what,
                         PartnerId partner) {
  ASSIGN_OR_RETURN(const PartnerRow row, row_of<PartnerTraits>(session, partner));
  Told told{std::move(kind),
            {what.en + " of " + row.company_name + ".", row.company_name + "의 " + what.ko + "."},
            {},
            {}};
  Sources(record, told).add(row.record);
  return told;
}

Result<Told> tell_password_set(Session& session, const Record& record) {
  ASSIGN_OR_RETURN(const ManagerRow manager,
                   row_of<ManagerTraits>(session, said<PasswordSet>(record)->manager));
  return tell_people(session, record, "hub.password_set",
                     {"The link of an invitation or of a forgotten password was used by a manager",
                      "담당자가 초대나 비밀번호 재설정 링크로 비밀번호를 정했습니다"},
                     manager.partner);
}

Result<Told> tell_onboard_answered(const Record& record) {
  const auto answered = said<OnboardAnswered>(record);
  Told told{"hub.onboard_answered",
            {std::string("An onboarding was answered; its mail ") +
                 (answered->email_sent ? "had gone out." : "had not gone out."),
             std::string("온보딩 요청에 응답했습니다. 안내 메일은 ") +
                 (answered->email_sent ? "그때 이미 나갔습니다." : "그때 아직 나가지 않았습니다.")},
            {},
            {}};
  Sources(record, told).add(answered->onboarded);
  return told;
}

Result<Told> tell_orders_noticed(Session& session, const Record& record) {
  const auto noticed = said<OrdersNoticed>(record);
  Told told{"hub.orders_noticed",
            {number_text(noticed->orders.size()) + " paid orders were waiting for too long.",
             "결제한 주문 " + number_text(noticed->orders.size()) + "건이 오래 미사용으로 남아 있었습니다."},
            {},
            {}};
  Sources sources(record, told);
  for (const OrderNumber number : noticed->orders) {
    if (sources.room() == 0) break;
    RETURN_IF_ERROR(sources.add(order_record(session, number)));
  }
  return told;
}

}  // namespace

Result<std::uint64_t> order_record(Session& session, OrderNumber number) {
  ASSIGN_OR_RETURN(const OrderRow row, row_of<OrderTraits>(session, number));
  return row.record;
}

Result<Told> Explainer::tell(Session& session, const Record& record) const {
  switch (record.kind) {
    case app_kind:
      return tell_app(record);
    case order_created_kind:
      return tell_order_created(record);
    case order_cancelled_kind:
      return tell_order_cancelled(session, record);
    case refund_started_kind:
      return tell_refund_started(session, record);
    case onboarded_kind:
      return tell_onboarded(session, record);
    case onboard_failed_kind:
      return tell_onboard_failed(session, record);
    case partner_ensured_kind:
      return tell_partner_ensured(session, record);
    case campaign_created_kind:
      return tell_campaign_created(session, record);
    case campaign_activated_kind:
      return tell_campaign_activated(session, record);
    case campaigns_moved_kind:
      return tell_campaigns_moved(session, record);
    case campaign_judged_kind:
      return tell_campaign_judged(session, record);
    case applied_kind:
      return tell_applied(session, record);
    case apply_set_kind:
      return tell_apply_set(session, peek_, record);
    case review_written_kind:
      return tell_review_written(session, peek_, record);
    case review_judged_kind:
      return tell_review_judged(session, peek_, record);
    case contact_changed_kind:
      return tell_people(session, record, "hub.contact_changed",
                         {"An operator changed the contact", "담당자를 운영자가 변경했습니다"},
                         said<ContactChanged>(record)->partner);
    case invited_kind:
      return tell_people(session, record, "hub.invited",
                         {"An operator invited the manager again", "담당자를 운영자가 다시 초대했습니다"},
                         said<Invited>(record)->partner);
    case password_set_kind:
      return tell_password_set(session, record);
    case onboard_answered_kind:
      return tell_onboard_answered(record);
    case orders_noticed_kind:
      return tell_orders_noticed(session, record);
    case access_confirmed_kind:
      return tell_people(session, record, "hub.access_confirmed",
                         {"A manager was let into the portal", "포털 접근을 승인했습니다"},
                         said<AccessConfirmed>(record)->partner);
    case access_declined_kind:
      return tell_people(session, record, "hub.access_declined",
                         {"A request for access to the portal was declined", "포털 접근 요청을 거절했습니다"},
                         said<AccessDeclined>(record)->partner);
    case access_withdrawn_kind:
      return tell_people(session, record, "hub.access_withdrawn",
                         {"A manager lost access to the portal", "포털 접근 권한을 회수했습니다"},
                         said<AccessWithdrawn>(record)->partner);
    case password_forgotten_kind:
      return tell_people(session, record, "hub.password_forgotten",
                         {"A link to choose another password went to a manager",
                          "담당자에게 비밀번호 재설정 링크를 보냈습니다"},
                         said<PasswordForgotten>(record)->partner);
    case password_changed_kind:
      return tell_people(session, record, "hub.password_changed",
                         {"The password was changed by a manager", "담당자가 비밀번호를 변경했습니다"},
                         said<PasswordChanged>(record)->partner);
    default:
      INVARIANT(false, "the hub has no records of kind " + std::to_string(record.kind));
  }
}

}  // namespace jangbu::hub
