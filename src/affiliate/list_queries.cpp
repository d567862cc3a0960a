#include "affiliate/list_queries.h"

#include <algorithm>

#include "affiliate/columns.h"
#include "affiliate/records.h"
#include "affiliate/settlement_tables.h"
#include "engine/unit.h"
#include "ledger/queries.h"
#include "ledger/said.h"

namespace jangbu::affiliate {
namespace {

using store::Value;

// A status that is asked for lies between two numbers: cancelled ones are 300 and 310, the others below.
#define JANGBU_AFFILIATE_LISTED                                                                        \
  " FROM affiliate_conversions WHERE affiliate = $1 AND day >= $2 AND day <= $3 AND status >= $4 AND " \
  "status <= $5"
const store::Sql count_sql{"SELECT COUNT(*)" JANGBU_AFFILIATE_LISTED};
const store::Sql count_of_merchant_sql{"SELECT COUNT(*)" JANGBU_AFFILIATE_LISTED " AND merchant = $6"};
const store::Sql rows_sql{"SELECT number, " JANGBU_AFFILIATE_CONVERSION_COLUMNS JANGBU_AFFILIATE_LISTED
                          " ORDER BY day, number LIMIT $6 OFFSET $7"};
const store::Sql rows_of_merchant_sql{
    "SELECT number, " JANGBU_AFFILIATE_CONVERSION_COLUMNS JANGBU_AFFILIATE_LISTED
    " AND merchant = $6 ORDER BY day, number LIMIT $7 OFFSET $8"};
#undef JANGBU_AFFILIATE_LISTED
const store::Sql rate_sql{
    "SELECT won_per_unit FROM affiliate_exchange_rates WHERE currency = $1 AND day <= $2 ORDER BY day DESC "
    "LIMIT 1"};
const store::Sql statements_sql{
    "SELECT affiliate, month, " JANGBU_AFFILIATE_STATEMENT_COLUMNS
    " FROM affiliate_statements WHERE affiliate = $1 AND month < $2 ORDER BY month DESC LIMIT $3"};
// The numeric order of amounts is that of their bytes.
const store::Sql unpaid_sql{"SELECT affiliate, month, " JANGBU_AFFILIATE_STATEMENT_COLUMNS
                            " FROM affiliate_statements WHERE month = $1 AND affiliate > $2 AND payout = 0 "
                            "AND commission > $3 ORDER BY affiliate LIMIT $4"};
#define JANGBU_AFFILIATE_UNPAID \
  "SELECT s.affiliate, s.month, s.settled, s.sales, s.commission, s.cancelled, s.payout FROM "
#define JANGBU_AFFILIATE_AFTER \
  " AND s.commission > $1 AND (s.month > $2 OR (s.month = $2 AND s.affiliate > $3))"
const store::Sql not_paid_sql{
    JANGBU_AFFILIATE_UNPAID
    "affiliate_statements s WHERE s.payout = 0" JANGBU_AFFILIATE_AFTER " UNION ALL " JANGBU_AFFILIATE_UNPAID
    "affiliate_payouts p JOIN affiliate_statements s ON s.affiliate = p.affiliate AND "
    "s.month = p.month WHERE p.status = 3 AND s.payout = p.number" JANGBU_AFFILIATE_AFTER
    " ORDER BY 2, 1 LIMIT $4"};
#undef JANGBU_AFFILIATE_AFTER
#undef JANGBU_AFFILIATE_UNPAID
const store::Sql payouts_sql{"SELECT number, " JANGBU_AFFILIATE_PAYOUT_COLUMNS
                             " FROM affiliate_payouts WHERE number < $1 ORDER BY number DESC LIMIT $2"};
const store::Sql payouts_of_month_sql{
    "SELECT number, " JANGBU_AFFILIATE_PAYOUT_COLUMNS
    " FROM affiliate_payouts WHERE month = $1 AND number < $2 ORDER BY number DESC LIMIT $3"};

/// Statements that one page of unpaid ones looks at.
constexpr std::size_t max_unpaid_scanned = 2000;

constexpr std::uint64_t first_cancel_status = static_cast<std::uint64_t>(ConversionStatus::cancel_requested);
constexpr std::uint64_t any_status = 999;

std::pair<std::uint64_t, std::uint64_t> statuses_of(CancelFlag flag) {
  return {flag == CancelFlag::only ? first_cancel_status : 0,
          flag == CancelFlag::without ? first_cancel_status - 1 : any_status};
}

/// What a currency was worth on days, each looked up once.
class Rates {
 public:
  Rates(store::Session& session, const std::string& currency) : session_(session), currency_(currency) {}

