#include "ledger/book.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "engine/testing/book.h"
#include "ledger/queries.h"
#include "ledger/touched.h"
#include "store/test_database.h"

namespace jangbu::ledger {
namespace {

using engine::testing::WriterFixture;

constexpr engine::RecordKind entry_kind = 210;

Money money(int128 units) { return Money::from_units(units); }

/// The smallest door: its records are entries and nothing else.
class EntryDoor final : public engine::Projection {
 public:
  explicit EntryDoor(Book& book) : book_(book) {}
  [[nodiscard]] std::string_view name() const override { return "entries"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override { return {}; }
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override { return {}; }
  [[nodiscard]] bool owns(engine::RecordKind kind) const override { return kind == entry_kind; }
  void apply(engine::Unit& unit, const engine::Record& record) override {
    ByteReader in(record.payload);
    const Entry entry = read_entry(in);
    INVARIANT(in.finish().ok(), "an entry reads back");
    book_.post(unit, entry);
  }
  void flush(engine::Unit&) override {}
  void committed() override {}
  void discard() override {}

 private:
  Book& book_;
};

/// What an entry is built from: postings and holds by the accounts' names.
struct Line {
  std::string account;
  std::string currency;
  Floor floor = Floor::zero;
  int128 units = 0;
  bool is_hold = false;
};

class PostLines final : public engine::Command {
 public:
  PostLines(Book& book, std::vector<Line> lines, std::optional<Error>& error, bool& done)
      : book_(book), lines_(std::move(lines)), error_(error), done_(done) {}

  void want(engine::Unit&) override {
    for (const Line& line : lines_) book_.want(line.account, line.currency);
  }
  engine::Decision decide(engine::Unit& unit) override {
    EntryBuilder builder(unit, book_);
    for (const Line& line : lines_) {
      const AccountRef account = builder.account(line.account, line.currency, line.floor);
      const Status added =
          line.is_hold ? builder.hold(account, money(line.units)) : builder.post(account, money(line.units));
      if (!added) return engine::Refuse{added.error()};
    }
    const auto entry = builder.build();
    if (!entry) return engine::Refuse{entry.error()};
    Bytes payload;
    append_entry(*entry, payload);
    return engine::Accept{entry_kind, std::move(payload)};
  }
  void succeeded() noexcept override { done_ = true; }
  void failed(const Error& error) noexcept override { error_ = error; }

 private:
  Book& book_;
  std::vector<Line> lines_;
  std::optional<Error>& error_;
  bool& done_;
};

/// Takes an entry as it is, past everything that decide would have checked.
class PostEntry final : public engine::Command {
 public:
  PostEntry(Entry entry, std::optional<Error>& error) : entry_(std::move(entry)), error_(error) {}
  engine::Decision decide(engine::Unit&) override {
    Bytes payload;
    append_entry(entry_, payload);
    return engine::Accept{entry_kind, std::move(payload)};
  }
  void failed(const Error& error) noexcept override { error_ = error; }

 private:
  Entry entry_;
  std::optional<Error>& error_;
};

struct BookTest : ::testing::TestWithParam<const char*> {
  BookTest()
      : is_there(place.open_or_memory(GetParam())),
        fixture([this] { return projections(&book); }, place.database(), {},
                [this] { return projections(nullptr); }) {}
  void SetUp() override {
    if (!is_there) GTEST_SKIP() << "no " << GetParam() << " here";
  }
  void TearDown() override { EXPECT_EQ(fixture.verify(), ""); }

