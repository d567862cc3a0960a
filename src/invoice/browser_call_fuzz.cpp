// Any bytes as a form, and any bytes as the call in a form: no crash; what is accepted keeps the promises of
// browser_call.h; what is refused says why.
#include <cstdlib>
#include <span>

#include "base/json.h"
#include "delivery/utf8.h"
#include "invoice/browser_call.h"

namespace {

using namespace jangbu;
using namespace jangbu::invoice;

void require(bool condition) {
  if (!condition) std::abort();
}

void look_at(std::string_view form) {
  const auto call = read_browser_form(form);
  if (!call) return require(!call.error().detail.empty());
  require(!call->client_key.empty() && call->client_key.size() <= max_browser_key_bytes);
  require(!call->request_id.empty() && call->request_id.size() <= max_browser_key_bytes);
  require(call->redirect_url.size() <= max_browser_redirect_bytes);
  require(call->origin.empty() || is_web_origin(call->origin));
  const auto document = json::Document::parse(call->json);
  require(document.ok() && document->root().kind == json::Kind::object);
  const MoneySaid money = money_said(document->root());
  for (const auto* fields : {&money.price_fields, &money.adjustment_fields}) {
    require(fields->size() <= max_named_fields);
    for (const std::string& path : *fields)
      require(path.size() <= max_field_bytes && delivery::is_utf8(path));
  }
  require(in_a_line(money).size() <= 400);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  look_at(input);
  std::string form = "payload=";
  for (const std::uint8_t byte : std::span(data, size)) {
    constexpr std::string_view digits = "0123456789abcdef";
    form += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  look_at(form);
  return 0;
}
