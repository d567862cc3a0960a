#include <algorithm>
#include <charconv>
#include <mutex>
#include <vector>

#include "base/ascii.h"
#include "purchase/decide.h"
#include "purchase/door.h"
#include "purchase/wire.h"

namespace jangbu::purchase {
namespace {

constexpr std::string_view new_path = "/v1/tx/purchase/new";
constexpr std::string_view cancel_path = "/v1/tx/purchase/cancel";

/// Receipts that may wait for their block at one time.
constexpr std::size_t max_waiting_receipts = 1000;
/// How many blocks one receipt waits for: its own, and one more for a batch that came between.
constexpr int receipt_tries = 3;
/// How long one receipt waits in all. A block comes after a second, unless something holds sealing back.
constexpr Duration receipt_patience = Duration::seconds(3);

http::Response ok_response(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

/// The filter of a list request, and all that is wrong with it.
ListFilter read_filter(std::string_view query, std::vector<Fault>& faults) {
  ListFilter filter;
  for (const auto& [name, value] : http::parse_query(query)) {
    const auto fault = [&, &name = name, &value = value](const char* message) {
      faults.push_back({name, message, echo_text(value), FaultLocation::query});
    };
    const auto number = [&, &value = value](std::uint64_t low,
                                            std::uint64_t high) -> std::optional<std::uint64_t> {
      const auto parsed = parse_number(value);
      if (parsed && *parsed >= low && *parsed <= high) return parsed;
      fault("Invalid value");
      return std::nullopt;
    };
    if (name == "limit") {
      filter.limit = number(1, 100).value_or(filter.limit);
    } else if (name == "cursor") {
      filter.before_record = number(1, INT64_MAX).value_or(0);
    } else if (name == "shopId") {
      filter.shop_id = to_lower(value);
    } else if (name == "currency") {
      filter.currency = value;
    } else if (name == "userAccount") {
      filter.user_account = to_lower(value);
    } else if (name == "status") {
      filter.status = status_from_name(value);
      if (!filter.status) fault("Must be pending, provided or cancelled");
    } else if (name == "from") {
      filter.from_timestamp = number(0, UINT64_MAX);
    } else if (name == "to") {
      filter.to_timestamp = number(0, UINT64_MAX);
    } else {
      fault("Unknown parameter");
    }
  }
  return filter;
}

}  // namespace

/// A receipt that is asked for.
struct Door::AskedReceipt {
  std::shared_ptr<http::Responder> responder;
  int tries_left;
  std::int64_t until_us;  // monotonic
};

/// Receipts of purchases that are in no block yet.
struct Door::Waiting {
  std::mutex mutex;
  std::vector<AskedReceipt> receipts;
  std::uint64_t blocks = 0;  // announced so far
};

Door::Door(engine::Engine& engine, State& state, const ConfigBoard& board, const PhoneBook& phones,
           const Clock& clock)
    : engine_(engine),
      state_(state),
      board_(board),
      phones_(phones),
      clock_(clock),
      queries_(engine),
      waiting_(std::make_unique<Waiting>()) {
  state_.observe_blocks([this] { on_blocks(); });
}
Door::~Door() = default;

void Door::add_routes(http::Router& router) {
  using http::Effect;
  using http::Method;
  const auto to = [this](void (Door::*handler)(http::Responder)) {
    return [this, handler](http::Responder responder) { (this->*handler)(std::move(responder)); };
  };
  router.add_dialect(
      {"/v1", [](int status, std::string_view message) { return status_response(status, message); }});
  router.add({Method::get, "/", Effect::read,
              [](http::Responder responder) { responder.respond(ok_response("\"OK\"")); }});
  router.add({Method::get, "/v1/tx/sequence", Effect::read, to(&Door::get_sequence)});
  router.add({Method::post, std::string(new_path), Effect::write, to(&Door::record)});
  router.add({Method::post, std::string(cancel_path), Effect::write, to(&Door::cancel)});
  router.add({Method::get, "/v1/tx/purchase", Effect::read, to(&Door::list)});
  router.add({Method::get, "/v1/tx/purchase/{purchaseId}", Effect::read, to(&Door::get_purchase)});
  router.add({Method::get, "/v1/tx/purchase/{purchaseId}/receipt", Effect::read, to(&Door::get_receipt)});
  router.add({Method::get, "/v1/blocks/{height}", Effect::read, to(&Door::get_block)});
  router.add_tick([this] { give_up_late_receipts(); });
}

void Door::record(http::Responder responder) {
  const http::Request& request = responder.request();
  const auto config = board_.current();
  auto parsed = parse_new(request.body(), request.header("Authorization"), phones_,
                          [&](std::string_view code) { return config->is_currency(code); });
  if (const auto* refusal = std::get_if<Refusal>(&parsed))
    return responder.respond(error_response(refusal->error, refusal->faults));
  auto& purchase = std::get<NewPurchase>(parsed);
  const Hash key = access_key_digest(purchase.access_key);
  const HolderSet* holder = config->holder_of(key);
  if (holder == nullptr) return responder.respond(error_response(Errc::access_key_invalid));
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  auto command = std::make_unique<RecordPurchase>(
      state_, std::move(purchase), key, holder->id, [shared](Result<std::string> body) {
        shared->respond(body ? ok_response(std::move(*body)) : error_response(body.error()));
      });
  if (const Status queued = engine_.submit(std::move(command)); !queued)
    shared->respond(error_response(queued.error()));
}

void Door::cancel(http::Responder responder) {
  const http::Request& request = responder.request();
  auto parsed = parse_cancel(request.body(), request.header("Authorization"));
  if (const auto* refusal = std::get_if<Refusal>(&parsed))
    return responder.respond(error_response(refusal->error, refusal->faults));
  auto& cancel = std::get<CancelPurchase>(parsed);
  const Hash key = access_key_digest(cancel.access_key);
  const auto config = board_.current();
  const HolderSet* holder = config->holder_of(key);
  if (holder == nullptr) return responder.respond(error_response(Errc::access_key_invalid));
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  auto command = std::make_unique<CancelRecorded>(
      state_, std::move(cancel), key, holder->id, [shared](Result<std::string> body) {
        shared->respond(body ? ok_response(std::move(*body)) : error_response(body.error()));
      });
  if (const Status queued = engine_.submit(std::move(command)); !queued)
    shared->respond(error_response(queued.error()));
}

void Door::read_as_holder(http::Responder responder, HolderQuery query) {
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  engine_.read(
      [this, shared, query = std::move(query)](store::Session& session) {
        const std::string* key = shared->request().header("Authorization");
        auto holder = queries_.holder_of(session, key == nullptr ? std::string_view() : trim(*key));
        if (!holder) return shared->respond(error_response(holder.error()));
        auto body = query(session, *holder);
        shared->respond(body ? ok_response(std::move(*body)) : error_response(body.error()));
      },
      [shared](const Error& error) { shared->respond(error_response(error)); });
}

void Door::get_sequence(http::Responder responder) {
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  engine_.read(
      [this, shared](store::Session& session) {
        const auto sequence = queries_.last_sequence(session);
        if (!sequence) return shared->respond(error_response(sequence.error()));
        shared->respond(
            ok_response("{\"code\":0,\"data\":{\"sequence\":\"" + std::to_string(*sequence) + "\"}}"));
      },
      [shared](const Error& error) { shared->respond(error_response(error)); });
}

void Door::get_purchase(http::Responder responder) {
  // The two words are the paths of writes, as in the published API; a purchase of that name is reached as
  // %6Eew or in lists.
  const auto path = responder.request().path();
  if (path == new_path || path == cancel_path) {
    http::Response response = status_response(405, "Method Not Allowed");
    response.headers.push_back({"Allow", "POST"});
    return responder.respond(std::move(response));
  }
  std::string id(trim(responder.request().path_parameter("purchaseId")));
  read_as_holder(std::move(responder), [this, id = std::move(id)](store::Session& session, HolderId holder) {
    return queries_.purchase(session, holder, id);
  });
}

void Door::list(http::Responder responder) {
  std::vector<Fault> faults;
  const ListFilter filter = read_filter(responder.request().query(), faults);
  if (!faults.empty()) return responder.respond(error_response(Errc::invalid_parameters, faults));
  read_as_holder(std::move(responder), [this, filter](store::Session& session, HolderId holder) {
    return queries_.list(session, holder, filter);
  });
}

void Door::get_block(http::Responder responder) {
  const std::string_view asked = responder.request().path_parameter("height");
  const auto height = parse_number(asked);
  if (!height || *height > INT64_MAX)
    return responder.respond(error_response(
        Errc::invalid_parameters, {{"height", "Invalid value", echo_text(asked), FaultLocation::params}}));
  read_as_holder(std::move(responder), [this, height](store::Session& session, HolderId) {
    return queries_.block(session, *height);
  });
}

void Door::get_receipt(http::Responder responder) {
  receipt_or_wait({std::make_shared<http::Responder>(std::move(responder)), receipt_tries,
                   clock_.monotonic_us() + receipt_patience.us});
}

void Door::receipt_or_wait(AskedReceipt asked) {
  std::uint64_t blocks_before = 0;
  {
    const std::lock_guard lock(waiting_->mutex);
    blocks_before = waiting_->blocks;
  }
  engine_.read(
      [this, asked, blocks_before](store::Session& session) {
        const auto& [responder, tries_left, until_us] = asked;
        const std::string* key = responder->request().header("Authorization");
        auto holder = queries_.holder_of(session, key == nullptr ? std::string_view() : trim(*key));
        if (!holder) return responder->respond(error_response(holder.error()));
        auto body =
            queries_.receipt(session, *holder, trim(responder->request().path_parameter("purchaseId")));
        if (body) return responder->respond(ok_response(std::move(*body)));
        // Blocks are announced on the node that seals them; on another the client asks again.
        if (body.error().code == Errc::not_in_a_block_yet && tries_left > 1 && engine_.is_writer() &&
            clock_.monotonic_us() < until_us) {
          std::unique_lock lock(waiting_->mutex);
          if (waiting_->blocks != blocks_before) {  // one was sealed since the snapshot: look again
            lock.unlock();
            return receipt_or_wait({responder, tries_left - 1, until_us});
          }
          if (waiting_->receipts.size() < max_waiting_receipts) {
            waiting_->receipts.push_back({responder, tries_left - 1, until_us});
            return;
          }
        }
        responder->respond(error_response(body.error()));
      },
      [responder = asked.responder](const Error& error) { responder->respond(error_response(error)); });
}

void Door::on_blocks() {
  std::vector<AskedReceipt> receipts;
  {
    const std::lock_guard lock(waiting_->mutex);
    ++waiting_->blocks;
    receipts.swap(waiting_->receipts);
  }
  for (AskedReceipt& asked : receipts) receipt_or_wait(std::move(asked));
}

void Door::give_up_late_receipts() {
  const std::int64_t now_us = clock_.monotonic_us();
  std::vector<AskedReceipt> late;
  {
    const std::lock_guard lock(waiting_->mutex);
    auto& receipts = waiting_->receipts;
    const auto first_late = std::partition(receipts.begin(), receipts.end(),
                                           [now_us](const auto& asked) { return asked.until_us > now_us; });
    late.assign(first_late, receipts.end());
    receipts.erase(first_late, receipts.end());
  }
  for (const AskedReceipt& asked : late) asked.responder->respond(error_response(Errc::not_in_a_block_yet));
}

}  // namespace jangbu::purchase
