// Every body and query of the invoice door takes hostile bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "invoice/wire.h"

using namespace jangbu::invoice;

/// The first byte chooses the reader, the rest is what it reads. What an invoice is made of is priced, too:
/// the wire's limits are what keeps the arithmetic within its range.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr std::string_view zone = "Asia/Seoul";
  switch (data[0] % 8) {
    case 0: {
      auto parsed = parse_new_invoice(text, zone);
      auto* invoice = std::get_if<NewInvoice>(&parsed);
      if (invoice == nullptr) break;
      std::vector<PricedProduct> products;
      for (ProductForm& form : invoice->products) {
        const jangbu::Money price = form.price.value_or(jangbu::Money());
        products.push_back({form.name, price, form.quantity, form.months, std::move(form.adjustments)});
      }
      const Anchor anchor{jangbu::Instant{1'779'670'800'000'000}, std::string(zone)};
      for (const std::uint32_t month : {1U, 2U, 13U}) (void)bill_of_month(products, anchor, month);
      break;
    }
    case 1:
      (void)parse_token_request(text);
      break;
    case 2:
      (void)parse_notify(text);
      break;
    case 3:
      (void)parse_cancel(text);
      (void)parse_cancel_decision(text);
      break;
    case 4:
      (void)parse_order_cancel(text);
      break;
    case 5:
      (void)parse_product(text, true);
      break;
    case 6:
      (void)parse_invoice_list(text, zone);
      (void)parse_order_list(text, zone);
      (void)parse_product_list(text);
      break;
    default:
      (void)parse_basic(text);
      break;
  }
  return 0;
}
