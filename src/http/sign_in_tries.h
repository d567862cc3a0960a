// Who may try to sign in.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/time.h"
#include "http/message.h"
#include "http/tries.h"

namespace jangbu::http {

/// The limits of sign-in to accounts of one kind, by the network that a try comes from (network_of()) and by
/// the account. One network alone neither fills the queue of passwords nor locks an account for others; many
/// together lock it only for those from where it was not signed in lately. Thread-safe.
class SignInTries {
 public:
  static constexpr int of_a_network_in_a_minute = 20;
  static constexpr int of_an_account_from_a_network_in_a_minute = 10;
  static constexpr int wrong_ones_of_an_account_from_a_network_in_an_hour = 30;
  static constexpr int wrong_ones_of_an_account_in_an_hour = 100;
  static constexpr int waiting_of_a_network = 4;

  explicit SignInTries(const Clock& clock);

  /// A try under way: it has a place among those that wait until it is gone.
  class Try {
   public:
    Try(SignInTries& tries, std::string network, std::string account);
    ~Try();
    Try(const Try&) = delete;
    Try& operator=(const Try&) = delete;

    /// The password was right.
    void succeed();
    /// The password was not looked at: the try counts no more.
    void undo();

   private:
    friend class SignInTries;
    SignInTries& tries_;
    std::string network_;
    std::string account_;
    std::string pair_;
    bool counts_for_all_ = false;  // among those of the account from everywhere
  };

  enum class Limit { none, waiting, network, account };
  struct Begun {
    std::shared_ptr<Try> tried;  // null when a limit was hit
    Limit limit = Limit::none;
    Response refusal;  // 429, or 503 while too many wait
  };
  /// Counts a try of the account from the address.
  Begun begin(std::string_view address, const std::string& account);

 private:
  bool wait(const std::string& network);
  void leave(const std::string& network);

  Tries of_network_;
  Tries of_pair_;
  Tries wrong_of_pair_;
  Tries wrong_of_account_;
  Tries lately_;  // the pairs that signed in
  std::mutex mutex_;
  std::map<std::string, int> waiting_;
};

}  // namespace jangbu::http
