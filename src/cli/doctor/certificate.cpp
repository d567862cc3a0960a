#include <cstring>

#include <sys/stat.h>

#include "cli/doctor/checks.h"
#include "http/tls.h"

namespace jangbu::cli {
namespace {

/// Those that are renewed by themselves are, a month before their end.
constexpr Duration time_to_renew = Duration::days(14);

}  // namespace

Finding judge_validity(Instant not_before, Instant not_after, Instant now) {
  if (now < not_before)
    return {Health::bad, "the certificate is good from " + to_rfc3339(not_before) + " on"};
  if (now > not_after) return {Health::bad, "the certificate expired at " + to_rfc3339(not_after)};
  const bool is_late = not_after - now < time_to_renew;
  return {is_late ? Health::doubtful : Health::good,
          "the certificate is good until " + to_rfc3339(not_after) + (is_late ? ": renew it" : "")};
}

std::string host_of(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return {};
  const auto begin = scheme + 3;
  const std::string place = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  if (place.starts_with('[')) return place.substr(1, place.find(']') - 1);
  return place.substr(0, place.find(':'));
}

Findings check_certificate(const Patient& patient) {
  if (patient.tls_cert.empty() && patient.tls_key.empty())
    return {{Health::good, "no tls-cert: TLS is left to a proxy"}};
  const SystemClock clock;
  const auto identity = http::TlsIdentity::load(patient.tls_cert, patient.tls_key, clock);
  if (!identity) return {{Health::bad, identity.error().detail}};
  const http::Certificate certificate = (*identity)->certificate();
  Findings findings{judge_validity(certificate.not_before, certificate.not_after, clock.wall_now())};
  const std::string host = host_of(patient.public_url);
  if (!host.empty() && !(*identity)->is_for(host))
    findings.push_back({Health::bad, "the certificate is not for " + host + " of the public-url"});
  struct stat stat {};
  if (::stat(patient.tls_key.c_str(), &stat) == 0 && (stat.st_mode & 07) != 0)
    findings.push_back({Health::bad, patient.tls_key + " can be read by everybody"});
  return findings;
}

}  // namespace jangbu::cli
