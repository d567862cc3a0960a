#include "cli/serve/program.h"

#include <chrono>
#include <cstdio>
#include <thread>

#include <spdlog/spdlog.h>

#include "cli/local_api.h"

namespace jangbu::cli {
namespace {

/// What is in flight when the server is told to stop has this long.
constexpr std::int64_t drain_patience_ms = 10'000;

}  // namespace

Program::~Program() {
  server_.reset();
  forwarder_.reset();
  workers_.end();
  node_.engine.reset();
}

Status Program::start() {
  ASSIGN_OR_RETURN(const auto server, server_options(node_.options));
  RETURN_IF_ERROR(open_tls());
  RETURN_IF_ERROR(node_.open());
  RETURN_IF_ERROR(workers_.open());
  doors_ = std::make_unique<Doors>(node_, workers_, [this] { return ready_.load(); });
  pass_writes_on();
  workers_.post_office->begin();
  RETURN_IF_ERROR(listen(server));
  const std::string& directory = node_.options.directory;
  if (node_.sandbox) RETURN_IF_ERROR(write_sandbox_file(directory, base_url_, *node_.sandbox));
  RETURN_IF_ERROR(write_control_file());
  workers_.start();
  await_writer();
  ready_ = true;
  announce();
  return {};
}

Status Program::open_tls() {
  const ServeOptions& options = node_.options;
  if (options.tls_cert.empty() != options.tls_key.empty())
    return Error(Errc::invalid_configuration, "--tls-cert and --tls-key go together");
  if (!options.peer_ca.empty()) RETURN_IF_ERROR(http::check_authorities(options.peer_ca));
  if (options.tls_cert.empty()) return {};
  ASSIGN_OR_RETURN(tls_, http::TlsIdentity::load(options.tls_cert, options.tls_key, node_.clock));
  node_.metrics.counter_from("jangbu_tls_handshakes_failed_total",
                             "Connections that ended before their TLS handshake did.", {},
                             [tls = tls_] { return tls->failed_handshakes(); });
  node_.metrics.gauge("jangbu_tls_certificate_expiry_timestamp_seconds",
                      "When the certificate in use expires, in seconds since 1970.", {},
                      [tls = tls_] { return tls->certificate().not_after.unix_seconds(); });
  tell_certificate();
  return {};
}

void Program::tell_certificate() const {
  const http::Certificate certificate = tls_->certificate();
  const Instant now = node_.clock.wall_now();
  const std::string whom = certificate.names.empty() ? "nobody by name" : certificate.names.front();
  if (now > certificate.not_after) {
    spdlog::warn("tls: the certificate for {} expired at {}", whom, to_rfc3339(certificate.not_after));
  } else if (now < certificate.not_before) {
    spdlog::warn("tls: the certificate for {} is good from {} on", whom, to_rfc3339(certificate.not_before));
  } else {
    spdlog::info("tls: the certificate for {} is good until {}", whom, to_rfc3339(certificate.not_after));
  }
}

void Program::reload() {
  if (!tls_) {
    spdlog::info("there is no certificate to be read again");
    return;
  }
  if (const Status read = tls_->reload(); !read) {
    spdlog::error("tls: the certificate stays as it was: {}", read.error().detail);
    return;
  }
  // Those who wait for the line may rely on the file.
  if (const Status written = write_control_file(); !written)
    spdlog::error("tls: commands on this machine will not know the certificate: {}",
                  to_string(written.error()));
  tell_certificate();
}

Status Program::write_control_file() const {
  return write_control(node_.options.directory,
                       {base_url_, node_.token, tls_ ? tls_->certificate().pin : ""});
}

/// A node that does not write passes changes on to the one that does.
void Program::pass_writes_on() {
  doors_->router().wrap_writes([this](http::Handler handler) -> http::Handler {
    return [this, handler = std::move(handler)](http::Responder responder) {
      if (node_.engine->is_writer()) return handler(std::move(responder));
      const std::string writer = node_.engine->writer_url();
      if (writer.empty()) {
        const std::string path(responder.request().path());
        return responder.respond(
            doors_->router().render_error(path, 503, "there is no writer at the moment"));
      }
      forwarder_->forward(std::move(responder), writer);
    };
  });
}

Status Program::listen(http::ServerOptions options) {
  http::ForwarderOptions forwarding;
  forwarding.authorities = node_.options.peer_ca;
  ASSIGN_OR_RETURN(forwarder_, http::Forwarder::start(doors_->router(), forwarding));
  options.tls = tls_;
  // Not where TLS is tried on an address of this machine: browsers would keep it for all of its ports.
  options.strict_transport = tls_ != nullptr && node_.options.public_url.starts_with("https://");
  const bool is_v6 = options.address.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + options.address + "]" : options.address;
  const std::string origin = (tls_ ? "https://" : "http://") + host + ":";
  const auto url_at = [&origin](std::uint16_t port) { return origin + std::to_string(port); };
  // Requests come as soon as the server listens, and the links in their answers are kept.
  const bool is_own_url = node_.options.public_url.empty();
  if (is_own_url && options.port != 0) node_.links->serve_at(url_at(options.port));
  ASSIGN_OR_RETURN(server_, http::Server::start(options, doors_->router()));
  base_url_ = url_at(server_->port());
  if (is_own_url) node_.links->serve_at(base_url_);
  node_.engine->advertise(node_.options.advertise.empty() ? base_url_ : node_.options.advertise);
  return {};
}

/// A node that joins others knows its writer before it says that it is ready.
void Program::await_writer() const {
  for (int i = 0; i < 100 && !node_.engine->is_writer() && node_.engine->writer_url().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

void Program::announce() const {
  if (const auto& sandbox = node_.sandbox) {
    std::printf("sandbox: credentials are in %s/sandbox.json\n", node_.options.directory.c_str());
    std::printf("  access key  %s\n  shop        %s\n  signer      %s\n", sandbox->access_key.c_str(),
                sandbox->shop_id.c_str(), sandbox->signer.c_str());
  }
  std::printf("listening on %s\n", base_url_.c_str());
  std::fflush(stdout);
}

bool Program::stop() {
  ready_ = false;
  workers_.post_office->stop_feed();
  const bool all_answered = server_->drain_and_stop(drain_patience_ms);
  forwarder_.reset();
  const bool all_worked = workers_.stop(drain_patience_ms);
  const bool all_decided = node_.engine->drain(drain_patience_ms);
  remove_control(node_.options.directory);
  return all_answered && all_worked && all_decided;
}

}  // namespace jangbu::cli
