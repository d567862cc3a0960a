#include "payment/card.h"

#include <algorithm>

#include <openssl/crypto.h>

namespace jangbu::payment {
namespace {

constexpr std::size_t max_holder = 100;
/// A card is good through the last day of its month, wherever its holder is.
constexpr Duration behind_utc = Duration{12 * 3600 * std::int64_t{1'000'000}};

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int two_digits(std::string_view text) { return (text[0] - '0') * 10 + (text[1] - '0'); }

bool starts_between(std::string_view number, std::size_t digits, int low, int high) {
  int value = 0;
  for (const char c : number.substr(0, digits)) value = value * 10 + (c - '0');
  return value >= low && value <= high;
}

}  // namespace

SecretText::SecretText(SecretText&& other) noexcept : text_(other.text_) { other.wipe(); }

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  text_ = other.text_;
  other.wipe();
  return *this;
}

void SecretText::wipe() noexcept {
  OPENSSL_cleanse(text_.data(), text_.size());
  text_.clear();
}

std::string Card::last4() const {
  const auto digits = number.view();
  return std::string(digits.substr(digits.size() < 4 ? 0 : digits.size() - 4));
}

std::string_view Card::brand() const {
  const auto digits = number.view();
  if (digits.size() < 6) return "card";
  if (digits[0] == '4') return "visa";
  if (starts_between(digits, 2, 51, 55) || starts_between(digits, 4, 2221, 2720)) return "mastercard";
  if (starts_between(digits, 2, 34, 34) || starts_between(digits, 2, 37, 37)) return "amex";
  if (starts_between(digits, 4, 3528, 3589)) return "jcb";
  if (starts_between(digits, 2, 62, 62)) return "unionpay";
  return "card";
}

bool luhn_is_valid(std::string_view digits) {
  if (digits.empty() || !all_digits(digits)) return false;
  int sum = 0;
  bool doubled = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, doubled = !doubled) {
    int digit = *it - '0';
    if (doubled) digit = digit * 2 - (digit > 4 ? 9 : 0);
    sum += digit;
  }
  return sum % 10 == 0;
}

std::map<std::string, std::string> read_card(std::string_view number, std::string_view expiry,
                                             std::string_view cvc, std::string_view holder, Instant now,
                                             Card& card) {
  std::map<std::string, std::string> faults;
  std::string digits;
  digits.reserve(number.size());  // one buffer, so that wiping it leaves no copy behind
  for (const char c : number)
    if (c != ' ' && c != '-') digits.push_back(c);
  if (digits.empty()) {
    faults["number"] = "is required";
  } else if (digits.size() < 12 || digits.size() > 19 || !all_digits(digits)) {
    faults["number"] = "must have 12 to 19 digits";
  } else if (!luhn_is_valid(digits)) {
    faults["number"] = "is not a card number: check the digits";
  }
  card.number = SecretText(digits);
  OPENSSL_cleanse(digits.data(), digits.size());

  if (expiry.size() != 5 || expiry[2] != '/' || !all_digits(expiry.substr(0, 2)) ||
      !all_digits(expiry.substr(3)) || two_digits(expiry) < 1 || two_digits(expiry) > 12) {
    faults["expiry"] = "must be MM/YY";
  } else {
    card.expiry_month = two_digits(expiry);
    card.expiry_year = 2000 + two_digits(expiry.substr(3));
    const std::string today = to_rfc3339(now - behind_utc);
    const int year =
        two_digits(std::string_view(today)) * 100 + two_digits(std::string_view(today).substr(2));
    const int month = two_digits(std::string_view(today).substr(5));
    if (card.expiry_year < year || (card.expiry_year == year && card.expiry_month < month))
      faults["expiry"] = "has passed";
  }
  if (cvc.size() < 3 || cvc.size() > 4 || !all_digits(cvc)) faults["cvc"] = "must have 3 or 4 digits";
  card.cvc = SecretText(cvc);
  if (holder.size() > max_holder) faults["holder"] = "is too long";
  card.holder = SecretText(holder);
  return faults;
}

}  // namespace jangbu::payment
