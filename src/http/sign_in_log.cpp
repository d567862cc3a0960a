#include "http/sign_in_log.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "http/proxies.h"

namespace jangbu::http {
namespace {

constexpr Duration limited_line_every = Duration::seconds(900);

Counter& sign_ins(Metrics& metrics, const std::string& door, const char* outcome) {
  return metrics.counter("jangbu_sign_ins_total", "Sign-ins that were tried.",
                         {{"door", door}, {"outcome", outcome}});
}

}  // namespace

SignInLog::SignInLog(Metrics& metrics, std::string door, const Clock& clock)
    : door_(std::move(door)),
      signed_in_(sign_ins(metrics, door_, "signed_in")),
      refused_(sign_ins(metrics, door_, "refused")),
      limited_(sign_ins(metrics, door_, "limited")),
      lines_of_network_(clock, 1, limited_line_every) {}

void SignInLog::signed_in(std::string_view account, std::string_view address) {
  signed_in_.add();
  spdlog::info("{}: {} signed in from {}", door_, account, network_of(address));
}

void SignInLog::refused(std::string_view account, std::string_view address) {
  refused_.add();
  spdlog::warn("{}: a sign-in of {} from {} was refused", door_, account.empty() ? "nobody known" : account,
               network_of(address));
}

void SignInLog::limited(std::string_view address) {
  limited_.add();
  const std::string network = network_of(address);
  if (lines_of_network_.take(network))
    spdlog::warn("{}: too many sign-ins are tried from {}", door_, network);
}

}  // namespace jangbu::http
