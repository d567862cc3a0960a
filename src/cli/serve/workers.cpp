#include "cli/serve/workers.h"

#include <cstdlib>

#include "console/access.h"
#include "crypto/digest.h"
#include "payment/books.h"
#include "payment/sandbox.h"
#include "payment/toss.h"

namespace jangbu::cli {
namespace {

/// What is on its way to receivers at a stop has this long; what is cut off is sent again after the next
/// start.
constexpr std::int64_t delivery_patience_ms = 2'000;

/// A variable of the environment, or nothing. Secrets are given so: command lines can be seen by others.
std::string from_environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing changes the environment
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

Status Workers::open() {
  engine::Engine& engine = *node_.engine;
  ASSIGN_OR_RETURN(reconciler,
                   affiliate::Reconciler::make(engine, *node_.books.settlement, node_.affiliate_board,
                                               node_.clock, affiliate::ReconcilerOptions()));
  RETURN_IF_ERROR(open_cashier());
  RETURN_IF_ERROR(open_post_office());
  clicks = std::make_unique<affiliate::ClickBuffer>(
      *node_.books.clicks,
      [&engine](std::unique_ptr<engine::Command> command) { return engine.submit(std::move(command)); },
      [&engine] { return engine.business_now(); }, node_.random);
  engine.hold_clock([this] { return cashier->is_billing() || reconciler->is_behind(); });
  return {};
}

/// Whoever takes money for us: in the sandbox a company that exists only there, and Toss Payments where it is
/// configured.
Status Workers::open_cashier() {
  const ServeOptions& options = node_.options;
  billing_keys.emplace(*node_.master, node_.random);
  cashier = std::make_unique<payment::Cashier>(payment::books_of(*node_.engine), *node_.books.payment,
                                               *billing_keys, node_.clock, payment::CashierOptions());
  pay_methods.sandbox = pay_methods.card = options.sandbox;
  if (options.sandbox)
    cashier->add(std::make_unique<payment::SandboxAcquirer>(payment::books_of(*node_.engine), node_.clock,
                                                            node_.random));
  ASSIGN_OR_RETURN(auto toss, payment::TossOptions::from_environment());
  if (toss.secret_key.empty() != options.toss_client_key.empty())
    return Error(Errc::invalid_configuration,
                 "Toss Payments needs both --toss-client-key and JANGBU_TOSS_SECRET_KEY");
  if (!toss.secret_key.empty()) {
    pay_methods.toss_client_key = options.toss_client_key;
    cashier->add(payment::make_toss_acquirer(std::move(toss)));
  }
  return {};
}

Status Workers::open_post_office() {
  delivery::PostOfficeOptions options;
  options.sandbox = node_.options.sandbox;
  options.id_key = crypto::hmac_sha256(node_.key.view(), "messages");
  if (!node_.options.smtp.empty()) {
    ASSIGN_OR_RETURN(options.smtp,
                     delivery::parse_smtp(node_.options.smtp, from_environment("JANGBU_SMTP_USER"),
                                          from_environment("JANGBU_SMTP_PASSWORD"), node_.options.mail_from));
  }
  if (!node_.options.message_url.empty())
    options.messages = {node_.options.message_url, from_environment("JANGBU_MESSAGE_KEY")};
  ASSIGN_OR_RETURN(post_office,
                   delivery::PostOffice::open(*node_.engine, *node_.books.delivery, node_.clock, node_.random,
                                              node_.metrics, console::Access::admits, std::move(options)));
  return {};
}

void Workers::start() {
  cashier->start();
  reconciler->start();
  clicks->start();
}

bool Workers::stop(std::int64_t patience_ms) {
  const bool all_clicks = clicks->stop(patience_ms);
  operators_passwords.stop();
  managers_passwords.stop();
  cashier->stop();
  reconciler->stop();
  post_office->postman().stop(delivery_patience_ms);
  return all_clicks;
}

void Workers::end() {
  post_office.reset();
  reconciler.reset();
}

}  // namespace jangbu::cli
