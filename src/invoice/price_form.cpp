// What the products of an invoice cost: the catalogue's word, or the seller's.
#include "invoice/amount_text.h"
#include "invoice/decide.h"

namespace jangbu::invoice {

using engine::Unit;

namespace {

constexpr std::string_view sum_mismatch = "sum_mismatch";

/// Prices one product after the other; what is wrong goes to the issues.
class Pricer {
 public:
  Pricer(State& state, Unit& unit, AppId app, const NewInvoice& form)
      : state_(state), unit_(unit), app_(app), form_(form) {}

  PricedForm price() {
    if (form_.products.empty()) {
      add_whole();
    } else {
      for (std::size_t i = 0; i < form_.products.size(); ++i) add(i);
    }
    if (result_.issues.empty()) add_up();
    return std::move(result_);
  }

 private:
  void fault(std::string path, std::string_view code, std::string message) {
    result_.issues.push_back({std::move(path), std::string(code), std::move(message)});
  }

  /// An invoice without products is one product that costs its price.
  void add_whole() {
    if (!form_.price) return fault("price", "required", "the price is required where no products are");
    PricedItem item;
    item.priced.name = form_.name;
    item.priced.unit_price = *form_.price;
    result_.items.push_back(std::move(item));
  }

  void add(std::size_t index) {
    const ProductForm& asked = form_.products[index];
    const std::string path = "products[" + std::to_string(index) + "]";
    PricedItem item;
    item.product_id = asked.product_id;
    item.option_id = asked.option_id;
    item.priced.name = asked.name.empty() ? form_.name : asked.name;
    item.priced.quantity = asked.quantity;
    item.priced.months = asked.months;
    item.priced.adjustments = asked.adjustments;
    if (const auto known = registered(asked.product_id, item.product)) {
      if (asked.name.empty()) item.priced.name = known->product.name;
      price_from_catalogue(asked, known->product, path, item.priced);
    } else if (is_gone(asked.product_id)) {
      fault(path + ".product_id", "not_found", "the product was taken out of the catalogue");
    } else if (asked.price) {
      item.priced.unit_price = *asked.price;
    } else {
      price_from_total(asked, path, item.priced);
    }
    result_.items.push_back(std::move(item));
  }

  /// The product of the app's catalogue that an id stands for, ours or the seller's own.
  std::shared_ptr<const ProductSet> registered(const std::string& id, ProductNumber& number) {
    if (id.empty()) return nullptr;
    ProductNumber found = state_.product_of_id(unit_, app_, id);
    if (found == 0) found = number_of_id(IdKind::product, id).value_or(0);
    const ProductRow* row = found == 0 ? nullptr : state_.product(unit_, found);
    if (row == nullptr || row->app != app_ || row->deleted) return nullptr;
    auto set = said<ProductSet>(unit_.record(row->record));
    if (id != set->product.seller_id && id != object_id(IdKind::product, set->created_at, found))
      return nullptr;
    number = found;
    return set;
  }

  /// Whether an id is ours of a product that the app's catalogue had: nobody else says what it costs.
  bool is_gone(const std::string& id) {
    const ProductNumber number = number_of_id(IdKind::product, id).value_or(0);
    const ProductRow* row = number == 0 ? nullptr : state_.product(unit_, number);
    return row != nullptr && row->app == app_ && row->deleted &&
           id == object_id(IdKind::product, row->created_at, number);
  }

  void price_from_catalogue(const ProductForm& asked, const CatalogueProduct& known, const std::string& path,
                            PricedProduct& priced) {
    priced.unit_price = known.price;
    if (!known.on_sale) fault(path + ".product_id", "not_on_sale", "the product is not on sale");
    if (!asked.option_id.empty() && !known.options.empty()) {
      const ProductOption* option = nullptr;
      for (const ProductOption& each : known.options)
        if (each.id == asked.option_id) option = &each;
      if (option == nullptr)
        return fault(path + ".product_option_id", "not_found", "the product has no such option");
      priced.unit_price = option->price;
    }
    if (asked.price && *asked.price != priced.unit_price)
      fault(path + ".price", sum_mismatch, "the catalogue says " + in_won(priced.unit_price));
  }

  /// A single product that is not registered and says no price costs its part of the invoice's.
  void price_from_total(const ProductForm& asked, const std::string& path, PricedProduct& priced) {
    if (form_.products.size() > 1 || !form_.price)
      return fault(path + ".price", "required", "the product is not in the catalogue: say its price");
    const auto count = static_cast<int128>(asked.quantity);
    if (form_.price->units() % count != 0)
      return fault("price", sum_mismatch, "the price is not a multiple of the quantity");
    priced.unit_price = Money::from_units(form_.price->units() / count);
  }

  void add_up() {
    const Money sum = base_price(priced_products(result_.items));
    if (sum > Money::from_units(max_amount)) {
      fault("price", "too_big", "the products cost more than " + std::to_string(max_amount) + " KRW");
    } else if (form_.price && *form_.price != sum) {
      fault("price", sum_mismatch, "the products cost " + in_won(sum) + " a month before adjustments");
    } else if (form_.tax_free_price > sum) {
      fault("tax_free_price", "too_big", "this is more than the price");
    } else if (sum.plus(setup_fees()).value() > Money::from_units(max_amount)) {
      fault("products", "too_big",
            "with the setup fees a bill could be above " + std::to_string(max_amount) + " KRW");
    } else if (schedule_lines(priced_products(result_.items)) > max_schedule_lines) {
      fault("products", "too_big",
            "the bills of all months would have more than " + std::to_string(max_schedule_lines) + " lines");
    }
    result_.price = sum;
  }

  /// All of them together: they may fall on one bill.
  [[nodiscard]] Money setup_fees() const {
    Money sum;
    for (const PricedItem& item : result_.items)
      for (const Adjustment& adjustment : item.priced.adjustments)
        for (const Cycle& cycle : adjustment.cycles)
          if (cycle.type == AdjustmentType::setup_fee) sum = sum.plus(cycle.value).value();
    return sum;
  }

  State& state_;
  Unit& unit_;
  AppId app_;
  const NewInvoice& form_;
  PricedForm result_;
};

}  // namespace

PricedForm price_form(State& state, Unit& unit, AppId app, const NewInvoice& form) {
  return Pricer(state, unit, app, form).price();
}

}  // namespace jangbu::invoice