  /// Turns the amounts of a row from won. Error: not_found (there is no rate).
  Status turn(ListRow& row, Day day) {
    if (currency_ == won) return {};
    ASSIGN_OR_RETURN(const Money rate, on(day));
    ASSIGN_OR_RETURN(row.sales, in_currency(row.sales, rate, amount_scale(currency_)));
    ASSIGN_OR_RETURN(row.commission, in_currency(row.commission, rate, amount_scale(currency_)));
    return {};
  }

 private:
  Result<Money> on(Day day) {
    if (day == day_) return rate_;
    std::optional<Money> found;
    RETURN_IF_ERROR(
        session_.query(rate_sql, {Value::blob(currency_), Value::number(day)}, [&](const store::Row& row) {
          found = read_money(row, 0);
          return false;
        }));
    if (!found || !found->is_positive()) return Error(Errc::not_found, "there is no exchange rate");
    day_ = day;
    return rate_ = *found;
  }

  store::Session& session_;
  const std::string& currency_;
  Day day_ = 0;
  Money rate_;
};

/// Rows are near each other in the records.
class Records {
 public:
  explicit Records(store::Session& session) : session_(session) {}
  Result<const engine::Record*> load(std::uint64_t number) {
    if (!last_ || last_->number != number) {
      ASSIGN_OR_RETURN(last_, engine::load_record(session_, number));
      if (last_->kind == conversions_taken_kind) last_->decoded = said<ConversionsTaken>(*last_);
    }
    return &*last_;
  }

 private:
  store::Session& session_;
  std::optional<engine::Record> last_;
};

/// Names what rows say. The configuration at hand may be older than the rows of the session: then the
/// session's own is read.
class Names {
 public:
  Names(store::Session& session, const Config& at_hand) : session_(session), config_(&at_hand) {}

  Result<const Config*> of(const ConversionRow& row) {
    if (config_->merchant(row.merchant) == nullptr || config_->program(row.program) == nullptr) {
      ASSIGN_OR_RETURN(newer_, load_config(session_));
      config_ = newer_.get();
      if (config_->merchant(row.merchant) == nullptr || config_->program(row.program) == nullptr)
        return Error(Errc::database_corrupt, "a conversion names a merchant or programme that is not there");
    }
    return config_;
  }

