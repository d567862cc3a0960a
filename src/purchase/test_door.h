// A purchase door for tests: the writer, a configuration like the sandbox's, requests in few words.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/ascii.h"
#include "base/json.h"
#include "engine/testing/book.h"
#include "purchase/configure.h"
#include "purchase/decide.h"
#include "store/test_database.h"

namespace jangbu::purchase {

/// n x 10^18: whole units of a currency, whole points, whole tokens.
inline Money whole(std::int64_t n) { return Money::from_units(int128{n} * 1'000'000'000'000'000'000); }

inline const std::string zero_wallet = "0x0000000000000000000000000000000000000000";

/// A wallet: its letter case is kept in answers and counts for nothing else.
inline std::string wallet_of(int i) { return "0xAbCd" + std::string(34, '0') + std::to_string(10 + i); }
inline std::string shop_of(int i) { return "0x" + std::string(62, 'A') + std::to_string(10 + i); }

inline Phone phone_of(int i) {
  const std::string text = "+82 10-1000-20" + std::to_string(10 + i);
  return {text, phone_hash(text)};
}
inline Phone no_phone() { return {"", phone_hash("")}; }

/// A purchase of one detail; everything can be changed afterwards.
inline NewPurchase purchase_of(std::string id, std::int64_t amount, std::uint64_t percent = 1000,
                               std::string user_account = "", std::string shop_id = shop_of(0)) {
  NewPurchase request;
  request.purchase_id = std::move(id);
  request.timestamp = 1'705'292'050;
  request.total_amount = request.cash_amount = whole(amount);
  request.currency = "krw";
  request.shop_id = std::move(shop_id);
  request.user_account = std::move(user_account);
  request.phone = no_phone();
  request.details = {{"product", whole(amount), percent}};
  request.sum_matches = true;
  return request;
}

/// What became of a request. Commands refer to it: it stays where it is until they have run.
struct Answered {
  std::optional<Result<std::string>> result;

