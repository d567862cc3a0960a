#include "payment/checkout_link.h"

namespace jangbu::payment {
namespace {

constexpr std::string_view page_purpose = "checkout of a page";

}  // namespace

std::string page_token(const http::Links& links, CheckoutNumber number) {
  return links.token(page_purpose, number);
}

std::optional<CheckoutLink> open_checkout(const http::Links& links, std::string_view token) {
  if (const auto number = links.open(http::Links::checkout_purpose, token))
    return CheckoutLink{*number, LinkHolder::customer};
  if (const auto number = links.open(page_purpose, token)) return CheckoutLink{*number, LinkHolder::page};
  return std::nullopt;
}

}  // namespace jangbu::payment
