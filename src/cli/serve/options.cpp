#include "cli/serve/options.h"

#include <algorithm>
#include <cstdlib>

#include <sys/resource.h>

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

}  // namespace

Result<http::ServerOptions> server_options(const ServeOptions& options) {
  const auto colon = options.listen.rfind(':');
  http::ServerOptions server;
  server.lanes = options.lanes;
  server.max_connections = connection_limit();
  for (const std::string& proxy : options.trusted_proxies) RETURN_IF_ERROR(server.trusted_proxies.add(proxy));
  if (colon == std::string::npos) return Error(Errc::invalid_configuration, "--listen takes ADDRESS:PORT");
  server.address = options.listen.substr(0, colon);
  if (server.address.starts_with('[') && server.address.ends_with(']'))
    server.address = server.address.substr(1, server.address.size() - 2);
  const std::string port = options.listen.substr(colon + 1);
  char* end = nullptr;
  const unsigned long number = std::strtoul(port.c_str(), &end, 10);
  if (port.empty() || *end != '\0' || number > 65535)
    return Error(Errc::invalid_configuration, "--listen takes ADDRESS:PORT");
  server.port = static_cast<std::uint16_t>(number);
  return server;
}

void add_options(CLI::App& serve_command, ServeOptions& options) {
  serve_command.add_option("--config", options.config,
                           "TOML file of settings: these options by their names; the command line and the "
                           "environment (JANGBU_PUBLIC_URL) win over it");
  serve_command.add_option("--data", options.directory, "The data directory")->capture_default_str();
  serve_command.add_option("--listen", options.listen, "ADDRESS:PORT; port 0 picks a free one")
      ->capture_default_str();
  serve_command.add_option("--tls-cert", options.tls_cert,
                           "Certificate in PEM, its chain behind it: TLS instead of plain HTTP. It is read "
                           "again on SIGHUP");
  serve_command.add_option("--tls-key", options.tls_key, "The certificate's key in PEM, not encrypted");
  serve_command.add_option("--peer-ca", options.peer_ca,
                           "Authorities in PEM for other nodes' certificates, besides the system's");
  serve_command.add_option("--database", options.database,
                           "postgresql:// URL instead of SQLite in the data directory");
  serve_command.add_option("--advertise", options.advertise, "Base URL at which other nodes reach this one");
  serve_command.add_option("--public-url", options.public_url,
                           "Base URL at which customers reach this installation; links are made of it");
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
      ->delimiter(',');
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
