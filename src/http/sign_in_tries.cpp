#include "http/sign_in_tries.h"

#include <utility>

#include "http/api.h"
#include "http/proxies.h"

namespace jangbu::http {
namespace {

constexpr Duration a_minute = Duration::seconds(60);
constexpr Duration an_hour = Duration::seconds(3600);
constexpr Duration lately = Duration::days(30);

std::string pair_of(const std::string& network, const std::string& account) {
  return network + " " + account;
}

}  // namespace

SignInTries::SignInTries(const Clock& clock)
    : of_network_(clock, of_a_network_in_a_minute, a_minute),
      of_pair_(clock, of_an_account_from_a_network_in_a_minute, a_minute),
      wrong_of_pair_(clock, wrong_ones_of_an_account_from_a_network_in_an_hour, an_hour),
      wrong_of_account_(clock, wrong_ones_of_an_account_in_an_hour, an_hour),
      lately_(clock, 1, lately) {}

SignInTries::Try::Try(SignInTries& tries, std::string network, std::string account)
    : tries_(tries),
      network_(std::move(network)),
      account_(std::move(account)),
      pair_(pair_of(network_, account_)) {}

SignInTries::Try::~Try() { tries_.leave(network_); }

void SignInTries::Try::succeed() {
  tries_.wrong_of_pair_.give_back(pair_);
  if (counts_for_all_) tries_.wrong_of_account_.give_back(account_);
  tries_.lately_.take(pair_);
}

void SignInTries::Try::undo() {
  tries_.of_network_.give_back(network_);
  tries_.of_pair_.give_back(pair_);
  tries_.wrong_of_pair_.give_back(pair_);
  if (counts_for_all_) tries_.wrong_of_account_.give_back(account_);
}

SignInTries::Begun SignInTries::begin(std::string_view address, const std::string& account) {
  std::string network = network_of(address);
  const std::string pair = pair_of(network, account);
  if (!wait(network)) return {nullptr, Limit::waiting, api_error(Errc::overloaded)};
  auto tried = std::make_shared<Try>(*this, network, account);
  if (!of_network_.take(network)) return {nullptr, Limit::network, of_network_.too_many()};
  if (!of_pair_.take(pair)) return {nullptr, Limit::account, of_pair_.too_many()};
  if (!wrong_of_pair_.take(pair)) return {nullptr, Limit::account, wrong_of_pair_.too_many()};
  tried->counts_for_all_ = wrong_of_account_.take(account);
  if (!tried->counts_for_all_ && !lately_.counts(pair))
    return {nullptr, Limit::account, wrong_of_account_.too_many()};
  return {std::move(tried), Limit::none, {}};
}

bool SignInTries::wait(const std::string& network) {
  const std::lock_guard lock(mutex_);
  int& waiting = waiting_[network];
  if (waiting == waiting_of_a_network) return false;
  ++waiting;
  return true;
}

void SignInTries::leave(const std::string& network) {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(network);
  if (--found->second == 0) waiting_.erase(found);
}

}  // namespace jangbu::http
