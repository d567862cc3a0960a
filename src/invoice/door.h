// The invoice door as the program assembles it: routes over the engine.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "engine/engine.h"
#include "http/links.h"
#include "http/router.h"
#include "invoice/gate.h"
#include "invoice/pdf_press.h"
#include "invoice/queries.h"
#include "invoice/state.h"
#include "invoice/subscription_queries.h"
#include "payment/cashier.h"
#include "payment/checkout_link.h"

namespace jangbu::invoice {

/// What the door is made of; all of it outlives the door.
struct DoorParts {
  engine::Engine& engine;
  State& state;
  SubscriptionBook& subscriptions;
  const AppBoard& board;
  const http::Links& links;
  payment::Cashier& cashier;
  const Clock& clock;
  Random& random;
  Hash token_key;        // shared by the nodes of the installation, for access tokens alone
  bool sandbox = false;  // POST /sandbox/invoices/{id}/pay is there
};

/// Lives as long as the server and the engine's threads. Handlers run on I/O threads.
class Door {
 public:
  explicit Door(DoorParts parts);

  void add_routes(http::Router& router);
  /// Who may show the checkout page of a request in a frame: the origins that its seller has registered, any
  /// page where there are none, nobody where the checkout pays for something else. `answer` is called once,
  /// from any thread.
  void frame_ancestors(const http::Request& request, std::function<void(std::string_view)> answer);

 private:
  /// A request that came through the gate.
  struct Incoming;
  using Shared = std::shared_ptr<Incoming>;
  using Handle = void (Door::*)(const Shared&);
  using Query = std::function<Result<Answer>(store::Session&)>;

  void add(http::Router& router, http::Method method, std::string pattern, http::Effect effect,
           Handle handle);
  void enter(http::Responder responder, Handle handle);

  void request_token(http::Responder responder);
  void open_from_browser(http::Responder responder);
  void create_invoice(const Shared& in);
  void list_invoices(const Shared& in);
  void get_invoice(const Shared& in);
  void notify_invoice(const Shared& in);
  void cancel_invoice(const Shared& in);

  void list_orders(const Shared& in);
  void list_orders_of_month(const Shared& in);
  void answer_orders(const Shared& in, const Parsed<OrderList>& parsed);
  void get_order(const Shared& in);
  void list_cancels(const Shared& in);
  void request_cancel(const Shared& in);
  void approve_cancel(const Shared& in);
  void reject_cancel(const Shared& in);
  void withdraw_cancel(const Shared& in);
  void close_cancel(const Shared& in, CancelStatus status);

  void create_product(const Shared& in);
  void list_products(const Shared& in);
  void get_product(const Shared& in);
  void update_product(const Shared& in);
  void delete_product(const Shared& in);
  void set_product(const Shared& in, bool deletes);

  void print_invoice(const Shared& in);
  void print_checkout(http::Responder responder);
  void try_webhook(const Shared& in);
  void print(const std::shared_ptr<http::Responder>& to, const InvoiceView& invoice, const AppSet& app,
             payment::LinkHolder holder);

  void add_subscription_routes(http::Router& router);
  void list_subscriptions(const Shared& in);
  void get_subscription(const Shared& in);
  void update_subscription(const Shared& in);
  void approve_subscription(const Shared& in) { judge_by_subscription(in, true); }
  void reject_subscription(const Shared& in) { judge_by_subscription(in, false); }
  void judge_by_subscription(const Shared& in, bool approve);
  void terminate_subscription(const Shared& in);
  void pause_subscription(const Shared& in);
  void resume_subscription(const Shared& in);
  void add_adjustment(const Shared& in);
  void replace_adjustments(const Shared& in);
  void remove_adjustment(const Shared& in);
  void adjust(const Shared& in, Parsed<AdjustmentChange> parsed);
  void ask_card(const Shared& in);
  void pause_by_customer(const Shared& in);
  void resume_by_customer(const Shared& in);
  void request_termination(const Shared& in);
  void request_purchase(const Shared& in);
  void request_transfer(const Shared& in);
  void request_change(const Shared& in, std::string id, ChangeRequested requested);
  void calculate_fee(const Shared& in);
  void charge_on_demand(const Shared& in);
  void revoke_charge_key(const Shared& in);
  void list_bills(const Shared& in);
  void get_bill(const Shared& in);
  void change_bill(const Shared& in);
  void list_changes(const Shared& in);
  void get_change(const Shared& in);
  void judge_change(const Shared& in);
  void answer_charge(const Shared& in, BillNumber bill, const std::string& charge_key);
  [[nodiscard]] std::string charge_key(SubscriptionNumber number, std::uint64_t revoked) const;
  bool require_supervisor(const Shared& in);
  /// Submits a write about a subscription and answers with what became of it.
  template <typename Command, typename T, typename... Arguments>
  void submit_subscription(const Shared& in, Render<T> render, Arguments&&... arguments);
  /// The subscription that an id means, then on with it.
  template <typename Then>
  void with_subscription(const Shared& in, std::string id, Then then);

  void show_checkout(http::Responder responder);
  using FoundInvoice = std::function<void(const InvoiceView&, const AppSet&, payment::LinkHolder)>;
  using NotFound = std::function<void(const Error&)>;
  /// The invoice behind a checkout's token. Error: not_found.
  void with_checkout(std::string_view token, FoundInvoice found, NotFound failed);
  void pay_in_sandbox(const Shared& in);
  void answer_payment(const Shared& in, InvoiceNumber number, const payment::PayAnswer& answer);

  /// Submits a write and answers with what became of it.
  template <typename Command, typename T, typename... Arguments>
  void submit(const Shared& in, Render<T> render, Arguments&&... arguments);
  template <typename Command, typename Book, typename T, typename... Arguments>
  void submit_to(Book& book, const Shared& in, Render<T> render, Arguments&&... arguments);
  void submit(const Shared& in, std::unique_ptr<engine::Command> command);
  /// Answers with what a query says.
  void read(const Shared& in, Query query);
  /// Looks up the number that an id of the path stands for, then goes on with it.
  template <typename Find, typename Then>
  void with_number(const Shared& in, Find find, Then then);
  /// Goes on with the apps of the moment: the published ones on the node that writes, on another those that
  /// the database has.
  using WithApps = std::function<void(const std::shared_ptr<const Apps>&)>;
  void with_apps(WithApps then, std::function<void(const Error&)> failed);
  [[nodiscard]] Result<std::shared_ptr<const Apps>> apps_now(store::Session& session) const;

  DoorParts parts_;
  Gate gate_;
  http::RateLimiter page_limiter_;      // calls of pages, whose client keys are public
  http::RateLimiter stranger_limiter_;  // lines in the log about pages of other origins
  PdfPress press_;
  CheckoutLink link_;
  FindRequest find_request_;
};

}  // namespace jangbu::invoice
