// Random purchases, cancels, clock moves, changes of the configuration and restarts against an independent
// model of balances and states.
#include <deque>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/ascii.h"
#include "purchase/test_door.h"

namespace jangbu::purchase {
namespace {

constexpr int wallets = 5;
constexpr int phone_count = 4;
constexpr int shops = 4;

enum class Stand : std::uint8_t { nothing, pending, provided, voided, taken_back };

struct Bought {
  HolderId holder = 1;
  int shop = 0;
  NewPurchase request;
  std::string answer;
  int wallet = -1;  // whose it was when it was decided; else
  int phone = -1;
  bool tokens = false;
  int128 points = 0;
  int128 gives = 0;  // points or tokens
  Instant due_at;
  Stand stand = Stand::nothing;
  std::uint64_t cancel_timestamp = 0;
  std::string cancel_answer;
};

/// The plainest bookkeeping: amounts by account, purchases in a list.
struct Model {
  std::map<std::string, int128> points;
  std::map<std::string, int128> tokens;
  std::map<int, int128> held;
  std::set<int> token_wallets;
  std::map<int, int> linked;  // phone -> wallet
  std::map<std::pair<HolderId, std::string>, Bought> bought;
  std::int64_t krw_rate = 1;
  std::int64_t token_rate = points_per_token;

