// Clicks for tests: the buffer before a writer that is driven batch by batch.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "affiliate/click_buffer.h"
#include "affiliate/click_queries.h"
#include "affiliate/clicks.h"
#include "engine/testing/book.h"
#include "engine/testing/faulty_database.h"
#include "store/test_database.h"

namespace jangbu::affiliate {

/// A click by one visitor; everything can be changed afterwards.
inline ClickView click_of(AffiliateNumber affiliate, MerchantNumber merchant, std::uint64_t visitor,
                          std::string_view user_id = "") {
  ClickView click;
  click.affiliate = affiliate;
  click.merchant = merchant;
  click.l = "0000";
  click.l_cd1 = "2";
  click.l_cd2 = "0";
  click.user_id = user_id;
  click.visitor = visitor;
  click.device = DeviceType::web_mobile;
  return click;
}

/// A visitor as a MAC would spread it.
inline std::uint64_t visitor_of(std::uint64_t i) {
  std::uint64_t x = i + 0x9e3779b97f4a7c15U;
  x = (x ^ x >> 30U) * 0xbf58476d1ce4e5b9U * (2 * i + 1);
  x = (x ^ x >> 27U) * 0x94d049bb133111ebU;
  return x ^ x >> 31U;
}

struct ClicksTest : ::testing::TestWithParam<const char*> {
  void SetUp() override {
    if (!place.open(GetParam())) GTEST_SKIP() << "no " << GetParam() << " here";
    database.emplace(place.database());
    fixture.emplace(
        [] {
          engine::Projections projections;
          projections.push_back(std::make_unique<ClickBook>());
          return projections;
        },
        *database);
    open_buffer();
  }
  void TearDown() override {
    if (!fixture) return;
    buffer.reset();
    reading.reset();
    EXPECT_EQ(fixture->verify(), "");
  }

  void open_buffer(ClickBufferOptions options = {}) { open_buffer(options, fixture->random); }
  void open_buffer(ClickBufferOptions options, Random& random) {
    queue.clear();
    buffer = std::make_unique<ClickBuffer>(
        book(),
        [this](std::unique_ptr<engine::Command> command) -> Status {
          if (refuses) return *refuses;
          queue.push_back(std::move(command));
          return {};
        },
        [this] { return fixture->clock.wall_now(); }, random, options);
  }
  ClickBook& book() { return static_cast<ClickBook&>(*fixture->projections.front()); }
  ClickId add(const ClickView& click) { return buffer->add(click).value(); }
  /// One batch of what was submitted.
  void run() { fixture->run(std::exchange(queue, {})); }
  void flush() {
    buffer->flush();
    run();
  }
  store::Session& reader() {
    if (!reading) reading = place.database().open_reader().value();
    return *reading;
  }
  /// As decide finds it.
  std::optional<Click> find(ClickId id) {
    std::optional<Click> found;
    fixture->look([&](engine::Unit& unit) { found = book().find(unit, id); });
    return found;
  }
  /// As readers do.
  std::optional<Click> find_stored(ClickId id) { return find_click(reader(), id).value(); }
  ClickPage list(const ClickFilter& filter, const std::optional<ClickPlace>& after = {},
                 std::size_t limit = 100) {
    return list_clicks(reader(), filter, after, limit).value();
  }
  std::vector<ClickDay> days(const ClickDayFilter& filter) {
    return list_click_days(reader(), filter, {}, 100).value().days;
  }

  store::test::TestDatabase place;
  std::optional<engine::testing::FaultyDatabase> database;
  std::optional<engine::testing::WriterFixture> fixture;
  std::unique_ptr<store::Session> reading;
  std::vector<std::unique_ptr<engine::Command>> queue;
  std::optional<Errc> refuses;
  std::unique_ptr<ClickBuffer> buffer;
};

}  // namespace jangbu::affiliate
