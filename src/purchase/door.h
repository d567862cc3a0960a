// The purchase door as the program assembles it: routes over the engine.
#pragma once

#include <functional>
#include <memory>

#include "base/time.h"
#include "engine/engine.h"
#include "http/router.h"
#include "purchase/config.h"
#include "purchase/phone.h"
#include "purchase/queries.h"
#include "purchase/state.h"

namespace jangbu::purchase {

/// Lives as long as the server and the engine's threads. Handlers run on I/O threads; writes go through the
/// engine's queue, reads through its readers.
class Door {
 public:
  /// `clock` says how long a receipt has waited for its block.
  Door(engine::Engine& engine, State& state, const ConfigBoard& board, const PhoneBook& phones,
       const Clock& clock);
  ~Door();

  /// The public routes of the door and its error dialect.
  void add_routes(http::Router& router);

 private:
  struct AskedReceipt;
  struct Waiting;
  /// A block was sealed and is durable: answers the receipts that wait for theirs. Any thread.
  void on_blocks();
  /// Receipts whose block did not come in time are told so, and their places are free. Any thread.
  void give_up_late_receipts();
  void record(http::Responder responder);
  void cancel(http::Responder responder);
  void get_purchase(http::Responder responder);
  void get_receipt(http::Responder responder);
  void list(http::Responder responder);
  void get_block(http::Responder responder);
  void get_sequence(http::Responder responder);
  /// Runs `query` as the holder of the request's access key and answers with its body.
  using HolderQuery = std::function<Result<std::string>(store::Session&, HolderId)>;
  void read_as_holder(http::Responder responder, HolderQuery query);
  void receipt_or_wait(AskedReceipt asked);

  engine::Engine& engine_;
  State& state_;
  const ConfigBoard& board_;
  const PhoneBook& phones_;
  const Clock& clock_;
  Queries queries_;
  std::unique_ptr<Waiting> waiting_;
};

}  // namespace jangbu::purchase