 private:
  store::Session& session_;
  const Config* config_;
  std::shared_ptr<const Config> newer_;
};

struct FoundConversion {
  ConversionNumber number = 0;
  ConversionRow row;
};

Result<ListRow> list_row(Records& records, Records& changes, Names& names, const FoundConversion& found) {
  const ConversionRow& row = found.row;
  ASSIGN_OR_RETURN(const Config* config, names.of(row));
  ASSIGN_OR_RETURN(const engine::Record* record, records.load(row.record));
  const auto order = said<ConversionsTaken>(*record);
  const ConversionPart& part = order->rows.at(row.ordinal);
  ListRow listed;
  listed.trlog_id = trlog_id(found.number);
  listed.merchant_id = config->merchant(row.merchant)->id;
  listed.order_code = row.order_code;
  listed.product_code = part.product_code;
  listed.product_name = part.product_name;
  const auto quantity = static_cast<std::int64_t>(row.now.quantity);
  listed.quantity = row.is_correction() ? -quantity : quantity;
  listed.user_id = row.u_id;
  listed.status = row.status;
  listed.category_code = part.category_code;
  listed.made_on = day_of(record->recorded_at);
  const ProgramSet& program = *config->program(row.program);
  listed.program_code = program.code;
  listed.program_name = program.name;
  listed.day = row.day;
  listed.time = time_of_day(row.happened_at);
  listed.sales = row.now.price;
  listed.commission = row.now.commission();
  listed.device = order->device;
  listed.rate = paid_rate_text(part.base, part.incentive);
  if (!matches(CancelFlag::only, row.status) || row.changed == row.record) return listed;
  ASSIGN_OR_RETURN(const engine::Record* change, changes.load(row.changed));
  if (change->kind == conversions_judged_kind) listed.comment = said<ConversionsJudged>(*change)->reason;
  return listed;
}

}  // namespace

Result<ListPage> list_conversions(store::Session& session, const Config& config, AffiliateNumber affiliate,
                                  const ListQuery& query) {
  ListPage page;
  const auto [lowest, highest] = statuses_of(query.cancelled);
  std::vector<Value> values = {Value::number(affiliate), Value::number(query.first),
                               Value::number(query.last), Value::number(lowest), Value::number(highest)};
  const bool of_merchant = !query.merchant_id.empty();
  if (of_merchant) {
    const MerchantSet* merchant = config.merchant(query.merchant_id);
    if (merchant == nullptr) return page;
    values.push_back(Value::number(merchant->number));
  }
  RETURN_IF_ERROR(
      session.query(of_merchant ? count_of_merchant_sql : count_sql, values, [&](const store::Row& row) {
        page.count = row.number(0);
        return false;
      }));
  const std::uint64_t skipped = (query.page - 1) * query.per_page;
  if (skipped >= page.count) return page;
  values.push_back(Value::number(query.per_page));
  values.push_back(Value::number(skipped));
  std::vector<FoundConversion> found;
  RETURN_IF_ERROR(
      session.query(of_merchant ? rows_of_merchant_sql : rows_sql, values, [&](const store::Row& row) {
        found.push_back({row.number(0), read_conversion(row, 1)});
        return true;
      }));
  Records records(session);
  Records changes(session);
  Names names(session, config);
  Rates rates(session, query.currency);
  for (const FoundConversion& each : found) {
    ASSIGN_OR_RETURN(ListRow row, list_row(records, changes, names, each));
    RETURN_IF_ERROR(rates.turn(row, day_of(each.row.happened_at)));
    page.rows.push_back(std::move(row));
  }
  return page;
}

Result<ListPage> list_samples(store::Session& session, const ListQuery& query) {
  ListPage page;
  std::vector<ListRow> rows = sample_rows(query);
  page.count = rows.size();
  Rates rates(session, query.currency);
  const std::uint64_t skipped = (query.page - 1) * query.per_page;
  for (std::uint64_t i = skipped; i < rows.size() && i - skipped < query.per_page; ++i) {
    RETURN_IF_ERROR(rates.turn(rows[i], rows[i].day));
    page.rows.push_back(std::move(rows[i]));
  }
  return page;
}

namespace {

Status add_payouts(store::Session& session, std::vector<Statement>& statements) {
  for (Statement& statement : statements) {
    if (statement.row.payout == 0) continue;
    RETURN_IF_ERROR(
        session.query(PayoutTraits::load, {Value::number(statement.row.payout)}, [&](const store::Row& row) {
          statement.payout = read_payout(row, 0);
          return false;
        }));
  }
  return {};
}

/// What of an affiliate's payable account is free.
Result<Money> available_of(store::Session& session, AffiliateNumber affiliate) {
  const auto found = ledger::find_account(session, payable_account(affiliate), won);
  if (!found && found.error().code == Errc::not_found) return Money();
  if (!found) return found.error();
  return found->account.available();
}

store::RowHandler into(std::vector<Statement>& statements) {
  return [&statements](const store::Row& row) {
    statements.push_back({row.number(0), static_cast<Month>(row.number(1)), read_statement(row, 2), {}});
    return true;
  };
}

}  // namespace

Result<std::vector<Statement>> statements_of(store::Session& session, AffiliateNumber affiliate, Month before,
                                             std::size_t limit) {
  std::vector<Statement> statements;
  RETURN_IF_ERROR(session.query(statements_sql,
                                {Value::number(affiliate), Value::number(before), Value::number(limit)},
                                into(statements)));
  RETURN_IF_ERROR(add_payouts(session, statements));
  return statements;
}

Result<std::vector<Statement>> unpaid_statements(store::Session& session, Month month, AffiliateNumber after,
                                                 std::size_t limit) {
  std::vector<Statement> statements;
  RETURN_IF_ERROR(session.query(
      unpaid_sql,
      {Value::number(month), Value::number(after), ledger::MoneyColumn(Money()), Value::number(limit)},
      into(statements)));
  return statements;
}

Result<UnpaidPage> list_unpaid(store::Session& session, StatementPlace after, std::size_t limit) {
  std::vector<Statement> statements;
  RETURN_IF_ERROR(session.query(not_paid_sql,
                                {ledger::MoneyColumn(Money()), Value::number(after.month),
                                 Value::number(after.affiliate), Value::number(max_unpaid_scanned + 1)},
                                into(statements)));
  UnpaidPage page;
  StatementPlace last = after;
  std::size_t seen = 0;
  for (Statement& statement : statements) {
    ASSIGN_OR_RETURN(const Money available, available_of(session, statement.affiliate));
    const Money payable = std::min(statement.row.commission, available);
    if (seen++ == max_unpaid_scanned || (payable.is_positive() && page.statements.size() == limit)) {
      page.next = last;
      break;
    }
    last = {statement.month, statement.affiliate};
    if (payable.is_positive()) page.statements.push_back({std::move(statement), payable});
  }
  return page;
}

Result<PayoutRow> find_payout(store::Session& session, PayoutNumber number) {
  Result<PayoutRow> found = Error(Errc::not_found, "there is no such payout");
  RETURN_IF_ERROR(session.query(PayoutTraits::load, {Value::number(number)}, [&](const store::Row& row) {
    found = read_payout(row, 0);
    return false;
  }));
  return found;
}

Result<std::vector<std::pair<PayoutNumber, PayoutRow>>> list_payouts(store::Session& session, Month month,
                                                                     std::optional<PayoutStatus> status,
                                                                     PayoutNumber before, std::size_t limit) {
  std::vector<std::pair<PayoutNumber, PayoutRow>> payouts;
  constexpr std::uint64_t all = INT64_MAX;  // the callback stops where there are enough
  const auto take = [&](const store::Row& row) {
    PayoutRow payout = read_payout(row, 1);
    if (!status || payout.status == *status) payouts.emplace_back(row.number(0), std::move(payout));
    return payouts.size() < limit;
  };
  if (month == 0) {
    RETURN_IF_ERROR(session.query(payouts_sql, {Value::number(before), Value::number(all)}, take));
  } else {
    RETURN_IF_ERROR(session.query(payouts_of_month_sql,
                                  {Value::number(month), Value::number(before), Value::number(all)}, take));
  }
  return payouts;
}

Result<std::optional<BankAccountRow>> bank_account_of(store::Session& session, AffiliateNumber affiliate) {
  std::optional<BankAccountRow> found;
  RETURN_IF_ERROR(
      session.query(BankAccountTraits::load, {Value::number(affiliate)}, [&](const store::Row& row) {
        found = BankAccountTraits::read(row);
        return false;
      }));
  return found;
}

}  // namespace jangbu::affiliate
