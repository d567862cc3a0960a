// An invoice as its document says it. Pure.
#pragma once

#include <string_view>

#include "invoice/apps.h"
#include "invoice/pdf.h"
#include "invoice/wire_write.h"

namespace jangbu::invoice {

/// `pay_url`: of the checkout; empty: there is nothing to pay. As of `now`.
PdfInvoice pdf_of(const InvoiceView& invoice, const AppSet& app, Language language, Instant now,
                  std::string_view pay_url);

}  // namespace jangbu::invoice
