#include "cli/serve/options.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <sys/resource.h>

#include "base/ascii.h"
#include "cli/installation.h"
#include "http/json_body.h"
#include "http/listen_socket.h"

namespace jangbu::cli {
namespace {

/// As many connections as the limit on open files allows, up to a bound; the limit is raised as far as it may
/// be.
int connection_limit() {
  constexpr rlim_t wanted = 16'384;
  constexpr rlim_t other_files = 256;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 512;
  files.rlim_cur = std::min(files.rlim_max, wanted + other_files);
  setrlimit(RLIMIT_NOFILE, &files);
  getrlimit(RLIMIT_NOFILE, &files);
  return static_cast<int>(files.rlim_cur > 2 * other_files ? files.rlim_cur - other_files
                                                           : files.rlim_cur / 2);
}

Status read_listen(const std::string& listen, http::ServerOptions& server) {
  const Error wrong(Errc::invalid_configuration, "ADDRESS:PORT is expected, and this is " + listen);
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return wrong;
  server.address = listen.substr(0, colon);
  if (server.address.starts_with('[') && server.address.ends_with(']'))
    server.address = server.address.substr(1, server.address.size() - 2);
  const std::string_view port = std::string_view(listen).substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), server.port);
  if (error != std::errc() || end != port.data() + port.size()) return wrong;
  return http::check_address(server.address);
}

/// Links are made of it by putting a path behind it.
Status check_base_url(std::string_view url) {
  const bool is_http = url.starts_with("https://") || url.starts_with("http://");
  const std::string_view rest = is_http ? url.substr(url.find("://") + 3) : std::string_view();
  const std::string_view authority = rest.substr(0, rest.find('/'));
  const bool has_host = !authority.empty() && authority.front() != ':';
  const auto port =
      authority.substr(authority.find_last_of("]:") == std::string_view::npos ? authority.size()
                                                                              : authority.find_last_of("]:"));
  const bool has_good_port = !port.starts_with(':') || http::whole_number(port.substr(1), 1, 65'535);
  const bool is_plain = std::all_of(url.begin(), url.end(), [](char c) {
    return c > ' ' && c <= '~' && std::string_view("?#@\"<>\\").find(c) == std::string_view::npos;
  });
  const bool has_empty_part = rest.find("//") != std::string_view::npos || url.ends_with('/');
  if (has_host && has_good_port && is_plain && !has_empty_part) return {};
  return Error(
      Errc::invalid_configuration,
      "a URL such as https://rewards.example.com is expected, without a slash at its end, and this is " +
          std::string(url));
}

/// As links are made of it: the scheme in lower case, and no slash at the end.
std::string base_url_of(std::string url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  std::transform(url.begin(), url.begin() + static_cast<std::ptrdiff_t>(scheme), url.begin(),
                 [](char c) { return to_lower(c); });
  if (url.ends_with('/')) url.pop_back();
  return url;
}

/// A check as CLI11 wants it: what is wrong, or nothing.
template <typename Check>
auto refusing(Check check) {
  return [check](const std::string& value) {
    const Status good = check(value);
    return good ? std::string() : good.error().detail;
  };
}

}  // namespace

Result<http::ServerOptions> server_options(const ServeOptions& options) {
  http::ServerOptions server;
  server.lanes = options.lanes;
  server.max_connections = connection_limit();
  for (const std::string& proxy : options.trusted_proxies) RETURN_IF_ERROR(server.trusted_proxies.add(proxy));
  RETURN_IF_ERROR(read_listen(options.listen, server));
  return server;
}

void add_options(CLI::App& serve_command, ServeOptions& options) {
  serve_command.add_option("--config", options.config,
                           "TOML file of settings: these options by their names; the command line and the "
                           "environment (JANGBU_PUBLIC_URL) win over it");
  serve_command.add_option("--data", options.directory, "The data directory")->capture_default_str();
  serve_command.add_option("--listen", options.listen, "ADDRESS:PORT; port 0 picks a free one")
      ->check(refusing([](const std::string& listen) {
        http::ServerOptions unused;
        return read_listen(listen, unused);
      }))
      ->capture_default_str();
  serve_command.add_option("--tls-cert", options.tls_cert,
                           "Certificate in PEM, its chain behind it: TLS instead of plain HTTP. It is read "
                           "again on SIGHUP");
  serve_command.add_option("--tls-key", options.tls_key, "The certificate's key in PEM, not encrypted");
  serve_command.add_option("--peer-ca", options.peer_ca,
                           "Authorities in PEM for other nodes' certificates, besides the system's");
  serve_command
      .add_option("--database", options.database, "postgresql:// URL instead of SQLite in the data directory")
      ->check([](const std::string& place) {
        const bool is_other = place.find("://") != std::string::npos && !is_database_url(place);
        return is_other ? "a URL that begins with postgresql:// is expected, and this is " + place : "";
      });
  serve_command.add_option("--advertise", options.advertise, "Base URL at which other nodes reach this one")
      ->check(refusing(check_base_url))
      ->transform(base_url_of);
  serve_command
      .add_option("--public-url", options.public_url,
                  "Base URL at which customers reach this installation; links are made of it")
      ->check(refusing(check_base_url))
      ->transform(base_url_of);
  serve_command.add_option("--toss-client-key", options.toss_client_key,
                           "Client key of Toss Payments; its secret key is in JANGBU_TOSS_SECRET_KEY");
  CLI::Option* smtp = serve_command.add_option("--smtp", options.smtp,
                                               "Mail server: smtp[s]://HOST:PORT[?tls=required|offered]; "
                                               "JANGBU_SMTP_USER and JANGBU_SMTP_PASSWORD log in");
  serve_command
      .add_option("--mail-from", options.mail_from, "Whom mail comes from: ADDRESS or \"NAME <ADDRESS>\"")
      ->needs(smtp);
  serve_command.add_option("--message-url", options.message_url,
                           "Where SMS, Kakao and push messages are POSTed; JANGBU_MESSAGE_KEY is the key");
  serve_command
      .add_option("--trusted-proxy", options.trusted_proxies,
                  "Address or network (10.0.0.0/8) of proxies in front, whose X-Forwarded-For is believed")
      ->delimiter(',')
      ->check(refusing([](const std::string& proxy) { return http::TrustedProxies().add(proxy); }));
  serve_command.add_flag("--sandbox", options.sandbox,
                         "Ready-made credentials, open registration, a clock that can be moved");
  serve_command.add_option("--clock", options.clock,
                           "Business time at which a new sandbox starts (RFC 3339)");
  serve_command.add_option("--log-format", options.log_format, "Lines for people (text) or machines (json)")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  serve_command.add_option("--log-level", options.log_level, "What is worth a line, from here upwards")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "critical"}))
      ->capture_default_str();
  serve_command.add_option("--lanes", options.lanes, "HTTP threads")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  serve_command.add_option("--readers", options.readers, "Reader threads")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
}

}  // namespace jangbu::cli
