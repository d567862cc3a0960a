#include "hub/messages.h"

#include <map>

#include <gtest/gtest.h>

#include "delivery/events.h"
#include "hub/test_site.h"

namespace jangbu::hub {
namespace {

struct MessagesTest : SiteTest {
  /// What stands in the outbox, in the order in which it was said.
  std::vector<delivery::Delivery> said() {
    std::vector<delivery::Delivery> all;
    look([&all](engine::Unit& unit) {
      static const store::Sql sql{"SELECT payload FROM engine_outbox ORDER BY id"};
      const Status read = unit.session().query(sql, {}, [&all](const store::Row& row) {
        all.push_back(delivery::decode(row.bytes(0)).value());
        return true;
      });
      ASSERT_TRUE(read.ok());
    });
    return all;
  }

  /// The order in which each mail stands, by its topic.
  std::multimap<std::string, std::string> mail_orders() {
    std::multimap<std::string, std::string> all;
    look([&all](engine::Unit& unit) {
      static const store::Sql sql{
          "SELECT topic, document FROM engine_outbox WHERE destination = $1 ORDER BY id"};
      const Status read =
          unit.session().query(sql, {store::Value::blob("mail")}, [&all](const store::Row& row) {
            all.emplace(row.bytes(0), row.bytes(1));
            return true;
          });
      ASSERT_TRUE(read.ok());
    });
    return all;
  }

  /// An order that tells somebody, paid and onboarded.
  std::string told_order() {
    NewOrder order = order_of(206'000, "lead-1");
    order.webhook_url = "http://127.0.0.1:1/hook";
    order.metadata = R"({"plan":"베이직"})";
    const auto created = create_order(order);
    EXPECT_TRUE(created.ok());
    EXPECT_TRUE(pay(created.value->checkout).ok());
    EXPECT_TRUE(onboard(created.value->code).ok());
    return created.value->code;
  }
};

TEST_F(MessagesTest, WhatIsSaidIsFoundWhenItIsSent) {
  const std::string code = told_order();
  const auto events = said();
  ASSERT_EQ(events.size(), 3U);
  delivery::Templates templates;
  add_templates(templates);
  EXPECT_EQ(templates.render(events[0].content())->text,
            R"({"type":"order.paid","timestamp":"2024-01-15T04:14:10Z","data":{"orderCode":")" + code +
                R"(","status":"PAID","amount":206000,"currency":"KRW","leadRef":"lead-1",)"
                R"("metadata":{"plan":"베이직"}}})");
  const auto& mail = events[1].mail() != nullptr ? events[1] : events[2];
  ASSERT_NE(mail.mail(), nullptr);
  EXPECT_EQ(mail.mail()->to, "ceo@abc.com");
  const delivery::Rendered letter = *templates.render(mail.content());
  EXPECT_EQ(letter.subject, "[주식회사 ABC] 파트너 포털에 초대합니다");
  EXPECT_EQ(
      letter.text,
      "홍길동님, 안녕하세요.\n\n‘피카소 젤 아이라이너’ 캠페인이 등록되었습니다. 비밀번호를 정하고 파트너 "
      "포털에서 진행 상황을 확인하세요.\n\n초대 수락하기:\n{{secret}}\n\n이 링크는 24시간 동안 한 번만 "
      "사용할 "
      "수 있습니다.\n");
  EXPECT_NE(letter.html.find("<a href=\"{{secret}}\""), std::string::npos);
}

/// The book of a program whose mails had other words: it verifies (see TearDown) since no word stands in it.
/// The fields are a promise to every book that was written: this test must not be changed, a new version of
/// the template gets another one.
TEST_F(MessagesTest, AChangedWordChangesNoBook) {
  const std::string code = told_order();
  const auto events = said();
  ASSERT_EQ(events.size(), 3U);
  delivery::Templates other;
  for (const char* name : {"hub.invitation", "hub.campaign", "hub.order"})
    other.add(name, 1, [](const delivery::Fields&) { return delivery::Rendered{"Other", "words", ""}; });
  for (const auto& event : events) EXPECT_EQ(other.render(event.content())->text, "words");
  EXPECT_EQ(fixture.verify(), "");

  EXPECT_EQ(events[0].content(), (delivery::Content{"hub.order",
                                                    1,
                                                    {{"amount", "206000"},
                                                     {"currency", "KRW"},
                                                     {"lead_ref", "lead-1"},
                                                     {"metadata", R"({"plan":"베이직"})"},
                                                     {"order_code", code},
                                                     {"status", "PAID"},
                                                     {"timestamp", "2024-01-15T04:14:10Z"},
                                                     {"type", "order.paid"}}}));
  const auto& mail = events[1].mail() != nullptr ? events[1] : events[2];
  EXPECT_EQ(mail.content(), (delivery::Content{"hub.invitation",
                                               1,
                                               {{"campaign", "피카소 젤 아이라이너"},
                                                {"company", "주식회사 ABC"},
                                                {"language", "ko"},
                                                {"name", "홍길동"}}}));
}

/// As above: the fields of the mail that withdrawn access causes.
TEST_F(MessagesTest, WhoLosesAccessIsToldAndNobodyIsNamed) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("second@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE((run<ConfirmAccess, AccessConfirmed>(ManagerId{2}, std::nullopt).ok()));
  ASSERT_TRUE((run<WithdrawAccess, AccessWithdrawn>(ManagerId{2}, std::nullopt).ok()));
  const delivery::Delivery event = said().back();
  ASSERT_NE(event.mail(), nullptr);
  EXPECT_EQ(event.mail()->to, "second@abc.com");
  EXPECT_EQ(
      event.content(),
      (delivery::Content{"hub.access_withdrawn", 1, {{"company", "주식회사 ABC"}, {"language", "ko"}}}));
  delivery::Templates templates;
  add_templates(templates);
  EXPECT_NE(templates.render(event.content())->text.find("회수"), std::string::npos);
}

/// As above: the fields of the mail that a declined request for access causes.
TEST_F(MessagesTest, WhoIsDeclinedIsToldAndNobodyIsNamed) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("rival@xyz.com", "100-00-00011")).ok());
  ASSERT_TRUE((run<DeclineAccess, AccessDeclined>(ManagerId{2}, std::nullopt).ok()));
  const delivery::Delivery event = said().back();
  ASSERT_NE(event.mail(), nullptr);
  EXPECT_EQ(event.mail()->to, "rival@xyz.com");
  EXPECT_EQ(event.content(),
            (delivery::Content{"hub.access_declined", 1, {{"company", "주식회사 ABC"}, {"language", "ko"}}}));
  delivery::Templates templates;
  add_templates(templates);
  const delivery::Rendered letter = *templates.render(event.content());
  EXPECT_EQ(letter.subject, "[주식회사 ABC] 파트너 포털 접근 요청이 거절되었습니다");
  EXPECT_EQ(letter.text,
            "안녕하세요.\n\n이 주소로 보낸 파트너 포털 접근 요청이 거절되었습니다. 등록된 캠페인은 그대로 "
            "진행됩니다.\n\n다음 캠페인을 이 주소로 등록하면 다시 요청됩니다.\n");
  EXPECT_EQ(letter.html.find("<a "), std::string::npos) << "there is nothing to open";
}

