#include "invoice/pdf.h"

#include <algorithm>

#include "base/calendar.h"
#include "invoice/amount_text.h"
#include "invoice/pdf_canvas.h"

namespace jangbu::invoice {
namespace {

constexpr double margin = 48;
constexpr double content_width = page_width_pt - 2 * margin;
constexpr double bottom = page_height_pt - 62;  // the footer stands below
constexpr Colour ink{0.13, 0.15, 0.2};
constexpr Colour grey{0.42, 0.45, 0.52};
constexpr Colour faint{0.86, 0.88, 0.91};
constexpr Colour shade{0.955, 0.962, 0.975};
constexpr Colour accent{0.12, 0.31, 0.72};
constexpr Colour good{0.06, 0.47, 0.27};
constexpr Colour bad{0.66, 0.16, 0.14};

constexpr TextStyle body{.size_pt = 9.5, .colour = ink, .max_lines = 4};
constexpr TextStyle small{.size_pt = 8.5, .colour = grey, .max_lines = 2};
constexpr TextStyle label{.size_pt = 8, .bold = true, .colour = grey};

TextStyle to_right(TextStyle style) {
  style.right = true;
  style.max_lines = 1;
  return style;
}
TextStyle strong(TextStyle style) {
  style.bold = true;
  return style;
}

/// The words of the document.
struct Words {
  const char *title, *number, *issued, *pay_by, *paid_at, *method, *from, *to, *item, *quantity, *unit,
      *amount, *total, *refunded, *schedule, *month, *due, *note, *goes_on, *memo, *pay_here, *to_pay,
      *was_paid;
  const char *open, *paid, *partly_refunded, *refunded_whole, *cancelled, *expired;
};
constexpr Words korean_words{"청구서",
                             "청구서 번호",
                             "발행일",
                             "결제 기한",
                             "결제일",
                             "결제 수단",
                             "공급자",
                             "청구 대상",
                             "품목",
                             "수량",
                             "단가",
                             "금액",
                             "합계",
                             "환불 금액",
                             "월별 청구 내역",
                             "회차",
                             "청구일",
                             "내용",
                             "이후에도 해지할 때까지 매월 같은 날에 청구됩니다.",
                             "메모",
                             "온라인 결제",
                             "결제하실 금액",
                             "결제하신 금액",
                             "결제 대기",
                             "결제 완료",
                             "부분 환불",
                             "환불 완료",
                             "취소됨",
                             "기한 만료"};
constexpr Words english_words{"Invoice",
                              "Invoice number",
                              "Issued",
                              "Pay by",
                              "Paid on",
                              "Paid with",
                              "From",
                              "Bill to",
                              "Item",
                              "Quantity",
                              "Unit price",
                              "Amount",
                              "Total",
                              "Refunded",
                              "Billing table",
                              "No.",
                              "Due",
                              "Note",
                              "It goes on every month, until it is ended.",
                              "Memo",
                              "Pay online",
                              "Amount due",
                              "Amount paid",
                              "Open",
                              "Paid",
                              "Partly refunded",
                              "Refunded",
                              "Cancelled",
                              "Expired"};

/// One drawing of the document. It is drawn twice: the first time to learn how many pages there are.
class Drawing {
 public:
  Drawing(const PdfInvoice& invoice, std::size_t pages)
      : in_(invoice),
        words_(invoice.language == Language::korean ? korean_words : english_words),
        pages_(pages),
        canvas_({in_.name + " " + in_.number, in_.seller.name, in_.issued_at}) {}

  Status draw() {
    RETURN_IF_ERROR(prepare_days());
    heading();
    parties();
    summary();
    items();
    schedule();
    closing();
    footer();
    return {};
  }
  [[nodiscard]] std::size_t pages() const { return page_; }
  Result<Bytes> finish() { return canvas_.finish(); }

 private:
  struct Column {
    const char* name;
    double x;  // from the left margin
    double width;
    bool right = false;
  };

  [[nodiscard]] bool is_korean() const { return in_.language == Language::korean; }

  [[nodiscard]] std::string money(Money amount) const {
    const std::string digits = grouped(amount);
    if (in_.currency != "KRW") return digits + " " + in_.currency;
    if (is_korean()) return digits + "원";
    return digits.starts_with('-') ? "-₩" + digits.substr(1) : "₩" + digits;
  }

  /// "2026-05-25" as people write it.
  [[nodiscard]] std::string as_written(const std::string& day) const {
    if (!is_korean()) return day;
    return day.substr(0, 4) + "년 " + std::to_string(std::stoi(day.substr(5, 2))) + "월 " +
           std::to_string(std::stoi(day.substr(8, 2))) + "일";
  }

