// Amounts as people read them.
#pragma once

#include <string>

#include "base/money.h"

namespace jangbu::invoice {

/// "44,400": with commas between thousands.
std::string grouped(Money amount);
/// "44400 KRW"
std::string in_won(Money amount);

}  // namespace jangbu::invoice
