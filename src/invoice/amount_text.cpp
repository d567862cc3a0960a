#include "invoice/amount_text.h"

namespace jangbu::invoice {

std::string grouped(Money amount) {
  std::string digits = amount.to_units_text();
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string in_won(Money amount) { return amount.to_units_text() + " KRW"; }

}  // namespace jangbu::invoice
