// Accounts and the record of what operators did, as a book on either database keeps them.
#include "console/state.h"

#include <gtest/gtest.h>

#include "console/decide.h"
#include "console/queries.h"
#include "console/sessions.h"
#include "crypto/digest.h"
#include "engine/ended_sessions.h"
#include "engine/testing/book.h"
#include "store/test_database.h"

namespace jangbu::console {
namespace {

using store::test::must;

engine::Projections projections() {
  engine::Projections list;
  list.push_back(std::make_unique<State>());
  return list;
}

class ConsoleStateTest : public ::testing::TestWithParam<const char*> {
 protected:
  ConsoleStateTest() : opened_(holder_.open_or_memory(GetParam())), book_(projections, holder_.database()) {}
  void SetUp() override {
    if (!opened_) GTEST_SKIP() << "no " << GetParam();
  }
  void TearDown() override {
    if (!opened_) return;
    EXPECT_EQ(book_.verify(), "");
  }

  State& state() { return dynamic_cast<State&>(*book_.projections.front()); }

  std::unique_ptr<engine::Command> set(OperatorId id, SetOperator::Change change) {
    return std::make_unique<SetOperator>(state(), id, std::move(change), [this](Result<OperatorSet> done) {
      outcomes_.push_back(done ? std::optional<Errc>() : done.error().code);
      if (done) last_ = *done;
    });
  }
  static SetOperator::Change account(std::string email, Role role) {
    return [email = std::move(email), role](OperatorSet& account) {
      account.email = email;
      account.role = role;
      account.password_hash = "a hash";
      return Status();
    };
  }
  static SetOperator::Change role(Role role) {
    return [role](OperatorSet& account) {
      account.role = role;
      return Status();
    };
  }
  static Status disable(OperatorSet& account) {
    account.disabled = true;
    ++account.sessions;
    return {};
  }
  /// Runs one command; why it was refused, or nothing.
  std::optional<Errc> run(std::unique_ptr<engine::Command> command) {
    outcomes_.clear();
    std::vector<std::unique_ptr<engine::Command>> batch;
    batch.push_back(std::move(command));
    book_.run(std::move(batch));
    EXPECT_EQ(outcomes_.size(), 1);
    return outcomes_.front();
  }
  std::uint64_t act(OperatorId actor, std::string path, std::string address = "192.0.2.1") {
    std::uint64_t number = 0;
    Action action{actor, "POST", std::move(path), "", std::move(address)};
    book_.run_each(std::make_unique<BeginAction>(
        std::move(action), [&](Result<std::uint64_t> begun) { number = must(std::move(begun)); }));
    return number;
  }
  void end(std::uint64_t action, std::uint64_t status) {
    book_.run_each(std::make_unique<EndAction>(state(), ActionEnded{action, status}, [this] { ++ended_; }));
  }
  std::vector<std::uint64_t> audit(std::string_view query, std::uint64_t* next = nullptr) {
    const auto reader = must(holder_.database().open_reader());
    must(reader->begin_snapshot());
    const AuditPage page = must(audit_of(*reader, must(read_audit_list(query))));
    std::vector<std::uint64_t> numbers;
    for (const AuditLine& line : page.lines) numbers.push_back(line.number);
    if (next != nullptr) *next = page.next;
    reader->end_snapshot();
    return numbers;
  }

