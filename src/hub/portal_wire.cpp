#include "hub/portal_wire.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "door/answer.h"
#include "http/api.h"
#include "http/json_body.h"
#include "hub/wire_json.h"
#include "hub/wire_write.h"

namespace jangbu::hub {
namespace {

constexpr std::size_t max_email_bytes = 254;

std::string_view kind_name(DepositMoveKind kind) {
  switch (kind) {
    case DepositMoveKind::charge:
      return "charge";
    case DepositMoveKind::reward:
      return "reward";
    case DepositMoveKind::refund:
      return "refund";
  }
  return "";
}

}  // namespace

Result<SignIn> read_sign_in(std::string_view body) {
  http::JsonBody members(body);
  SignIn sign_in;
  sign_in.email = to_lower(trimmed(members.string("email")));
  sign_in.password = members.string("password");
  if (members.error()) return *members.error();
  return sign_in;
}

Result<std::string> read_email(std::string_view body) {
  http::JsonBody members(body);
  std::string email = to_lower(trimmed(members.string("email", std::nullopt, max_email_bytes)));
  if (members.error()) return *members.error();
  return email;
}

Result<PasswordChange> read_password_change(std::string_view body) {
  http::JsonBody members(body);
  PasswordChange change;
  change.current = members.string("current");
  change.password = members.string("password");
  if (members.error()) return *members.error();
  return change;
}

Result<std::string> read_password(std::string_view body) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(body));
  const json::Value* password = document.root().find("password");
  return password != nullptr && password->is_string() ? std::string(password->text) : std::string();
}

std::string invite_json(const PartnerRow& partner, const ManagerRow& manager, InviteStatus status,
                        Instant expires_at) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("companyName").string(partner.company_name);
  out.key("email").string(manager.email).key("status").string(invite_status_name(status));
  out.key("expiresAt").string(korean_time(expires_at)).end_object();
  return body;
}

std::string me_json(PartnerId id, const PartnerRow& partner, const ManagerRow& manager, bool contact) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("companyName").string(partner.company_name);
  out.key("email").string(manager.email).key("partnerId").string(std::to_string(id));
  out.key("contact").boolean(contact).end_object();
  return body;
}

void put_managers(json::Writer& out, const std::vector<ManagerView>& managers,
                  std::string (*time_text)(Instant)) {
  out.key("managers").begin_array();
  for (const ManagerView& manager : managers) {
    out.begin_object().key("managerId").string(std::to_string(manager.id));
    out.key("email").string(manager.row.email).key("name").string(manager.row.name);
    out.key("contact").boolean(manager.contact);
    out.key("hasPassword").boolean(!manager.row.password_hash.empty());
    out.key("since").string(time_text(manager.row.since)).end_object();
  }
  out.end_array();
}

std::string managers_json(const std::vector<ManagerView>& managers) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  put_managers(out, managers, &korean_time);
  out.end_object();
  return body;
}

void put_access_requests(json::Writer& out, const std::vector<AccessRequest>& requests) {
  out.key("accessRequests").begin_array();
  for (const AccessRequest& request : requests) {
    out.begin_object().key("managerId").string(std::to_string(request.manager));
    out.key("email").string(request.email).end_object();
  }
  out.end_array();
}

std::string access_requests_json(const std::vector<AccessRequest>& requests) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  put_access_requests(out, requests);
  out.end_object();
  return body;
}

namespace {

std::string judged_json(ManagerId manager, bool mail) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("managerId").string(std::to_string(manager));
  out.key("mailQueued").boolean(mail).end_object();
  return body;
}

}  // namespace

std::string access_confirmed_json(const AccessConfirmed& confirmed) {
  return judged_json(confirmed.manager, confirmed.invite.mail);
}

std::string access_declined_json(const AccessDeclined& declined) {
  return judged_json(declined.manager, declined.mail);
}

std::string access_withdrawn_json(const AccessWithdrawn& withdrawn) {
  return judged_json(withdrawn.manager, withdrawn.mail);
}

