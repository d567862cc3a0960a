// What a PDF says is read back with pdftotext (poppler-utils), which knows nothing of how it was made.
#include "invoice/pdf.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include <gtest/gtest.h>
#include <unistd.h>

#include "invoice/pdf_canvas.h"
#include "invoice/pdf_form.h"
#include "invoice/pdf_press.h"
#include "invoice/test_values.h"

namespace jangbu::invoice {
namespace {

PdfInvoice printed_invoice() {
  PdfInvoice invoice;
  invoice.number = "INV-20260525-000042";
  invoice.name = "장부 클라우드 구독 (24개월)";
  invoice.memo = "세금계산서는 결제 후 담당자 메일로 발행됩니다. 문의: billing@abc.example";
  invoice.issued_at = *parse_rfc3339("2026-05-24T15:30:00Z");
  invoice.expires_at = *parse_rfc3339("2026-06-01T14:59:59Z");
  invoice.pay_url = "https://pay.example.com/checkout/7kq2mwq3zj5t7kq2mwq3zj5t7kq2mwq3";
  invoice.seller = {"주식회사 장부",
                    {"사업자등록번호 123-45-67890", "서울특별시 강남구 테헤란로 1", "billing@abc.example"}};
  invoice.buyer = {"홍길동", {"hong@example.com", "010-1234-5678"}};
  invoice.items = {{"클라우드 기본 요금제", 1, won_of(10'000), won_of(10'000)},
                   {"도입 할인 20%", std::nullopt, std::nullopt, won_of(-500)},
                   {"설치비", std::nullopt, std::nullopt, won_of(500)}};
  invoice.total = won_of(10'000);
  for (std::uint32_t month = 1; month <= 24; ++month) {
    const std::int64_t amount = month == 2 || month == 3 ? 9'900 : 10'000;
    invoice.schedule.push_back({month,
                                *parse_rfc3339("2026-05-24T15:30:00Z") + Duration::days(30 * (month - 1)),
                                month == 1 ? "도입 할인 -500, 설치비 500" : "", won_of(amount)});
  }
  return invoice;
}

/// Runs a program of poppler on the file; what it printed.
std::string ask(const std::string& command, const Bytes& pdf) {
  const auto directory =
      std::filesystem::temp_directory_path() / ("jangbu-pdf-" + std::to_string(::getpid()));
  std::filesystem::create_directories(directory);
  const auto file = directory / "invoice.pdf";
  std::ofstream(file, std::ios::binary) << pdf;
  FILE* const pipe = ::popen((command + " " + file.string() + " -").c_str(), "r");
  std::string out;
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    out.append(buffer, count);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  std::filesystem::remove_all(directory);
  return out;
}
std::string text_of(const Bytes& pdf) { return ask("pdftotext -layout", pdf); }

std::size_t pages_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\f'));
}

/// The lines of the text that have all of these, each with the line break before it.
std::size_t lines_with(const std::string& text, const std::vector<std::string>& parts) {
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = "\n" + text.substr(begin, end - begin);
    const bool has_all = std::all_of(parts.begin(), parts.end(), [&line](const std::string& part) {
      return line.find(part) != std::string::npos;
    });
    count += has_all ? 1 : 0;
    begin = end + 1;
  }
  return count;
}

TEST(Pdf, SaysEverythingInKorean) {
  ASSERT_TRUE(check_pdf_fonts().ok());
  const auto pdf = render_pdf(printed_invoice());
  ASSERT_TRUE(pdf.ok()) << to_string(pdf.error());
  EXPECT_TRUE(pdf->starts_with("%PDF-"));
  const std::string text = text_of(*pdf);
  for (const char* part : {"청구서",
                           "장부 클라우드 구독 (24개월)",
                           "INV-20260525-000042",
                           "2026년 5월 25일",
                           "2026년 6월 1일",
                           "결제 대기",
                           "공급자",
                           "주식회사 장부",
                           "123-45-67890",
                           "서울특별시 강남구 테헤란로 1",
                           "홍길동",
                           "010-1234-5678",
                           "클라우드 기본 요금제",
                           "도입 할인 20%",
                           "-500원",
                           "설치비",
                           "결제하실 금액",
                           "10,000원",
                           "월별 청구 내역",
                           "도입 할인 -500, 설치비 500",
                           "세금계산서는",
                           "https://pay.example.com/checkout/7kq2"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  // Every row of the billing table: its number, and what it costs.
  for (std::uint32_t month = 1; month <= 24; ++month) {
    const char* const amount = month == 2 || month == 3 ? "9,900원" : "10,000원";
    EXPECT_EQ(lines_with(text, {"\n" + std::to_string(month) + " ", "년 ", "일 ", amount}), 1U)
        << month << "\n"
        << text;
  }
}

TEST(Pdf, SaysNothingOfABuyerThatItIsNotTold) {
  PdfInvoice invoice = printed_invoice();
  invoice.language = Language::english;
  invoice.buyer = {};
  const std::string text = text_of(*render_pdf(invoice));
  for (const char* part : {"Bill to", "홍길동", "hong@example.com"})
    EXPECT_EQ(text.find(part), std::string::npos) << part << "\n" << text;
  EXPECT_NE(text.find("주식회사 장부"), std::string::npos) << text;
}

TEST(Pdf, SaysItInEnglish) {
  PdfInvoice invoice = printed_invoice();
  invoice.language = Language::english;
  invoice.status = PdfStatus::partly_refunded;
  invoice.paid_at = *parse_rfc3339("2026-05-26T03:00:00Z");
  invoice.method = "Shinhan **** 4242";
  invoice.refunded = won_of(3'000);
  const std::string text = text_of(*render_pdf(invoice));
  for (const char* part : {"Invoice", "Partly refunded", "Bill to", "2026-05-26", "Shinhan **** 4242",
                           "Refunded", "₩3,000", "Amount paid", "₩10,000", "Billing table", "홍길동"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  // Nobody pays what is paid.
  EXPECT_EQ(text.find("/checkout/"), std::string::npos);
}

TEST(Pdf, WhatBecameOfIt) {
  const struct {
    PdfStatus status;
    const char* word;
  } rows[] = {
      {PdfStatus::open, "결제 대기"},
      {PdfStatus::paid, "결제 완료"},
      {PdfStatus::partly_refunded, "부분 환불"},
      {PdfStatus::refunded, "환불 완료"},
      {PdfStatus::cancelled, "취소됨"},
      {PdfStatus::expired, "기한 만료"},
  };
  for (const auto& row : rows) {
    PdfInvoice invoice = printed_invoice();
    invoice.status = row.status;
    EXPECT_NE(text_of(*render_pdf(invoice)).find(row.word), std::string::npos) << row.word;
  }
}

TEST(Pdf, TheSameInvoiceIsTheSameBytes) {
  EXPECT_EQ(*render_pdf(printed_invoice()), *render_pdf(printed_invoice()));
  PdfInvoice other = printed_invoice();
  other.total = won_of(10'001);
  EXPECT_NE(*render_pdf(printed_invoice()), *render_pdf(other));
}

TEST(Pdf, LongTablesTakeManyPages) {
  PdfInvoice invoice = printed_invoice();
  invoice.items.clear();
  std::string long_name;
  for (int i = 0; i < 30; ++i) long_name += "긴 이름 ";
  for (int i = 1; i <= 100; ++i)
    invoice.items.push_back(
        {"상품 " + std::to_string(i) + (i % 7 == 0 ? " " + long_name : ""), 2, won_of(i), won_of(2 * i)});
  invoice.total = won_of(10'100);
  const Instant first = *parse_rfc3339("2026-05-24T15:30:00Z");
  invoice.schedule.clear();
  for (std::uint32_t month = 1; month <= 600; ++month)
    invoice.schedule.push_back({month, first + Duration::days(30 * month), "", won_of(100'000 + month)});
  const std::string text = text_of(*render_pdf(invoice));
  const std::size_t pages = pages_of(text);
  EXPECT_GT(pages, 15U);
  for (std::size_t page = 1; page <= pages; ++page)
    EXPECT_EQ(lines_with(text, {" " + std::to_string(page) + " / " + std::to_string(pages) + " 쪽"}), 1U)
        << page;
  for (int i = 1; i <= 100; ++i)
    EXPECT_EQ(lines_with(text, {"상품 " + std::to_string(i) + " ", " " + std::to_string(2 * i) + "원"}), 1U)
        << i;
  for (int month = 1; month <= 600; ++month)
    EXPECT_EQ(lines_with(text, {"100," + std::to_string(1000 + month).substr(1) + "원"}), 1U) << month;
}

TEST(Pdf, HostileTexts) {
  PdfInvoice invoice = printed_invoice();
  invoice.name = std::string(5'000, 'W');
  invoice.memo = std::string(50'000, 'a');
  invoice.seller.name = "a\nb\x01<b>&amp;%s";
  invoice.buyer.name = "\xff\xfe";
  invoice.buyer.lines = {"\xf0\x9f\x98\x80 emoji", "אבג right to left", ""};
  invoice.number.clear();
  invoice.items = {{std::string(20'000, 'x') + "\n\n", 1'000'000, won_of(1'000'000'000'000), won_of(-1)}};
  const auto pdf = render_pdf(invoice);
  ASSERT_TRUE(pdf.ok());
  const std::string text = text_of(*pdf);
  EXPECT_NE(text.find("<b>&amp;%s"), std::string::npos) << "markup is text";
  EXPECT_NE(text.find("1,000,000,000,000원"), std::string::npos);
  invoice.zone = "Nowhere";
  EXPECT_EQ(render_pdf(invoice).error().code, Errc::invalid_parameters);
}

TEST(Pdf, LaysOutNoMoreThanItsLinesHold) {
  const TextStyle style{.size_pt = 10, .max_lines = 2};
  const std::string fits(300, 'i');
  EXPECT_EQ(laid_out_part(fits, 200, style), fits);
  const std::string narrow(100'000, 'i');
  EXPECT_EQ(laid_out_part(narrow, 200, style).size(), 300U) << "100 letters a line, and a line more";
  std::string wide;
  for (int i = 0; i < 10'000; ++i) wide += "가";
  EXPECT_EQ(laid_out_part(wide, 200, style).size(), 900U) << "whole characters";
  EXPECT_EQ(laid_out_part("", 200, style), "");

  PdfInvoice invoice = printed_invoice();
  invoice.name = narrow;
  const auto pdf = render_pdf(invoice);
  ASSERT_TRUE(pdf.ok());
  const std::string text = text_of(*pdf);
  EXPECT_LT(std::count(text.begin(), text.end(), 'i'), 2'000) << "what is not seen is not in the file";
}

TEST(PdfForm, AMonthsNoteIsAsLongAsItsCell) {
  PricedItem item;
  item.priced.name = "plan";
  item.priced.unit_price = won_of(10'000);
  item.priced.months = 12;
  for (int i = 0; i < 20; ++i)
    item.priced.adjustments.push_back(
        {"", std::string(100, 'x'), {}, {}, {{AdjustmentType::discount_price, "", 2, won_of(1), {}, {}}}});
  InvoiceCreated created;
  created.items.assign(10, item);
  created.anchor.first_due_at = *parse_rfc3339("2026-05-24T15:30:00Z");
  const InvoiceView view{{}, std::make_shared<const InvoiceCreated>(created), {}, "", nullptr};
  const auto schedule = pdf_of(view, AppSet(), Language::english, created.anchor.first_due_at, "").schedule;
  ASSERT_EQ(schedule.size(), 12U);
  EXPECT_LT(schedule[0].note.size(), 600U);
  EXPECT_TRUE(schedule[0].note.ends_with(", …"));
  EXPECT_EQ(schedule[2].note, "") << "no discount any more";
}

TEST(PdfPress, PrintsOnAThreadOfItsOwn) {
  PdfPress press;
  std::promise<std::pair<std::thread::id, Result<Bytes>>> promise;
  ASSERT_TRUE(press
                  .print(printed_invoice(),
                         [&](Result<Bytes> pdf) {
                           promise.set_value({std::this_thread::get_id(), std::move(pdf)});
                         })
                  .ok());
  const auto [thread, pdf] = promise.get_future().get();
  EXPECT_NE(thread, std::this_thread::get_id());
  EXPECT_EQ(*pdf, *render_pdf(printed_invoice()));
  press.stop();
  EXPECT_EQ(press.print(printed_invoice(), [](const Result<Bytes>&) {}).error().code, Errc::overloaded);
}

}  // namespace
}  // namespace jangbu::invoice
