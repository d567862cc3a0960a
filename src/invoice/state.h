// The invoice door's tables, made from its records; and its side of the checkouts that pay for invoices.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "delivery/address.h"
#include "engine/projection.h"
#include "http/links.h"
#include "invoice/apps.h"
#include "invoice/records.h"
#include "invoice/rows.h"
#include "ledger/book.h"
#include "payment/payment.h"
#include "payment/state.h"

namespace jangbu::invoice {

/// What the installation is like, for decisions.
struct Surroundings {
  bool mail = false;      // mail goes out
  bool messages = false;  // so do SMS, Kakao and push
  delivery::Reach reach = delivery::Reach::public_https;
  bool sandbox = false;  // pages of any origin may call for an app that has registered none
};

/// The first payment of an invoice that is billed for more than one month.
struct FirstPayment {
  InvoiceNumber invoice = 0;
  OrderNumber order = 0;
  std::uint64_t attempt = 0;  // the charge; 0: the first bill was nothing
  Instant paid_at;
  std::shared_ptr<const InvoiceCreated> created;
};

/// Whoever bills the later months. Called from apply, on the writer thread, with its rules: it looks at the
/// record and at tables, at nothing else. When nobody listens, an invoice is its first payment and no more.
class Subscriptions {
 public:
  virtual ~Subscriptions() = default;
  /// The first bill is paid, and its order is made.
  virtual void apply_first_paid(engine::Unit& unit, const engine::Record& record,
                                const FirstPayment& payment) = 0;
  /// A seller that was suspended is active again.
  virtual void apply_resumed(engine::Unit& unit, AppId app) = 0;
};

/// Writer thread, as every projection.
class State final : public engine::Projection, public payment::Listener {
 public:
  /// Registers itself with `payments`. `board` and `keys` may be null: a rebuild publishes nothing and opens
  /// nothing.
  State(ledger::Book& book, payment::State& payments, AppBoard* board, WebhookKeys* keys,
        Surroundings surroundings);
  ~State() override;

  /// Once, before the first record. The listener must outlive this object.
  void listen(Subscriptions& subscriptions) { subscriptions_ = &subscriptions; }

  [[nodiscard]] std::string_view name() const override { return "invoice"; }
  [[nodiscard]] std::span<const store::Migration> migrations() const override;
  [[nodiscard]] std::span<const engine::TableSpec> tables() const override;
  using engine::Projection::owns;
  [[nodiscard]] bool owns(engine::RecordKind kind) const override {
    return kind >= first_kind && kind <= last_kind;
  }
  void apply(engine::Unit& unit, const engine::Record& record) override;
  void keys_of(const engine::Record& record, std::vector<engine::KeyDigest>& out) const override;
  void prefetch(engine::Unit& unit) override;
  void flush(engine::Unit& unit) override;
  void committed() override;
  void discard() override;
  void load(engine::Unit& unit) override;

  // payment::Listener
  Status may_pay(engine::Unit& unit, const payment::Checkout& checkout) override;
  Result<Bytes> decide_paid(engine::Unit& unit, const payment::Checkout& checkout,
                            ledger::EntryBuilder& entry) override;
  void apply_paid(engine::Unit& unit, const engine::Record& record, const payment::Checkout& checkout,
                  ByteView note) override;
  Bytes decide_refunded(engine::Unit& unit, const payment::Checkout& checkout, const payment::Attempt& refund,
                        ledger::EntryBuilder& entry) override;
  void apply_refunded(engine::Unit& unit, const engine::Record& record, const payment::Checkout& checkout,
                      const payment::Attempt& refund, ByteView note) override;
  Bytes decide_refund_failed(engine::Unit& unit, const payment::Checkout& checkout,
                             const payment::Attempt& refund, ledger::EntryBuilder& entry) override;
  void apply_refund_failed(engine::Unit& unit, const engine::Record& record,
                           const payment::Checkout& checkout, const payment::Attempt& refund,
                           ByteView note) override;
  void apply_declined(engine::Unit& unit, const engine::Record& record, const payment::Checkout& checkout,
                      const payment::Attempt& charge) override;
  void apply_expired(engine::Unit& unit, const engine::Record& record,
                     const payment::Checkout& checkout) override;
  void apply_card_kept(engine::Unit& unit, const engine::Record& record, const payment::Checkout& checkout,
                       const payment::KeptCard& card) override;

  /// Where links lead. Any thread; to be set before requests come.
  void set_links(const http::Links* links) { links_ = links; }
  [[nodiscard]] std::string link_base() const {
    const http::Links* links = links_;
    return links == nullptr ? std::string() : links->base_url();
  }
  [[nodiscard]] const Surroundings& surroundings() const { return surroundings_; }

  /// Whether a customer may be asked once more today to pay an invoice, over a channel. A day is Seoul's.
  [[nodiscard]] bool may_ask_to_pay(engine::Unit& unit, InvoiceNumber invoice, SendType type);

  /// The refund of an order that begins with the record that is applied, whose entry is posted already.
  void begin_refund(engine::Unit& unit, const engine::Record& record, const RefundStarted& refund);

  // What decide asks. Pointers are good until the next call.
  [[nodiscard]] const Apps& apps() const;
  [[nodiscard]] ledger::Book& book() { return book_; }
  [[nodiscard]] payment::State& payments() { return payments_; }
  const InvoiceRow* invoice(engine::Unit& unit, InvoiceNumber number);
  const OrderRow* order(engine::Unit& unit, OrderNumber number);
  const CancelRow* cancel(engine::Unit& unit, CancelNumber number);
  const ProductRow* product(engine::Unit& unit, ProductNumber number);
  /// The product of a seller's own id; 0: there is none.
  ProductNumber product_of_id(engine::Unit& unit, AppId app, const std::string& id);

 private:
  struct Tables;

  void apply_app(engine::Unit& unit, const engine::Record& record);
  void apply_product(engine::Unit& unit, const engine::Record& record);
  void apply_created(engine::Unit& unit, const engine::Record& record);
  void apply_cancelled(engine::Unit& unit, const engine::Record& record);
  void apply_notified(engine::Unit& unit, const engine::Record& record);
  void apply_cancel_requested(engine::Unit& unit, const engine::Record& record);
  void apply_cancel_closed(engine::Unit& unit, const engine::Record& record);
  void apply_refund_started(engine::Unit& unit, const engine::Record& record);

  /// An invoice is paid by an attempt (0: it cost nothing): makes its order.
  void put_order(engine::Unit& unit, const engine::Record& record, InvoiceNumber invoice, OrderNumber order,
                 std::uint64_t attempt, Money amount);
  void put_cancel(engine::Unit& unit, const engine::Record& record, const CancelPart& part);
  /// A refund ended: its request to cancel is closed, and the order stands as the checkout.
  void close_refund(engine::Unit& unit, const payment::Checkout& checkout, CancelStatus status);
  /// Sends what a notice says to the channels that are queued.
  void send_notices(engine::Unit& unit, const InvoiceCreated& created, const std::vector<Notice>& notices);
  /// Tells the invoice's webhook, when it has one. `price`: what the event is about.
  void tell(engine::Unit& unit, const engine::Record& record, InvoiceNumber number,
            std::string_view webhook_type, Money price);

  ledger::Book& book_;
  payment::State& payments_;
  WebhookKeys* keys_;
  Surroundings surroundings_;
  Subscriptions* subscriptions_ = nullptr;
  std::atomic<const http::Links*> links_{nullptr};
  std::unique_ptr<Tables> tables_;
};

}  // namespace jangbu::invoice
