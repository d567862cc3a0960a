#include "cli/serve/node.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "crypto/digest.h"
#include "http/answer_batch.h"

namespace jangbu::cli {
namespace {

/// Entries of the key index that wait to be written together (on SQLite). The more there are, the more of
/// them share a page of a large index, and the more records a start after a crash reads again: twice as many
/// at most.
constexpr std::size_t waiting_keys = 131'072;

/// Puts how long each stage of a batch took among the metrics.
engine::BatchObserver observe_stages(http::Metrics& metrics) {
  const auto stage = [&](const char* name) -> http::Histogram& {
    return metrics.histogram("jangbu_batch_stage_seconds", "Time of a batch in each of its stages.",
                             {{"stage", name}});
  };
  return [&decide = stage("decide"), &seal = stage("seal"), &flush = stage("flush"),
          &commit = stage("commit"), &answer = stage("answer")](const engine::BatchTimes& times) {
    decide.observe_us(times.decide_us);
    seal.observe_us(times.seal_us);
    flush.observe_us(times.flush_us);
    commit.observe_us(times.commit_us);
    answer.observe_us(times.answer_us);
  };
}

}  // namespace

Status Node::open() {
  RETURN_IF_ERROR(open_book());
  RETURN_IF_ERROR(start_engine());
  RETURN_IF_ERROR(prepare_book());
  links = std::make_unique<http::Links>(options.public_url, crypto::hmac_sha256(key.view(), "links"));
  return {};
}

Status Node::open_book() {
  std::error_code error;
  if (std::filesystem::create_directories(options.directory, error))
    std::filesystem::permissions(options.directory, std::filesystem::perms::owner_all, error);
  if (error) return Error(Errc::io_error, "cannot make " + options.directory + ": " + error.message());
  ASSIGN_OR_RETURN(auto master_key, load_master_key(options.directory, options.sandbox, random));
  master.emplace(std::move(master_key));
  signers.emplace(*master, random);
  hub_secrets.emplace(*master, random);
  invoice_keys.emplace(*master, random);
  const std::string place = options.database.empty() ? options.directory : options.database;
  ASSIGN_OR_RETURN(database, open_database(place, Access::read_write));
  return {};
}

BookParts Node::book_parts() {
  BookParts parts;
  parts.board = &purchase_board;
  parts.signers = &*signers;
  parts.apps = &hub_apps;
  parts.app_secrets = &*hub_secrets;
  parts.invoice_apps = &invoice_apps;
  parts.invoice_keys = &*invoice_keys;
  parts.affiliate_board = &affiliate_board;
  const bool mail = options.sandbox || !options.smtp.empty();
  const auto reach = options.sandbox ? delivery::Reach::loopback_too : delivery::Reach::public_https;
  parts.surroundings.mail = parts.invoice_surroundings.mail = parts.affiliate_surroundings.mail = mail;
  parts.surroundings.reach = parts.invoice_surroundings.reach = parts.affiliate_surroundings.reach = reach;
  parts.invoice_surroundings.messages = options.sandbox || !options.message_url.empty();
  parts.invoice_surroundings.sandbox = options.sandbox;
  return parts;
}

Status Node::start_engine() {
  engine::EngineOptions engine_options;
  engine_options.reader_threads = options.readers;
  engine_options.seal_helpers = std::max(0, static_cast<int>(std::thread::hardware_concurrency()) - 1);
  engine_options.writer.deferred_keys = waiting_keys;
  engine_options.writer.answer_together = [](const std::function<void()>& answer_all) {
    const http::AnswerBatch together;
    answer_all();
  };
  if (!options.clock.empty()) {
    ASSIGN_OR_RETURN(engine_options.writer.start_at, parse_rfc3339(options.clock));
  }
  books = make_books(book_parts());
  ASSIGN_OR_RETURN(engine, engine::Engine::start(*database, std::move(books.projections), clock, random,
                                                 engine_options, observe_stages(metrics)));
  return {};
}

/// What a book needs before it is served: in the sandbox its credentials, elsewhere a key that signs blocks.
Status Node::prepare_book() {
  key = master->derive("nodes");
  if (options.sandbox) {
    ASSIGN_OR_RETURN(sandbox,
                     prepare_sandbox({*engine, *books.purchase, *signers, purchase_board, *books.hub,
                                      *hub_secrets, hub_apps, *books.invoice, *invoice_keys, invoice_apps,
                                      *books.affiliate, affiliate_board, *books.console, random}));
    // The sandbox's master key is known to everybody; its password is not.
    key = crypto::hmac_sha256(sandbox->operator_password, "nodes");
  } else if (engine->is_writer()) {
    RETURN_IF_ERROR(ensure_block_signer(*engine, *books.purchase, *signers, purchase_board));
  }
  token = to_hex(crypto::hmac_sha256(key.view(), "operator").view());
  return {};
}

}  // namespace jangbu::cli