  static std::string wallet(int i) { return user_account(to_lower(wallet_of(i))); }
  static std::string phone(int i) { return user_account(to_hex_0x(phone_of(i).hash.view())); }
  std::string beneficiary(const Bought& b) const {
    if (b.wallet >= 0) return wallet(b.wallet);
    const auto link = linked.find(b.phone);
    return link == linked.end() ? phone(b.phone) : wallet(link->second);
  }
  void provide(Instant now) {
    for (auto& [key, b] : bought) {
      if (b.stand != Stand::pending || b.due_at > now) continue;
      b.stand = Stand::provided;
      held[b.shop] -= b.points;
      (b.tokens ? tokens : points)[beneficiary(b)] += b.gives;
    }
  }
  /// Whether the purchase may be cancelled.
  bool cancel(Bought& b) {
    if (b.stand == Stand::pending) {
      held[b.shop] -= b.points;
      b.stand = Stand::voided;
      return true;
    }
    if (b.stand == Stand::provided) {
      int128& has = (b.tokens ? tokens : points)[beneficiary(b)];
      if (has < b.gives) return false;
      has -= b.gives;
      b.stand = Stand::taken_back;
    }
    return true;
  }
};

struct SimulationTest : DoorTest {
  using DoorTest::DoorTest;
  Hash run(unsigned seed, int steps);
  void expect_same_books(const Model& model) {
    look([&](engine::Unit& unit) {
      auto& book = state->book();
      for (int i = 0; i < wallets; ++i) {
        const std::string name = Model::wallet(i);
        const auto at = [&](const std::map<std::string, int128>& of) {
          return of.contains(name) ? of.at(name) : int128{0};
        };
        ASSERT_EQ(book.available(unit, name, point_currency).units(), at(model.points)) << name;
        ASSERT_EQ(book.available(unit, name, token_currency).units(), at(model.tokens)) << name;
      }
      for (int i = 0; i < phone_count; ++i) {
        const std::string name = Model::phone(i);
        ASSERT_EQ(book.available(unit, name, point_currency).units(),
                  model.points.contains(name) ? model.points.at(name) : int128{0});
      }
      for (int i = 0; i < shops; ++i) {
        const auto ref = book.find(unit, issued_account(to_lower(shop_of(i))), point_currency);
        const auto expected = model.held.contains(i) ? model.held.at(i) : int128{0};
        ASSERT_EQ(ref ? book.account(unit, *ref)->held.units() : int128{0}, expected);
      }
    });
  }
};

Hash SimulationTest::run(unsigned seed, int steps) {
  std::mt19937 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Model model;
  int next_id = 0;
  for (int step = 0; step < steps; ++step) {
    SCOPED_TRACE(step);
    const Instant now = fixture.writer->business_now();
    std::vector<std::unique_ptr<engine::Command>> commands;
    std::deque<std::pair<Answered, std::function<void(const Answered&)>>> answers;
    const auto expect = [&](std::function<void(const Answered&)> check) -> Answered& {
      return answers.emplace_back(Answered{}, std::move(check)).first;
    };
    for (int i = below(8); i > 0; --i) {
      const bool again = !model.bought.empty() && below(3) == 0;
      if (!again) {
        Bought b;
        b.holder = static_cast<HolderId>(1 + below(2));
        b.shop = below(2) * 2 + static_cast<int>(b.holder) - 1;  // shops are one holder's
        const std::int64_t amount = 1 + below(100'000);
        const auto percent = static_cast<std::uint64_t>(below(4) == 0 ? 0 : below(1000));
        const std::string id = "p" + std::to_string(next_id++);
        b.request = purchase_of(id, amount, percent, "", shop_of(b.shop));
        const int who = below(10);
        if (who < 5) {
          b.wallet = below(wallets);
          b.request.user_account = wallet_of(b.wallet);
        } else if (who < 9) {
          b.phone = below(phone_count);
          b.request.phone = phone_of(b.phone);
          if (const auto link = model.linked.find(b.phone); link != model.linked.end())
            b.wallet = link->second;
        }
        if (below(2) == 0) b.request.waiting_s = static_cast<std::uint64_t>(below(4) * 10);
        b.points = whole(1).units() * amount * static_cast<int128>(percent) / 10'000 / 1'000'000'000 *
                   1'000'000'000 * model.krw_rate;
        b.tokens = b.wallet >= 0 && model.token_wallets.contains(b.wallet);
        b.gives = b.tokens ? b.points / model.token_rate : b.points;
        b.due_at = now + Duration::seconds(
                             static_cast<std::int64_t>(b.request.waiting_s.value_or(default_waiting_s)));
        int128 balance = 0;
        if (b.points > 0 && (b.wallet >= 0 || b.phone >= 0)) {
          b.stand = Stand::pending;
          model.held[b.shop] += b.points;
        }
        if (b.wallet >= 0 || b.phone >= 0)
          balance = (b.tokens ? model.tokens : model.points)[model.beneficiary(b)];
        const auto key = std::pair(b.holder, id);
        commands.push_back(record(b.request, expect([&model, key, balance](const Answered& answered) {
                                    ASSERT_TRUE(answered.ok());
                                    model.bought[key].answer = answered.body();
                                    EXPECT_EQ(member(answered.body(), "loyalty.account.currentBalance"),
                                              Money::from_units(balance).to_units_text());
                                  }),
                                  b.holder));
        model.bought.emplace(key, std::move(b));
        continue;
      }
      auto at = model.bought.begin();
      std::advance(at, below(static_cast<int>(model.bought.size())));
      const auto key = at->first;
      Bought& b = at->second;
      if (below(3) == 0) {
        NewPurchase request = b.request;
        const bool other = below(2) == 0;
        if (other) ++request.timestamp;
        commands.push_back(record(request, expect([&model, key, other](const Answered& answered) {
                                    if (other) {
                                      EXPECT_EQ(answered.refusal(), Errc::purchase_conflict);
                                    } else {
                                      EXPECT_EQ(answered.body(), model.bought[key].answer);
                                    }
                                  }),
                                  b.holder));
        continue;
      }
      const auto timestamp = static_cast<std::uint64_t>(1 + below(2));
      const bool repeated = b.cancel_timestamp == timestamp;
      const bool accepted = b.cancel_timestamp == 0 ? model.cancel(b) : repeated;
      if (accepted) b.cancel_timestamp = timestamp;
      commands.push_back(cancel(key.second, timestamp,
                                expect([&model, key, accepted, repeated](const Answered& answered) {
                                  Bought& of = model.bought[key];
                                  if (!accepted) {
                                    EXPECT_EQ(answered.refusal(), Errc::cancel_refused);
                                  } else if (repeated) {
                                    EXPECT_EQ(answered.body(), of.cancel_answer);
                                  } else {
                                    EXPECT_TRUE(answered.ok());
                                    of.cancel_answer = answered.body();
                                  }
                                }),
                                b.holder));
    }
    fixture.run(std::move(commands));
    for (const auto& [answered, check] : answers) check(answered);
    // All that is due at this moment, and nothing else, is done before the next step.
    fixture.run_due_work();
    model.provide(fixture.writer->business_now());
    switch (below(12)) {
      case 0:
      case 1:
        advance(Duration::milliseconds(below(15'000)));
        break;
      case 2:
        advance(Duration::days(below(5)));
        break;
      case 3: {
        const int wallet = below(wallets);
        const auto type = static_cast<std::uint8_t>(below(2));
        const std::string name = Model::wallet(wallet);
        if (type == 1 && model.token_wallets.insert(wallet).second) {
          model.tokens[name] += model.points[name] / model.token_rate;
          model.points[name] = 0;
        } else if (type == 0 && model.token_wallets.erase(wallet) == 1) {
          model.points[name] += model.tokens[name] * model.token_rate;
          model.tokens[name] = 0;
        }
        EXPECT_TRUE(configure<SetWallet>(to_lower(wallet_of(wallet)), type).ok());
        break;
      }
      case 4: {
        const int phone = below(phone_count);
        const int wallet = below(wallets);
        const auto [link, fresh] = model.linked.try_emplace(phone, wallet);
        EXPECT_EQ(configure<LinkPhone>(phone_of(phone).hash, wallet_of(wallet)).ok(), link->second == wallet);
        if (!fresh) break;
        const int128 moved = std::exchange(model.points[Model::phone(phone)], 0);
        if (model.token_wallets.contains(wallet)) {
          model.tokens[Model::wallet(wallet)] += moved / model.token_rate;
        } else {
          model.points[Model::wallet(wallet)] += moved;
        }
        break;
      }
      case 5:
        if (below(2) == 0) {
          model.krw_rate = 1 + below(3);
          EXPECT_TRUE(configure<SetRate>(RateSet{"krw", whole(model.krw_rate)}).ok());
        } else {
          model.token_rate = 1 + below(200);
          EXPECT_TRUE(configure<SetRate>(RateSet{std::string(token_code), whole(model.token_rate)}).ok());
        }
        break;
      case 6:
        if (below(3) == 0) fixture.writer->settle();
        fixture.restart();
        break;
      default:
        break;
    }
    model.provide(fixture.writer->business_now());
    expect_same_books(model);
    if (HasFatalFailure() || HasNonfatalFailure()) return {};
    if (step % 100 != 99) continue;
    EXPECT_EQ(fixture.verify(), "");
  }
  return fixture.writer->head().hash;
}

struct SeededBook final : SimulationTest {
  using SimulationTest::SimulationTest;
  void TestBody() override {}
  using SimulationTest::TearDown;
};

class SeedTest : public ::testing::TestWithParam<unsigned> {};

/// Every seed in a book of its own, twice: the second run must end in the same head.
TEST_P(SeedTest, BalancesAndStandsAreTheModels) {
  Hash first;
  {
    SeededBook run;
    first = run.run(GetParam(), 250);
    run.TearDown();
  }
  if (HasFailure()) return;
  SeededBook again;
  EXPECT_EQ(again.run(GetParam(), 250), first);
}

/// Which database holds the book shows nowhere in its records.
TEST(Simulation, BothDatabasesEndInTheSameHead) {
  constexpr unsigned seed = 7;
  constexpr int steps = 100;
  SeededBook memory;
  SeededBook postgres("postgres");
  if (!postgres.is_there) GTEST_SKIP() << "no postgres here";
  EXPECT_EQ(memory.run(seed, steps), postgres.run(seed, steps));
  memory.TearDown();
  postgres.TearDown();
}

INSTANTIATE_TEST_SUITE_P(Seeds, SeedTest, ::testing::Range(1U, 7U));

}  // namespace
}  // namespace jangbu::purchase
