// Columns of the affiliate door's tables that the writer and the queries read alike.
#pragma once

#include "affiliate/rows.h"
#include "ledger/columns.h"
#include "store/database.h"

namespace jangbu::affiliate {

using ledger::read_money;

#define JANGBU_AFFILIATE_CONVERSION_COLUMNS                                                              \
  "merchant, affiliate, program, day, status, record, ordinal, changed, origin, quantity, price, base, " \
  "incentive, fee, corrected, happened_at, confirmed_at, canceled_at, order_code, u_id"
#define JANGBU_AFFILIATE_CONVERSION_PLACES 20

/// The columns above, from column `first` of the result on. INVARIANT: amounts are 16 bytes.
ConversionRow read_conversion(const store::Row& row, int first);

}  // namespace jangbu::affiliate