  Status prepare_days() {
    const auto day = [&](Instant at, std::string& out) -> Status {
      ASSIGN_OR_RETURN(const std::string found, local_day(at, in_.zone));
      out = as_written(found);
      return {};
    };
    RETURN_IF_ERROR(day(in_.issued_at, issued_));
    if (in_.expires_at) RETURN_IF_ERROR(day(*in_.expires_at, pay_by_));
    if (in_.paid_at) RETURN_IF_ERROR(day(*in_.paid_at, paid_on_));
    for (const PdfBill& bill : in_.schedule) RETURN_IF_ERROR(day(bill.due_at, due_days_.emplace_back()));
    return {};
  }

  /// Makes room for something of that height; whether a page was begun for it.
  bool need(double height) {
    if (y_ + height <= bottom) return false;
    footer();
    canvas_.next_page();
    ++page_;
    y_ = margin;
    canvas_.text(in_.name, margin, y_, content_width * 0.7, strong(small));
    canvas_.text(in_.number, margin, y_, content_width, to_right(small));
    y_ += 24;
    return true;
  }

  void footer() {
    const double y = page_height_pt - 44;
    canvas_.line(margin, y, content_width, 0.6, faint);
    canvas_.text(in_.seller.name, margin, y + 7, content_width * 0.7, small);
    const std::string of_all = std::to_string(page_) + " / " + std::to_string(pages_);
    canvas_.text(is_korean() ? of_all + " 쪽" : "Page " + of_all, margin, y + 7, content_width,
                 to_right(small));
  }

  void heading() {
    canvas_.box(margin, y_, 34, 4, 2, accent);
    y_ += 14;
    const TextStyle title{.size_pt = 26, .bold = true, .colour = ink};
    const double height = canvas_.text(words_.title, margin, y_, content_width / 2, title);
    state(y_ + 6);
    y_ += height + 4;
    const TextStyle name{.size_pt = 12, .colour = grey, .max_lines = 2};
    y_ += canvas_.text(in_.name, margin, y_, content_width * 0.62, name) + 22;
  }

  /// What became of it, at the upper right.
  void state(double y) {
    const auto [word, colour] = [&]() -> std::pair<const char*, Colour> {
      switch (in_.status) {
        case PdfStatus::open:
          return {words_.open, accent};
        case PdfStatus::paid:
          return {words_.paid, good};
        case PdfStatus::partly_refunded:
          return {words_.partly_refunded, good};
        case PdfStatus::refunded:
          return {words_.refunded_whole, grey};
        case PdfStatus::cancelled:
          return {words_.cancelled, bad};
        case PdfStatus::expired:
          return {words_.expired, bad};
      }
      return {"", grey};
    }();
    TextStyle style = to_right(strong(body));
    style.size_pt = 12;
    style.colour = colour;
    canvas_.text(word, margin, y, content_width, style);
  }

  void parties() {
    const double width = content_width / 2 - 12;
    const double left = party(words_.from, in_.seller, margin, width);
    const bool has_buyer = !in_.buyer.name.empty() || !in_.buyer.lines.empty();
    const double right = !has_buyer ? 0 : party(words_.to, in_.buyer, margin + content_width / 2 + 12, width);
    y_ += std::max(left, right) + 20;
  }

  double party(const char* what, const PdfParty& who, double x, double width) {
    double y = y_;
    y += canvas_.text(what, x, y, width, label) + 4;
    TextStyle name = strong(body);
    name.size_pt = 11;
    y += canvas_.text(who.name, x, y, width, name) + 3;
    TextStyle detail = small;
    detail.size_pt = 9;
    for (const std::string& line : who.lines)
      if (!line.empty()) y += canvas_.text(line, x, y, width, detail) + 1;
    return y - y_;
  }

  /// The box with the amount and what is to know of it.
  void summary() {
    std::vector<std::pair<const char*, std::string>> facts;
    facts.emplace_back(words_.number, in_.number);
    facts.emplace_back(words_.issued, issued_);
    if (in_.paid_at) {
      facts.emplace_back(words_.paid_at, paid_on_);
      if (!in_.method.empty()) facts.emplace_back(words_.method, in_.method);
    } else if (in_.expires_at) {
      facts.emplace_back(words_.pay_by, pay_by_);
    }
    constexpr double row = 15;
    const double height = std::max(66.0, 22 + row * static_cast<double>(facts.size()));
    canvas_.box(margin, y_, content_width, height, 6, shade);
    const double inside = margin + 16;
    canvas_.text(in_.paid_at ? words_.was_paid : words_.to_pay, inside, y_ + 13, 200, label);
    const TextStyle amount{.size_pt = 21, .bold = true, .colour = ink};
    canvas_.text(money(in_.total), inside, y_ + 26, content_width / 2 - 16, amount);
    const double x = margin + content_width / 2 + 12;
    const double width = content_width / 2 - 28;
    double y = y_ + 12;
    for (const auto& [what, value] : facts) {
      canvas_.text(what, x, y + 1, 90, small);
      TextStyle style = to_right(body);
      style.size_pt = 9;
      canvas_.text(value, x + 60, y, width - 60, style);
      y += row;
    }
    y_ += height + 24;
  }

