#include "affiliate/conversions.h"

#include <algorithm>
#include <map>
#include <optional>

#include "affiliate/attribution.h"
#include "affiliate/clicks.h"
#include "affiliate/earnings.h"
#include "affiliate/judgements.h"
#include "affiliate/rates.h"
#include "base/invariant.h"

namespace jangbu::affiliate {
namespace {

using engine::Decision;
using engine::Unit;

/// Lines of one product, which are one conversion.
struct Line {
  ProductForm form;
  std::vector<std::size_t> places;  // in the request
};

/// What is cancelled of a product that is cancelled: all of it, or the part that it says.
struct CancelledPart {
  std::uint64_t quantity = 0;
  Money price;
};

CancelledPart cancelled_of(const ProductForm& product) {
  const CancelledPart all{product.quantity, product.price};
  CancelledPart part;
  if (product.canceled_quantity) part.quantity = std::min(*product.canceled_quantity, product.quantity);
  if (product.canceled_price) {
    part.price = product.canceled_price->is_negative() ? product.canceled_price->negated().value()
                                                       : *product.canceled_price;
  } else if (part.quantity < product.quantity && product.canceled_quantity) {
    const Money left =
        product.price
            .times_ratio(Money::from_units(static_cast<int128>(product.quantity - part.quantity)),
                         Money::from_units(static_cast<int128>(product.quantity)), Rounding::down)
            .value();
    part.price = product.price.minus(left).value();
  } else {
    return all;
  }
  return part.quantity == product.quantity || part.price >= product.price ? all : part;
}

/// Of the products that are one line those that are cancelled are a part of it; only when all are, it is
/// cancelled as a whole.
void add_up_cancellations(const OrderForm& form, Line& line) {
  line.form.canceled_at.reset();
  line.form.canceled_quantity.reset();
  line.form.canceled_price.reset();
  CancelledPart together;
  for (const std::size_t place : line.places) {
    const ProductForm& product = form.products[place];
    if (!product.canceled_at) continue;
    if (!line.form.canceled_at) line.form.canceled_at = product.canceled_at;
    const CancelledPart part = cancelled_of(product);
    together.quantity += part.quantity;
    together.price = together.price.plus(part.price).value();
  }
  if (!line.form.canceled_at) return;
  if (together.quantity == line.form.quantity && together.price == line.form.price) return;
  // A line may have no quantity, so that all the items are cancelled while a price is left.
  if (together.quantity < line.form.quantity) line.form.canceled_quantity = together.quantity;
  line.form.canceled_price = together.price;
}

std::vector<Line> lines_of(const OrderForm& form) {
  std::vector<Line> lines;
  std::map<std::string_view, std::size_t> known;
  for (std::size_t i = 0; i < form.products.size(); ++i) {
    const ProductForm& product = form.products[i];
    if (!product.price.is_negative()) {
      const auto [it, is_new] = known.try_emplace(product.product_code, lines.size());
      if (!is_new) {
        Line& line = lines[it->second];
        line.form.price = line.form.price.plus(product.price).value();
        line.form.quantity += product.quantity;
        line.places.push_back(i);
        continue;
      }
    }
    lines.push_back({product, {i}});
  }
  for (Line& line : lines)
    if (line.places.size() > 1) add_up_cancellations(form, line);
  return lines;
}

/// Adds what went back beside the price.
void add_to(Amounts& gone, const Amounts& more) {
  gone.quantity += more.quantity;
  gone.base = gone.base.plus(more.base).value();
  gone.incentive = gone.incentive.plus(more.incentive).value();
  gone.fee = gone.fee.plus(more.fee).value();
}

/// One request on its way to a record.
class Taking {
 public:
  Taking(State& state, Unit& unit, const OrderForm& form, const MerchantSet& merchant,
         std::vector<Item>& items)
      : state_(state),
        unit_(unit),
        form_(form),
        merchant_(merchant),
        items_(items),
        sent_(attribute(state, unit, form, merchant)) {
    begin();
  }

  /// Why nothing new can be taken of it; what came before can be confirmed and cancelled all the same.
  [[nodiscard]] const std::optional<Failure>& not_sent() const { return sent_.failure; }
  void take(const Line& line);
  /// Whether it takes back from what no earlier request brought: then all that this one brings comes first.
  [[nodiscard]] bool waits(const Line& line) {
    return line.form.price.is_negative() && known_sale(line.form.product_code) == 0;
  }
  /// Errors: amount_overflow.
  Result<Decision> finish();

