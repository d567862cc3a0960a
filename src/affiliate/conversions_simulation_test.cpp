// Random orders, repeats, cancellations and corrections against a model that knows nothing of the book: the
// balances agree after every step. A seed replays exactly: JANGBU_SIMULATION_SEED.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>

#include "affiliate/judgements.h"
#include "affiliate/test_network.h"

namespace jangbu::affiliate {
namespace {

constexpr int steps = 600;

/// What the documents say of one product of an order, in plain integers.
struct Sale {
  std::int64_t price = 0;
  std::int64_t quantity = 0;
  std::int64_t first_price = 0;
  std::int64_t first_quantity = 0;
  std::int64_t corrected = 0;
  std::int64_t items_back = 0;
  std::int64_t commission_back = 0;
  std::int64_t fee_back = 0;
  int status = 100;
  AffiliateNumber affiliate = 0;
  std::uint64_t trlog = 0;

  // 7.25 % and 30 won an item; a fee of 1.5 %.
  [[nodiscard]] static std::int64_t commission_of(std::int64_t price, std::int64_t quantity) {
    const std::int64_t share = price / 10'000 * 725 + price % 10'000 * 725 / 10'000;
    return share + 30 * quantity;
  }
  [[nodiscard]] static std::int64_t fee_of(std::int64_t price) { return price * 3 / 200; }
};

class Model {
 public:
  void begin(const std::string& key, const Sale& sale) {
    sales_[key] = sale;
    earn(sale.affiliate, Sale::commission_of(sale.price, sale.quantity), Sale::fee_of(sale.price));
  }
  void earn(AffiliateNumber affiliate, std::int64_t commission, std::int64_t fee) {
    pending[affiliate] += commission;
    house += fee;
  }
  void change(Sale& sale, std::int64_t price, std::int64_t quantity) {
    earn(sale.affiliate,
         Sale::commission_of(price, quantity) - Sale::commission_of(sale.price, sale.quantity),
         Sale::fee_of(price) - Sale::fee_of(sale.price));
    sale.price = price;
    sale.quantity = quantity;
  }
  Sale* find(const std::string& key) {
    const auto it = sales_.find(key);
    return it == sales_.end() ? nullptr : &it->second;
  }

  std::map<AffiliateNumber, std::int64_t> pending;
  std::int64_t house = 0;

 private:
  std::map<std::string, Sale> sales_;
};

struct ConversionsSimulation : NetworkTest {
  void SetUp() override {
    NetworkTest::SetUp();
    if (!is_there) return;
    ProgramSet program = program_of(1, "7.25%", "30KRW", "1.5%");
    program.number = 1;
    program.window_days = 365;
    ASSERT_TRUE(set<SetProgram>(program));
    ASSERT_TRUE(set<SetAffiliate>(affiliate_of("second")));
    const char* text = std::getenv("JANGBU_SIMULATION_SEED");  // NOLINT(concurrency-mt-unsafe)
    seed = text == nullptr ? 20260525 : std::strtoul(text, nullptr, 10);
    random.seed(seed);
  }
  std::uint64_t below(std::uint64_t bound) { return random() % bound; }

  std::string key;  // of the product that a step is about
  OrderForm form_of(std::int64_t price, std::int64_t quantity, AffiliateNumber affiliate) {
    const std::string order = "order " + std::to_string(below(40));
    const std::string product = "product " + std::to_string(below(3));
    key = order + "\n" + product;
    OrderForm form = order_of(
        order, {product_of(product, std::to_string(price).c_str(), static_cast<std::uint64_t>(quantity))});
    form.lpinfo = lpinfo_now(affiliate);
    return form;
  }