/// As above: the fields of the mails about a password.
TEST_F(MessagesTest, WhoHasForgottenThePasswordGetsALink) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE((run<SetPassword, PasswordSet>(InviteId{1}, std::string("first")).ok()));
  ASSERT_TRUE((run<ForgetPassword, PasswordForgotten>(std::string("ceo@abc.com")).ok()));
  const delivery::Delivery asked = said().back();
  ASSERT_NE(asked.mail(), nullptr);
  EXPECT_EQ(asked.mail()->to, "ceo@abc.com");
  EXPECT_EQ(asked.mail()->secret, "hub/forgotten/2");
  EXPECT_EQ(forgotten_of_secret("hub/forgotten/2"), 2U);
  EXPECT_EQ(forgotten_of_secret("hub/invite/2"), 0U);
  EXPECT_EQ(
      asked.content(),
      (delivery::Content{"hub.password_forgotten", 1, {{"company", "주식회사 ABC"}, {"language", "ko"}}}));
  delivery::Templates templates;
  add_templates(templates);
  EXPECT_EQ(templates.render(asked.content())->text,
            "안녕하세요.\n\n이 주소로 파트너 포털 비밀번호 재설정 요청을 받았습니다. 아래에서 새 비밀번호를 "
            "정하세요.\n\n새 비밀번호 정하기:\n{{secret}}\n\n이 링크는 1시간 동안 한 번만 사용할 수 "
            "있습니다. 요청하지 않았다면 이 메일을 무시하세요. 지금 비밀번호는 그대로입니다.\n");

  ASSERT_TRUE(
      (run<ChangePassword, PasswordChanged>(ManagerId{1}, std::string("first"), std::string("second")).ok()));
  const delivery::Delivery changed = said().back();
  EXPECT_EQ(
      changed.content(),
      (delivery::Content{"hub.password_changed", 1, {{"company", "주식회사 ABC"}, {"language", "ko"}}}));
  const delivery::Rendered letter = *templates.render(changed.content());
  EXPECT_EQ(letter.subject, "[주식회사 ABC] 파트너 포털 비밀번호가 변경되었습니다");
  EXPECT_EQ(letter.html.find("<a "), std::string::npos) << "there is nothing to open";
}

/// An address that takes no mail, and is tried for days, holds up nothing but what goes to it.
TEST_F(MessagesTest, WhoAskedForAccessHasMailOfAnOrderOfItsOwn) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("second@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("rival@xyz.com", "100-00-00011")).ok());
  ASSERT_TRUE((run<ConfirmAccess, AccessConfirmed>(ManagerId{2}, std::nullopt).ok()));
  ASSERT_TRUE((run<DeclineAccess, AccessDeclined>(ManagerId{3}, std::nullopt).ok()));
  // Invited once more, to the same address.
  ASSERT_TRUE(onboard(paid_order(206'000), brand("second@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  const std::multimap<std::string, std::string> expected = {
      {"partner.access_declined", "access:1:rival@xyz.com"},
      {"partner.access_requested", "partner:1"},
      {"partner.access_requested", "partner:1"},
      {"partner.invited", "partner:1"},
      {"partner.invited", "access:1:second@abc.com"},
      {"partner.invited", "access:1:second@abc.com"},
      {"partner.invited", "partner:1"},
  };
  EXPECT_EQ(mail_orders(), expected);
}

}  // namespace
}  // namespace jangbu::hub