  [[nodiscard]] bool ok() const { return result && result->ok(); }
  [[nodiscard]] std::string body() const { return ok() ? **result : std::string("no answer"); }
  [[nodiscard]] std::optional<Errc> refusal() const {
    return result && !*result ? std::optional(result->error().code) : std::nullopt;
  }
  [[nodiscard]] std::string detail() const {
    return result && !*result ? result->error().detail : std::string();
  }
};

/// A member of an answer by its path, as its text: "loyalty.account.currentBalance".
inline std::string member(const std::string& body, std::string_view path) {
  const auto document = json::Document::parse(body);
  if (!document) return "not JSON: " + body;
  const json::Value* value = document->root().find("data");
  while (value != nullptr && !path.empty()) {
    const auto dot = path.find('.');
    value = value->find(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return value == nullptr ? "missing" : std::string(value->text);
}

/// What tests need of keys and configuration, beside whatever runs the commands.
struct Installation {
  Installation() {
    for (int i = 0; i < 3; ++i)
      addresses.push_back(signers.adopt(Bytes(32, static_cast<char>(0x11 * (i + 1)))).value()->address());
  }
  /// Fresh projections for a writer. `into` is told where the state is.
  engine::Projections projections(State*& into) { return make(&board, &signers, into); }
  /// Fresh projections for a rebuild.
  engine::Projections rebuild_projections() {
    State* unused = nullptr;
    return make(nullptr, nullptr, unused);
  }

  engine::testing::CountingRandom random;
  crypto::MasterKey master = crypto::MasterKey::from_bytes(Bytes(32, 'm')).value();
  Signers signers{master, random};
  ConfigBoard board;
  std::vector<crypto::Address> addresses;  // 0: of blocks, 1 and 2: of the holders

 private:
  static engine::Projections make(ConfigBoard* board, Signers* signers, State*& into) {
    auto book = std::make_unique<ledger::Book>();
    auto state = std::make_unique<State>(*book, board, signers);
    into = state.get();
    engine::Projections list;
    list.push_back(std::move(book));
    list.push_back(std::move(state));
    return list;
  }
};

inline constexpr std::uint64_t default_waiting_s = 7 * 86'400;
/// Tokens cost this many points.
inline constexpr std::int64_t points_per_token = 100;

/// The access key of a holder: 1 and 2 exist.
inline Hash key_of(HolderId holder) { return access_key_digest("key " + std::to_string(holder)); }

/// Driven batch by batch; the book verifies at the end of every test.
struct DoorTest : ::testing::Test {
  /// `kind` is one of store::test::book_kinds; the test is skipped when it is not available here.
  explicit DoorTest(const std::string& kind = "memory")
      : is_there(place.open_or_memory(kind)),
        fixture([this] { return house.projections(state); }, place.database(), {},
                [this] { return house.rebuild_projections(); }) {
    set<SetSettings>(house.signers, SettingsSet{house.addresses[0]});
    for (const std::size_t i : {1U, 2U}) {
      set<SetHolder>(house.signers, HolderSet{0, "shop system " + std::to_string(i), "krw", default_waiting_s,
                                              house.addresses[i], true});
      set<SetKey>(KeySet{key_of(i), i, false, "test"});
    }
    set<SetRate>(RateSet{"krw", whole(1)});
    set<SetRate>(RateSet{"usd", whole(1330)});
    set<SetRate>(RateSet{std::string(token_code), whole(points_per_token)});
  }
  void SetUp() override {
    if (!is_there) GTEST_SKIP() << "that database is not here";
  }
  void TearDown() override { EXPECT_EQ(fixture.verify(), ""); }

  /// Runs one change of the configuration.
  template <typename Change, typename... Arguments>
  Result<std::uint64_t> configure(Arguments&&... arguments) {
    std::optional<Result<std::uint64_t>> result;
    fixture.run_each(std::make_unique<Change>(*state, std::forward<Arguments>(arguments)...,
                                              [&](Result<std::uint64_t> id) { result = std::move(id); }));
    return result.value_or(Errc::internal);
  }
  /// The same, and it must work.
  template <typename Change, typename... Arguments>
  void set(Arguments&&... arguments) {
    const auto changed = configure<Change>(std::forward<Arguments>(arguments)...);
    EXPECT_TRUE(changed.ok()) << to_string(changed.error());
  }
  std::unique_ptr<engine::Command> record(NewPurchase request, Answered& answered, HolderId holder = 1) {
    return std::make_unique<RecordPurchase>(
        *state, std::move(request), key_of(holder), holder,
        [&](Result<std::string> body) { answered.result = std::move(body); });
  }
  std::unique_ptr<engine::Command> cancel(const std::string& id, std::uint64_t timestamp, Answered& answered,
                                          HolderId holder = 1) {
    return std::make_unique<CancelRecorded>(
        *state, CancelPurchase{id, timestamp, ""}, key_of(holder), holder,
        [&](Result<std::string> body) { answered.result = std::move(body); });
  }
  Answered record_now(NewPurchase request, HolderId holder = 1) {
    Answered answered;
    fixture.run_each(record(std::move(request), answered, holder));
    return answered;
  }
  Answered cancel_now(const std::string& id, std::uint64_t timestamp = 1, HolderId holder = 1) {
    Answered answered;
    fixture.run_each(cancel(id, timestamp, answered, holder));
    return answered;
  }
  void advance(Duration by) { fixture.advance(by); }
  void look(std::function<void(engine::Unit&)> at) { fixture.look(std::move(at)); }
  Money available(const std::string& account, std::string_view currency = point_currency) {
    Money found;
    look([&](engine::Unit& unit) { found = state->book().available(unit, account, currency); });
    return found;
  }
  /// What a shop holds back for purchases that wait.
  Money held(const std::string& shop_id) {
    Money found;
    look([&](engine::Unit& unit) {
      const auto ref = state->book().find(unit, issued_account(to_lower(shop_id)), point_currency);
      if (ref) found = state->book().account(unit, *ref)->held;
    });
    return found;
  }
  std::int64_t count(const std::string& table) {
    std::int64_t rows = -1;
    const auto session = fixture.database.open_reader().value();
    EXPECT_TRUE(session
                    ->query_text("SELECT count(*) FROM " + table, {},
                                 [&](const store::Row& row) {
                                   rows = row.integer(0);
                                   return false;
                                 })
                    .ok());
    return rows;
  }
  [[nodiscard]] std::uint64_t head() const { return fixture.writer->head().number; }

  store::test::TestDatabase place;
  bool is_there;
  Installation house;
  State* state = nullptr;
  engine::testing::WriterFixture fixture;
};

/// The same on each of store::test::book_kinds.
struct EachDoorTest : DoorTest, ::testing::WithParamInterface<const char*> {
  EachDoorTest() : DoorTest(GetParam()) {}
};

}  // namespace jangbu::purchase
