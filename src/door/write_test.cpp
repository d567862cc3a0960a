#include "door/write.h"

#include <optional>

#include <gtest/gtest.h>

#include "engine/testing/book.h"

namespace jangbu::door {
namespace {

constexpr engine::RecordKind noted_kind = 203;
constexpr engine::RecordKind erased_kind = 204;

struct Noted {
  Keyed keyed;
  std::string text;

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(keyed, text);
  }
};
using ledger::said;

/// Notes, of which nothing but the records is kept.
class Notes final : public engine::Projection {
 public:
  [[nodiscard]] std::string_view name() const override { return "notes"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override { return {}; }
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override { return {}; }
  using engine::Projection::owns;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override {
    return kind == noted_kind || kind == erased_kind;
  }
  void apply(engine::Unit&, const engine::Record&) override {}
  void keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const override {
    take_key(engine::KeyScope::hub_idempotency, said<Noted>(record)->keyed, out);
  }
  void flush(engine::Unit&) override {}
  void committed() override {}
  void discard() override {}
};

struct NotesDoor {
  using State = Notes;
  using Caller = std::optional<std::string>;
  struct Refused {
    Error error;
    std::string fact = {};
  };
  static constexpr engine::KeyScope key_scope = engine::KeyScope::hub_idempotency;
  static Keyed keyed_of(const engine::Record& record) { return said<Noted>(record)->keyed; }
  static void want(engine::Unit&, const Caller&) {}
  static Status admit(State&, engine::Unit&, const Caller& caller, const Keyed&) {
    return caller == "stranger" ? Status(Errc::service_not_allowed) : Status();
  }
};

/// One of two records.
struct Ended {
  std::string text;
  bool erased = false;
  static Ended of(const engine::Record& record) {
    return {said<Noted>(record)->text, record.kind == erased_kind};
  }
};

/// Notes a text that is neither "bad" nor "known"; an "!" in front erases.
class Note final : public Write<NotesDoor, Noted> {
 public:
  Note(Notes& notes, Caller caller, Keyed keyed, std::string text, Render<Noted> render, Answered answered)
      : Write(notes, std::move(caller), std::move(keyed), std::move(render), std::move(answered)),
        text_(std::move(text)) {}

 private:
  engine::Decision decide_new(engine::Unit&) override {
    if (text_ == "bad") return refuse(Refused{Errc::not_found, "bad"});
    if (text_ == "late") return refuse(Error(Errc::campaign_state, "too late"));
    if (text_ == "known") return nothing_new(noted_kind, {keyed_, text_});
    return ledger::accept(noted_kind, Noted{keyed_, text_});
  }
  std::string text_;
};

class End final : public Write<NotesDoor, Ended> {
 public:
  End(Notes& notes, Keyed keyed, bool erase, Render<Ended> render, Answered answered)
      : Write(notes, std::move(keyed), std::move(render), std::move(answered)), erase_(erase) {}

 private:
  engine::Decision decide_new(engine::Unit&) override {
    return ledger::accept(erase_ ? erased_kind : noted_kind, Noted{keyed_, "text"});
  }
  bool erase_;
};

struct NotesTest : ::testing::Test {
  NotesTest() : fixture([this] { return projections(); }) {}
  void TearDown() override { EXPECT_EQ(fixture.verify(), ""); }
  engine::Projections projections() {
    engine::Projections list;
    list.push_back(std::make_unique<Notes>());
    return list;
  }
  Notes& notes() { return static_cast<Notes&>(*fixture.projections.front()); }

  using Outcome = std::variant<Done, NotesDoor::Refused>;
  std::optional<Outcome> note(const std::string& text, const std::string& key = "",
                              const std::string& body = "", std::optional<std::string> caller = "friend") {
    std::optional<Outcome> outcome;
    Keyed keyed{1, "POST /notes", key, Hash()};
    for (std::size_t i = 0; i < body.size(); ++i) keyed.body.bytes[i] = static_cast<std::uint8_t>(body[i]);
    fixture.run_each(std::make_unique<Note>(
        notes(), std::move(caller), keyed, text,
        [](const Noted& noted) {
          return Answer{201, noted.text};
        },
        [&](Outcome ended) { outcome = std::move(ended); }));
    return outcome;
  }
  std::uint64_t records() {
    std::uint64_t count = 0;
    fixture.look([&](engine::Unit& unit) { count = unit.head().number; });
    return count;
  }

  engine::testing::WriterFixture fixture;
};

const Done& done(const std::optional<NotesTest::Outcome>& outcome) { return std::get<Done>(*outcome); }
const NotesDoor::Refused& refused(const std::optional<NotesTest::Outcome>& outcome) {
  return std::get<NotesDoor::Refused>(*outcome);
}

TEST_F(NotesTest, IsMadeOnceForItsKey) {
  const auto first = note("one", "key", "body");
  EXPECT_EQ(done(first).answer.status, 201);
  EXPECT_EQ(done(first).answer.body, "one");
  EXPECT_FALSE(done(first).replayed);
  const auto again = note("two", "key", "body");
  EXPECT_EQ(done(again).answer.body, "one") << "the first answer, whatever is asked now";
  EXPECT_TRUE(done(again).replayed);
  EXPECT_EQ(refused(note("one", "key", "other")).error.code, Errc::idempotency_conflict);
  EXPECT_FALSE(done(note("one", "another key", "body")).replayed);
  EXPECT_FALSE(done(note("one")).replayed);
  EXPECT_FALSE(done(note("one")).replayed) << "without a key it is another one";
}

TEST_F(NotesTest, IsRefusedWithItsFacts) {
  EXPECT_EQ(refused(note("one", "key", "", "stranger")).error.code, Errc::service_not_allowed);
  EXPECT_EQ(refused(note("bad", "key")).error.code, Errc::not_found);
  EXPECT_EQ(refused(note("bad", "key")).fact, "bad");
  EXPECT_EQ(refused(note("late")).error.detail, "too late");
  EXPECT_EQ(refused(note("late")).fact, "");
  EXPECT_FALSE(done(note("one", "key", "", std::nullopt)).replayed) << "a refusal takes no key";
}

TEST_F(NotesTest, IsRecordedOnlyForItsKeyWhenNothingChanges) {
  const std::uint64_t before = records();
  EXPECT_EQ(done(note("known")).answer.body, "known");
  EXPECT_EQ(records(), before);
  EXPECT_EQ(done(note("known", "key")).answer.body, "known");
  EXPECT_EQ(records(), before + 1);
  EXPECT_TRUE(done(note("known", "key")).replayed);
}

TEST_F(NotesTest, IsRenderedFromWhicheverRecordItMade) {
  for (const bool erase : {false, true}) {
    for (int i = 0; i < 2; ++i) {
      std::optional<Outcome> outcome;
      fixture.run_each(std::make_unique<End>(
          notes(), Keyed{1, "POST /ends", erase ? "a" : "b", Hash()}, erase,
          [](const Ended& ended) {
            return Answer{200, ended.text + (ended.erased ? " erased" : "")};
          },
          [&](Outcome ended) { outcome = std::move(ended); }));
      EXPECT_EQ(done(outcome).answer.body, erase ? "text erased" : "text");
      EXPECT_EQ(done(outcome).replayed, i == 1);
    }
  }
}

}  // namespace
}  // namespace jangbu::door
