// Secrets of an app that are valid side by side for a while, so that nobody has to change one at a moment.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/json_body.h"

namespace jangbu::door {

/// Secrets of one app that may be valid at one time.
inline constexpr std::size_t max_secrets = 3;

/// `Secret` has `std::uint64_t number` (1, 2, 3 ... within the app) and `std::optional<Instant> until` (wall
/// time; empty: until further notice).
template <typename Secret>
bool is_valid(const Secret& secret, Instant wall_now) {
  return !secret.until || *secret.until > wall_now;
}

/// {"keep_old":"24h"}; "0s" ends the old secrets at once. What is wrong is noted in `body`.
Duration read_keep_old(http::JsonBody& body);

/// The app with one more of its `secrets`, numbered by this function: those it has end after `keep_old` at
/// the latest, and what has ended is left out. Error: too_many_secrets.
template <typename App, typename Secret>
Result<App> with_new_secret(App app, Secret fresh, Instant wall_now, Duration keep_old) {
  const Instant end = wall_now + keep_old;
  fresh.number = 1;
  for (Secret& secret : app.secrets) {
    fresh.number = std::max(fresh.number, secret.number + 1);
    secret.until = std::min(secret.until.value_or(end), end);
  }
  std::erase_if(app.secrets, [&](const Secret& secret) { return !is_valid(secret, wall_now); });
  if (app.secrets.size() >= max_secrets) return Errc::too_many_secrets;
  app.secrets.push_back(std::move(fresh));
  return app;
}

}  // namespace jangbu::door
