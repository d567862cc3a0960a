#include "payment/queries.h"

#include <charconv>

#include "payment/rows.h"

namespace jangbu::payment {
namespace {

using store::Value;

const store::Sql checkout_sql{"SELECT " JANGBU_CHECKOUT_COLUMNS " FROM payment_checkouts WHERE number = $1"};
const store::Sql reference_sql{"SELECT " JANGBU_CHECKOUT_COLUMNS
                               " FROM payment_checkouts WHERE reference = $1 ORDER BY number DESC LIMIT 1"};
const store::Sql attempt_sql{"SELECT " JANGBU_ATTEMPT_COLUMNS " FROM payment_attempts WHERE number = $1"};
const store::Sql open_sql{
    "SELECT number FROM payment_attempts WHERE status = 0 AND number > $1 ORDER BY number LIMIT $2"};

const store::Sql order_sql{
    "SELECT number FROM payment_attempts WHERE checkout = $1 AND order_id = $2 LIMIT 1"};
const store::Sql card_sql{"SELECT " JANGBU_KEPT_CARD_COLUMNS " FROM payment_kept_cards WHERE number = $1"};
const store::Sql ended_sql{
    "SELECT number FROM payment_kept_cards WHERE status = 1 AND number > $1 ORDER BY number LIMIT $2"};
const store::Sql charged_sql{
    "SELECT number FROM payment_attempts WHERE status = 0 AND billing_key = $1 LIMIT 1"};

Result<std::vector<std::uint64_t>> numbers_of(store::Session& session, const store::Sql& sql,
                                              std::initializer_list<Value> values) {
  std::vector<std::uint64_t> numbers;
  RETURN_IF_ERROR(session.query(sql, values, [&](const store::Row& row) {
    numbers.push_back(row.number(0));
    return true;
  }));
  return numbers;
}

template <typename T>
Result<T> find_one(store::Session& session, const store::Sql& sql, const Value& key,
                   T (*read)(const store::Row&)) {
  std::optional<T> found;
  try {
    RETURN_IF_ERROR(session.query(sql, {key}, [&](const store::Row& row) {
      found = read(row);
      return false;
    }));
  } catch (const engine::StoreFailure& failure) {
    return failure.error();
  }
  if (!found) return Errc::not_found;
  return std::move(*found);
}

}  // namespace

Result<Checkout> find_checkout(store::Session& session, CheckoutNumber number) {
  return find_one(session, checkout_sql, Value::number(number), checkout_from);
}

Result<Checkout> find_checkout(store::Session& session, std::string_view reference) {
  return find_one(session, reference_sql, Value::blob(reference), checkout_from);
}

Result<Attempt> find_attempt(store::Session& session, AttemptNumber number) {
  return find_one(session, attempt_sql, Value::number(number), attempt_from);
}

Result<std::vector<AttemptNumber>> open_attempts(store::Session& session, AttemptNumber after,
                                                 std::size_t limit) {
  return numbers_of(session, open_sql, {Value::number(after), Value::number(limit)});
}

Result<AttemptNumber> find_order(store::Session& session, std::string_view order_id) {
  // Ours begin with the checkout's number: see next_order_id().
  constexpr std::string_view prefix = "jb-";
  if (!order_id.starts_with(prefix)) return Errc::not_found;
  const char* const begin = order_id.data() + prefix.size();
  const char* const end = order_id.data() + order_id.size();
  CheckoutNumber checkout = 0;
  const auto parsed = std::from_chars(begin, end, checkout);
  if (parsed.ec != std::errc() || checkout > INT64_MAX) return Errc::not_found;
  ASSIGN_OR_RETURN(const auto found,
                   numbers_of(session, order_sql, {Value::number(checkout), Value::blob(order_id)}));
  if (found.empty()) return Errc::not_found;
  return found.front();
}

Result<KeptCard> find_kept_card(store::Session& session, BillingKeyNumber number) {
  return find_one(session, card_sql, Value::number(number), kept_card_from);
}

Result<std::vector<BillingKeyNumber>> ended_cards(store::Session& session, BillingKeyNumber after,
                                                  std::size_t limit) {
  return numbers_of(session, ended_sql, {Value::number(after), Value::number(limit)});
}

Result<bool> is_charged(store::Session& session, BillingKeyNumber number) {
  ASSIGN_OR_RETURN(const auto found, numbers_of(session, charged_sql, {Value::number(number)}));
  return !found.empty();
}

Result<AttemptDetails> find_details(store::Session& session, AttemptNumber number) {
  AttemptDetails details;
  ASSIGN_OR_RETURN(details.attempt, find_attempt(session, number));
  ASSIGN_OR_RETURN(details.checkout, find_checkout(session, details.attempt.checkout));
  if (details.attempt.kind == AttemptKind::refund) {
    ASSIGN_OR_RETURN(details.charge, find_attempt(session, details.attempt.charge));
  }
  return details;
}

}  // namespace jangbu::payment
