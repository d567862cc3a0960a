#include "affiliate/state.h"

#include "affiliate/clicks.h"
#include "affiliate/state_tables.h"

namespace jangbu::affiliate {
namespace {

using engine::throw_if_failed;
using engine::Unit;
using store::Value;

const store::Sql write_merchant{
    "INSERT INTO affiliate_merchants (number, fields) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET "
    "fields = excluded.fields"};
const store::Sql write_program{
    "INSERT INTO affiliate_programs (number, merchant, fields) VALUES ($1, $2, $3) ON CONFLICT (number) DO "
    "UPDATE SET fields = excluded.fields"};
const store::Sql write_affiliate{
    "INSERT INTO affiliate_affiliates (number, fields) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET "
    "fields = excluded.fields"};

/// With its length in front, so that no order code can take a part of a product code.
std::string product_text(std::string_view order_code, std::string_view product_code) {
  return std::to_string(order_code.size()) + ":" + std::string(order_code) + std::string(product_code);
}

}  // namespace

State::State(ledger::Book& book, ConfigBoard* board, Surroundings surroundings)
    : book_(book), board_(board), surroundings_(surroundings), tables_(std::make_unique<Tables>()) {}
State::~State() = default;

bool State::owns(engine::RecordKind kind) const {
  return (kind >= merchant_kind && kind <= exchange_rate_kind) || kind == conversions_taken_kind ||
         kind == conversions_judged_kind;
}

const ConversionRow* State::conversion(Unit& unit, ConversionNumber number) {
  return tables_->conversions.find(unit.session(), number);
}

Conversion State::details(Unit& unit, ConversionNumber number) {
  const ConversionRow* row = conversion(unit, number);
  INVARIANT(row != nullptr, "there is a conversion " + std::to_string(number));
  Conversion found{number, *row, nullptr};
  found.order = said<ConversionsTaken>(unit.record(found.row.record));
  return found;
}

const PromoSet* State::promo(Unit& unit, MerchantNumber merchant, const std::string& event_code,
                             const std::string& promo_code) {
  return tables_->promos.find(unit.session(), {merchant, event_code, promo_code});
}

std::optional<Money> State::exchange_rate(Unit& unit, const std::string& currency, Day day) {
  const Money* rate = tables_->exchange_rates.find(unit.session(), {currency, day});
  return rate == nullptr ? std::nullopt : std::optional(*rate);
}

std::optional<Click> State::find_click(Unit& unit, ClickId id) {
  return clicks_ == nullptr ? std::nullopt : clicks_->find(unit, id);
}

MonthTotalRow State::month_total(Unit& unit, AffiliateNumber affiliate, ProgramNumber program, Month month) {
  const MonthTotalRow* total = tables_->month_totals.find(unit.session(), {affiliate, program, month});
  return total == nullptr ? MonthTotalRow() : *total;
}

Config& State::edit_config() {
  if (!config_changed_) config_ = std::make_shared<Config>(*config_);
  config_changed_ = true;
  return *config_;
}

void State::prefetch(Unit& unit) { tables_->prefetch(unit.session()); }

void State::flush(Unit& unit) {
  store::Session& session = unit.session();
  tables_->flush(session);
  for (const MerchantNumber number : tables_->changed_merchants) {
    const Bytes fields = ledger::encode_fields(*config_->merchants.at(number));
    throw_if_failed(session.execute(write_merchant, {Value::number(number), Value::blob(fields)}));
  }
  for (const ProgramNumber number : tables_->changed_programs) {
    const ProgramSet& program = *config_->programs.at(number);
    const Bytes fields = ledger::encode_fields(program);
    throw_if_failed(session.execute(
        write_program, {Value::number(number), Value::number(program.merchant), Value::blob(fields)}));
  }
  for (const AffiliateNumber number : tables_->changed_affiliates) {
    const Bytes fields = ledger::encode_fields(*config_->affiliates.at(number));
    throw_if_failed(session.execute(write_affiliate, {Value::number(number), Value::blob(fields)}));
  }
}

void State::committed() {
  tables_->committed();
  tables_->forget_changes();
  if (config_changed_ && board_ != nullptr) board_->publish(config_);
  config_changed_ = false;
}

void State::discard() {
  tables_->discard();
  tables_->forget_changes();
  config_ = std::make_shared<Config>();
  config_changed_ = false;
}

void State::load(Unit& unit) {
  auto config = load_config(unit.session());
  if (!config) throw engine::StoreFailure(config.error());
  config_ = std::move(*config);
  if (board_ != nullptr) board_->publish(config_);
}

engine::KeyDigest conversion_digest(MerchantNumber merchant, std::string_view order_code,
                                    std::string_view product_code) {
  return engine::key_digest(engine::KeyScope::affiliate_conversion, merchant,
                            "sale " + product_text(order_code, product_code));
}

engine::KeyDigest correction_digest(MerchantNumber merchant, std::string_view order_code,
                                    std::string_view product_code, Money price, Instant at) {
  return engine::key_digest(engine::KeyScope::affiliate_conversion, merchant,
                            "correction " + price.to_units_text() + " " + std::to_string(at.us) + " " +
                                product_text(order_code, product_code));
}

void State::keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const {
  if (record.kind != conversions_taken_kind) return;
  const auto taken = said<ConversionsTaken>(record);
  for (const ConversionPart& part : taken->rows)
    out.push_back(part.corrects == 0
                      ? conversion_digest(taken->merchant, taken->order_code, part.product_code)
                      : correction_digest(taken->merchant, taken->order_code, part.product_code, part.price,
                                          part.corrected_at()));
}

Result<std::optional<Conversion>> find_conversion(store::Session& session, ConversionNumber number) {
  std::optional<Conversion> found;
  RETURN_IF_ERROR(session.query(ConversionTraits::load, {Value::number(number)}, [&](const store::Row& row) {
    found = Conversion{number, read_conversion(row, 0), nullptr};
    return false;
  }));
  if (!found) return found;
  ASSIGN_OR_RETURN(const engine::Record record, engine::load_record(session, found->row.record));
  found->order = said<ConversionsTaken>(record);
  return found;
}

}  // namespace jangbu::affiliate