  store::test::TestDatabase holder_;
  bool opened_;
  engine::testing::WriterFixture book_;
  std::vector<std::optional<Errc>> outcomes_;
  OperatorSet last_;
  int ended_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Databases, ConsoleStateTest, ::testing::ValuesIn(store::test::book_kinds));

TEST_P(ConsoleStateTest, AccountsAreNumberedAndKept) {
  EXPECT_EQ(run(set(0, account("a@example.com", Role::owner))), std::nullopt);
  EXPECT_EQ(last_.id, 1);
  EXPECT_EQ(run(set(0, account("b@example.com", Role::auditor))), std::nullopt);
  EXPECT_EQ(last_.id, 2);
  book_.restart();
  EXPECT_EQ(run(set(2, role(Role::operates))), std::nullopt);
  EXPECT_EQ(last_.email, "b@example.com");
  EXPECT_EQ(run(set(0, account("a@example.com", Role::owner))), Errc::already_exists);
  EXPECT_EQ(run(set(9, role(Role::owner))), Errc::not_found);
}

TEST_P(ConsoleStateTest, TwoOfOneAddressInABatchAreOne) {
  book_.run_each(set(0, account("a@example.com", Role::owner)),
                 set(0, account("a@example.com", Role::owner)));
  ASSERT_EQ(outcomes_.size(), 2);
  EXPECT_EQ(outcomes_[0], std::nullopt);
  EXPECT_EQ(outcomes_[1], Errc::already_exists);
}

TEST_P(ConsoleStateTest, TheLastOwnerStays) {
  ASSERT_EQ(run(set(0, account("a@example.com", Role::owner))), std::nullopt);
  ASSERT_EQ(run(set(0, account("b@example.com", Role::operates))), std::nullopt);
  EXPECT_EQ(run(set(1, role(Role::operates))), Errc::last_owner);
  EXPECT_EQ(run(set(1, disable)), Errc::last_owner);
  ASSERT_EQ(run(set(2, role(Role::owner))), std::nullopt);
  ASSERT_EQ(run(set(2, disable)), std::nullopt);
  EXPECT_EQ(run(set(1, disable)), Errc::last_owner) << "a disabled owner is none";
  // Two owners who let each other go in one batch: one stays.
  ASSERT_EQ(run(set(0, account("c@example.com", Role::owner))), std::nullopt);
  outcomes_.clear();
  book_.run_each(set(1, disable), set(3, disable));
  ASSERT_EQ(outcomes_.size(), 2);
  EXPECT_EQ(outcomes_[0], std::nullopt);
  EXPECT_EQ(outcomes_[1], Errc::last_owner);
}

TEST_P(ConsoleStateTest, WhatWasDoneIsListed) {
  ASSERT_EQ(run(set(0, account("a@example.com", Role::owner))), std::nullopt);
  const std::uint64_t first = act(1, "/api/hub/apps");
  end(first, 201);
  book_.advance(Duration::seconds(10));
  const std::uint64_t second = act(0, "/api/purchase/rates/KRW", "2001:db8::1");
  book_.advance(Duration::seconds(10));
  const std::uint64_t third = act(1, "/api/deliveries/7/resend");
  end(third, 200);
  EXPECT_EQ(ended_, 2);
  const auto moment = [&](std::int64_t seconds) {
    return to_rfc3339(engine::testing::example_moment + Duration::seconds(seconds));
  };
  const struct {
    const char* name;
    std::string query;
    std::vector<std::uint64_t> expected;
  } rows[] = {
      {"all", "", {third, second, first}},
      {"of an account", "actor=1", {third, first}},
      {"of an account by its address", "actor=A%40example.com", {third, first}},
      {"of the machine", "actor=0", {second}},
      {"of nobody", "actor=who%40example.com", {}},
      {"a word of a path, in any case", "q=rates%2Fkrw", {second}},
      {"an address", "q=2001%3ADB8", {second}},
      {"from a moment, it included", "from=" + moment(10), {third, second}},
      {"to a moment, it excluded", "to=" + moment(10), {first}},
      {"between", "from=" + moment(1) + "&to=" + moment(11), {second}},
      {"after a page", "cursor=" + std::to_string(third), {second, first}},
      {"a page", "limit=1", {third}},
  };
  for (const auto& row : rows) EXPECT_EQ(audit(row.query), row.expected) << row.name;
  std::uint64_t next = 0;
  audit("limit=2", &next);
  EXPECT_EQ(next, second);
  audit("limit=2&cursor=" + std::to_string(next), &next);
  EXPECT_EQ(next, 0);
}

TEST_P(ConsoleStateTest, SignInsAreListedAsWhatTheyWere) {
  ASSERT_EQ(run(set(0, account("a@example.com", Role::owner))), std::nullopt);
  const auto note = [this](OperatorId actor, std::uint64_t status, std::string address) {
    book_.run_each(std::make_unique<NoteSignIn>(SignIn{actor, status, std::move(address)},
                                                [this](const Status& done) { ended_ += done.ok() ? 1 : 0; }));
  };
  note(1, 200, "192.0.2.1");
  note(1, 401, "192.0.2.2");
  note(0, 401, "192.0.2.3");
  EXPECT_EQ(ended_, 3);
  const auto reader = must(holder_.database().open_reader());
  must(reader->begin_snapshot());
  const auto page = must(audit_of(*reader, must(read_audit_list("actor=1"))));
  reader->end_snapshot();
  ASSERT_EQ(page.lines.size(), 2U);
  EXPECT_EQ(page.lines[0].status, 401U);
  EXPECT_EQ(page.lines[1].status, 200U);
  EXPECT_EQ(page.lines[1].action.method, "POST");
  EXPECT_EQ(page.lines[1].action.path, "/api/session");
  EXPECT_EQ(page.lines[1].action.address, "192.0.2.1");
  EXPECT_EQ(audit("actor=0&q=session").size(), 1U);
  book_.restart();
}

TEST_P(ConsoleStateTest, OnlyWhatWasBegunEnds) {
  end(1, 200);
  EXPECT_EQ(ended_, 1) << "whoever waits for it is answered all the same";
}

TEST_P(ConsoleStateTest, ASessionIsEndedOnce) {
  const engine::KeyDigest token = engine::key_digest(engine::KeyScope::console_session, 1, "a token");
  const auto reader = must(holder_.database().open_reader());
  const auto ended = [&] {
    must(reader->begin_snapshot());
    const bool is = must(engine::session_ended(*reader, token));
    reader->end_snapshot();
    return is;
  };
  EXPECT_FALSE(ended());
  for (int i = 0; i < 2; ++i)
    book_.run_each(std::make_unique<engine::EndSession>(token, book_.clock.wall_now() + session_life,
                                                        [](const Status& done) { EXPECT_TRUE(done.ok()); }));
  EXPECT_TRUE(ended());
}

TEST(AuditList, NamesWhatIsWrong) {
  for (const char* query : {"from=yesterday", "to=", "cursor=0", "limit=0", "limit=101", "page=1"}) {
    const auto list = read_audit_list(query);
    ASSERT_FALSE(list.ok()) << query;
    EXPECT_EQ(list.error().code, Errc::invalid_parameters) << query;
  }
}

}  // namespace
}  // namespace jangbu::console
