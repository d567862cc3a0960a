// What `jangbu doctor` looks at. Each check reads, or writes a file of its own that it removes again; none
// touches the book.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace jangbu::cli {

enum class Health : std::uint8_t { good, doubtful, bad };

struct Finding {
  Health health = Health::good;
  std::string what;
};
using Findings = std::vector<Finding>;

/// Of the installation, as `serve` would be started.
struct Patient {
  std::string directory;
  std::string place;  // of the book: the directory, or a postgresql:// URL
  std::string listen;
  std::string tls_cert;
  std::string tls_key;
  std::string public_url;
  std::string smtp;
  std::string message_url;
  std::string time_url;     // whose Date the clock is compared with; empty: public_url
  bool must_serve = false;  // the server was asked for by name: that there is none is bad
};

Findings check_directory(const Patient& patient);
Findings check_space(const Patient& patient);
/// Times fsync of a file in the directory; one that costs nothing is one that does not happen.
Findings check_sync(const Patient& patient);
Findings check_files(const Patient& patient);
Findings check_book(const Patient& patient);
Findings check_clock(const Patient& patient);
Findings check_server(const Patient& patient);
Findings check_addresses(const Patient& patient);
Findings check_certificate(const Patient& patient);
Findings check_mail(const Patient& patient);

struct Check {
  const char* name;
  const char* what;
  Findings (*look)(const Patient&);
};
std::span<const Check> checks();

// What the checks judge by, without looking at anything.

/// The time that a sync takes, in the middle of many.
Finding judge_sync(std::int64_t median_us);
/// `free` and `all` bytes of a file system.
Finding judge_space(std::uint64_t free, std::uint64_t all);
/// How far this clock is ahead of another one.
Finding judge_skew(Duration ahead);
/// Where a server listens, whether over TLS of its own, and how customers reach it.
Finding judge_listen(const std::string& listen, const std::string& public_url, bool has_tls);
/// How long a certificate is good for.
Finding judge_validity(Instant not_before, Instant not_after, Instant now);
/// The host name or address in an http(s):// URL, without brackets.
std::string host_of(const std::string& url);
/// The time in an HTTP Date header: "Sun, 06 Nov 1994 08:49:37 GMT". Error: invalid_encoding.
Result<Instant> parse_http_date(const std::string& text);

}  // namespace jangbu::cli
