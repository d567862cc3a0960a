#include "cli/installation.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "crypto/digest.h"

namespace jangbu::cli {
namespace {

Error file_error(const std::string& what, const std::string& path) {
  return Error(Errc::io_error, what + " " + path + ": " + std::strerror(errno));
}

Status write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Errc::io_error;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0 ? Status() : Status(Errc::io_error);
}

}  // namespace

Books make_books(const BookParts& parts) {
  Books books;
  auto ledger = std::make_unique<ledger::Book>();
  auto payment = std::make_unique<payment::State>(*ledger);
  auto delivery = std::make_unique<delivery::State>();
  auto hub =
      std::make_unique<hub::State>(*ledger, *payment, parts.apps, parts.app_secrets, parts.surroundings);
  auto invoice = std::make_unique<invoice::State>(*ledger, *payment, parts.invoice_apps, parts.invoice_keys,
                                                  parts.invoice_surroundings);
  auto subscriptions = std::make_unique<invoice::SubscriptionBook>(*ledger, *payment, *invoice);
  auto affiliate =
      std::make_unique<affiliate::State>(*ledger, parts.affiliate_board, parts.affiliate_surroundings);
  auto clicks = std::make_unique<affiliate::ClickBook>();
  affiliate->find_clicks_in(*clicks);
  auto settlement = std::make_unique<affiliate::SettlementBook>(*ledger, *affiliate);
  auto purchase = std::make_unique<purchase::State>(*ledger, parts.board, parts.signers);
  auto console = std::make_unique<console::State>();
  books.ledger = ledger.get();
  books.payment = payment.get();
  books.delivery = delivery.get();
  books.hub = hub.get();
  books.invoice = invoice.get();
  books.subscriptions = subscriptions.get();
  books.affiliate = affiliate.get();
  books.settlement = settlement.get();
  books.clicks = clicks.get();
  books.purchase = purchase.get();
  books.console = console.get();
  books.projections.push_back(std::move(ledger));
  books.projections.push_back(std::move(payment));
  books.projections.push_back(std::move(delivery));
  books.projections.push_back(std::move(hub));
  books.projections.push_back(std::move(invoice));
  books.projections.push_back(std::move(subscriptions));
  books.projections.push_back(std::move(affiliate));
  books.projections.push_back(std::move(settlement));
  books.projections.push_back(std::move(clicks));
  books.projections.push_back(std::move(purchase));
  books.projections.push_back(std::move(console));
  return books;
}

bool is_database_url(const std::string& place) {
  return place.starts_with("postgresql://") || place.starts_with("postgres://");
}

Result<std::unique_ptr<store::Database>> open_database(const std::string& place, Access access) {
  if (is_database_url(place)) return store::open_postgres({.connection = place});
  store::SqliteOptions options;
  options.directory = place;
  options.read_only = access == Access::read_only;
  return store::open_sqlite(options);
}

Result<crypto::MasterKey> load_master_key(const std::string& directory, bool sandbox, Random& random) {
  if (sandbox) return crypto::MasterKey::from_bytes(crypto::sha256("jangbu sandbox: no secrets here").view());
  if (const char* hex =
          std::getenv("JANGBU_MASTER_KEY")) {  // NOLINT(concurrency-mt-unsafe): before any thread starts
    const auto bytes = from_hex(hex);
    if (!bytes) return Error(Errc::invalid_configuration, "JANGBU_MASTER_KEY must be 64 hex digits");
    return crypto::MasterKey::from_bytes(*bytes);
  }
  return crypto::MasterKey::load_or_create(directory + "/master.key", random);
}

Status write_file_atomically(const std::string& path, std::string_view content) {
  const std::string temporary = path + ".new";
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return file_error("cannot write", temporary);
  const Status written = write_all(file, content);
  ::close(file);
  if (!written) return file_error("cannot write", temporary);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return file_error("cannot rename to", path);
  const int directory =
      ::open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    ::fsync(directory);
    ::close(directory);
  }
  return {};
}

Result<std::string> read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return file_error("cannot read", path);
  std::string content;
  char buffer[16384];
  ssize_t count = 0;
  while ((count = ::read(file, buffer, sizeof buffer)) > 0)
    content.append(buffer, static_cast<std::size_t>(count));
  ::close(file);
  if (count < 0) return file_error("cannot read", path);
  return content;
}

}  // namespace jangbu::cli
