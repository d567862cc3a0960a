// The invoice door's commands: what sellers' servers, their pages and operators change.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "door/write.h"
#include "invoice/gate.h"
#include "invoice/state.h"

namespace jangbu::invoice {

using door::Answer;
using door::Render;

/// One fault of a request: where it is ("products[0].price_adjustments[1].cycles[0].value"), a code and a
/// sentence.
struct Issue {
  std::string path;
  std::string code;
  std::string message;

  friend bool operator==(const Issue&, const Issue&) = default;
};
using Issues = std::vector<Issue>;

/// Why a change was refused, and all that is wrong with the request where that is why.
struct Refused {
  Error error;
  Issues issues = {};  // invalid_parameters, sum_mismatch
};

/// Who asks: whose key it is (an app, or 0: an operator), or an operator on behalf of that app.
enum class By : std::uint8_t { key_holder, office };

/// What door::Write asks of this door.
struct InvoiceDoor {
  using State = invoice::State;
  using Caller = By;
  using Refused = invoice::Refused;
  static constexpr engine::KeyScope key_scope = engine::KeyScope::invoice_idempotency;
  static Keyed keyed_of(const engine::Record& record);
  static void want(engine::Unit&, const Caller&) {}
  /// Refuses apps that were suspended since the gate; what is theirs the office still settles.
  static Status admit(State& state, engine::Unit&, const Caller&, const Keyed& keyed);
};
template <typename T>
using Write = door::Write<InvoiceDoor, T>;

engine::KeyDigest request_digest(AppId app, std::string_view request_id, bool by_browser);

// ---- invoices

/// The products of an invoice with their prices, or what is wrong with them: the catalogue decides where a
/// product is registered, then the product's own price, then, for a single product, the invoice's price
/// through the quantity.
struct PricedForm {
  std::vector<PricedItem> items;
  Money price;  // of a month, before adjustments
  Issues issues;
};
PricedForm price_form(State& state, engine::Unit& unit, AppId app, const NewInvoice& form);

/// Makes an invoice; the same request_id with the same body is the same invoice. A page's own of the same
/// request_id is replaced when it is not paid. Errors: request_id_conflict, sum_mismatch and
/// invalid_parameters with their issues.
class CreateInvoice final : public Write<InvoiceCreated> {
 public:
  /// `body_bytes`: of the request, as a measure of what the form holds.
  CreateInvoice(State& state, Keyed keyed, NewInvoice form, std::size_t body_bytes,
                Render<InvoiceCreated> render, Answered answered)
      : Write(state, std::move(keyed), std::move(render), std::move(answered)),
        form_(std::move(form)),
        body_bytes_(body_bytes) {}
  [[nodiscard]] std::size_t size_bytes() const override { return Write::size_bytes() + 2 * body_bytes_; }
  void want(engine::Unit& unit) override;

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  NewInvoice form_;
  std::size_t body_bytes_;
};

/// How a request to cancel an invoice ended: closed unpaid, or with a refund under way.
struct InvoiceClosed {
  InvoiceNumber invoice = 0;
  Instant made_at;  // the invoice's
  InvoiceStatus status = InvoiceStatus::cancelled;
  std::optional<CancelPart> refund;

  /// It is one of two records.
  static InvoiceClosed of(const engine::Record& record);
};

/// Errors: invoice_not_found, invoice_cancelled, invoice_expired, and what a refund may be refused for.
class CloseInvoice final : public Write<InvoiceClosed> {
 public:
  CloseInvoice(State& state, Keyed keyed, InvoiceNumber invoice, CancelRequest request,
               Render<InvoiceClosed> render, Answered answered)
      : Write(state, std::move(keyed), std::move(render), std::move(answered)),
        invoice_(invoice),
        request_(std::move(request)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  InvoiceNumber invoice_;
  CancelRequest request_;
};

/// Tells the customer. `types` empty: the invoice's own. Errors: invoice_not_found, too_many_attempts (over a
/// channel five times a day).
class NotifyInvoice final : public Write<InvoiceNotified> {
 public:
  NotifyInvoice(State& state, Keyed keyed, InvoiceNumber invoice, std::vector<SendType> types,
                Render<InvoiceNotified> render, Answered answered)
      : Write(state, std::move(keyed), std::move(render), std::move(answered)),
        invoice_(invoice),
        types_(std::move(types)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  InvoiceNumber invoice_;
  std::vector<SendType> types_;
};

/// Sends a test to the app's webhook. Error: invalid_parameters with its issue, when the app has none.
class TryWebhook final : public Write<WebhookTried> {
 public:
  TryWebhook(State& state, Keyed keyed, Render<WebhookTried> render, Answered answered)
      : Write(state, std::move(keyed), std::move(render), std::move(answered)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
};

/// What becomes of a notice over each of these channels.
std::vector<Notice> notices_of(const Surroundings& surroundings, const InvoiceCreated& created,
                               const std::vector<SendType>& types);

/// Whether a page of that origin may open anything for the app (null: there is none of that client key).
/// Errors: service_not_allowed, origin_not_allowed.
Status may_open(const AppSet* app, const std::string& origin, bool sandbox);

/// A shop's page opens an invoice: the server's of that request_id, or its own earlier one, or a new one of a
/// fixed price. A refusal is told to the operator's log by whoever submits this.
class OpenFromBrowser final : public engine::Command {
 public:
  struct Opened {
    InvoiceNumber invoice = 0;
    std::uint64_t checkout = 0;  // 0: there is nothing to pay, and it is paid
    std::shared_ptr<const InvoiceCreated> created;
  };
  /// Called once, on the writer thread. Errors: service_not_allowed (no such client key, or suspended),
  /// origin_not_allowed, price_from_browser, request_id_conflict, and CreateInvoice's.
  using Done = std::function<void(std::variant<Opened, Refused>)>;

