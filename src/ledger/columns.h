// Money in tables: 16 bytes whose order is the order of the amounts.
#pragma once

#include "base/invariant.h"
#include "base/money.h"
#include "store/database.h"

namespace jangbu::ledger {

/// An amount for one statement: `session.execute(sql, {Value::number(key), MoneyColumn(row.amount)})`. Its
/// bytes live as long as this object.
class MoneyColumn {
 public:
  explicit MoneyColumn(Money amount) : bytes_(amount.to_sortable_bytes()) {}
  operator store::Value() const {  // NOLINT: it stands where a value stands
    return store::Value::blob({bytes_.data(), bytes_.size()});
  }

 private:
  decltype(Money().to_sortable_bytes()) bytes_;
};

/// INVARIANT: the column has 16 bytes.
inline Money read_money(const store::Row& row, int column) {
  const auto money = Money::from_sortable_bytes(row.bytes(column));
  INVARIANT(money.ok(), "an amount in a table is 16 bytes");
  return *money;
}

}  // namespace jangbu::ledger