std::string deposit_json(const ledger::Account& deposit, const std::vector<DepositLine>& lines,
                         std::uint64_t next) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("currency").string(deposit.currency);
  out.key("posted").raw(deposit.posted.to_units_text()).key("held").raw(deposit.held.to_units_text());
  out.key("available").raw(deposit.available().to_units_text()).key("history").begin_array();
  for (const DepositLine& line : lines) {
    const DepositMoveRow& row = line.move.row;
    out.begin_object().key("at").string(korean_time(row.at)).key("kind").string(kind_name(row.kind));
    out.key("amount").raw(row.amount.to_units_text());
    door::put_text_or_null(out, "campaignId",
                           row.campaign == 0 ? std::string() : std::to_string(row.campaign));
    door::put_text_or_null(out, "orderCode", line.order_code);
    out.end_object();
  }
  out.end_array();
  door::put_text_or_null(out, "next", next == 0 ? std::string() : std::to_string(next));
  out.end_object();
  return body;
}

namespace {

constexpr std::array shown_reviews = {std::pair{ReviewState::pending, std::string_view("PENDING")},
                                      std::pair{ReviewState::approved, std::string_view("APPROVED")},
                                      std::pair{ReviewState::rejected, std::string_view("REJECTED")}};

void put_review(json::Writer& out, const ReviewView& review) {
  out.begin_object().key("reviewId").string(std::to_string(review.id));
  out.key("campaignId").string(std::to_string(review.row.campaign));
  out.key("productName").string(review.product_name);
  out.key("reviewer").string(masked_reviewer(review.reviewer)).key("status");
  for (const auto& [state, name] : shown_reviews)
    if (state == review.row.state) out.string(name);
  out.key("writtenAt").string(korean_time(review.written_at));
  door::put_text_or_null(out, "judgedAt",
                         review.judged_at == Instant{} ? std::string() : korean_time(review.judged_at));
  out.key("reward").raw(review.offered.to_units_text()).key("paid").raw(review.paid.to_units_text());
  out.key("currency").string(won);
  door::put_text_or_null(out, "url", review.form.url);
  out.key("text").string(review.form.text).end_object();
}

}  // namespace

std::string masked_reviewer(std::string_view reviewer) {
  constexpr std::size_t shown = 2;
  const std::size_t at = reviewer.find('@');
  if (at == std::string_view::npos) return std::string(reviewer);
  return std::string(reviewer.substr(0, std::min(at, shown))) + "***" + std::string(reviewer.substr(at));
}

Result<ReviewsAsked> read_reviews_asked(std::string_view query) {
  ReviewsAsked asked;
  for (const auto& [name, value] : http::parse_query(query)) {
    if (name == "cursor") {
      ASSIGN_OR_RETURN(asked.before, parse_id(value));
    } else if (name == "campaign") {
      ASSIGN_OR_RETURN(asked.filter.campaign, parse_id(value));
    } else if (name == "status") {
      for (const auto& [state, shown] : shown_reviews)
        if (shown == value) asked.filter.state = state;
      if (!asked.filter.state) return Errc::invalid_status;
    }
  }
  return asked;
}

std::string review_json(const ReviewView& review) {
  std::string body;
  json::Writer out(body);
  put_review(out, review);
  return body;
}

std::string reviews_json(const std::vector<ReviewView>& reviews, ReviewId next) {
  std::string body;
  json::Writer out(body);
  out.begin_object().key("reviews").begin_array();
  for (const ReviewView& review : reviews) put_review(out, review);
  out.end_array();
  door::put_text_or_null(out, "next", next == 0 ? std::string() : std::to_string(next));
  out.end_object();
  return body;
}

http::Response field_response(std::string_view field, std::string_view fault) {
  std::string body;
  json::Writer(body)
      .begin_object()
      .key("fields")
      .begin_object()
      .key(field)
      .string(fault)
      .end_object()
      .end_object();
  return http::json_response(std::move(body), 422);
}

}  // namespace jangbu::hub
