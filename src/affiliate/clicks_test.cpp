#include "affiliate/clicks.h"

#include "affiliate/test_clicks.h"

namespace jangbu::affiliate {
namespace {

TEST_P(ClicksTest, AClickIsFoundByItsId) {
  const ClickId first = add(click_of(1, 2, 3, "회원"));
  const ClickId second = add(click_of(4, 5, 6, std::string_view("a\0b", 3)));
  EXPECT_EQ(second.sequence, first.sequence + 1);
  EXPECT_EQ(find(first), std::nullopt) << "it is not in the books yet";
  flush();
  for (const auto& found : {find(first), find_stored(first)}) {
    ASSERT_TRUE(found);
    Click expected = to_click(click_of(1, 2, 3, "회원"));
    expected.at = fixture->clock.wall_now();
    EXPECT_EQ(*found, expected);
  }
  EXPECT_EQ(find(second)->user_id, std::string("a\0b", 3));
  for (const ClickId none :
       {ClickId{first.minute, first.sequence - 1}, ClickId{first.minute, second.sequence + 1},
        ClickId{first.minute + 1, first.sequence}, ClickId{first.minute - 1, first.sequence}, ClickId{0, 0},
        ClickId{99'999'999, click_sequences - 1}}) {
    EXPECT_EQ(find(none), std::nullopt);
    EXPECT_EQ(find_stored(none), std::nullopt);
  }
}

TEST_P(ClicksTest, ManyRunsOfOneMinuteAndManyMinutes) {
  std::vector<std::pair<ClickId, std::string>> made;
  for (int minute = 0; minute < 3; ++minute) {
    for (int flushes = 0; flushes < 3; ++flushes) {
      for (int i = 0; i < 5; ++i) {
        const std::string user = std::to_string(made.size());
        made.emplace_back(add(click_of(1, 1, visitor_of(made.size()), user)), user);
      }
      flush();
    }
    fixture->clock.advance(Duration::seconds(60));
  }
  fixture->restart();
  for (const auto& [id, user] : made) {
    ASSERT_TRUE(find(id));
    EXPECT_EQ(find(id)->user_id, user);
    EXPECT_EQ(find_stored(id)->user_id, user);
  }
  EXPECT_EQ(fixture->writer->head().number, 10U) << "genesis, and one record for each flush";
}

TEST_P(ClicksTest, AClickOfTheSameBatchIsFound) {
  const ClickId id = add(click_of(1, 2, 3, "u"));
  buffer->bring(id);
  ASSERT_EQ(queue.size(), 1U);
  std::optional<Click> found;
  class Look final : public engine::Command {
   public:
    Look(std::function<void(engine::Unit&)> look) : look_(std::move(look)) {}
    engine::Decision decide(engine::Unit& unit) override {
      look_(unit);
      return engine::Refuse{Errc::not_found};
    }
    std::function<void(engine::Unit&)> look_;
  };
  queue.push_back(std::make_unique<Look>([&](engine::Unit& unit) { found = book().find(unit, id); }));
  run();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user_id, "u");
}

TEST_P(ClicksTest, ARunThatIsTriedAgainIsOneRecord) {
  ClickRun run({click_minute(fixture->clock.wall_now()), 100});
  ClickView click = click_of(1, 2, 3);
  click.at = fixture->clock.wall_now();
  run.add(click);
  run.add(click);
  std::vector<std::optional<Errc>> ends;
  const auto record = [&](const ClickRun& what) {
    return std::make_unique<RecordClicks>(book(), what, [&](const Error* error) {
      ends.push_back(error == nullptr ? std::nullopt : std::optional(error->code));
    });
  };
  fixture->run_each(record(run));
  fixture->run_each(record(run));
  fixture->run_each(record(run), record(run));
  EXPECT_EQ(ends, (std::vector<std::optional<Errc>>(4)));
  EXPECT_EQ(fixture->writer->head().number, 2U);

  const struct {
    const char* name;
    std::uint64_t first;
    int clicks;
    std::optional<Errc> error;
  } rows[] = {
      {"its last id", 101, 1, Errc::already_exists},
      {"its first id", 99, 2, Errc::already_exists},
      {"all of it and more", 99, 4, Errc::already_exists},
      {"the ids before", 98, 2, std::nullopt},
      {"the ids after", 102, 1, std::nullopt},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ends.clear();
    ClickRun other({run.first().minute, row.first});
    for (int i = 0; i < row.clicks; ++i) other.add(click);
    fixture->run_each(record(other));
    EXPECT_EQ(ends, (std::vector{row.error}));
  }
}

TEST_P(ClicksTest, CountsByDay) {
  // 2024-01-15T04:14:10Z is 13:14 in Seoul; 11 hours later is the next day.
  for (int i = 0; i < 5; ++i) add(click_of(1, 2, visitor_of(1)));  // four of them repeats
  add(click_of(1, 2, visitor_of(2)));
  add(click_of(1, 3, visitor_of(1)));
  ClickView looked = click_of(1, 2, visitor_of(9));
  looked.marks = click_look_ahead;
  add(looked);
  ClickView bot = click_of(4, 2, visitor_of(3));
  bot.marks = click_bot;
  add(bot);
  flush();
  add(click_of(1, 2, visitor_of(3)));
  flush();
  fixture->clock.advance(Duration::seconds(11 * 3600));
  add(click_of(1, 2, visitor_of(1)));
  flush();

  const struct {
    const char* name;
    ClickDayFilter filter;
    std::vector<std::array<std::uint64_t, 6>> rows;  // day, affiliate, merchant, clicks, unique, marked
  } rows[] = {
      {"all",
       {},
       {{20240115, 1, 2, 7, 3, 4},
        {20240115, 1, 3, 1, 1, 0},
        {20240115, 4, 2, 1, 1, 1},
        {20240116, 1, 2, 1, 1, 0}}},
      {"of an affiliate", {4, 0}, {{20240115, 4, 2, 1, 1, 1}}},
      {"of a merchant", {0, 3}, {{20240115, 1, 3, 1, 1, 0}}},
      {"of both", {1, 2}, {{20240115, 1, 2, 7, 3, 4}, {20240116, 1, 2, 1, 1, 0}}},
      {"of a day", {0, 0, 20240116, 20240116}, {{20240116, 1, 2, 1, 1, 0}}},
      {"before", {0, 0, 20240101, 20240114}, {}},
      {"nobody", {7, 0}, {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    std::vector<std::array<std::uint64_t, 6>> found;
    for (const ClickDay& day : days(row.filter))
      found.push_back(
          {day.day, day.affiliate, day.merchant, day.row.clicks, day.row.visitors.count(), day.row.marked});
    EXPECT_EQ(found, row.rows);
  }
}

TEST_P(ClicksTest, DaysComeInPages) {
  for (AffiliateNumber affiliate = 1; affiliate <= 3; ++affiliate)
    for (MerchantNumber merchant = 1; merchant <= 3; ++merchant)
      add(click_of(affiliate, merchant, affiliate));
  flush();
  fixture->clock.advance(Duration::days(1));
  for (AffiliateNumber affiliate = 1; affiliate <= 3; ++affiliate) add(click_of(affiliate, 1, affiliate));
  flush();
  for (const ClickDayFilter& filter : {ClickDayFilter{}, ClickDayFilter{2, 0}, ClickDayFilter{0, 1}}) {
    const std::vector<ClickDay> whole = days(filter);
    std::vector<ClickDay> paged;
    std::optional<ClickDayTraits::Key> after;
    int pages = 0;
    do {
      const auto page = list_click_days(reader(), filter, after, 2).value();
      EXPECT_LE(page.days.size(), 2U);
      paged.insert(paged.end(), page.days.begin(), page.days.end());
      after = page.next;
      ASSERT_LT(++pages, 20);
    } while (after);
    ASSERT_EQ(paged.size(), whole.size());
    for (std::size_t i = 0; i < paged.size(); ++i) {
      EXPECT_EQ(paged[i].day, whole[i].day);
      EXPECT_EQ(paged[i].affiliate, whole[i].affiliate);
      EXPECT_EQ(paged[i].merchant, whole[i].merchant);
    }
  }
}

TEST_P(ClicksTest, ListsTheNewestFirst) {
  const Instant start = fixture->clock.wall_now();
  for (int i = 0; i < 40; ++i) {
    // Visitors of their own: none is a repeat.
    ClickView click =
        click_of(i % 4 == 0 ? 7 : 1, i % 5 == 0 ? 9 : 2, visitor_of(static_cast<std::uint64_t>(i)));
    const std::string user = std::to_string(i);
    click.user_id = user;
    if (i % 10 == 3) click.marks = click_program;
    if (i % 10 == 4) click.marks = click_look_ahead;
    add(click);
    if (i % 3 == 2) flush();
    fixture->clock.advance(Duration::seconds(7));
  }
  flush();
  const auto at = [&](int i) { return start + Duration::seconds(7 * i); };
  ClickFilter affiliate, merchant, both, user, none, program, look_ahead, from, to, window;
  affiliate.affiliate = both.affiliate = 7;
  merchant.merchant = both.merchant = 9;
  user.user_id = "11";
  none.marks = 0;
  program.marks = click_program;
  look_ahead.marks = click_look_ahead;
  from.from = window.from = at(20);
  to.to = at(20);
  window.to = at(22);
  const struct {
    const char* name;
    ClickFilter filter;
    std::function<bool(int)> expected;
  } rows[] = {
      {"all", {}, [](int i) { return i % 10 != 4; }},
      {"of an affiliate", affiliate, [](int i) { return i % 4 == 0 && i % 10 != 4; }},
      {"of a merchant", merchant, [](int i) { return i % 5 == 0; }},
      {"of both", both, [](int i) { return i % 20 == 0; }},
      {"of a user", user, [](int i) { return i == 11; }},
      {"without a mark", none, [](int i) { return i % 10 != 3 && i % 10 != 4; }},
      {"of programs", program, [](int i) { return i % 10 == 3; }},
      {"looked ahead", look_ahead, [](int i) { return i % 10 == 4; }},
      {"from a moment on", from, [](int i) { return i >= 20 && i % 10 != 4; }},
      {"until a moment", to, [](int i) { return i < 20 && i % 10 != 4; }},
      {"between two", window, [](int i) { return i == 20 || i == 21; }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    std::vector<std::string> expected;
    for (int i = 39; i >= 0; --i)
      if (row.expected(i)) expected.push_back(std::to_string(i));
    for (const std::size_t limit : {1U, 2U, 7U, 100U}) {
      std::vector<std::string> found;
      std::optional<ClickPlace> after;
      int pages = 0;
      do {
        const ClickPage page = list(row.filter, after, limit);
        EXPECT_LE(page.clicks.size(), limit);
        for (const ClickFound& click : page.clicks) {
          found.push_back(click.click.user_id);
          EXPECT_EQ(find_stored(click.id)->user_id, click.click.user_id);
        }
        after = page.next;
        ASSERT_LT(++pages, 100);
      } while (after);
      EXPECT_EQ(found, expected) << "in pages of " << limit;
    }
  }
}

TEST_P(ClicksTest, APageLooksAtABoundedNumberOfRecords) {
  constexpr int records = 40;
  for (int i = 0; i < records; ++i) {
    add(click_of(1, 1, visitor_of(static_cast<std::uint64_t>(i)), "u"));
    flush();
  }
  ClickFilter nobody;
  nobody.user_id = "nobody";
  const ClickPage page = list(nobody);
  EXPECT_TRUE(page.clicks.empty());
  ASSERT_TRUE(page.next) << "it did not look at all of them";
  EXPECT_FALSE(list(nobody, page.next).next);
  // What the masks pass over costs no record: 2 shares no bit with 1.
  ClickFilter other;
  other.affiliate = 2;
  EXPECT_FALSE(list(other).next);
}

TEST_P(ClicksTest, ARecordThatDoesNotReadIsFound) {
  add(click_of(1, 2, 3));
  flush();
  engine::Record record;
  record.kind = clicks_taken_kind;
  record.number = 2;
  ClickRun run({click_minute(fixture->clock.wall_now()), 100});
  ClickView click = click_of(1, 2, 3);
  click.at = fixture->clock.wall_now();
  run.add(click);
  record.payload = run.payload();
  EXPECT_TRUE(book().check(record));
  for (std::size_t cut = 0; cut < run.payload().size(); ++cut) {
    record.payload = run.payload().substr(0, cut);
    EXPECT_FALSE(book().check(record)) << cut;
  }
  record.payload = run.payload() + '\0';
  EXPECT_FALSE(book().check(record));
}

INSTANTIATE_TEST_SUITE_P(Databases, ClicksTest, ::testing::ValuesIn(store::test::book_kinds),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace jangbu::affiliate
