#include "crypto/passwords.h"

#include <utility>

#include "base/bytes.h"
#include "crypto/secret.h"

namespace jangbu::crypto {

Passwords::Passwords(Random& random, std::size_t max_waiting)
    : nobodys_password_(to_hex(random.bytes(32))), worker_(max_waiting) {}

Status Passwords::hash(std::string password, std::function<void(std::string)> done) {
  return worker_.add(
      [password = std::move(password), done = std::move(done)] { done(hash_password(password)); });
}

Status Passwords::verify(std::string hashed, std::string password, std::function<void(bool)> done) {
  return worker_.add(
      [this, hashed = std::move(hashed), password = std::move(password), done = std::move(done)] {
        // Not when the server starts, which would wait for it; the first check takes longer, whosever it is.
        if (nobody_.empty()) nobody_ = hash_password(nobodys_password_);
        const bool right = verify_password(hashed.empty() ? nobody_ : hashed, password);
        done(right && !hashed.empty());
      });
}

}  // namespace jangbu::crypto
