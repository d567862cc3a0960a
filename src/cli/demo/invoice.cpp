// A seller's month: invoices in every state, and subscriptions of which one runs, one is declined and one
// rests and one waits for a supervisor, since its customer wants to leave.
#include <array>
#include <tuple>

#include "cli/demo/story.h"

namespace jangbu::cli::demo {
namespace {

constexpr const char* paying_card = R"({"card":"4242424242424242"})";
constexpr const char* bad_card = R"({"card":"4000000000000002"})";
constexpr const char* poor_later = R"({"card":"4000000000000341"})";

enum class BillEnd { open, paid, declined, expired, cancelled, refunded, part_refunded };

struct Bill {
  int day;
  const char* name;
  std::uint64_t price;
  BillEnd end;
};
constexpr std::array bills = {
    Bill{1, "워크숍 참가비", 55'000, BillEnd::paid},
    Bill{2, "로고 디자인", 330'000, BillEnd::paid},
    Bill{3, "Annual support", 1'200'000, BillEnd::expired},
    Bill{4, "명함 인쇄", 44'000, BillEnd::cancelled},
    Bill{6, "Consulting, 3 hours", 240'000, BillEnd::paid},
    Bill{8, "사진 촬영", 180'000, BillEnd::part_refunded},
    Bill{10, "번역 12쪽", 96'000, BillEnd::refunded},
    Bill{12, "Onboarding day", 150'000, BillEnd::paid},
    Bill{15, "행사 부스", 700'000, BillEnd::declined},
    Bill{18, "강의 영상", 39'000, BillEnd::paid},
    Bill{21, "Translation, 4 pages", 32'000, BillEnd::paid},
    Bill{24, "홈페이지 점검", 88'000, BillEnd::part_refunded},
    Bill{27, "Poster print", 61'000, BillEnd::paid},
    Bill{31, "봄 정기 점검", 88'000, BillEnd::open},
    Bill{33, "Spring campaign", 410'000, BillEnd::open},
};

/// The invoice and its id.
Result<std::string> make(const Stage& stage, const std::string& id, const std::string& name,
                         std::uint64_t price, std::size_t customer, const std::string& more) {
  const Person& who = person(customer);
  const std::string body = fill(
      R"({"request_id":"~","name":"~","price":~,"webhook_url":"~","user":{"user_id":"~","name":"~","email":"~@shop.example","phone":"~"}~})",
      {id, name, std::to_string(price), stage.receiver(), who.mail, who.name, who.mail, who.phone, more});
  ASSIGN_OR_RETURN(const Reply made, stage.client().invoice("POST", "/v1/invoices", body, id));
  return made.text("invoice_id");
}

Status pay(const Stage& stage, const std::string& invoice, const char* card) {
  return done(stage.client().invoice("POST", "/sandbox/invoices/" + invoice + "/pay", card));
}

Status cancel(const Stage& stage, const std::string& invoice, const std::string& key, const char* body) {
  return done(stage.client().invoice("POST", "/v1/invoices/" + invoice + "/cancel", body, key + "-cancel"));
}

Status play_bill(const Stage& stage, const Bill& bill, std::size_t number) {
  const std::string key = "demo-invoice-" + std::to_string(number);
  const std::string ends =
      bill.end == BillEnd::expired ? fill(R"(,"expired_at":"~")", {stage.time(bill.day + 7)}) : "";
  ASSIGN_OR_RETURN(const std::string id, make(stage, key, bill.name, bill.price, number, ends));
  switch (bill.end) {
    case BillEnd::open:
    case BillEnd::expired:
      return {};
    case BillEnd::declined: {
      const Status paid = pay(stage, id, bad_card);
      return paid || paid.error().code != Errc::invalid_parameters ? paid
                                                                   : Status();  // refused, as it should
    }
    case BillEnd::cancelled:
      return cancel(stage, id, key, R"({"reason":"주문 실수"})");
    case BillEnd::paid:
      return pay(stage, id, paying_card);
    case BillEnd::refunded:
      RETURN_IF_ERROR(pay(stage, id, paying_card));
      return cancel(stage, id, key, R"({"reason":"변심"})");
    case BillEnd::part_refunded:
      RETURN_IF_ERROR(pay(stage, id, paying_card));
      return cancel(stage, id, key, R"({"price":20000,"reason":"a part was not needed"})");
  }
  return Errc::internal;
}

struct Contract {
  int day;
  const char* name;
  std::uint64_t price;
  const char* card;
};
constexpr std::array contracts = {
    Contract{0, "Pro 플랜", 19'900, paying_card},   Contract{1, "Basic plan", 9'900, paying_card},
    Contract{0, "Team 플랜", 99'000, poor_later},   Contract{2, "커피 구독", 24'000, paying_card},
    Contract{9, "Flower box", 39'000, paying_card},
};
constexpr std::size_t resting = 3;
constexpr std::size_t leaving = 4;

Status subscribe(Stage& stage, std::size_t number) {
  const Contract& contract = contracts[number];
  const std::string key = "demo-contract-" + std::to_string(number);
  const std::string more = fill(R"(,"products":[{"name":"~","price":~,"duration":12,"quantity":1}])",
                                {contract.name, std::to_string(contract.price)});
  ASSIGN_OR_RETURN(const std::string id, make(stage, key, contract.name, contract.price, number + 5, more));
  RETURN_IF_ERROR(pay(stage, id, contract.card));
  ASSIGN_OR_RETURN(const Reply invoice, stage.client().invoice("GET", "/v1/invoices/" + id, ""));
  stage.keep(key, invoice.text("order_number"));
  return {};
}

Status rest(Stage& stage) {
  const std::string body = fill(R"({"order_number":"~","reason":"휴가"})",
                                {stage.note("demo-contract-" + std::to_string(resting))});
  return done(
      stage.client().invoice("POST", "/v1/order_subscriptions/requests/ing/pause", body, "demo-rest"));
}

Status ask_to_leave(const Stage& stage) {
  const std::string body = fill(R"({"order_number":"~","reason":"이사를 가게 되었어요"})",
                                {stage.note("demo-contract-" + std::to_string(leaving))});
  return done(
      stage.client().invoice("POST", "/v1/order_subscriptions/requests/ing/termination", body, "demo-leave"));
}

Status register_products(Stage& stage) {
  for (const auto& [id, name, price] : {std::tuple{"demo-workshop", "워크숍 참가비", "55000"},
                                        std::tuple{"demo-support", "Annual support", "1200000"},
                                        std::tuple{"demo-check", "홈페이지 점검", "88000"}}) {
    const std::string body = fill(R"({"ex_uid":"~","name":"~","display_price":~})", {id, name, price});
    RETURN_IF_ERROR(done(stage.client().invoice("POST", "/v1/products", body, id)));
  }
  return {};
}

Status ask_to_cancel(Stage& stage) {
  const std::string body = fill(
      R"({"order_number":"~","request_cancel_parameters":{"cancel_reason":"다른 날짜로 바꾸고 싶어요"}})",
      {stage.note("demo-contract-1")});
  return done(stage.client().invoice("POST", "/v1/order/cancel", body, "demo-ask"));
}

}  // namespace

void tell_invoice(Story& story) {
  story.push_back({0, "catalogue", &register_products});
  for (std::size_t i = 0; i < bills.size(); ++i)
    story.push_back({bills[i].day, "invoice " + std::to_string(i),
                     [i](Stage& stage) { return play_bill(stage, bills[i], i); }});
  for (std::size_t i = 0; i < contracts.size(); ++i)
    story.push_back({contracts[i].day, "contract " + std::to_string(i),
                     [i](Stage& stage) { return subscribe(stage, i); }});
  story.push_back({14, "a contract rests", &rest});
  story.push_back({16, "a customer asks to cancel", &ask_to_cancel});
  story.push_back({32, "a customer asks to leave", &ask_to_leave});
}

}  // namespace jangbu::cli::demo
