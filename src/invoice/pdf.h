// An invoice as a document that can be printed and filed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/money.h"
#include "base/result.h"
#include "base/time.h"

namespace jangbu::invoice {

enum class Language : std::uint8_t { korean, english };

/// Who sends it, or who is billed: what they are called, and what else is to be said of them, a line each
/// (registration number, address, mail address, phone number).
struct PdfParty {
  std::string name;
  std::vector<std::string> lines;
};

/// A row of what is to be paid now. A discount is negative and has neither quantity nor unit price.
struct PdfItem {
  std::string name;
  std::optional<std::uint64_t> quantity;
  std::optional<Money> unit_price;
  Money amount;
};

/// A row of the billing table: one month.
struct PdfBill {
  std::uint32_t month = 1;
  Instant due_at;
  std::string note;  // what makes it differ: "setup fee 500"; may be empty
  Money amount;
};

enum class PdfStatus : std::uint8_t { open, paid, partly_refunded, refunded, cancelled, expired };

/// Amounts are whole units of a currency that has no smaller ones (KRW).
struct PdfInvoice {
  Language language = Language::korean;
  std::string zone = "Asia/Seoul";  // in which days are told
  std::string number;               // by which people find it
  std::string name;
  std::string memo;  // may be empty
  PdfStatus status = PdfStatus::open;
  Instant issued_at;
  std::optional<Instant> expires_at;  // until when it can be paid
  std::optional<Instant> paid_at;
  std::string method;   // how it was paid: "신한카드 **** 4242"; may be empty
  Money refunded;       // of what was paid
  std::string pay_url;  // shown while it is open; may be empty
  PdfParty seller;
  PdfParty buyer;  // without a name and lines: it is not said
  std::string currency = "KRW";
  std::vector<PdfItem> items;
  Money total;                    // the sum of the items
  std::vector<PdfBill> schedule;  // empty when it is paid once
  bool schedule_goes_on = false;  // months follow that the table does not show
};

/// The bytes of a PDF, A4, as many pages as it takes. The same invoice gives the same bytes on machines with
/// the same fonts and libraries. Takes some ms a page: not for the writer's or a lane's thread (see
/// pdf_press.h). Error: invalid_parameters (the zone), internal.
Result<Bytes> render_pdf(const PdfInvoice& invoice);

}  // namespace jangbu::invoice
