// Answers of the partner portal's API, as its pages (web/src/invite, web/src/portal) read them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "http/message.h"
#include "hub/portal_queries.h"
#include "hub/records.h"

namespace jangbu::hub {

/// {"email","password"}
struct SignIn {
  std::string email;  // in lower case
  std::string password;
};
/// Errors: malformed_json, invalid_parameters.
Result<SignIn> read_sign_in(std::string_view body);
/// {"email"}, in lower case. Errors: malformed_json, invalid_parameters.
Result<std::string> read_email(std::string_view body);
/// {"current","password"}
struct PasswordChange {
  std::string current;
  std::string password;
};
/// Errors: malformed_json, invalid_parameters.
Result<PasswordChange> read_password_change(std::string_view body);
/// {"password"}; empty when there is none. Error: malformed_json.
Result<std::string> read_password(std::string_view body);

std::string invite_json(const PartnerRow& partner, const ManagerRow& manager, InviteStatus status,
                        Instant expires_at);
/// `contact`: whether the manager is the partner's.
std::string me_json(PartnerId id, const PartnerRow& partner, const ManagerRow& manager, bool contact);

/// The member "managers", of an open object; `time_text`: how a moment is written there.
void put_managers(json::Writer& out, const std::vector<ManagerView>& managers,
                  std::string (*time_text)(Instant));
std::string managers_json(const std::vector<ManagerView>& managers);
std::string access_withdrawn_json(const AccessWithdrawn& withdrawn);

/// The member "accessRequests", of an open object.
void put_access_requests(json::Writer& out, const std::vector<AccessRequest>& requests);
std::string access_requests_json(const std::vector<AccessRequest>& requests);
/// Without the link, which is for the one who was let in.
std::string access_confirmed_json(const AccessConfirmed& confirmed);
std::string access_declined_json(const AccessDeclined& declined);

/// `next`: the cursor of the next page; 0: there is none.
std::string deposit_json(const ledger::Account& deposit, const std::vector<DepositLine>& lines,
                         std::uint64_t next);

/// What a page of reviews asks for.
struct ReviewsAsked {
  ReviewFilter filter;
  ReviewId before = 0;
};
/// Errors: invalid_status, invalid_id.
Result<ReviewsAsked> read_reviews_asked(std::string_view query);
std::string review_json(const ReviewView& review);
/// `next`: the cursor of the next page; 0: there is none.
std::string reviews_json(const std::vector<ReviewView>& reviews, ReviewId next);
/// Who wrote a review, for its brand: of an e-mail address no more than how it begins.
std::string masked_reviewer(std::string_view reviewer);

/// 422 {"fields":{"password":"..."}}.
http::Response field_response(std::string_view field, std::string_view fault);

}  // namespace jangbu::hub