  void table_head(const std::vector<Column>& columns) {
    for (const Column& column : columns) {
      TextStyle style = label;
      style.right = column.right;
      canvas_.text(column.name, margin + column.x, y_, column.width, style);
    }
    y_ += 14;
    canvas_.line(margin, y_, content_width, 1, ink);
    y_ += 6;
  }

  void table_row(const std::vector<Column>& columns, const std::vector<std::string>& cells) {
    double height = 0;
    const auto style_of = [](const Column& column) { return column.right ? to_right(body) : body; };
    for (std::size_t i = 0; i < columns.size(); ++i)
      height = std::max(height, canvas_.height(cells[i], columns[i].width, style_of(columns[i])));
    if (need(height + 11)) table_head(columns);
    for (std::size_t i = 0; i < columns.size(); ++i)
      canvas_.text(cells[i], margin + columns[i].x, y_, columns[i].width, style_of(columns[i]));
    y_ += height + 5;
    canvas_.line(margin, y_, content_width, 0.5, faint);
    y_ += 6;
  }

  void items() {
    const std::vector<Column> columns{{words_.item, 0, 262},
                                      {words_.quantity, 272, 50, true},
                                      {words_.unit, 328, 78, true},
                                      {words_.amount, 412, content_width - 412, true}};
    need(60);
    table_head(columns);
    for (const PdfItem& item : in_.items)
      table_row(columns, {item.name, item.quantity ? std::to_string(*item.quantity) : "",
                          item.unit_price ? money(*item.unit_price) : "", money(item.amount)});
    sum(words_.total, in_.total, true);
    if (!in_.refunded.is_zero()) sum(words_.refunded, in_.refunded, false);
    y_ += 20;
  }

  void sum(const char* what, Money amount, bool is_strong) {
    need(26);
    TextStyle style = is_strong ? strong(body) : body;
    style.size_pt = is_strong ? 11.5 : 9.5;
    y_ += 3;
    canvas_.text(what, margin + 262, y_, 100, style);
    y_ += canvas_.text(money(amount), margin + 330, y_, content_width - 330, to_right(style)) + 3;
  }

  void schedule() {
    if (in_.schedule.empty()) return;
    const std::vector<Column> columns{{words_.month, 0, 40},
                                      {words_.due, 48, 104},
                                      {words_.note, 160, 236},
                                      {words_.amount, 404, content_width - 404, true}};
    need(90);
    TextStyle title = strong(body);
    title.size_pt = 11.5;
    y_ += canvas_.text(words_.schedule, margin, y_, content_width, title) + 8;
    table_head(columns);
    for (std::size_t i = 0; i < in_.schedule.size(); ++i) {
      const PdfBill& bill = in_.schedule[i];
      table_row(columns, {std::to_string(bill.month), due_days_[i], bill.note, money(bill.amount)});
    }
    if (in_.schedule_goes_on) {
      need(20);
      y_ += canvas_.text(words_.goes_on, margin, y_, content_width, small) + 4;
    }
    y_ += 16;
  }

  void closing() {
    TextStyle text = body;
    text.max_lines = 12;
    if (!in_.memo.empty()) paragraph(words_.memo, in_.memo, text);
    if (in_.status == PdfStatus::open && !in_.pay_url.empty()) {
      text.colour = accent;
      paragraph(words_.pay_here, in_.pay_url, text);
    }
  }

  void paragraph(const char* what, const std::string& text, const TextStyle& style) {
    const double height = canvas_.height(text, content_width, style);
    need(height + 30);
    y_ += canvas_.text(what, margin, y_, content_width, label) + 4;
    y_ += canvas_.text(text, margin, y_, content_width, style) + 14;
  }

  const PdfInvoice& in_;
  const Words& words_;
  const std::size_t pages_;
  PdfCanvas canvas_;
  double y_ = margin;
  std::size_t page_ = 1;
  std::string issued_, pay_by_, paid_on_;
  std::vector<std::string> due_days_;
};

}  // namespace

Result<Bytes> render_pdf(const PdfInvoice& invoice) {
  Drawing first(invoice, 0);
  RETURN_IF_ERROR(first.draw());
  Drawing whole(invoice, first.pages());
  RETURN_IF_ERROR(whole.draw());
  return whole.finish();
}

}  // namespace jangbu::invoice
