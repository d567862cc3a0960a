// Answers of the hub, in the member order of the published guide.
#include "hub/wire_write.h"

#include <array>
#include <utility>

#include "base/json.h"
#include "door/answer.h"
#include "hub/messages.h"

namespace jangbu::hub {
namespace {

using json::Writer;

std::string id_text(std::uint64_t id) { return std::to_string(id); }

void put_count(Writer& out, std::string_view name, std::uint64_t count) {
  out.key(name).unsigned_number(count);
}
void put_id(Writer& out, std::string_view name, std::uint64_t id) { out.key(name).string(id_text(id)); }
void put_text(Writer& out, std::string_view name, std::string_view text) { out.key(name).string(text); }
void put_korean_time(Writer& out, std::string_view name, Instant at) {
  out.key(name).string(korean_time(at));
}

void put_korean_time_or_null(Writer& out, std::string_view name, Instant at) {
  door::put_text_or_null(out, name, at == Instant{} ? std::string() : korean_time(at));
}

/// Counts by their codes; those that are zero are left out.
template <std::size_t n>
void put_distribution(Writer& out, std::string_view name,
                      const std::array<std::pair<std::string_view, std::uint64_t>, n>& counts) {
  out.key(name).begin_object();
  for (const auto& entry : counts)
    if (entry.second != 0) put_count(out, entry.first, entry.second);
  out.end_object();
}

void put_apply_states(Writer& out, std::string_view name, const CampaignRow& row) {
  using Entry = std::pair<std::string_view, std::uint64_t>;
  put_distribution(out, name,
                   std::array{Entry("0801", row.a0801), Entry("0802", row.a0802), Entry("0803", row.a0803),
                              Entry("0804", row.a0804)});
}

void put_review_states(Writer& out, std::string_view name, const CampaignRow& row) {
  using Entry = std::pair<std::string_view, std::uint64_t>;
  put_distribution(out, name,
                   std::array{Entry("1213", row.r1213), Entry("1214", row.r1214), Entry("1215", row.r1215),
                              Entry("1218", row.r1218), Entry("1219", row.r1219)});
}

std::uint64_t applied(const CampaignRow& row) { return row.a0801 + row.a0802 + row.a0803 + row.a0804; }
std::uint64_t submitted(const CampaignRow& row) { return row.r1218 + row.r1214 + row.r1219; }

void put_funnel(Writer& out, std::string_view name, const CampaignRow& row) {
  out.key(name).begin_object();
  put_count(out, "offerCount", row.offers);
  put_count(out, "applied", applied(row));
  put_count(out, "underSelection", row.a0801);
  put_count(out, "selected", row.selected());
  put_count(out, "notSelected", row.a0803);
  put_count(out, "reviewSubmitted", submitted(row));
  put_count(out, "reviewPending", row.r1218);
  put_count(out, "reviewApproved", row.r1214);
  put_count(out, "reviewRejected", row.r1219);
  put_count(out, "reviewDraft", row.r1213);
  out.end_object();
}

void put_period(Writer& out, const CampaignRow& row) {
  out.key("period").begin_object();
  put_korean_time(out, "startAt", row.start_at);
  put_korean_time(out, "endAt", row.end_at);
  put_korean_time(out, "dueAt", row.due_at);
  out.end_object();
}

/// The members of a list's item, without the braces.
void put_campaign(Writer& out, const CampaignView& campaign) {
  const Shown shown = shown_status(campaign.row.status);
  put_id(out, "campaignId", campaign.id);
  put_text(out, "name", campaign.form.product_name);
  put_text(out, "channel", campaign.form.channel);
  put_text(out, "thumbnailUrl", campaign.form.thumbnail_url);
  door::put_won(out, "productPrice", campaign.form.product_price);
  door::put_won(out, "rewardPoints", campaign.form.reward);
  put_text(out, "purchaseUrl", campaign.form.purchase_url);
  put_text(out, "status", shown_name(shown));
  put_text(out, "statusLabel", shown_label(shown));
  put_text(out, "statusCode", code_text(campaign.row.status));
  put_period(out, campaign.row);
  door::put_text_or_null(out, "externalRef", campaign.external_ref);
  put_funnel(out, "progress", campaign.row);
  put_korean_time(out, "createdAt", campaign.created_at);
}

void put_order_head(Writer& out, const OrderCreated& created, OrderStatus status, const AnswerLinks& links) {
  put_text(out, "orderCode", created.code);
  put_text(out, "status", order_status_name(status));
  door::put_won(out, "amount", created.order.amount);
  put_text(out, "currency", won);
  put_text(out, "checkoutUrl", links.checkout(created.link_base, created.checkout));
  put_korean_time(out, "expiresAt", created.expires_at);
}

void put_order(Writer& out, const OrderView& order, const AnswerLinks& links) {
  const NewOrder& asked = order.created.order;
  put_order_head(out, order.created, order.row.status, links);
  door::put_won(out, "refunded", order.refunded);
  put_text(out, "productName", asked.product_name);
  door::put_text_or_null(out, "leadRef", asked.lead_ref);
  door::put_text_or_null(out, "partnerId", asked.partner ? id_text(*asked.partner) : std::string());
  out.key("metadata").raw(asked.metadata.empty() ? "null" : asked.metadata);
  put_korean_time_or_null(out, "paidAt", order.row.paid_at);
  door::put_text_or_null(out, "attention", attention_name(order.row.attention));
}

/// An answer whose body is one object with the members that `put` writes.
template <typename Put>
Answer object_answer(int status, Put put) {
  Answer answer;
  answer.status = status;
  Writer out(answer.body);
  out.begin_object();
  put(out);
  out.end_object();
  return answer;
}

bool is_live(CampaignStatus status) { return shown_status(status) == Shown::in_progress; }

void put_gate(Writer& out, std::string_view required_name, const GatePart& gate) {
  door::put_won(out, required_name, gate.required);
  door::put_won(out, "depositAvailable", gate.available);
  door::put_won(out, "depositShortfall", gate.shortfall());
}

}  // namespace

std::string korean_time(Instant instant) {
  std::string text = to_rfc3339(Instant{instant.unix_seconds() * 1'000'000} + korean_offset);
  text.replace(text.size() - 1, 1, "+09:00");
  return text;
}

Answer render_order_created(const OrderCreated& created, const AnswerLinks& links) {
  return object_answer(201, [&](Writer& out) { put_order_head(out, created, OrderStatus::created, links); });
}

Answer render_order_closed(const OrderClosed& closed) {
  return object_answer(200, [&](Writer& out) {
    put_text(out, "orderCode", closed.code);
    put_text(out, "status", order_status_name(closed.status));
    door::put_won(out, "refundAmount", closed.refund);
  });
}

Answer render_order(const OrderView& order, const AnswerLinks& links) {
  return object_answer(200, [&](Writer& out) { put_order(out, order, links); });
}

Answer render_orders(const std::vector<OrderView>& orders, OrderNumber next, const AnswerLinks& links) {
  return object_answer(200, [&](Writer& out) {
    out.key("orders").begin_array();
    for (const OrderView& order : orders) {
      out.begin_object();
      put_order(out, order, links);
      out.end_object();
    }
    out.end_array();
    door::put_text_or_null(out, "next", next == 0 ? std::string() : id_text(next));
  });
}

Answer render_onboarded(const Onboarded& onboarded, const AnswerRow& mail, std::string_view login_email,
                        const AnswerLinks& links) {
  const GatePart& gate = onboarded.gate;
  const InvitePart& invite = onboarded.invite;
  // Who sends the call is not known to read the mail of a manager who was there before: that one's invitation
  // goes to the address on file, and to nobody else.
  const bool is_offered = invite.id != 0 && onboarded.partner.made_partner;
  return object_answer(200, [&](Writer& out) {
    put_text(out, "result", gate.enough() ? "SUCCESS" : "INSUFFICIENT_DEPOSIT");
    out.key("partner").begin_object();
    put_id(out, "partnerId", onboarded.partner.id);
    put_text(out, "loginEmail", login_email);
    out.end_object().key("campaign").begin_object();
    put_id(out, "campaignId", onboarded.campaign);
    put_text(out, "status", shown_name(shown_status(onboarded.status)));
    put_text(out, "statusCode", code_text(onboarded.status));
    out.end_object().key("deposit").begin_object();
    door::put_won(out, "charged", onboarded.charged);
    door::put_won(out, "available", gate.available);
    door::put_won(out, "shortfall", gate.shortfall());
    door::put_won(out, "required", gate.required);
    out.end_object().key("onboarding").begin_object();
    out.key("emailSent").boolean(mail.email_sent);
    put_korean_time_or_null(out, "emailSentAt", mail.email_sent ? mail.email_sent_at : Instant{});
    put_text(
        out, "loginUrl",
        is_offered ? links.invite(invite.link_base, invite.id) : invite.link_base + std::string(portal_path));
    put_korean_time_or_null(out, "tokenExpiresAt", is_offered ? invite.expires_at : Instant{});
    out.end_object();
  });
}

Answer render_ensured(const PartnerEnsured& ensured) {
  const bool made = ensured.partner.made_partner;
  return object_answer(made ? 201 : 200, [&](Writer& out) {
    put_text(out, "operation", made ? "CREATED" : "FOUND");
    put_id(out, "partnerId", ensured.partner.id);
    put_id(out, "adminId", ensured.partner.manager);
    put_text(out, "status", "ACTIVE");
  });
}

Answer render_campaign_created(const CampaignCreated& created) {
  return object_answer(201, [&](Writer& out) {
    put_id(out, "campaignId", created.campaign);
    put_text(out, "statusCode", code_text(created.status));
    put_text(out, "status", shown_name(shown_status(created.status)));
    out.key("activated").boolean(is_live(created.status));
    put_gate(out, "depositReserved", created.gate);
  });
}

Answer render_activated(const CampaignActivated& activated) {
  return object_answer(200, [&](Writer& out) {
    put_id(out, "campaignId", activated.campaign);
    out.key("activated").boolean(is_live(activated.status));
    put_text(out, "statusCode", code_text(activated.status));
    put_gate(out, "depositRequired", activated.gate);
  });
}

Answer render_not_activated(CampaignId campaign, const GatePart& gate) {
  return object_answer(402, [&](Writer& out) {
    put_id(out, "campaignId", campaign);
    out.key("activated").boolean(false);
    put_text(out, "statusCode", code_text(CampaignStatus::temporary_saved));
    put_gate(out, "depositRequired", gate);
    out.key("error").begin_object();
    put_text(out, "code", "INSUFFICIENT_DEPOSIT");
    put_text(out, "message", error_message(Errc::insufficient_deposit));
    out.key("details").begin_object();
    door::put_won(out, "required", gate.required);
    door::put_won(out, "available", gate.available);
    door::put_won(out, "shortfall", gate.shortfall());
    out.end_object().end_object();
  });
}

Answer render_status(CampaignId id, const CampaignRow& row) {
  const Shown shown = shown_status(row.status);
  return object_answer(200, [&](Writer& out) {
    put_id(out, "campaignId", id);
    put_text(out, "status", shown_name(shown));
    put_text(out, "statusCode", code_text(row.status));
    put_text(out, "statusLabel", shown_label(shown));
    put_period(out, row);
    out.key("recruit").begin_object();
    put_count(out, "offerCount", row.offers);
    put_count(out, "appliedCount", applied(row));
    out.key("byState").begin_object();
    put_count(out, "APPLY", row.a0801 + row.a0803);
    put_count(out, "SELECT", row.selected());
    out.end_object().end_object().key("progress").begin_object();
    put_count(out, "reviewCount", submitted(row));
    put_review_states(out, "byReviewStatus", row);
    out.end_object();
    put_funnel(out, "funnel", row);
    put_korean_time(out, "updatedAt", row.updated_at);
  });
}

Answer render_campaign(const CampaignView& campaign) {
  return object_answer(200, [&](Writer& out) {
    put_campaign(out, campaign);
    out.key("raw").begin_object();
    put_apply_states(out, "byApplyState", campaign.row);
    put_review_states(out, "byReviewStatus", campaign.row);
    out.end_object();
    put_korean_time(out, "updatedAt", campaign.row.updated_at);
  });
}

Answer render_campaigns(const std::vector<CampaignView>& campaigns, const PageRequest& page,
                        std::uint64_t total) {
  return object_answer(200, [&](Writer& out) {
    out.key("campaigns").begin_array();
    for (const CampaignView& campaign : campaigns) {
      out.begin_object();
      put_campaign(out, campaign);
      out.end_object();
    }
    out.end_array().key("pagination").begin_object();
    put_count(out, "page", page.page);
    put_count(out, "pageSize", page.page_size);
    put_count(out, "total", total);
    put_count(out, "totalPages", (total + page.page_size - 1) / page.page_size);
    out.end_object();
  });
}

Answer render_applied(const Applied& applied) {
  return object_answer(201, [&](Writer& out) {
    put_id(out, "applyId", applied.apply);
    put_id(out, "campaignId", applied.campaign);
    put_text(out, "reviewerId", applied.reviewer);
    put_text(out, "state", code_text(applied.state));
  });
}

Answer render_apply_set(const ApplySet& set) {
  return object_answer(200, [&](Writer& out) {
    put_id(out, "applyId", set.apply);
    put_text(out, "state", code_text(set.to));
  });
}

Answer render_review_written(const ReviewWritten& written) {
  return object_answer(written.made ? 201 : 200, [&](Writer& out) {
    put_id(out, "reviewId", written.review);
    put_id(out, "applyId", written.apply);
    put_text(out, "state", code_text(written.form.state));
  });
}

Answer render_review_judged(const ReviewJudged& judged) {
  return object_answer(200, [&](Writer& out) {
    put_id(out, "reviewId", judged.review);
    put_text(out, "state", code_text(judged.to));
    door::put_won(out, "rewardPaid", judged.reward);
  });
}

}  // namespace jangbu::hub