  engine::Projections projections(Book** into) {
    auto made = std::make_unique<Book>();
    if (into != nullptr) *into = made.get();
    auto door = std::make_unique<EntryDoor>(*made);
    engine::Projections list;
    list.push_back(std::move(made));
    list.push_back(std::move(door));
    return list;
  }
  /// Posts the lines as one entry; the error, if it is refused.
  std::optional<Error> post(std::vector<Line> lines) {
    std::optional<Error> error;
    bool done = false;
    fixture.run_each(std::make_unique<PostLines>(*book, std::move(lines), error, done));
    EXPECT_NE(done, error.has_value());
    return error;
  }
  std::optional<Error> post_raw(Entry entry) {
    std::optional<Error> error;
    fixture.run_each(std::make_unique<PostEntry>(std::move(entry), error));
    return error;
  }
  int128 available(const std::string& account, const std::string& currency = "POINT") {
    int128 units = 0;
    fixture.look([&](engine::Unit& unit) { units = book->available(unit, account, currency).units(); });
    return units;
  }

  store::test::TestDatabase place;
  bool is_there;
  Book* book = nullptr;
  WriterFixture fixture;
};

Line line(std::string account, int128 units, Floor floor = Floor::zero, std::string currency = "POINT") {
  return {std::move(account), std::move(currency), floor, units, false};
}
Line hold(std::string account, int128 units, Floor floor = Floor::zero) {
  return {std::move(account), "POINT", floor, units, true};
}

TEST_P(BookTest, BalancesFollowThePostings) {
  EXPECT_EQ(available("user:a"), 0) << "an account that was never opened";
  EXPECT_FALSE(post({line("house", -100, Floor::none), line("user:a", 100)}));
  EXPECT_EQ(available("user:a"), 100);
  EXPECT_EQ(available("house"), -100) << "the house may fall";
  EXPECT_FALSE(post({line("user:a", -30), line("user:b", 30)}));
  EXPECT_EQ(available("user:a"), 70);
  EXPECT_EQ(available("user:b"), 30);
  fixture.restart();
  EXPECT_EQ(available("user:a"), 70);
  EXPECT_EQ(available("user:b"), 30);
}

TEST_P(BookTest, FloorsAtTheBoundaryAndOnePastIt) {
  EXPECT_FALSE(post({line("house", -100, Floor::none), line("user:a", 100)}));
  const auto number = fixture.writer->head().number;
  const auto refused = post({line("user:a", -101), line("user:b", 101)});
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->code, Errc::insufficient_balance);
  EXPECT_EQ(refused->detail, "user:a (POINT) lacks 1");
  EXPECT_EQ(fixture.writer->head().number, number);
  EXPECT_EQ(available("user:b"), 0) << "nothing was opened";
  EXPECT_FALSE(post({line("user:a", -100), line("user:b", 100)}));
  EXPECT_EQ(available("user:a"), 0);
  EXPECT_EQ(post({line("user:a", -1), line("user:b", 1)})->code, Errc::insufficient_balance);
}

TEST_P(BookTest, HoldsAreNotAvailable) {
  EXPECT_FALSE(post({line("house", -100, Floor::none), line("user:a", 100)}));
  EXPECT_FALSE(post({hold("user:a", 60)}));
  EXPECT_EQ(available("user:a"), 40);
  EXPECT_EQ(post({line("user:a", -41), line("user:b", 41)})->detail, "user:a (POINT) lacks 1");
  EXPECT_EQ(post({hold("user:a", 41)})->detail, "user:a (POINT) lacks 1");
  // Settling a part: the hold is given back and the money moves, in one entry.
  EXPECT_FALSE(post({hold("user:a", -25), line("user:a", -25), line("user:b", 25)}));
  EXPECT_EQ(available("user:a"), 40);
  fixture.restart();
  fixture.look([&](engine::Unit& unit) {
    const Account* account = book->account(unit, *book->find(unit, "user:a", "POINT"));
    EXPECT_EQ(account->posted, money(75));
    EXPECT_EQ(account->held, money(35));
    EXPECT_EQ(account->name, "user:a");
    EXPECT_EQ(account->currency, "POINT");
    EXPECT_EQ(account->floor, Floor::zero);
    EXPECT_EQ(book->account(unit, 99), nullptr);
  });
  EXPECT_FALSE(post({hold("user:a", -35)}));
  EXPECT_EQ(available("user:a"), 75);
}

TEST_P(BookTest, AccountsKnowTheRecordsThatTouchedThem) {
  std::map<std::string, std::vector<std::uint64_t>> expected;  // the newest first
  const auto note = [&](std::initializer_list<const char*> accounts) {
    for (const char* account : accounts) {
      auto& numbers = expected[account];
      numbers.insert(numbers.begin(), fixture.writer->head().number);
    }
  };
  EXPECT_FALSE(post({line("house", -500, Floor::none), line("seldom", 500)}));
  note({"house", "seldom"});
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(post({line("house", -1, Floor::none), line("often", 1)}));
    note({"house", "often"});
    if (i == 40) fixture.restart();
  }
  EXPECT_FALSE(post({hold("seldom", 60)}));
  note({"seldom"});
  EXPECT_FALSE(post({hold("seldom", -60), line("seldom", -60), line("other", 60)}));
  note({"seldom", "other"});
  EXPECT_EQ(post({line("seldom", -10'000), line("other", 10'000)})->code, Errc::insufficient_balance);

