#include "web/pages.h"

#include "base/invariant.h"
#include "http/api.h"
#include "web/files.h"
#include "web/preference.h"

namespace jangbu::web {
namespace {

using http::Effect;
using http::Handler;
using http::Method;
using http::Request;
using http::Responder;
using http::Response;

/// Where Toss Payments' SDK comes from, and the windows that it opens.
constexpr std::string_view toss_sdk = "https://js.tosspayments.com";
constexpr std::string_view toss_sites = "https://*.tosspayments.com";

/// Nothing may be loaded, run, sent to or framed but what is named here; nothing inline runs at all. Pictures
/// of products may come from anywhere over TLS.
std::string content_security_policy(std::string_view frame_ancestors, bool toss) {
  std::string policy = "default-src 'none'; script-src 'self'";
  if (toss) policy.append(" ").append(toss_sdk);
  policy += "; style-src 'self'; img-src 'self' https: data:; connect-src 'self'";
  if (toss) policy.append(" ").append(toss_sites).append("; frame-src ").append(toss_sites);
  policy += "; form-action 'self'";
  if (toss) policy.append(" ").append(toss_sites);
  policy.append("; base-uri 'none'; frame-ancestors ").append(frame_ancestors);
  return policy;
}

/// A page's policy for one request; answers once, from any thread.
using Policy = std::function<void(const Request&, std::function<void(std::string)>)>;

Policy always(std::string policy) {
  return [policy = std::move(policy)](const Request&, const std::function<void(std::string)>& answer) {
    answer(policy);
  };
}

/// One page in the languages that it has. It is never kept: a new release must not meet an old page.
Handler page(std::string_view name, Policy policy) {
  const EmbeddedFile* korean = find_file(embedded_pages(), std::string(name) + ".ko.html");
  const EmbeddedFile* english = find_file(embedded_pages(), std::string(name) + ".en.html");
  INVARIANT(korean != nullptr && english != nullptr, "there is no page " + std::string(name));
  return [korean, english, policy = std::move(policy)](Responder responder) {
    auto to = std::make_shared<Responder>(std::move(responder));
    policy(to->request(), [korean, english, to](std::string said) {
      const Request& request = to->request();
      const bool in_korean = preferred_language(request.header("Accept-Language")) == "ko";
      Response response = file_response(in_korean ? *korean : *english, request);
      response.headers.push_back({"Content-Language", in_korean ? "ko" : "en"});
      response.headers.push_back({"Cache-Control", "no-store"});
      response.headers.push_back({"Vary", "Accept-Language, Accept-Encoding"});
      response.headers.push_back({"Content-Security-Policy", std::move(said)});
      response.headers.push_back({"Referrer-Policy", "same-origin"});
      to->respond(std::move(response));
    });
  };
}

/// The checkout's policy: who may frame it is asked for each time.
Policy checkout_policy(const PageOptions& options) {
  if (!options.checkout_frame_ancestors) return always(content_security_policy("'none'", options.toss));
  return [ancestors = options.checkout_frame_ancestors, toss = options.toss](
             const Request& request, std::function<void(std::string)> answer) {
    ancestors(request, [answer = std::move(answer), toss](std::string_view said) {
      answer(content_security_policy(said, toss));
    });
  };
}

/// The name holds a hash of the bytes: "style-0123456789abcdef.css".
bool is_named_by_content(const EmbeddedFile& file) {
  const std::string_view digest = file.etag.substr(1, file.etag.size() - 2);
  return file.name.find(digest) != std::string_view::npos;
}

void asset(Responder responder) {
  const Request& request = responder.request();
  const EmbeddedFile* file = find_file(embedded_assets(), request.path_parameter("file"));
  if (file == nullptr) return responder.respond(http::api_status(404, "there is no such asset"));
  responder.respond(kept_file_response(
      *file, request,
      is_named_by_content(*file) ? "public, max-age=31536000, immutable" : "public, max-age=3600"));
}

/// api/openapi.yaml as JSON. Who has it asks whether it is still the same.
void description(Responder responder) {
  const EmbeddedFile* file = find_file(embedded_pages(), "openapi.json");
  INVARIANT(file != nullptr, "the program carries no description of its API");
  responder.respond(kept_file_response(*file, responder.request(), "no-cache"));
}

}  // namespace

void add_pages(http::Router& router, const PageOptions& options) {
  const Policy never_framed = always(content_security_policy("'none'", false));
  router.add({Method::get, "/checkout/{token}", Effect::read, page("checkout", checkout_policy(options))});
  // Says why a call of a page was refused, to a page that may be anybody's; there is nothing to be had from
  // it.
  router.add({Method::get, "/checkout/refused", Effect::read,
              page("checkout", always(content_security_policy("http: https:", false)))});
  router.add({Method::get, "/partner", Effect::read, page("portal", never_framed)});
  router.add({Method::get, "/partner/deposit", Effect::read, page("portal", never_framed)});
  router.add({Method::get, "/partner/reviews", Effect::read, page("portal", never_framed)});
  router.add({Method::get, "/partner/reviews/{reviewId}", Effect::read, page("portal", never_framed)});
  router.add({Method::get, "/partner/account", Effect::read, page("portal", never_framed)});
  router.add({Method::get, "/partner/forgot-password", Effect::read, page("portal", never_framed)});
  router.add({Method::get, "/partner/campaigns/{campaignId}", Effect::read, page("portal", never_framed)});
  router.add({Method::get, "/partner/accept-invite/{token}", Effect::read, page("invite", never_framed)});
  router.add({Method::get, "/partner/reset-password/{token}", Effect::read, page("invite", never_framed)});
  router.add({Method::get, "/affiliate", Effect::read, page("affiliate", never_framed)});
  router.add({Method::get, "/docs", Effect::read, page("docs", never_framed)});
  router.add({Method::get, "/openapi.json", Effect::read, description});
  // The console's page is one; what it shows it asks the API for, by the address.
  const Handler console = page("console", never_framed);
  router.add({Method::get, "/console", Effect::read, console});
  router.add({Method::get, "/console/{section}", Effect::read, console});
  router.add({Method::get, "/console/{section}/{kind}", Effect::read, console});
  router.add({Method::get, "/console/{section}/{kind}/{id}", Effect::read, console});
  router.add({Method::get, "/console/{section}/{kind}/{id}/{part}", Effect::read, console});
  router.add({Method::get, "/assets/{file}", Effect::read, asset});
}

}  // namespace jangbu::web
