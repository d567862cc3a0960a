// The links to a checkout: the customer's own, and the one that a shop's page is led to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/links.h"
#include "payment/payment.h"

namespace jangbu::payment {

/// Who was given a link. A page opens an invoice by the app's public key and a request_id, which may be
/// guessed: its link shows and pays the checkout, but does not tell who the customer is.
enum class LinkHolder : std::uint8_t { customer, page };

struct CheckoutLink {
  CheckoutNumber number = 0;
  LinkHolder holder = LinkHolder::customer;
};

/// The token of a page's link; a customer's is Links::token() for Links::checkout_purpose.
std::string page_token(const http::Links& links, CheckoutNumber number);

/// What a token of either kind leads to; nothing when it was not made here.
std::optional<CheckoutLink> open_checkout(const http::Links& links, std::string_view token);

}  // namespace jangbu::payment
