// `jangbu trigger`: makes a real event happen in a running sandbox, through the routes that clients call.
#include <cstdio>
#include <functional>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/sandbox_client.h"
#include "cli/terminal_text.h"
#include "cli/unknown.h"

namespace jangbu::cli {
namespace {

constexpr const char* good_card = R"({"card":"4242424242424242"})";
constexpr const char* bad_card = R"({"card":"4000000000000002"})";

/// What a trigger made, for people to look for: "order HUBPAY-20260525-4K7Q".
using Made = Result<std::string>;

struct Trigger {
  const char* event;
  const char* what;  // it does
  Made (*make)(const SandboxClient& client, const std::string& webhook_url);
};

// ---- the hub

Result<Reply> order(const SandboxClient& client, const std::string& webhook_url) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("amount").number(206'000).key("currency").string("KRW");
  writer.key("productName").string("jangbu trigger").key("webhookUrl").string(webhook_url);
  writer.key("buyer").begin_object().key("name").string("홍길동").key("email").string("buyer@shop.example");
  writer.key("phone").string("010-1234-5678").end_object().end_object();
  return client.hub("POST", "/v1/pay/orders", body);
}

Made paid_order(const SandboxClient& client, const std::string& webhook_url) {
  ASSIGN_OR_RETURN(const Reply made, order(client, webhook_url));
  const std::string code = made.text("orderCode");
  ASSIGN_OR_RETURN(const Reply paid, client.open_call("POST", "/sandbox/orders/" + code + "/pay", good_card));
  return "order " + code;
}

std::string code_in(const std::string& made) { return made.substr(made.find(' ') + 1); }

Made cancel(const SandboxClient& client, const std::string& code) {
  ASSIGN_OR_RETURN(const Reply cancelled, client.hub("POST", "/v1/pay/orders/" + code + "/cancel",
                                                     R"({"reason":"jangbu trigger"})"));
  return "order " + code;
}

Made cancelled_order(const SandboxClient& client, const std::string& webhook_url) {
  ASSIGN_OR_RETURN(const Reply made, order(client, webhook_url));
  return cancel(client, made.text("orderCode"));
}

Made refunded_order(const SandboxClient& client, const std::string& webhook_url) {
  ASSIGN_OR_RETURN(const std::string made, paid_order(client, webhook_url));
  return cancel(client, code_in(made));
}

Made expired_order(const SandboxClient& client, const std::string& webhook_url) {
  ASSIGN_OR_RETURN(const Reply made, order(client, webhook_url));
  ASSIGN_OR_RETURN(const Instant ends, parse_rfc3339(made.text("expiresAt")));
  RETURN_IF_ERROR(client.move_clock_to(ends));
  return "order " + made.text("orderCode");
}

Made consumed_order(const SandboxClient& client, const std::string& webhook_url) {
  ASSIGN_OR_RETURN(const std::string made, paid_order(client, webhook_url));
  ASSIGN_OR_RETURN(const Reply clock, client.open_call("GET", "/sandbox/clock", ""));
  ASSIGN_OR_RETURN(const Instant now, parse_rfc3339(clock.text("now")));
  const std::string code = code_in(made);
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("partner").begin_object().key("companyName").string("주식회사 장부");
  writer.key("country").string("KR").key("businessNumber").string("");
  writer.key("contactEmail").string(code + "@shop.example").key("contactName").string("홍길동");
  writer.key("contactPhone").string("010-1234-5678").key("agreedAt").string(to_rfc3339(now)).end_object();
  writer.key("campaign").begin_object().key("productName").string("jangbu trigger");
  writer.key("productPrice").number(19'900).key("channel").string("Coupang");
  writer.key("productThumbnailUrl").string("https://cdn.example.com/p1.jpg");
  writer.key("purchaseUrl").string("https://shop.example/products/1").key("offerCount").number(10);
  writer.key("rewardPoints").number(20'600).key("startAt").string(to_rfc3339(now + Duration::days(1)));
  writer.key("endAt").string(to_rfc3339(now + Duration::days(30))).end_object();
  writer.key("payment").begin_object().key("orderCode").string(code).end_object().end_object();
  ASSIGN_OR_RETURN(const Reply onboarded, client.hub("POST", "/v1/external/pybk/onboard", body));
  return made + ", campaign " + onboarded.text("campaign", "campaignId");
}

// ---- the invoice door

/// An invoice of 10,000 won; its answer.
Result<Reply> invoice(const SandboxClient& client, const std::string& webhook_url) {
  SystemRandom random;
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("request_id").string("trigger-" + to_hex(random.bytes(8)));
  writer.key("name").string("jangbu trigger").key("price").number(10'000);
  writer.key("webhook_url").string(webhook_url).key("user").begin_object().key("name").string("홍길동");
  writer.key("email").string("buyer@shop.example").key("phone").string("010-1234-5678").end_object();
  writer.key("products").begin_array().begin_object().key("name").string("jangbu trigger");
  writer.key("price").number(10'000).key("quantity").number(1).end_object().end_array();
  writer.end_object();
  return client.invoice("POST", "/v1/invoices", body);
}

Made paid_invoice(const SandboxClient& client, const std::string& webhook_url) {
  ASSIGN_OR_RETURN(const Reply made, invoice(client, webhook_url));
  const std::string id = made.text("invoice_id");
  ASSIGN_OR_RETURN(const Reply paid, client.invoice("POST", "/sandbox/invoices/" + id + "/pay", good_card));
  return "invoice " + id;
}

Made declined_invoice(const SandboxClient& client, const std::string& webhook_url) {
  ASSIGN_OR_RETURN(const Reply made, invoice(client, webhook_url));
  const std::string id = made.text("invoice_id");
  const auto paid = client.invoice("POST", "/sandbox/invoices/" + id + "/pay", bad_card);
  if (paid) return Error(Errc::internal, "the test card that is declined was charged");
  if (paid.error().code != Errc::invalid_parameters) return paid.error();
  return "invoice " + id;
}

Made refund(const SandboxClient& client, const std::string& webhook_url, const char* body) {
  ASSIGN_OR_RETURN(std::string made, paid_invoice(client, webhook_url));
  ASSIGN_OR_RETURN(const Reply cancelled,
                   client.invoice("POST", "/v1/invoices/" + code_in(made) + "/cancel", body));
  return made;
}

Made refunded_invoice(const SandboxClient& client, const std::string& webhook_url) {
  return refund(client, webhook_url, R"({"reason":"jangbu trigger"})");
}

Made partly_refunded_invoice(const SandboxClient& client, const std::string& webhook_url) {
  return refund(client, webhook_url, R"({"price":3000,"reason":"jangbu trigger"})");
}

Made expired_invoice(const SandboxClient& client, const std::string& webhook_url) {
  ASSIGN_OR_RETURN(const Reply made, invoice(client, webhook_url));
  ASSIGN_OR_RETURN(const Instant ends, parse_rfc3339(made.text("expired_at")));
  RETURN_IF_ERROR(client.move_clock_to(ends));
  return "invoice " + made.text("invoice_id");
}

/// The test goes to the app's own webhook: for as long as that takes it is the one that is asked for.
Made tried_webhook(const SandboxClient& client, const std::string& webhook_url) {
  const std::string path = "/api/invoice/apps/" + client.credential("invoice", "client_key");
  const auto set = [&](const std::string& url) {
    std::string body;
    json::Writer(body).begin_object().key("webhook_url").string(url).end_object();
    return client.operate("PUT", path, body);
  };
  ASSIGN_OR_RETURN(const Reply before, client.operate("PUT", path, "{}"));
  ASSIGN_OR_RETURN(const Reply pointed, set(webhook_url));
  const auto tried = client.invoice("POST", "/v1/webhook/test", "{}");
  ASSIGN_OR_RETURN(const Reply restored, set(before.text("webhook_url")));
  if (!tried) return tried.error();
  return "webhook " + webhook_url;
}

constexpr Trigger triggers[] = {
    {"order.paid", "an order of the hub is made and paid", &paid_order},
    {"order.cancelled", "an order is made and cancelled", &cancelled_order},
    {"order.refunded", "an order is made, paid and cancelled", &refunded_order},
    {"order.consumed", "an order is made, paid and used for a campaign", &consumed_order},
    {"order.expired", "an order is made, and the clock is moved past its end", &expired_order},
    {"PAYMENT_COMPLETED", "an invoice is made and paid", &paid_invoice},
    {"PAYMENT_REQUEST_FAILED", "an invoice is made, and a card is declined", &declined_invoice},
    {"PAYMENT_CANCELLED", "an invoice is made, paid and refunded", &refunded_invoice},
    {"PAYMENT_PARTIAL_CANCELLED", "an invoice is made, paid, and 3,000 won go back",
     &partly_refunded_invoice},
    {"PAYMENT_EXPIRED", "an invoice is made, and the clock is moved past its end", &expired_invoice},
    {"WEBHOOK_TEST", "a seller tries the webhook of its app", &tried_webhook},
};

int print_list() {
  for (const Trigger& trigger : triggers) std::printf("%-32s %s\n", trigger.event, trigger.what);
  return 0;
}

int pull(const std::string& directory, const std::string& event, std::string webhook_url) {
  for (const Trigger& trigger : triggers) {
    if (event != trigger.event) continue;
    const auto client = SandboxClient::open(directory);
    if (client && webhook_url.empty()) webhook_url = client->base_url() + "/sandbox/webhooks";
    const Made made = client ? trigger.make(*client, webhook_url) : Made(client.error());
    if (!made) {
      std::fprintf(stderr, "jangbu: %s\n", to_string(made.error()).c_str());
      return 1;
    }
    std::printf("%s: %s\n", trigger.event, made->c_str());
    return 0;
  }
  std::vector<std::string> events;
  for (const Trigger& trigger : triggers) events.emplace_back(trigger.event);
  std::fprintf(stderr, "jangbu: there is no event %s%s\n`jangbu trigger --list` names them.\n",
               on_one_line(event).c_str(), did_you_mean(nearest(event, events)).c_str());
  return 1;
}

}  // namespace

void add_trigger(CLI::App& app, Run& run) {
  struct Options {
    std::string directory = "data";
    std::string event;
    std::string webhook_url;
    bool list = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* trigger = app.add_subcommand("trigger", "Make an event happen in a running sandbox, for real");
  trigger->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
  CLI::Option* event = trigger->add_option("event", options->event, "Which: order.paid, ...");
  trigger->add_option("--webhook-url", options->webhook_url,
                      "Who is told; the sandbox's own receiver when it is not said");
  trigger->add_flag("--list", options->list, "Name the events")->excludes(event);
  trigger->callback([options, &run] {
    run = [options] {
      if (options->list || options->event.empty()) return print_list();
      return pull(options->directory, options->event, options->webhook_url);
    };
  });
}

}  // namespace jangbu::cli
