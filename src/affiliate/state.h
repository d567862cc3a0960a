// The affiliate door's tables, made from its records.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "affiliate/click_records.h"
#include "affiliate/config.h"
#include "affiliate/records.h"
#include "affiliate/rows.h"
#include "delivery/address.h"
#include "engine/projection.h"
#include "ledger/book.h"

namespace jangbu::affiliate {

/// What the installation is like, for decisions.
struct Surroundings {
  delivery::Reach reach = delivery::Reach::public_https;
  bool mail = false;  // mail goes out
};

/// A conversion with all that its record says of it.
struct Conversion {
  ConversionNumber number = 0;
  ConversionRow row;
  std::shared_ptr<const ConversionsTaken> order;

  [[nodiscard]] const ConversionPart& part() const { return order->rows.at(row.ordinal); }
};

class ClickBook;

/// Whoever settles conversions and asks merchants for their lists. Called on the writer thread: the first two
/// from apply, with its rules.
class ConversionListener {
 public:
  virtual ~ConversionListener() = default;
  virtual void conversion_begun(engine::Unit& unit, ConversionNumber number, const ConversionRow& row) = 0;
  virtual void merchant_set(engine::Unit& unit, const MerchantSet& merchant) = 0;
  /// The conversion that stands for this one now: a settled batch makes its conversions again.
  virtual ConversionNumber successor(engine::Unit& unit, ConversionNumber number) = 0;
  /// What corrections have taken back of it.
  virtual Amounts taken_back(engine::Unit& unit, ConversionNumber number) = 0;
};

/// Writer thread, as every projection.
class State final : public engine::Projection {
 public:
  /// `board` may be null: a rebuild publishes nothing.
  State(ledger::Book& book, ConfigBoard* board, Surroundings surroundings);
  ~State() override;

  /// Once, before the first record. The listener must outlive the last one.
  void listen(ConversionListener& listener) { listener_ = &listener; }

  [[nodiscard]] std::string_view name() const override { return "affiliate"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override;
  using engine::Projection::owns;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override;
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const override;
  void prefetch(engine::Unit& unit) override;
  void flush(engine::Unit& unit) override;
  void committed() override;
  void discard() override;
  void load(engine::Unit& unit) override;

  /// Where clicks are, which are tables of their own. Before the first command; must outlive the last one.
  void find_clicks_in(ClickBook& clicks) { clicks_ = &clicks; }

  // What decide asks. Pointers are good until the next call.
  [[nodiscard]] const Config& config() const { return *config_; }
  [[nodiscard]] ledger::Book& book() { return book_; }
  [[nodiscard]] const Surroundings& surroundings() const { return surroundings_; }
  const ConversionRow* conversion(engine::Unit& unit, ConversionNumber number);
  /// See ConversionListener; where nobody settles, a conversion is itself and whole.
  ConversionNumber successor(engine::Unit& unit, ConversionNumber number) {
    return listener_ == nullptr ? number : listener_->successor(unit, number);
  }
  Amounts taken_back(engine::Unit& unit, ConversionNumber number) {
    return listener_ == nullptr ? Amounts() : listener_->taken_back(unit, number);
  }
  /// With the details of its record. INVARIANT: it exists.
  Conversion details(engine::Unit& unit, ConversionNumber number);
  const PromoSet* promo(engine::Unit& unit, MerchantNumber merchant, const std::string& event_code,
                        const std::string& promo_code);
  /// Won for one unit of the currency on that day, in units of 10^-exchange_scale.
  std::optional<Money> exchange_rate(engine::Unit& unit, const std::string& currency, Day day);
  std::optional<Click> find_click(engine::Unit& unit, ClickId id);
  MonthTotalRow month_total(engine::Unit& unit, AffiliateNumber affiliate, ProgramNumber program,
                            Month month);

  // For apply, of this and of the door's other projections, with its rules: they look at the record that is
  // applied and at tables, at nothing else.
  /// An affiliate as it stands from now on.
  void put_affiliate(AffiliateSet affiliate);
  /// A conversion that begins; takes its number.
  void begin_conversion(engine::Unit& unit, ConversionNumber number, ConversionRow row);
  /// A conversion as it stands from now on; the totals of its month follow.
  void change_conversion(engine::Unit& unit, ConversionNumber number, ConversionRow row);
  /// The same for what a record says of one.
  void apply_judged(engine::Unit& unit, const engine::Record& record, const Judged& judged);

 private:
  struct Tables;

  void apply_merchant(engine::Unit& unit, const engine::Record& record);
  void apply_program(engine::Unit& unit, const engine::Record& record);
  void apply_affiliate(engine::Unit& unit, const engine::Record& record);
  void apply_promo(engine::Unit& unit, const engine::Record& record);
  void apply_exchange_rate(engine::Unit& unit, const engine::Record& record);
  void apply_taken(engine::Unit& unit, const engine::Record& record);
  void apply_conversions_judged(engine::Unit& unit, const engine::Record& record);
  /// The sales of the row's month: adds the row, or takes it away.
  void count(engine::Unit& unit, const ConversionRow& row, bool adds);
  Config& edit_config();

  ledger::Book& book_;
  ConversionListener* listener_ = nullptr;
  ConfigBoard* board_;
  Surroundings surroundings_;
  ClickBook* clicks_ = nullptr;
  std::unique_ptr<Tables> tables_;
  std::shared_ptr<Config> config_ = std::make_shared<Config>();
  bool config_changed_ = false;
};

/// The key of a product of an order: the same one sent again is the same conversion.
engine::KeyDigest conversion_digest(MerchantNumber merchant, std::string_view order_code,
                                    std::string_view product_code);
/// The key of what takes back a part of its price: known by price and moment, since there may be more than
/// one.
engine::KeyDigest correction_digest(MerchantNumber merchant, std::string_view order_code,
                                    std::string_view product_code, Money price, Instant at);

/// A conversion of a snapshot, with its details; nothing when there is none. Errors: the session's.
Result<std::optional<Conversion>> find_conversion(store::Session& session, ConversionNumber number);

}  // namespace jangbu::affiliate
