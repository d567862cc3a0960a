// Sessions that no server keeps: a token says who it is for and until when, and proves that it was made here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"

namespace jangbu::http {

/// Every node with the same key makes and opens the same tokens. Thread-safe.
class SessionTokens {
 public:
  /// `key`: shared by the nodes of the installation, and used for one kind of session alone.
  explicit SessionTokens(const Hash& key) : key_(key) {}

  /// Lower-case hex of `until`, a nonce and the subject, then a MAC over them. `subject`: whom the session is
  /// for, at most 64 bytes (INVARIANT).
  [[nodiscard]] std::string issue(Instant until, ByteView subject, Random& random) const;
  /// The subject; nothing when the token was not made with this key, or its time has passed.
  [[nodiscard]] std::optional<Bytes> open(std::string_view token, Instant now) const;

 private:
  [[nodiscard]] std::string proof_of(std::string_view claim) const;

  Hash key_;
};

}  // namespace jangbu::http
