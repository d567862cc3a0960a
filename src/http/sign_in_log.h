// What operators see of sign-ins: a line in the log for each, and a count for each outcome.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "http/metrics.h"
#include "http/tries.h"

namespace jangbu::http {

/// Of accounts of one kind. An account is named by its e-mail address where there is one: what was typed
/// where nobody has that address may be a password. Addresses are those of networks (network_of()). Lives no
/// longer than `metrics`. Thread-safe.
class SignInLog {
 public:
  /// `door`: "console", "portal".
  SignInLog(Metrics& metrics, std::string door, const Clock& clock);

  void signed_in(std::string_view account, std::string_view address);
  /// The password was wrong, or nobody has the address that was given (`account` is empty).
  void refused(std::string_view account, std::string_view address);
  /// Too many tries. A network has one line in a quarter of an hour, and counts each time.
  void limited(std::string_view address);

 private:
  std::string door_;
  Counter& signed_in_;
  Counter& refused_;
  Counter& limited_;
  Tries lines_of_network_;
};

}  // namespace jangbu::http
