#include "affiliate/settlement_tables.h"

#include <array>

#include "ledger/columns.h"

namespace jangbu::affiliate {

using engine::code;
using engine::moment;
using engine::read_code;
using engine::read_moment;
using ledger::MoneyColumn;
using store::Value;

StatementRow read_statement(const store::Row& row, int first) {
  return {row.number(first), ledger::read_money(row, first + 1), ledger::read_money(row, first + 2),
          row.number(first + 3), row.number(first + 4)};
}

PayoutRow read_payout(const store::Row& row, int first) {
  PayoutRow read;
  read.affiliate = row.number(first);
  read.month = static_cast<Month>(row.number(first + 1));
  read.amount = ledger::read_money(row, first + 2);
  read.status = read_code<PayoutStatus>(row, first + 3);
  read.made_at = read_moment(row, first + 4);
  read.closed_at = read_moment(row, first + 5);
  read.record = row.number(first + 6);
  read.note = row.bytes(first + 7);
  return read;
}

const store::Sql StatementTraits::load{"SELECT " JANGBU_AFFILIATE_STATEMENT_COLUMNS
                                       " FROM affiliate_statements WHERE affiliate = $1 AND month = $2"};
const store::Sql StatementTraits::upsert{
    "INSERT INTO affiliate_statements (affiliate, month, " JANGBU_AFFILIATE_STATEMENT_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (affiliate, month) DO UPDATE SET settled = "
    "excluded.settled, sales = excluded.sales, commission = excluded.commission, cancelled = "
    "excluded.cancelled, payout = excluded.payout"};
Status StatementTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert,
                         {Value::number(key.first), Value::number(key.second), Value::number(row.settled),
                          MoneyColumn(row.sales), MoneyColumn(row.commission), Value::number(row.cancelled),
                          Value::number(row.payout)});
}

const store::Sql PayoutTraits::load{"SELECT " JANGBU_AFFILIATE_PAYOUT_COLUMNS
                                    " FROM affiliate_payouts WHERE number = $1"};
const store::Sql PayoutTraits::upsert{
    "INSERT INTO affiliate_payouts (number, " JANGBU_AFFILIATE_PAYOUT_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (number) DO UPDATE SET status = "
    "excluded.status, closed_at = excluded.closed_at, record = excluded.record, note = excluded.note"};
Status PayoutTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(upsert, {Value::number(key), Value::number(row.affiliate), Value::number(row.month),
                                  MoneyColumn(row.amount), code(row.status), moment(row.made_at),
                                  moment(row.closed_at), Value::number(row.record), Value::blob(row.note)});
}

const store::Sql AftermathTraits::load{
    "SELECT again, quantity, price, base, incentive, fee FROM affiliate_aftermaths WHERE number = $1"};
const store::Sql AftermathTraits::upsert{
    "INSERT INTO affiliate_aftermaths (number, again, quantity, price, base, incentive, fee) VALUES ($1, $2, "
    "$3, $4, "
    "$5, $6, $7) ON CONFLICT (number) DO UPDATE SET again = excluded.again, quantity = excluded.quantity, "
    "price = "
    "excluded.price, base = excluded.base, incentive = excluded.incentive, fee = excluded.fee"};
AftermathRow AftermathTraits::read(const store::Row& row) {
  return {row.number(0),
          {row.number(1), ledger::read_money(row, 2), ledger::read_money(row, 3), ledger::read_money(row, 4),
           ledger::read_money(row, 5)}};
}
Status AftermathTraits::write(store::Session& session, const Key& key, const Row& row) {
  const Amounts& back = row.taken_back;
  return session.execute(upsert, {Value::number(key), Value::number(row.again), Value::number(back.quantity),
                                  MoneyColumn(back.price), MoneyColumn(back.base),
                                  MoneyColumn(back.incentive), MoneyColumn(back.fee)});
}

const store::Sql BankAccountTraits::load{
    "SELECT bank, account, holder FROM affiliate_bank_accounts WHERE affiliate = $1"};
const store::Sql BankAccountTraits::upsert{
    "INSERT INTO affiliate_bank_accounts (affiliate, bank, account, holder) VALUES ($1, $2, $3, $4) ON "
    "CONFLICT "
    "(affiliate) DO UPDATE SET bank = excluded.bank, account = excluded.account, holder = excluded.holder"};
