// The rows of settlement's tables.
#pragma once

#include <cstdint>
#include <string>

#include "affiliate/settlement_records.h"

namespace jangbu::affiliate {

/// What became of an affiliate's conversions of one month.
struct StatementRow {
  std::uint64_t settled = 0;  // conversions, corrections among them
  Money sales;                // of those, in won
  Money commission;
  std::uint64_t cancelled = 0;
  PayoutNumber payout = 0;  // the last one; 0: none was made
};

struct PayoutRow {
  AffiliateNumber affiliate = 0;
  Month month = 0;
  Money amount;
  PayoutStatus status = PayoutStatus::held;
  Instant made_at;
  Instant closed_at;  // zero: not yet
  std::uint64_t record = 0;
  std::string note;
};

/// What later records made of a conversion beside its own row.
struct AftermathRow {
  ConversionNumber again = 0;  // the one that stands for it since its batch was settled; 0: none
  Amounts taken_back;          // by corrections
};

struct BankAccountRow {
  std::string bank;
  std::string account;
  std::string holder;
};

/// How far a merchant's lists have been asked for.
struct ListProgressRow {
  Instant due_at;  // of the next ones; zero: the merchant has no list any more
  Day asked = 0;   // the lists up to this day are to be fetched
  Day done = 0;    // the lists up to this day are in the books
};

}  // namespace jangbu::affiliate