 private:
  [[nodiscard]] const Config& config() const { return state_.config(); }
  void begin();
  /// When a purchase counts: when it was paid, or now where the merchant's clock or form puts that after now
  /// or before the click that led to it.
  Instant moment_of(const ProductForm& form);
  std::optional<Failure> take_line(const Line& line);
  std::optional<Failure> take_new(const Line& line);
  std::optional<Failure> correct(const Line& line);
  std::optional<Failure> again(const Line& line, ConversionNumber known_number);
  std::optional<Failure> take_back(const Conversion& settled, const ProductForm& form, Money worth);
  /// Of whom a request is that was sent by nobody: of the affiliate of what came before.
  void take_sender_of(const Conversion& earlier);
  void note_corrected(ConversionNumber number, const Amounts& back);
  [[nodiscard]] ConversionNumber next_number() const {
    return unit_.counters().last(engine::Counter::affiliate_conversion) + taken_.rows.size() + 1;
  }
  std::optional<Money> worth_on(Day day, const std::string& currency);
  ConversionNumber known_sale(const std::string& product_code);
  ConversionNumber known_correction(const ProductForm& form, Instant at);
  /// The row of an earlier request with that key; 0: there is none.
  template <typename IsIt>
  ConversionNumber known(const engine::KeyDigest& digest, const IsIt& is_it);
  /// An affiliate's commission and the fee change from `before` to `after`.
  void earn(AffiliateNumber affiliate, const Amounts& before, const Amounts& after);
  /// What a record says of earlier conversions. Most lines of a request that is sent again stand in one.
  std::shared_ptr<const ConversionsTaken> taken_in(std::uint64_t record);
  /// A conversion as this request leaves it so far.
  Conversion standing(ConversionNumber number);
  Conversion standing(const ConversionPart& part);
  Conversion as_it_stands(Conversion conversion);
  /// The product's conversion, of an earlier request or of this one; nothing when there is none.
  std::optional<Conversion> sale_of(const std::string& product_code);
  void add(const Line& line, ConversionPart part);
  void tell(const Line& line, ConversionNumber number, const Amounts& amounts);

