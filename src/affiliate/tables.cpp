#include "affiliate/tables.h"

namespace jangbu::affiliate {
namespace {

using ledger::MoneyColumn;
using store::Value;

std::size_t mix(std::size_t a, std::size_t b) { return a * 0x9e3779b97f4a7c15U ^ b; }

}  // namespace

Money Amounts::commission() const { return base.plus(incentive).value(); }

ConversionRow read_conversion(const store::Row& row, int first) {
  ConversionRow conversion;
  conversion.merchant = row.number(first);
  conversion.affiliate = row.number(first + 1);
  conversion.program = row.number(first + 2);
  conversion.day = static_cast<Day>(row.number(first + 3));
  conversion.status = static_cast<ConversionStatus>(row.integer(first + 4));
  conversion.record = row.number(first + 5);
  conversion.ordinal = row.number(first + 6);
  conversion.changed = row.number(first + 7);
  conversion.origin = row.number(first + 8);
  conversion.now.quantity = row.number(first + 9);
  conversion.now.price = read_money(row, first + 10);
  conversion.now.base = read_money(row, first + 11);
  conversion.now.incentive = read_money(row, first + 12);
  conversion.now.fee = read_money(row, first + 13);
  conversion.corrected = read_money(row, first + 14);
  conversion.happened_at = Instant{row.integer(first + 15)};
  conversion.confirmed_at = Instant{row.integer(first + 16)};
  conversion.canceled_at = Instant{row.integer(first + 17)};
  conversion.order_code = row.bytes(first + 18);
  conversion.u_id = row.bytes(first + 19);
  return conversion;
}

const store::Sql ConversionTraits::load{"SELECT " JANGBU_AFFILIATE_CONVERSION_COLUMNS
                                        " FROM affiliate_conversions WHERE number = $1"};
const store::Sql ConversionTraits::upsert{
    "INSERT INTO affiliate_conversions (number, " JANGBU_AFFILIATE_CONVERSION_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
    "$21) "
    "ON CONFLICT (number) DO UPDATE SET status = excluded.status, day = excluded.day, "
    "changed = excluded.changed, quantity = excluded.quantity, price = excluded.price, base = excluded.base, "
    "incentive = excluded.incentive, fee = excluded.fee, corrected = excluded.corrected, "
    "confirmed_at = excluded.confirmed_at, canceled_at = excluded.canceled_at"};

Status ConversionTraits::write(store::Session& session, Key key, const Row& row) {
  return session.execute(upsert, {Value::number(key),
                                  Value::number(row.merchant),
                                  Value::number(row.affiliate),
                                  Value::number(row.program),
                                  Value::number(row.day),
                                  Value::integer(static_cast<int>(row.status)),
                                  Value::number(row.record),
                                  Value::number(row.ordinal),
                                  Value::number(row.changed),
                                  Value::number(row.origin),
                                  Value::number(row.now.quantity),
                                  MoneyColumn(row.now.price),
                                  MoneyColumn(row.now.base),
                                  MoneyColumn(row.now.incentive),
                                  MoneyColumn(row.now.fee),
                                  MoneyColumn(row.corrected),
                                  Value::integer(row.happened_at.us),
                                  Value::integer(row.confirmed_at.us),
                                  Value::integer(row.canceled_at.us),
                                  Value::blob(row.order_code),
                                  Value::blob(row.u_id)});
}

const store::Sql MonthTotalTraits::load{
    "SELECT sales, row_count FROM affiliate_month_totals WHERE affiliate = $1 AND program = $2 AND month = "
    "$3"};
const store::Sql MonthTotalTraits::upsert{
    "INSERT INTO affiliate_month_totals (affiliate, program, month, sales, row_count) VALUES ($1, $2, $3, "
    "$4, "
    "$5) ON CONFLICT (affiliate, program, month) DO UPDATE SET sales = excluded.sales, row_count = "
    "excluded.row_count"};

std::size_t MonthTotalTraits::hash(const Key& key) {
  return mix(mix(std::get<0>(key), std::get<1>(key)), std::get<2>(key));
}
std::vector<Value> MonthTotalTraits::key_values(const Key& key) {
  return {Value::number(std::get<0>(key)), Value::number(std::get<1>(key)), Value::number(std::get<2>(key))};
}
MonthTotalRow MonthTotalTraits::read(const store::Row& row) { return {read_money(row, 0), row.number(1)}; }
Status MonthTotalTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert,
                         {Value::number(std::get<0>(key)), Value::number(std::get<1>(key)),
                          Value::number(std::get<2>(key)), MoneyColumn(row.sales), Value::number(row.rows)});
}

const store::Sql PromoTraits::load{
    "SELECT fields FROM affiliate_promos WHERE merchant = $1 AND event_code = $2 AND promo_code = $3"};
const store::Sql PromoTraits::upsert{
    "INSERT INTO affiliate_promos (merchant, event_code, promo_code, number, affiliate, fields) VALUES ($1, "
    "$2, $3, $4, $5, $6) ON CONFLICT (merchant, event_code, promo_code) DO UPDATE SET affiliate = "
    "excluded.affiliate, fields = excluded.fields"};

std::size_t PromoTraits::hash(const Key& key) {
  const std::hash<std::string> text;
  return mix(mix(std::get<0>(key), text(std::get<1>(key))), text(std::get<2>(key)));
}
std::vector<Value> PromoTraits::key_values(const Key& key) {
  return {Value::number(std::get<0>(key)), Value::blob(std::get<1>(key)), Value::blob(std::get<2>(key))};
}
PromoSet PromoTraits::read(const store::Row& row) {
  auto promo = ledger::decode_fields<PromoSet>(row.bytes(0));
  INVARIANT(promo.ok(), "a promotion in its table reads");
  return std::move(*promo);
}
Status PromoTraits::write(store::Session& session, const Key& key, const Row& row) {
  const Bytes fields = ledger::encode_fields(row);
  return session.execute(
      upsert, {Value::number(std::get<0>(key)), Value::blob(std::get<1>(key)), Value::blob(std::get<2>(key)),
               Value::number(row.number), Value::number(row.affiliate), Value::blob(fields)});
}

const store::Sql ExchangeRateTraits::load{
    "SELECT won_per_unit FROM affiliate_exchange_rates WHERE currency = $1 AND day = $2"};
const store::Sql ExchangeRateTraits::upsert{
    "INSERT INTO affiliate_exchange_rates (currency, day, won_per_unit) VALUES ($1, $2, $3) ON CONFLICT "
    "(currency, day) DO UPDATE SET won_per_unit = excluded.won_per_unit"};

std::size_t ExchangeRateTraits::hash(const Key& key) {
  return mix(std::hash<std::string>{}(key.first), key.second);
}
std::vector<Value> ExchangeRateTraits::key_values(const Key& key) {
  return {Value::blob(key.first), Value::number(key.second)};
}
Status ExchangeRateTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::blob(key.first), Value::number(key.second), MoneyColumn(row)});
}

}  // namespace jangbu::affiliate