  void sell() {
    const auto price = static_cast<std::int64_t>(below(200'000));
    const auto quantity = static_cast<std::int64_t>(1 + below(5));
    const AffiliateNumber affiliate = 1 + below(2);
    const OrderForm form = form_of(price, quantity, affiliate);
    const Item item = take(form).items[0];
    ASSERT_TRUE(item.success);
    if (const Sale* known = model.find(key)) {
      EXPECT_EQ(item.trlog_id, known->trlog);
      EXPECT_EQ(item.sale, Money::from_units(known->price));
      return;
    }
    model.begin(key, {price, quantity, price, quantity, 0, 0, 0, 0, 100, affiliate, item.trlog_id});
    EXPECT_EQ(item.commission, Money::from_units(Sale::commission_of(price, quantity)));
  }

  void cancel_part() {
    OrderForm form = form_of(1, 1, 1);
    Sale* sale = model.find(key);
    if (sale == nullptr) return;
    ProductForm& product = form.products[0];
    product.canceled_at = fixture->clock.wall_now();
    const auto gone = static_cast<std::int64_t>(below(static_cast<std::uint64_t>(sale->first_quantity) + 1));
    const auto price_gone =
        static_cast<std::int64_t>(below(static_cast<std::uint64_t>(sale->first_price) + 1));
    product.canceled_quantity = static_cast<std::uint64_t>(gone);
    product.canceled_price = Money::from_units(price_gone * 10'000);
    const Item item = take(form).items[0];
    ASSERT_TRUE(item.success);
    if (sale->status == 100 && sale->corrected == 0) {
      const std::int64_t price = sale->first_price - price_gone;
      const std::int64_t quantity = sale->first_quantity - gone;
      if (price <= 0 || quantity == 0) {
        sale->status = 300;
      } else if (price <= sale->price && quantity <= sale->quantity &&
                 (price < sale->price || quantity < sale->quantity)) {
        model.change(*sale, price, quantity);
      }
    }
    EXPECT_EQ(item.sale, Money::from_units(sale->price));
  }

  void correct() {
    const auto back = static_cast<std::int64_t>(1 + below(below(2) == 0 ? 200 : 50'000));
    const AffiliateNumber affiliate = 1 + below(2);
    OrderForm form = form_of(-back, 1, affiliate);
    fixture->clock.advance(Duration::seconds(1));
    form.products[0].canceled_at = fixture->clock.wall_now();
    Sale* sale = model.find(key);
    const Item item = take(form).items[0];
    const bool fits = sale != nullptr && sale->status == 100 && sale->affiliate == affiliate &&
                      sale->corrected + back <= sale->price;
    ASSERT_EQ(item.success, fits);
    if (!fits) return;
    sale->corrected += back;
    sale->items_back = std::min(sale->items_back + 1, sale->quantity);
    // Of all corrections together, so that small ones lose nothing; all of it when all is cancelled.
    const bool is_all = sale->corrected == sale->price;
    const std::int64_t commission = is_all ? Sale::commission_of(sale->price, sale->quantity)
                                           : Sale::commission_of(sale->corrected, sale->items_back);
    const std::int64_t fee = Sale::fee_of(is_all ? sale->price : sale->corrected);
    model.earn(affiliate, sale->commission_back - commission, sale->fee_back - fee);
    sale->commission_back = commission;
    sale->fee_back = fee;
    EXPECT_EQ(take(form).items[0], item) << "the same again is the same";
  }

  void cancel_by_hand() {
    form_of(1, 1, 1);
    Sale* sale = model.find(key);
    if (sale == nullptr) return;
    bool done = false;
    fixture->run_each(std::make_unique<JudgeConversion>(
        *state, conversion_of_trlog_id(sale->trlog), Verdict::cancel, "",
        [](const JudgedState&) { return door::Answer{}; },
        [&](auto outcome) { done = outcome.index() == 0; }));
    ASSERT_TRUE(done);
    if (sale->status == 310) return;
    // What corrected it goes its way when the month is settled.
    sale->status = 310;
    model.earn(sale->affiliate, -Sale::commission_of(sale->price, sale->quantity),
               -Sale::fee_of(sale->price));
  }

  void step() {
    switch (below(16)) {
      case 0:
        return fixture->restart();
      case 1:
        return fixture->advance(Duration::seconds(static_cast<std::int64_t>(1 + below(86'400))));
      case 2:
        return cancel_by_hand();
      case 3:
      case 4:
      case 5:
        return cancel_part();
      case 6:
      case 7:
      case 8:
        return correct();
      default:
        return sell();
    }
  }

  std::mt19937_64 random;
  std::uint64_t seed = 0;
  Model model;
};
INSTANTIATE_TEST_SUITE_P(Databases, ConversionsSimulation, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(ConversionsSimulation, TheBookAgreesWithTheModel) {
  for (int i = 0; i < steps; ++i) {
    step();
    ASSERT_EQ(pending(1), model.pending[1]) << "step " << i << " of seed " << seed;
    ASSERT_EQ(pending(2), model.pending[2]) << "step " << i << " of seed " << seed;
    ASSERT_EQ(balance("network:fee"), model.house) << "step " << i << " of seed " << seed;
    ASSERT_EQ(balance("merchant:shop:adcost"), -model.pending[1] - model.pending[2] - model.house);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace jangbu::affiliate