BankAccountRow BankAccountTraits::read(const store::Row& row) {
  return {std::string(row.bytes(0)), std::string(row.bytes(1)), std::string(row.bytes(2))};
}
Status BankAccountTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(
      upsert, {Value::number(key), Value::blob(row.bank), Value::blob(row.account), Value::blob(row.holder)});
}

const store::Sql ListProgressTraits::load{
    "SELECT due_at, asked, done FROM affiliate_list_progress WHERE merchant = $1"};
const store::Sql ListProgressTraits::upsert{
    "INSERT INTO affiliate_list_progress (merchant, due_at, asked, done) VALUES ($1, $2, $3, $4) ON CONFLICT "
    "(merchant) DO UPDATE SET due_at = excluded.due_at, asked = excluded.asked, done = excluded.done"};
ListProgressRow ListProgressTraits::read(const store::Row& row) {
  return {read_moment(row, 0), static_cast<Day>(row.number(1)), static_cast<Day>(row.number(2))};
}
Status ListProgressTraits::write(store::Session& session, const Key& key, const Row& row) {
  return session.execute(
      upsert, {Value::number(key), moment(row.due_at), Value::number(row.asked), Value::number(row.done)});
}

std::span<const store::Migration> SettlementBook::migrations() const {
  static constexpr std::array list = {
      store::Migration{"affiliate_settlement", 1, R"sql(
CREATE TABLE affiliate_statements (
  affiliate BIGINT NOT NULL,
  month BIGINT NOT NULL,
  settled BIGINT NOT NULL,
  sales {BLOB} NOT NULL,
  commission {BLOB} NOT NULL,
  cancelled BIGINT NOT NULL,
  payout BIGINT NOT NULL,
  PRIMARY KEY (affiliate, month)
) {WITHOUT_ROWID};
CREATE INDEX affiliate_statements_month ON affiliate_statements (month, affiliate);
CREATE TABLE affiliate_payouts (
  number {ROWID_KEY},
  affiliate BIGINT NOT NULL,
  month BIGINT NOT NULL,
  amount {BLOB} NOT NULL,
  status BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  record BIGINT NOT NULL,
  note {BLOB} NOT NULL
);
CREATE INDEX affiliate_payouts_month ON affiliate_payouts (month, number);
CREATE INDEX affiliate_payouts_affiliate ON affiliate_payouts (affiliate, number);
CREATE TABLE affiliate_aftermaths (
  number {ROWID_KEY},
  again BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  price {BLOB} NOT NULL,
  base {BLOB} NOT NULL,
  incentive {BLOB} NOT NULL,
  fee {BLOB} NOT NULL
);
CREATE TABLE affiliate_bank_accounts (
  affiliate {ROWID_KEY},
  bank {BLOB} NOT NULL,
  account {BLOB} NOT NULL,
  holder {BLOB} NOT NULL
);
CREATE TABLE affiliate_list_progress (
  merchant {ROWID_KEY},
  due_at BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  done BIGINT NOT NULL
);
)sql"},
      // Few payouts wait for the bank or were refused by it, and few statements are not paid.
      store::Migration{"affiliate_settlement", 2, R"sql(
CREATE INDEX affiliate_payouts_held ON affiliate_payouts (number) WHERE status = 1;
CREATE INDEX affiliate_payouts_failed ON affiliate_payouts (number) WHERE status = 3;
CREATE INDEX affiliate_statements_unpaid ON affiliate_statements (month, affiliate) WHERE payout = 0;
)sql"}};
  return list;
}

std::span<const engine::TableSpec> SettlementBook::tables() const {
  static constexpr std::array list = {
      engine::TableSpec{"affiliate_statements",
                        "affiliate, month, settled, sales*, commission*, cancelled, payout", 2},
      engine::TableSpec{"affiliate_payouts",
                        "number, affiliate, month, amount*, status, made_at, closed_at, record, note*"},
      engine::TableSpec{"affiliate_aftermaths", "number, again, quantity, price*, base*, incentive*, fee*"},
      engine::TableSpec{"affiliate_bank_accounts", "affiliate, bank*, account*, holder*"},
      engine::TableSpec{"affiliate_list_progress", "merchant, due_at, asked, done"}};
  return list;
}

}  // namespace jangbu::affiliate
