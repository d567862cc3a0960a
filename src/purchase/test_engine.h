// The purchase door behind the engine's threads, for tests of what goes through its readers.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "engine/engine.h"
#include "engine/verify.h"
#include "purchase/test_door.h"

namespace jangbu::purchase {

/// One holder with a key, whose points wait for a minute. The book verifies at the end of every test.
struct EngineTest : ::testing::Test {
  /// `kind` is one of store::test::book_kinds; false when it is not available here. `time` outlives the test.
  bool start(const std::string& kind, const Clock& time, engine::EngineOptions options = {}) {
    if (!place.open(kind)) return false;
    engine =
        engine::Engine::start(place.database(), house.projections(state), time, random, std::move(options))
            .value();
    submit<SetSettings>(house.signers, SettingsSet{house.addresses[0]});
    submit<SetHolder>(house.signers, HolderSet{0, "system", "krw", 60, house.addresses[1], true});
    submit<SetKey>(KeySet{key_of(1), 1, false, "test"});
    submit<SetRate>(RateSet{"krw", whole(1)});
    return true;
  }
  void TearDown() override {
    if (!engine) return;
    engine.reset();
    engine::ForkJoin fork_join(0);
    auto fresh = house.rebuild_projections();
    const auto verified = engine::verify(place.database(), fresh, fork_join,
                                         [](std::string_view, std::uint64_t, std::uint64_t) {});
    EXPECT_TRUE(verified.ok()) << to_string(verified.error());
  }

  /// A command, which must be accepted.
  template <typename Command, typename... Arguments>
  void submit(Arguments&&... arguments) {
    std::promise<bool> done;
    ASSERT_TRUE(
        engine
            ->submit(std::make_unique<Command>(*state, std::forward<Arguments>(arguments)...,
                                               [&](const auto& answer) { done.set_value(answer.ok()); }))
            .ok());
    ASSERT_TRUE(done.get_future().get());
  }
  /// Business time moves, and what has become possible is done.
  void move_on(Duration by) {
    std::promise<void> moved;
    ASSERT_TRUE(engine->move_clock(by, [&](const Result<Instant>&) { moved.set_value(); }).ok());
    moved.get_future().get();
  }

  Installation house;
  State* state = nullptr;
  engine::testing::CountingRandom random;
  store::test::TestDatabase place;
  std::unique_ptr<engine::Engine> engine;
};

}  // namespace jangbu::purchase