  const auto session = place.database().open_reader().value();
  for (const auto& [name, all] : expected) {
    SCOPED_TRACE(name);
    const AccountRef ref = find_account(*session, name, "POINT")->ref;
    // Every page size at every place gives what a list of all would.
    for (const std::size_t limit : {1U, 2U, 31U, 32U, 33U, 65U, 500U}) {
      for (std::size_t skipped = 0; skipped <= all.size(); ++skipped) {
        const std::uint64_t before = skipped == 0 ? INT64_MAX : all[skipped - 1];
        const std::size_t count = std::min(limit, all.size() - skipped);
        const std::vector<std::uint64_t> page(all.begin() + static_cast<std::ptrdiff_t>(skipped),
                                              all.begin() + static_cast<std::ptrdiff_t>(skipped + count));
        ASSERT_EQ(*records_touching(*session, ref, before, limit), page) << limit << " after " << skipped;
      }
    }
  }
  EXPECT_TRUE(records_touching(*session, 99, INT64_MAX, 10)->empty());
}

TEST_P(BookTest, OneNameInTwoCurrenciesIsTwoAccounts) {
  EXPECT_FALSE(post({line("user:a", 5), line("x", -5, Floor::none), line("user:a", 9, Floor::zero, "TOKEN"),
                     line("x", -9, Floor::none, "TOKEN")}));
  EXPECT_EQ(available("user:a"), 5);
  EXPECT_EQ(available("user:a", "TOKEN"), 9);
}

TEST_P(BookTest, EarlierCommandsOfTheBatchCount) {
  std::optional<Error> first, second, third;
  bool done[3] = {};
  fixture.run_each(
      std::make_unique<PostLines>(*book, std::vector{line("house", -10, Floor::none), line("a", 10)}, first,
                                  done[0]),
      std::make_unique<PostLines>(*book, std::vector{line("a", -10), line("b", 10)}, second, done[1]),
      std::make_unique<PostLines>(*book, std::vector{line("a", -10), line("b", 10)}, third, done[2]));
  EXPECT_TRUE(done[0] && done[1]);
  EXPECT_EQ(third->code, Errc::insufficient_balance);
  EXPECT_EQ(available("b"), 10);
}

TEST_P(BookTest, TheBuilderMergesAndLeavesOutZeros) {
  fixture.look([&](engine::Unit& unit) {
    EntryBuilder builder(unit, *book);
    const AccountRef a = builder.account("a", "POINT", Floor::none);
    EXPECT_EQ(builder.account("a", "POINT", Floor::none), a);
    const AccountRef b = builder.account("b", "POINT", Floor::none);
    const AccountRef c = builder.account("c", "POINT", Floor::none);
    EXPECT_EQ(std::vector({a, b, c}), (std::vector<AccountRef>{1, 2, 3}));
    EXPECT_TRUE(builder.post(a, money(5)).ok());
    EXPECT_TRUE(builder.post(b, money(-8)).ok());
    EXPECT_TRUE(builder.post(a, money(3)).ok());
    EXPECT_TRUE(builder.post(c, money(4)).ok());
    EXPECT_TRUE(builder.post(c, money(-4)).ok());
    EXPECT_TRUE(builder.hold(a, money(2)).ok());
    EXPECT_TRUE(builder.hold(a, money(2)).ok());
    EXPECT_TRUE(builder.hold(b, money(2)).ok());
    EXPECT_TRUE(builder.hold(b, money(-2)).ok());
    const auto entry = builder.build();
    ASSERT_TRUE(entry.ok());
    EXPECT_EQ(entry->openings.size(), 3U);
    EXPECT_EQ(entry->postings, (std::vector<Posting>{{a, money(8)}, {b, money(-8)}}));
    EXPECT_EQ(entry->holds, (std::vector<HoldChange>{{a, money(4)}}));
  });
}

TEST_P(BookTest, SumsThatLeaveTheRangeAreRefused) {
  const int128 most = static_cast<int128>((static_cast<uint128>(1) << 127) - 1);
  EXPECT_FALSE(post({line("a", most, Floor::none), line("b", -most, Floor::none)}));
  EXPECT_EQ(post({line("a", 1, Floor::none), line("c", -1, Floor::none)})->code, Errc::amount_overflow)
      << "in an account";
  EXPECT_EQ(post({line("c", most, Floor::none), line("c", 1, Floor::none)})->code, Errc::amount_overflow)
      << "in the builder";
  EXPECT_EQ(post({hold("c", most, Floor::none), hold("c", 1, Floor::none)})->code, Errc::amount_overflow);
}

TEST_P(BookTest, BrokenEntriesAreCaughtBeforeTheyAreStored) {
  EXPECT_FALSE(post({line("house", -100, Floor::none), line("a", 100)}));  // accounts 1 and 2
  struct Row {
    const char* name;
    Entry entry;
  };
  const Row rows[] = {
      {"does not balance", {{}, {{1, money(-5)}, {2, money(4)}}, {}}},
      {"one side only", {{}, {{2, money(5)}}, {}}},
      {"balances only across currencies",
       {{{3, "a", "TOKEN", Floor::zero}}, {{2, money(-5)}, {3, money(5)}}, {}}},
      {"an account that does not exist", {{}, {{2, money(-5)}, {9, money(5)}}, {}}},
      {"an account opened twice", {{{3, "a", "POINT", Floor::zero}}, {}, {}}},
      {"an account opened twice in one entry",
       {{{3, "n", "POINT", Floor::zero}, {4, "n", "POINT", Floor::zero}}, {}, {}}},
      {"a number taken", {{{2, "n", "POINT", Floor::zero}}, {}, {}}},
      {"a number left out", {{{4, "n", "POINT", Floor::zero}}, {}, {}}},
      {"more given back than held", {{}, {}, {{2, money(-1)}}}},
      {"under the floor", {{}, {{1, money(101)}, {2, money(-101)}}, {}}},
      {"held beyond the balance", {{}, {}, {{2, money(101)}}}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto number = fixture.writer->head().number;
    const auto error = post_raw(row.entry);
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->code, Errc::internal);
    EXPECT_EQ(fixture.writer->head().number, number);
    EXPECT_EQ(available("a"), 100);
  }
}

TEST_P(BookTest, TheDatabaseRefusesToo) {
  EXPECT_FALSE(post({line("house", -100, Floor::none), line("a", 100)}));
  fixture.writer->release();
  const auto session = fixture.database.open_writer().value();
  const bool is_postgres = fixture.database.engine() == store::Engine::postgres;
  const auto literal = [&](std::string_view bytes) {
    return is_postgres ? "'\\x" + to_hex(bytes) + "'::bytea" : "x'" + to_hex(bytes) + "'";
  };
  const auto sortable = [&](int128 units) {
    const auto bytes = money(units).to_sortable_bytes();
    return literal({bytes.data(), bytes.size()});
  };
  struct Row {
    const char* name;
    std::string sql;
    bool refused;
  };
  const Row rows[] = {
      {"under the floor",
       "UPDATE ledger_accounts SET available = " + sortable(-1) + " WHERE name = " + literal("a"), true},
      {"at the floor",
       "UPDATE ledger_accounts SET available = " + sortable(0) + " WHERE name = " + literal("a"), false},
      {"the house falls", "UPDATE ledger_accounts SET available = " + sortable(-1'000'000) + " WHERE ref = 1",
       false},
      {"held below zero", "UPDATE ledger_accounts SET held = " + sortable(-1) + " WHERE ref = 1", true},
      {"a name twice",
       "INSERT INTO ledger_accounts SELECT 9, name, currency, floor, posted, held, available, recent FROM "
       "ledger_accounts WHERE ref = 1",
       true},
  };
  for (const Row& row : rows) {
    store::test::must(session->begin());
    const Status changed = session->run_script(row.sql);
    EXPECT_EQ(changed.ok(), !row.refused) << row.name;
    if (!changed) {
      EXPECT_EQ(changed.error().code, Errc::database_constraint) << row.name;
    }
    session->rollback();
  }
}

/// Balances by the plainest arithmetic.
struct Model {
  struct Account {
    int128 posted = 0;
    int128 held = 0;
    bool may_fall = false;
  };
  std::map<std::string, Account> accounts;