  /// `body`: the hash of what the call says of its products, by which a repeated direct call is known;
  /// `faults`: what is wrong with its form, which matters when an invoice is made of it alone; `body_bytes`:
  /// of the call, as a measure of what the form holds.
  OpenFromBrowser(State& state, BrowserCall call, Hash body, Issues faults, std::size_t body_bytes, Done done)
      : state_(state),
        call_(std::move(call)),
        body_(body),
        faults_(std::move(faults)),
        body_bytes_(body_bytes),
        done_(std::move(done)) {}
  [[nodiscard]] std::size_t size_bytes() const override { return 2048 + 2 * body_bytes_; }
  engine::Decision decide(engine::Unit& unit) override;
  void render(const engine::Record& record) override;
  void succeeded() noexcept override { done_(std::move(opened_)); }
  void failed(const Error& error) noexcept override;

 private:
  State& state_;
  BrowserCall call_;
  Hash body_;
  Issues faults_;
  std::size_t body_bytes_;
  Done done_;
  Opened opened_;
  Issues issues_;
};

// ---- orders

/// A request to cancel an order as it stands after a change.
struct CancelTold {
  CancelPart cancel;
  CancelStatus status = CancelStatus::requested;

  /// It is one of three records.
  static CancelTold of(const engine::Record& record);
};

/// The refund of an order, with a new request to cancel or (`granted`) by one that was made. Errors:
/// order_not_found, not_paid, payment_in_progress, refund_exceeds_payment, invalid_parameters,
/// insufficient_balance (the seller's account does not cover it).
engine::Decision start_refund(State& state, engine::Unit& unit, const Keyed& keyed, OrderNumber order,
                              const CancelRequest& request, const CancelPart* granted = nullptr);

/// Asks for an order to be cancelled; with `at_once` (a supervisor) the refund begins. Errors:
/// order_not_found, and what a refund may be refused for.
class RequestCancel final : public Write<CancelTold> {
 public:
  RequestCancel(State& state, Keyed keyed, OrderNumber order, CancelRequest request, bool at_once,
                Render<CancelTold> render, Answered answered)
      : Write(state, std::move(keyed), std::move(render), std::move(answered)),
        order_(order),
        request_(std::move(request)),
        at_once_(at_once) {}
  [[nodiscard]] std::size_t size_bytes() const override {
    return Write::size_bytes() + request_.parts.size() * (sizeof(CancelledPart) + 2 * max_id_bytes);
  }

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  OrderNumber order_;
  CancelRequest request_;
  bool at_once_;
};

/// A supervisor grants a request to cancel. `amount`: instead of the one that was asked for. Errors:
/// cancel_not_found, cancel_closed, and what a refund may be refused for.
class ApproveCancel final : public Write<CancelTold> {
 public:
  ApproveCancel(State& state, Keyed keyed, CancelNumber cancel, std::optional<Money> amount,
                Render<CancelTold> render, Answered answered, By by = By::key_holder)
      : Write(state, by, std::move(keyed), std::move(render), std::move(answered)),
        cancel_(cancel),
        amount_(amount) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  CancelNumber cancel_;
  std::optional<Money> amount_;
};

/// A request to cancel is rejected (by a supervisor) or withdrawn (by whoever made it). Errors:
/// cancel_not_found, cancel_closed.
class CloseCancel final : public Write<CancelTold> {
 public:
  CloseCancel(State& state, Keyed keyed, CancelNumber cancel, CancelStatus status, std::string message,
              Render<CancelTold> render, Answered answered, By by = By::key_holder)
      : Write(state, by, std::move(keyed), std::move(render), std::move(answered)),
        cancel_(cancel),
        status_(status),
        message_(std::move(message)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  CancelNumber cancel_;
  CancelStatus status_;
  std::string message_;
};

// ---- catalogue and apps

/// Registers a product (`number` 0), changes one, or takes one out of the catalogue. A change is made of how
/// the product stands by `change`, so that two changes of different members both count. Errors:
/// product_not_found, already_exists (the seller's own id is another product's).
class SetProduct final : public Write<ProductSet> {
 public:
  using Change = std::function<void(CatalogueProduct&)>;
  SetProduct(State& state, Keyed keyed, ProductNumber number, Change change, bool deletes,
             Render<ProductSet> render, Answered answered)
      : Write(state, std::move(keyed), std::move(render), std::move(answered)),
        number_(number),
        change_(std::move(change)),
        deletes_(deletes) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  ProductNumber number_;
  Change change_;
  bool deletes_;
};

/// Issues an app (its id is the next free one) or changes one; the key of its webhooks is kept beside the
/// record. Error: already_exists (the id or the client key is another app's).
class SetApp final : public Write<AppSet> {
 public:
  /// `keys` may know a key of `app.id` that is not written yet (see WebhookKeys::generate).
  SetApp(State& state, AppSet app, const WebhookKeys& keys, Render<AppSet> render, Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)), app_(std::move(app)), keys_(keys) {}
  Status write_beside(store::Session& session) override { return keys_.write(session, app_.id); }

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  AppSet app_;
  const WebhookKeys& keys_;
};

/// How a seller stands on its documents. Error: not_found (there is no such app).
class SetSeller final : public Write<SellerSet> {
 public:
  SetSeller(State& state, SellerSet seller, Render<SellerSet> render, Answered answered)
      : Write(state, {}, std::move(render), std::move(answered)), seller_(std::move(seller)) {}

 private:
  engine::Decision decide_new(engine::Unit& unit) override;
  SellerSet seller_;
};

}  // namespace jangbu::invoice
