// What affiliates ask about their conversions and months, read on snapshots.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "affiliate/config.h"
#include "affiliate/list_wire.h"
#include "affiliate/settlement_rows.h"
#include "store/database.h"

namespace jangbu::affiliate {

struct ListPage {
  std::uint64_t count = 0;  // of all pages
  std::vector<ListRow> rows;
};

/// A page of an affiliate's conversions, in the order of their days. Amounts are in the currency that was
/// asked for, at the rate of the purchase's day or, when that day has none (a holiday), of the last one
/// before it. Error: not_found: there is no rate for one of the rows.
Result<ListPage> list_conversions(store::Session& session, const Config& config, AffiliateNumber affiliate,
                                  const ListQuery& query);
/// The test rows of a query as a page, in the currency that was asked for. Error: not_found (no rate).
Result<ListPage> list_samples(store::Session& session, const ListQuery& query);

struct Statement {
  AffiliateNumber affiliate = 0;
  Month month = 0;
  StatementRow row;
  std::optional<PayoutRow> payout;  // the last one
};
/// An affiliate's statements, the newest first, of months before `before`.
Result<std::vector<Statement>> statements_of(store::Session& session, AffiliateNumber affiliate, Month before,
                                             std::size_t limit);
/// The statements of a month that earned something and for which no payout was made, of affiliates after
/// `after`, in their order.
Result<std::vector<Statement>> unpaid_statements(store::Session& session, Month month, AffiliateNumber after,
                                                 std::size_t limit);

/// Where a statement stands in the order of months and affiliates.
struct StatementPlace {
  Month month = 0;
  AffiliateNumber affiliate = 0;
};
/// A statement that was not paid yet although there is something to pay: no payout was made, or the last one
/// has failed.
struct UnpaidStatement {
  Statement statement;
  Money payable;  // what a payout would set aside: corrections may have taken of what was earned
};
struct UnpaidPage {
  std::vector<UnpaidStatement> statements;
  std::optional<StatementPlace> next;
};
/// By months and affiliates, after a place. A page looks at a bounded number of statements: it may be short
/// and still have a next one.
Result<UnpaidPage> list_unpaid(store::Session& session, StatementPlace after, std::size_t limit);
/// Payouts with numbers below `before`, the newest first; of a month and a status, or of any (0).
Result<std::vector<std::pair<PayoutNumber, PayoutRow>>> list_payouts(store::Session& session, Month month,
                                                                     std::optional<PayoutStatus> status,
                                                                     PayoutNumber before, std::size_t limit);
/// Error: not_found.
Result<PayoutRow> find_payout(store::Session& session, PayoutNumber number);
Result<std::optional<BankAccountRow>> bank_account_of(store::Session& session, AffiliateNumber affiliate);

}  // namespace jangbu::affiliate