  /// Whether the lines may be posted; posts them.
  bool post(const std::vector<Line>& lines) {
    Model after = *this;
    for (const Line& each : lines) {
      Account& account = after.accounts[each.account];
      account.may_fall = each.floor == Floor::none;
      (each.is_hold ? account.held : account.posted) += each.units;
    }
    for (const auto& [name, account] : after.accounts)
      if (!account.may_fall && account.posted - account.held < 0) return false;
    *this = std::move(after);
    return true;
  }
};

TEST_P(BookTest, RandomEntriesAgainstAModel) {
  std::mt19937 random(42);
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  const auto user = [&] { return "user:" + std::to_string(below(12)); };
  Model model;
  int refusals = 0;
  // Each step is a commit; the arithmetic is the same on both databases.
  const int steps = fixture.database.engine() == store::Engine::postgres ? 250 : 1500;
  for (int step = 0; step < steps; ++step) {
    std::vector<Line> lines;
    const auto amount = static_cast<int128>(below(1000)) + 1;
    const std::string from = user();
    const std::string to = user();
    switch (below(5)) {
      case 0:
        lines = {line("house", -amount, Floor::none), line(to, amount)};
        break;
      case 1:
        lines = {hold(from, amount)};
        break;
      case 2: {  // gives back a part of a hold, and perhaps settles it
        const int128 held = model.accounts[from].held;
        const int128 part = held == 0 ? 0 : 1 + static_cast<int128>(random()) % held;
        lines = {hold(from, -part)};
        if (below(2) == 0) {
          lines.push_back(line(from, -part));
          lines.push_back(line(to, part));
        }
        break;
      }
      default:
        lines = {line(from, -amount), line(to, amount)};
    }
    const bool expected = model.post(lines);
    const auto error = post(lines);
    ASSERT_EQ(!error.has_value(), expected) << step << " " << (error ? to_string(*error) : "");
    if (error) {
      ++refusals;
      ASSERT_EQ(error->code, Errc::insufficient_balance);
    }
    if (below(50) == 0) fixture.restart();
    if (step % 10 != 0) continue;
    fixture.look([&](engine::Unit& unit) {
      for (const auto& [name, account] : model.accounts) {
        const auto ref = book->find(unit, name, "POINT");
        const Account* stored = ref ? book->account(unit, *ref) : nullptr;
        ASSERT_EQ(stored == nullptr ? 0 : stored->posted.units(), account.posted) << name;
        ASSERT_EQ(stored == nullptr ? 0 : stored->held.units(), account.held) << name;
      }
    });
  }
  EXPECT_GT(refusals, steps / 30);
}

INSTANTIATE_TEST_SUITE_P(Databases, BookTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace jangbu::ledger
