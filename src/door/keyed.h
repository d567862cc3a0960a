// The key of an idempotent write: the same key with the same body gets the first answer again.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "engine/keys.h"

namespace jangbu::door {

/// A part of what records say.
struct Keyed {
  std::uint64_t app = 0;  // whose key it is: an app, a merchant; 0: an operator
  std::string route;      // "POST /v1/pay/orders", with the path's own ids in it
  std::string key;        // as sent; empty: none was sent
  Hash body;              // SHA-256 of the canonical JSON of the body

  template <typename Visitor>
  void each_field(Visitor& visit) {
    visit(app, route, key, body);
  }
};

inline engine::KeyDigest digest_of(engine::KeyScope scope, const Keyed& keyed) {
  return engine::key_digest(scope, keyed.app, keyed.route + "\n" + keyed.key);
}

/// For Projection::keys_of(): the key of a record that has one.
inline void take_key(engine::KeyScope scope, const Keyed& keyed, std::vector<engine::KeyDigest>& out) {
  if (!keyed.key.empty()) out.push_back(digest_of(scope, keyed));
}

}  // namespace jangbu::door
