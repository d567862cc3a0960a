#include "invoice/pdf_form.h"

#include <algorithm>

#include "invoice/amount_text.h"

namespace jangbu::invoice {
namespace {

PdfStatus status_of(const InvoiceView& invoice, Instant now) {
  switch (invoice.row.status) {
    case InvoiceStatus::ready:
      return now >= invoice.created->expires_at ? PdfStatus::expired : PdfStatus::open;
    case InvoiceStatus::cancelled:
      return PdfStatus::cancelled;
    case InvoiceStatus::expired:
      return PdfStatus::expired;
    case InvoiceStatus::refunded:
      return PdfStatus::refunded;
    case InvoiceStatus::paid:
    case InvoiceStatus::refunding:
      break;
  }
  return invoice.order && invoice.order->refunded.is_positive() ? PdfStatus::partly_refunded
                                                                : PdfStatus::paid;
}

std::string name_of(const Line& line, Language language) {
  if (!line.name.empty()) return line.name;
  const bool is_korean = language == Language::korean;
  switch (line.kind) {
    case LineKind::product:
      return is_korean ? "상품" : "Product";
    case LineKind::setup_fee:
      return is_korean ? "도입비" : "Setup fee";
    case LineKind::zero_floor:
      return is_korean ? "할인 한도" : "Discounts end at zero";
    case LineKind::discount_percent:
    case LineKind::discount_price:
      break;
  }
  return is_korean ? "할인" : "Discount";
}

PdfItem item_of(const Line& line, const std::vector<PricedItem>& items, Language language) {
  PdfItem item;
  item.name = name_of(line, language);
  item.amount = line.amount;
  if (line.kind == LineKind::product) {
    item.quantity = items[line.product].priced.quantity;
    item.unit_price = items[line.product].priced.unit_price;
  }
  return item;
}

/// More of a note than its cell shows.
constexpr std::size_t enough_note_bytes = 400;

/// What makes a month differ from the plain price: its discounts and fees, as many as are shown.
std::string note_of(const Bill& bill, Language language) {
  std::string note;
  for (const Line& line : bill.lines) {
    if (line.kind == LineKind::product) continue;
    if (note.size() >= enough_note_bytes) return note + ", …";
    if (!note.empty()) note += ", ";
    note += name_of(line, language) + " " + grouped(line.amount);
  }
  return note;
}

std::string method_in_words(const std::string& method, Language language) {
  if (method != "card") return method;
  return language == Language::korean ? "카드" : "Card";
}

PdfParty party_of(const User& user) {
  PdfParty party;
  party.name = user.name;
  for (const std::string* line : {&user.email, &user.phone})
    if (!line->empty()) party.lines.push_back(*line);
  return party;
}

PdfParty seller_of(const AppSet& app, const SellerSet* said, Language language) {
  PdfParty party;
  party.name = app.name;
  if (said == nullptr) return party;
  const bool is_korean = language == Language::korean;
  const auto line = [&party](std::string_view label, const std::string& value) {
    if (!value.empty()) party.lines.push_back(std::string(label) + value);
  };
  line(is_korean ? "사업자등록번호 " : "Business registration no. ", said->registration_number);
  line(is_korean ? "대표 " : "Representative: ", said->representative);
  for (const std::string* plain : {&said->address, &said->email, &said->phone}) line("", *plain);
  return party;
}

}  // namespace

PdfInvoice pdf_of(const InvoiceView& invoice, const AppSet& app, Language language, Instant now,
                  std::string_view pay_url) {
  const InvoiceCreated& created = *invoice.created;
  PdfInvoice pdf;
  pdf.language = language;
  pdf.zone = created.anchor.zone;
  pdf.number = object_id(IdKind::invoice, invoice.row.created_at, created.number);
  pdf.name = created.form.name;
  pdf.memo = created.form.memo;
  pdf.status = status_of(invoice, now);
  pdf.issued_at = invoice.row.created_at;
  if (pdf.status == PdfStatus::open) {
    pdf.expires_at = created.expires_at;
    pdf.pay_url = pay_url;
  }
  if (invoice.order) {
    pdf.paid_at = invoice.order->purchased_at;
    pdf.refunded = invoice.order->refunded;
  }
  pdf.method = method_in_words(invoice.method, language);
  pdf.seller = seller_of(app, invoice.seller.get(), language);
  pdf.buyer = party_of(created.form.user);
  const auto products = priced_products(created.items);
  const auto bills = schedule_from(products, created.anchor, months_begin(invoice, now));
  if (bills && !bills->empty()) {
    for (const Line& line : bills->front().lines)
      pdf.items.push_back(item_of(line, created.items, pdf.language));
    if (is_subscription(products)) {
      for (const Bill& bill : *bills)
        pdf.schedule.push_back({bill.month, bill.due_at, note_of(bill, pdf.language), bill.amount});
    }
  }
  pdf.schedule_goes_on = std::any_of(products.begin(), products.end(),
                                     [](const PricedProduct& product) { return product.months == for_ever; });
  pdf.total = created.amount;
  return pdf;
}

}  // namespace jangbu::invoice
