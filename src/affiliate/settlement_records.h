// What settlement, payouts, rewards and the merchants' lists write into records. Format:
// docs/formats/affiliate-records.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "affiliate/records.h"
#include "engine/due.h"

namespace jangbu::affiliate {

inline constexpr engine::RecordKind lists_due_kind = 68;         // ListsDue
inline constexpr engine::RecordKind settlement_begun_kind = 69;  // SettlementBegun
inline constexpr engine::RecordKind settlement_final_kind = 70;  // SettlementFinal
inline constexpr engine::RecordKind payout_made_kind = 71;       // PayoutMade
inline constexpr engine::RecordKind payout_closed_kind = 72;     // PayoutClosed
inline constexpr engine::RecordKind reward_set_kind = 73;        // RewardSet
inline constexpr engine::RecordKind bank_account_kind = 74;      // BankAccountSet
inline constexpr engine::RecordKind reward_tested_kind = 75;     // RewardTested
inline constexpr engine::RecordKind list_fetched_kind = 76;      // ListFetched
/// As bank_account_kind, where the affiliate changed it and a mail tells it so.
inline constexpr engine::RecordKind bank_account_told_kind = 77;  // BankAccountSet
inline constexpr engine::RecordKind first_settlement_kind = lists_due_kind;
inline constexpr engine::RecordKind last_settlement_kind = bank_account_told_kind;

/// Who asked for a change; stored.
enum class By : std::uint8_t { office = 1, affiliate = 2 };

/// A due row as records name it: what was due, and the first document of it that is left for the next record;
/// 0: none.
struct DueRun {
  Instant due_at;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t rest = 0;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(due_at, first, last, rest);
  }
};

/// The month of these conversions is processed from now on.
struct SettlementBegun {
  DueRun run;
  std::vector<ConversionNumber> conversions;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(run, conversions);
  }
};

/// What the end of its month makes of a conversion; stored.
enum class Fate : std::uint8_t {
  settled = 1,    // 210
  cancelled = 2,  // 310
  again = 3,      // 310, and made again as 210 under another number
};

struct SettledConversion {
  ConversionNumber number = 0;
  Fate fate = Fate::settled;
  ConversionNumber again = 0;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, fate, again);
  }
};

/// The month of these conversions is over.
struct SettlementFinal {
  DueRun run;
  std::vector<SettledConversion> conversions;
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(run, conversions, entry);
  }
};

/// What an affiliate earned in a month is set aside for it.
struct PayoutMade {
  PayoutNumber number = 0;
  AffiliateNumber affiliate = 0;
  Month month = 0;
  Money amount;
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, affiliate, month, amount, entry);
  }
};

/// Stored.
enum class PayoutStatus : std::uint8_t { held = 1, paid = 2, failed = 3 };

/// The bank has paid, or it will not.
struct PayoutClosed {
  PayoutNumber number = 0;
  AffiliateNumber affiliate = 0;
  Month month = 0;
  Money amount;
  PayoutStatus status = PayoutStatus::paid;
  std::string note;  // the bank's reference, or why not
  ledger::Entry entry;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(number, affiliate, month, amount, status, note, entry);
  }
};

/// Where an affiliate's rewards stand from now on.
struct RewardSet {
  AffiliateNumber affiliate = 0;
  By by = By::office;
  Reward reward;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(affiliate, by, reward);
  }
};

/// The fixed sample was sent to this receiver.
struct RewardTested {
  AffiliateNumber affiliate = 0;
  By by = By::office;
  std::string url;
  bool uniq_id = false;
  std::uint64_t event = 0;  // in the outbox

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(affiliate, by, url, uniq_id, event);
  }
};

/// Where an affiliate's payouts go.
struct BankAccountSet {
  AffiliateNumber affiliate = 0;
  By by = By::office;
  std::string bank;
  std::string account;
  std::string holder;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(affiliate, by, bank, account, holder);
  }
};

/// The lists of a day are to be asked for.
struct ListsDue {
  DueRun run;
  Day day = 0;      // that is over
  Instant next_at;  // of the next day's lists
  std::vector<MerchantNumber> merchants;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(run, day, next_at, merchants);
  }
};

/// All that a merchant's lists of a day say is in the books.
struct ListFetched {
  MerchantNumber merchant = 0;
  Day day = 0;
  std::uint64_t orders = 0;   // that were listed
  std::uint64_t refused = 0;  // of them not taken

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(merchant, day, orders, refused);
  }
};

}  // namespace jangbu::affiliate
