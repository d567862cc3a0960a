#include "invoice/pdf_press.h"

#include <utility>

namespace jangbu::invoice {

Status PdfPress::print(PdfInvoice invoice, std::function<void(Result<Bytes>)> done) {
  return worker_.add([invoice = std::move(invoice), done = std::move(done)] { done(render_pdf(invoice)); });
}

}  // namespace jangbu::invoice
