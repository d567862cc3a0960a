#include "cli/serve/doors.h"

#include <spdlog/spdlog.h>

#include "affiliate/admin.h"
#include "affiliate/click_door.h"
#include "affiliate/desk.h"
#include "affiliate/intake.h"
#include "affiliate/messages.h"
#include "affiliate/payout_admin.h"
#include "affiliate/postback.h"
#include "affiliate/site_routes.h"
#include "cli/explainers.h"
#include "console/account_routes.h"
#include "console/desk_routes.h"
#include "console/ledger_routes.h"
#include "console/system_routes.h"
#include "crypto/digest.h"
#include "http/other_sites.h"
#include "hub/admin.h"
#include "hub/door.h"
#include "hub/lists.h"
#include "hub/messages.h"
#include "hub/portal.h"
#include "invoice/admin.h"
#include "invoice/door.h"
#include "invoice/judge.h"
#include "invoice/lists.h"
#include "invoice/messages.h"
#include "invoice/pdf_canvas.h"
#include "payment/checkout_routes.h"
#include "purchase/admin.h"
#include "purchase/door.h"
#include "purchase/lists.h"
#include "web/pages.h"
#include "web/sdk.h"

namespace jangbu::cli {
namespace {

/// How long an onboarding waits for its mail before it is answered.
constexpr Duration mail_patience = Duration::seconds(3);
/// The same for a test of a reward receiver, which has ten seconds itself.
constexpr Duration reward_patience = Duration::seconds(12);

}  // namespace

Doors::Doors(Node& node, Workers& workers, std::function<bool()> is_ready) : node_(node), workers_(workers) {
  open_system(std::move(is_ready));
  open_purchase();
  open_checkout();
  open_hub();
  open_invoice();
  open_affiliate();
  open_ledger();
  workers_.post_office->add_routes(router_);
  open_console();
  // Nobody has to sign in there, so that a page of another site could call them from the browser of a
  // developer.
  http::refuse_other_sites(router_, "/sandbox");
}

void Doors::open_system(std::function<bool()> is_ready) {
  console::add_system_routes(router_,
                             {*node_.engine, node_.metrics, std::move(is_ready), node_.options.sandbox});
  console::add_engine_metrics(node_.metrics, *node_.engine);
  web::add_sdk(router_);
}

void Doors::open_purchase() {
  open<purchase::Door>(*node_.engine, *node_.books.purchase, node_.purchase_board, node_.phones, node_.clock);
  open<purchase::Admin>(*node_.engine, *node_.books.purchase, *node_.signers, node_.phones, node_.random,
                        console::Access::admits);
  purchase::add_lists(router_, *node_.engine);
}

void Doors::open_checkout() {
  open<payment::CheckoutRoutes>(*node_.engine, *workers_.cashier, *node_.links, node_.clock, node_.random,
                                workers_.pay_methods);
}

/// The hub's door, and how the postman finds what its mails and webhooks need.
void Doors::open_hub() {
  hub::State& state = *node_.books.hub;
  state.set_links(node_.links.get());
  hub::add_templates(workers_.post_office->templates());
  workers_.post_office->secrets().add("hub/", [this](std::string_view rest) -> std::optional<std::string> {
    const std::string name = "hub/" + std::string(rest);
    if (const hub::InviteId invite = hub::invite_of_secret(name); invite != 0)
      return node_.links->url(hub::invite_path, hub::invite_purpose, invite);
    if (const hub::InviteId invite = hub::forgotten_of_secret(name); invite != 0)
      return node_.links->url(hub::forgotten_path, hub::invite_purpose, invite);
    if (const hub::AppId app = hub::app_of_webhook_secret(name); app != 0)
      return node_.hub_secrets->webhook_key(app);
    return std::nullopt;
  });
  open<hub::Door>(hub::DoorParts{*node_.engine, state, node_.hub_apps, *node_.hub_secrets, *node_.links,
                                 node_.clock, [this](std::uint64_t event, std::function<void(bool)> tried) {
                                   workers_.post_office->postman().when_tried(event, mail_patience,
                                                                              std::move(tried));
                                 }});
  open<hub::Admin>(*node_.engine, state, node_.hub_apps, *node_.hub_secrets, *node_.links, node_.clock,
                   console::Access::admits);
  open<hub::Portal>(*node_.engine, state, workers_.managers_passwords, *node_.links, node_.clock,
                    node_.random, crypto::hmac_sha256(node_.key.view(), "portal"), node_.metrics);
  hub::add_lists(router_, *node_.engine);
}

/// The invoice door with the pages, of which the checkout is framed by its sellers; and how the postman finds
/// what its messages and webhooks need.
void Doors::open_invoice() {
  invoice::State& state = *node_.books.invoice;
  state.set_links(node_.links.get());
  invoice::add_templates(workers_.post_office->templates());
  if (const Status fonts = invoice::check_pdf_fonts(); !fonts)
    spdlog::warn("invoices as PDF: {}", fonts.error().detail);
  workers_.post_office->secrets().add(
      "invoice/", [this](std::string_view rest) -> std::optional<std::string> {
        const std::string name = "invoice/" + std::string(rest);
        if (const std::uint64_t checkout = invoice::checkout_of_secret(name); checkout != 0)
          return node_.links->checkout_url(checkout);
        if (const invoice::AppId app = invoice::app_of_webhook_secret(name); app != 0)
          return node_.invoice_keys->find(app);
        return std::nullopt;
      });
  auto& door = open<invoice::Door>(
      invoice::DoorParts{*node_.engine, state, *node_.books.subscriptions, node_.invoice_apps, *node_.links,
                         *workers_.cashier, node_.clock, node_.random,
                         crypto::hmac_sha256(node_.key.view(), "invoice tokens"), node_.options.sandbox});
  open<invoice::Admin>(*node_.engine, state, node_.invoice_apps, *node_.invoice_keys, node_.clock,
                       node_.random, console::Access::admits);
  open<invoice::Judge>(*node_.engine, state, *node_.books.subscriptions, console::Access::admits);
  invoice::add_lists(router_, *node_.engine);
  web::PageOptions pages;
  pages.toss = !node_.options.toss_client_key.empty();
  pages.checkout_frame_ancestors = [&door](const http::Request& request,
                                           std::function<void(std::string_view)> answer) {
    door.frame_ancestors(request, std::move(answer));
  };
  web::add_pages(router_, pages);
}

/// Where shoppers come by, where merchants send what was bought, and the operator's side of both.
void Doors::open_affiliate() {
  affiliate::State& state = *node_.books.affiliate;
  const affiliate::ConfigBoard& board = node_.affiliate_board;
  affiliate::ClickBuffer& clicks = *workers_.clicks;
  const auto visitor_key = crypto::short_hash_key(crypto::hmac_sha256(node_.key.view(), "visitors"));
  open<affiliate::ClickDoor>(affiliate::ClickDoorParts{*node_.engine, clicks, board, visitor_key},
                             node_.metrics, console::Access::admits);
  open<affiliate::Intake>(
      affiliate::IntakeParts{*node_.engine, state, board, node_.clock,
                             [&clicks](affiliate::ClickId click) { clicks.bring(click); }});
  open<affiliate::Admin>(*node_.engine, state, board, node_.random, console::Access::admits);
  affiliate::add_postback_template(workers_.post_office->templates());
  affiliate::add_mail_templates(workers_.post_office->templates());
  workers_.post_office->set_withdrawn([&board](const engine::OutboxEvent& event) {
    return affiliate::withdrawn_postback(*board.current(), event);
  });
  open<affiliate::SiteRoutes>(affiliate::SiteParts{
      *node_.engine, state, board, workers_.post_office->handlers(), *node_.links, console::Access::admits,
      [this](std::uint64_t event, std::function<void(bool)> tried) {
        workers_.post_office->postman().when_logged(event, reward_patience, std::move(tried));
      },
      node_.clock});
  open<affiliate::PayoutAdmin>(*node_.engine, *node_.books.settlement, console::Access::admits);
}

/// Every folder explains its own records.
void Doors::open_ledger() {
  const engine::PeekKey peek = [this](store::Session& session, const engine::KeyDigest& digest) {
    return node_.engine->peek_key(session, digest);
  };
  open<console::LedgerRoutes>(*node_.engine, make_explainers(peek));
}

/// The question before all routes of operators, and the console's own routes. After all doors.
void Doors::open_console() {
  std::vector<std::unique_ptr<door::Desk>> desks;
  desks.push_back(hub::make_desk());
  desks.push_back(invoice::make_desk(*node_.engine));
  desks.push_back(affiliate::make_desk());
  desks.push_back(purchase::make_desk(*node_.engine));
  desks.push_back(console::make_house_desk(*node_.engine));
  open<console::DeskRoutes>(*node_.engine, std::move(desks));
  auto& sessions = open<console::Sessions>(node_.key, node_.clock, node_.random, [this] {
    return node_.links->base_url().starts_with("https://");
  });
  auto& access = open<console::Access>(*node_.engine, *node_.books.console, sessions, node_.token);
  // An affiliate's own key opens what is its own.
  access.guard(router_, [](const http::Request& request) {
    return request.path().starts_with("/api/affiliates/") && !request.path_parameter("a_id").empty();
  });
  open<console::AccountRoutes>(*node_.engine, *node_.books.console, access, sessions,
                               workers_.operators_passwords, node_.clock, node_.random, node_.metrics);
}

}  // namespace jangbu::cli
