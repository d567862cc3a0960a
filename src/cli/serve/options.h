// What `jangbu serve` is told: its options, and the HTTP server that they describe.
#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "base/result.h"
#include "http/server.h"

namespace jangbu::cli {

struct ServeOptions {
  std::string config;
  std::string log_format = "text";
  std::string log_level = "info";
  std::string directory = "data";
  std::string listen = "127.0.0.1:8080";
  std::string tls_cert;
  std::string tls_key;
  std::string peer_ca;
  std::string database;
  std::string clock;
  std::string advertise;
  std::string public_url;
  std::string toss_client_key;
  std::string smtp;
  std::string mail_from;
  std::string message_url;
  bool sandbox = false;
  std::vector<std::string> trusted_proxies;
  int lanes = 1;
  int readers = 2;
};

/// Declares the options of `serve` on its command; `options` must live as long.
void add_options(CLI::App& serve_command, ServeOptions& options);

/// How and where the server listens. Takes as many connections as the limit on open files allows, and raises
/// that limit. Error: invalid_configuration.
Result<http::ServerOptions> server_options(const ServeOptions& options);

}  // namespace jangbu::cli
