// Cards as people type them: checked here, held in memory for one charge, stored nowhere.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/time.h"

namespace jangbu::payment {

/// A text that is wiped when it goes. Moved, never copied.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string_view text) : text_(text) {}
  SecretText(SecretText&& other) noexcept;
  SecretText& operator=(SecretText&& other) noexcept;
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText() { wipe(); }

  [[nodiscard]] std::string_view view() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  void wipe() noexcept;
  std::string text_;
};

/// `number` without the spaces and hyphens that people put between its groups.
struct Card {
  SecretText number;
  SecretText cvc;
  SecretText holder;
  int expiry_month = 0;  // 1-12
  int expiry_year = 0;   // four digits

  [[nodiscard]] bool empty() const { return number.empty(); }
  [[nodiscard]] std::string last4() const;
  /// "visa", "mastercard", ..., or "card".
  [[nodiscard]] std::string_view brand() const;
};

/// What is wrong with a card by itself, by the names of its fields ("number", "expiry", "cvc", "holder"):
/// Luhn, length, an expiry (MM/YY) that has not passed at `now` anywhere on earth, 3 or 4 digits of CVC.
/// `holder` may be empty. `card` is to be used when nothing is wrong.
std::map<std::string, std::string> read_card(std::string_view number, std::string_view expiry,
                                             std::string_view cvc, std::string_view holder, Instant now,
                                             Card& card);

/// Whether the digits pass the check of ISO/IEC 7812-1.
bool luhn_is_valid(std::string_view digits);

}  // namespace jangbu::payment