  State& state_;
  Unit& unit_;
  const OrderForm& form_;
  const MerchantSet& merchant_;
  std::vector<Item>& items_;
  const Attribution sent_;
  ConversionsTaken taken_;
  std::map<std::pair<ProgramNumber, Month>, Money> sales_;  // of this request
  std::map<ConversionNumber, Amounts> corrected_;           // by this request; positive
  std::map<AffiliateNumber, Money> commissions_;            // of the request, in all
  Money fee_;
  std::uint64_t last_record_ = 0;  // the newest that a repeat points at
  std::uint64_t earlier_record_ = 0;
  std::shared_ptr<const ConversionsTaken> earlier_;  // of that record
};

void Taking::begin() {
  taken_.merchant = merchant_.number;
  if (!sent_.failure) taken_.affiliate = sent_.affiliate;
  taken_.source = form_.by_promo && form_.source == Source::cps ? Source::promo : form_.source;
  taken_.order_code = form_.order_code;
  taken_.currency = form_.currency;
  taken_.user_name = form_.user_name;
  taken_.lpinfo = form_.by_promo ? std::string() : form_.lpinfo;
  taken_.promo = sent_.promo ? sent_.promo->number : 0;
  if (sent_.click) append_click_id(*sent_.click, taken_.click);
  taken_.clicked_at = sent_.clicked_at;
  taken_.u_id = sent_.u_id;
  taken_.device = form_.device;
  taken_.marks = sent_.marks;
}

void Taking::take_sender_of(const Conversion& earlier) {
  if (taken_.affiliate != 0) return;
  taken_.affiliate = earlier.row.affiliate;
  if (sent_.affiliate != taken_.affiliate) taken_.u_id.clear();  // another affiliate's member
}

Instant Taking::moment_of(const ProductForm& form) {
  const Instant paid_at = bought_at(form, unit_.now());
  if (!precedes_click(sent_, paid_at)) return paid_at;
  taken_.marks |= mark_paid_early;
  return unit_.now();
}

std::optional<Money> Taking::worth_on(Day day, const std::string& currency) {
  return currency == won ? par() : state_.exchange_rate(unit_, currency, day);
}

template <typename IsIt>
ConversionNumber Taking::known(const engine::KeyDigest& digest, const IsIt& is_it) {
  const auto record = unit_.keys().find(unit_.session(), digest);
  if (!record) return 0;
  const auto earlier = taken_in(*record);
  const auto it = std::find_if(earlier->rows.begin(), earlier->rows.end(), is_it);
  if (it == earlier->rows.end()) return 0;
  last_record_ = std::max(last_record_, *record);
  return it->number;
}

ConversionNumber Taking::known_sale(const std::string& product_code) {
  return known(
      conversion_digest(merchant_.number, form_.order_code, product_code),
      [&](const ConversionPart& part) { return part.corrects == 0 && part.product_code == product_code; });
}

/// Whether the row takes back what the line says.
bool is_correction_of(const ConversionPart& part, const ProductForm& form, Instant at) {
  return part.corrects != 0 && part.product_code == form.product_code && part.price == form.price &&
         part.corrected_at() == at;
}

/// Also of this request: the same line twice is the same row.
ConversionNumber Taking::known_correction(const ProductForm& form, Instant at) {
  const auto is_it = [&](const ConversionPart& part) { return is_correction_of(part, form, at); };
  return known(correction_digest(merchant_.number, form_.order_code, form.product_code, form.price, at),
               is_it);
}

void Taking::earn(AffiliateNumber affiliate, const Amounts& before, const Amounts& after) {
  Money& commission = commissions_[affiliate];
  commission = commission.plus(after.commission()).value().minus(before.commission()).value();
  fee_ = fee_.plus(after.fee).value().minus(before.fee).value();
}

std::shared_ptr<const ConversionsTaken> Taking::taken_in(std::uint64_t record) {
  if (record != earlier_record_) {
    earlier_ = said<ConversionsTaken>(unit_.record(record));
    earlier_record_ = record;
  }
  return earlier_;
}

Conversion Taking::standing(ConversionNumber number) {
  const ConversionRow* row = state_.conversion(unit_, number);
  INVARIANT(row != nullptr, "there is a conversion " + std::to_string(number));
  return as_it_stands({number, *row, taken_in(row->record)});
}

Conversion Taking::standing(const ConversionPart& part) {
  ConversionRow row;
  row.merchant = taken_.merchant;
  row.affiliate = taken_.affiliate;
  row.program = part.program;
  row.day = part.day;
  row.status = part.status;
  row.now = part.at_first;
  row.happened_at = part.happened_at;
  const auto order = std::make_shared<ConversionsTaken>();
  order->currency = taken_.currency;
  order->rows = {part};
  return as_it_stands({part.number, std::move(row), order});
}

std::optional<Conversion> Taking::sale_of(const std::string& product_code) {
  if (const ConversionNumber known = known_sale(product_code); known != 0)
    return standing(state_.successor(unit_, known));
  for (const ConversionPart& part : taken_.rows)
    if (part.corrects == 0 && part.product_code == product_code) return standing(part);
  return std::nullopt;
}

Conversion Taking::as_it_stands(Conversion conversion) {
  const ConversionNumber number = conversion.number;
  if (const auto it = corrected_.find(number); it != corrected_.end())
    conversion.row.corrected = conversion.row.corrected.plus(it->second.price).value();
  for (const Judged& judged : taken_.judged) {
    if (judged.number != number) continue;
    conversion.row.status = judged.status;
    conversion.row.now = judged.now;
  }
  return conversion;
}

void Taking::tell(const Line& line, ConversionNumber number, const Amounts& amounts) {
  for (const std::size_t place : line.places) {
    Item& item = items_[place];
    item.success = true;
    item.message.clear();
    item.trlog_id = trlog_id(number);
    item.sale = amounts.price;
    item.commission = amounts.commission();
  }
}

void Taking::take(const Line& line) {
  const auto failure = take_line(line);
  if (!failure) return;
  for (const std::size_t place : line.places) items_[place].message = failure->why;
}

std::optional<Failure> Taking::take_line(const Line& line) {
  if (line.form.price.is_negative()) return correct(line);
  const ConversionNumber number = known_sale(line.form.product_code);
  if (number == 0) return sent_.failure ? sent_.failure : take_new(line);
  return again(line, number);
}

void Taking::add(const Line& line, ConversionPart part) {
  part.number = next_number();
  part.product_code = line.form.product_code;
  part.product_name = line.form.product_name;
  part.category_code = line.form.category_code;
  part.category_names = line.form.category_names;
  part.price = line.form.price;
  part.paid_at = line.form.paid_at;
  part.confirmed_at = line.form.confirmed_at;
  part.canceled_at = line.form.canceled_at;
  earn(taken_.affiliate, Amounts(), part.at_first);
  tell(line, part.number, part.at_first);
  taken_.rows.push_back(std::move(part));
}

std::optional<Failure> Taking::take_new(const Line& line) {
  const Failure problem{message::problem};
  ConversionPart part;
  part.happened_at = moment_of(line.form);
  if (sent_.promo && !sent_.promo->in_force(part.happened_at)) return Failure{message::no_event};
  const ProgramSet* program =
      config().program_at(merchant_.number, form_.kind, form_.action_name, part.happened_at);
  if (program == nullptr || !in_window(sent_, *program, part.happened_at)) return problem;
  part.program = program->number;
  part.day = counting_day(part.happened_at, unit_.now());
  const auto worth = worth_on(day_of(part.happened_at), form_.currency);
  if (!worth) return problem;
  const auto price = in_won(line.form.price, *worth);
  if (!price) return problem;
  const std::pair key{program->number, month_of(part.day)};
  const Money before = state_.month_total(unit_, sent_.affiliate, program->number, key.second).sales;
  const Terms terms =
      terms_of(*program, line.form.product_code, line.form.category_code, before.plus(sales_[key]).value());
  part.base = terms.base;
  part.incentive = terms.incentive;
  part.fee = terms.fee;
  const auto amounts = amounts_of(terms, *price, line.form.quantity);
  if (!amounts) return problem;
  part.at_first = *amounts;
  // What is cancelled of it already is said beside it, as it is of what came before: the same line again is
  // held against the whole.
  std::optional<Judged> judged;
  if (line.form.canceled_at) {
    const auto left = left_after_cancel(part, *amounts, line.form, *worth);
    if (!left) return problem;
    if (left->price.is_zero()) {
      part.status = ConversionStatus::cancel_requested;
    } else if (*left != *amounts) {
      judged = Judged{next_number(), part.status, line.form.confirmed_at, line.form.canceled_at, *left};
    }
  }
  const Amounts& now = judged ? judged->now : *amounts;
  sales_[key] = sales_[key].plus(now.price).value();
  add(line, std::move(part));
  if (!judged) return std::nullopt;
  earn(taken_.affiliate, *amounts, now);
  tell(line, judged->number, now);
  taken_.judged.push_back(std::move(*judged));
  return std::nullopt;
}

std::optional<Failure> Taking::correct(const Line& line) {
  const Failure problem{message::problem};
  const Instant at = line.form.canceled_at.value_or(line.form.paid_at.value_or(Instant()));
  if (const ConversionNumber number = known_correction(line.form, at)) {
    tell(line, number, state_.conversion(unit_, number)->now);
    return std::nullopt;
  }
  for (const ConversionPart& part : taken_.rows)  // the same line twice is the same row
    if (is_correction_of(part, line.form, at)) {
      tell(line, part.number, part.at_first);
      return std::nullopt;
    }
  const std::optional<Conversion> sale = sale_of(line.form.product_code);
  if (!sale) return problem;
  const Conversion& original = *sale;
  take_sender_of(original);
  const bool is_alive = original.row.status != ConversionStatus::cancel_requested &&
                        original.row.status != ConversionStatus::cancelled;
  if (!is_alive || original.row.affiliate != taken_.affiliate || original.order->currency != form_.currency)
    return problem;
  const auto worth = worth_on(day_of(original.row.happened_at), form_.currency);
  if (!worth) return problem;
  const auto price = in_won(line.form.price, *worth);
  if (!price || price->is_zero()) return problem;
  const Money together = original.row.corrected.minus(*price).value();
  if (together > original.row.now.price) return problem;
  const ConversionPart& was = original.part();
  Amounts gone = state_.taken_back(unit_, original.number);
  if (const auto it = corrected_.find(original.number); it != corrected_.end()) add_to(gone, it->second);
  gone.price = original.row.corrected;
  const auto amounts = taken_back_by(was, original.row.now, gone, *price, line.form.quantity);
  if (!amounts) return problem;
  note_corrected(original.number, *amounts);
  ConversionPart part;
  part.program = was.program;
  part.corrects = original.number;
  part.base = was.base;
  part.incentive = was.incentive;
  part.fee = was.fee;
  part.at_first = *amounts;
  part.happened_at = unit_.now();
  part.day = day_of(unit_.now());
  add(line, std::move(part));
  return std::nullopt;
}

/// What was cancelled after it was settled is taken back by a row of its own.
std::optional<Failure> Taking::take_back(const Conversion& settled, const ProductForm& form, Money worth) {
  const Failure problem{message::problem};
  // A negative line of this request has said so already; whether more is meant than it said nobody can tell.
  if (corrected_.contains(settled.number))
    return settled.row.corrected == settled.row.now.price ? std::nullopt : std::optional(problem);
  const auto left = left_after_cancel(settled.part(), settled.part().at_first, form, worth);
  if (!left) return problem;
  auto part = correction_of(unit_, state_, next_number(), settled, *left, *form.canceled_at);
  if (!part) return problem;
  if (!*part) return std::nullopt;
  if (settled.row.affiliate != taken_.affiliate) return problem;  // a request is of one affiliate
  note_corrected(settled.number, (*part)->at_first);
  earn(taken_.affiliate, Amounts(), (*part)->at_first);
  taken_.rows.push_back(std::move(**part));
  return std::nullopt;
}

void Taking::note_corrected(ConversionNumber number, const Amounts& back) {
  Amounts& corrected = corrected_[number];
  corrected.quantity += back.quantity;
  corrected.price = corrected.price.minus(back.price).value();
  corrected.base = corrected.base.minus(back.base).value();
  corrected.incentive = corrected.incentive.minus(back.incentive).value();
  corrected.fee = corrected.fee.minus(back.fee).value();
}

/// A product that came before: it may be confirmed or cancelled since.
std::optional<Failure> Taking::again(const Line& line, ConversionNumber known_number) {
  const ConversionNumber number = state_.successor(unit_, known_number);
  const Conversion conversion = standing(number);
  take_sender_of(conversion);
  const auto worth = worth_on(day_of(conversion.row.happened_at), conversion.order->currency);
  if (conversion.row.status == ConversionStatus::settled && line.form.canceled_at && worth)
    if (auto failure = take_back(conversion, line.form, *worth)) return failure;
  auto judged = judge(conversion, line.form, worth);
  const Amounts& now = judged ? judged->now : conversion.row.now;
  tell(line, number, now);
  if (!judged) {
    last_record_ = std::max(last_record_, conversion.row.changed);
    return std::nullopt;
  }
  // It stays the affiliate's that it was taken for, whoever is named now.
  earn(conversion.row.affiliate, conversion.row.now, now);
  taken_.judged.push_back(std::move(*judged));
  return std::nullopt;
}

Result<Decision> Taking::finish() {
  if (taken_.rows.empty() && taken_.judged.empty()) {
    if (last_record_ == 0) return Decision(engine::Refuse{Errc::invalid_parameters});
    return Decision(engine::Repeat{last_record_});
  }
  ASSIGN_OR_RETURN(taken_.entry, earned_entry(unit_, state_.book(), merchant_.id, commissions_, fee_));
  // From here on nothing can be refused.
  return Decision(accept(conversions_taken_kind, std::move(taken_)));
}

}  // namespace

std::size_t TakeOrder::size_bytes() const {
  std::size_t bytes = 1024 + form_.lpinfo.size() + form_.user_agent.size() + form_.user_name.size();
  for (const ProductForm& product : form_.products) {
    bytes += sizeof product + 4 * (product.product_code.size() + product.product_name.size() + 64);
    for (const std::string& name : product.category_names) bytes += sizeof name + name.size();
  }
  return bytes;
}

void TakeOrder::want(Unit& unit) {
  const MerchantSet* merchant = state_.config().merchant(form_.merchant_id);
  if (merchant == nullptr) return;
  for (const ProductForm& product : form_.products)
    unit.keys().want(conversion_digest(merchant->number, form_.order_code, product.product_code));
}

Decision TakeOrder::decide(Unit& unit) {
  told_ = Told();
  told_.items = failed_items(form_, message::problem);
  is_told_ = false;
  const auto refuse = [&](std::string_view why) -> Decision {
    is_told_ = true;
    told_.failure = why;
    for (Item& item : told_.items) item.message = why;
    return engine::Refuse{Errc::invalid_parameters};
  };
  const MerchantSet* merchant = state_.config().merchant(form_.merchant_id);
  if (merchant == nullptr || !is_currency(form_.currency)) return refuse(message::problem);
  Taking taking(state_, unit, form_, *merchant, told_.items);
  const std::vector<Line> lines = lines_of(form_);
  std::vector<const Line*> last;
  for (const Line& line : lines) taking.waits(line) ? last.push_back(&line) : taking.take(line);
  for (const Line* line : last) taking.take(*line);
  auto decision = taking.finish();
  if (!decision) return refuse(message::problem);
  is_told_ = std::holds_alternative<engine::Refuse>(*decision);
  if (is_told_ && taking.not_sent()) return refuse(taking.not_sent()->why);
  return std::move(*decision);
}

void TakeOrder::failed(const Error& error) noexcept {
  if (is_told_ && error.code == Errc::invalid_parameters) {
    if (render_) told_.body = render_(told_);
    return answered_(std::move(told_));
  }
  answered_(error);
}

}  // namespace jangbu::affiliate
