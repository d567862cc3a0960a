#include <gtest/gtest.h>

#include "base/json.h"
#include "delivery/admin_read.h"
#include "delivery/admin_render.h"
#include "delivery/records.h"
#include "delivery/secret_book.h"
#include "delivery/utf8.h"

namespace jangbu::delivery {
namespace {

using engine::EventState;

TEST(AdminRead, Lists) {
  const auto all = read_list("");
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->limit, 20U);
  EXPECT_EQ(all->before, static_cast<std::uint64_t>(INT64_MAX));
  const auto some = read_list(
      "kind=reward&status=failed&merchant=m&order_code=o%20c&u_id=u&from=2024-01-15T13:14:10%2B09:00&to=2024-"
      "01-16T00:"
      "00:00Z&cursor=7&limit=100");
  ASSERT_TRUE(some.ok()) << to_string(some.error());
  EXPECT_EQ(some->filter.channels, std::vector{Channel::reward});
  EXPECT_EQ(some->filter.state, EventState::given_up);
  EXPECT_EQ(some->filter.merchant, "m");
  EXPECT_EQ(some->filter.order_code, "o c");
  EXPECT_EQ(some->filter.u_id, "u");
  EXPECT_EQ(some->filter.from.us, 1'705'292'050'000'000);
  EXPECT_EQ(some->before, 7U);
  EXPECT_EQ(some->limit, 100U);
  for (const char* bad : {"kind=letter", "status=lost", "limit=0", "limit=101", "limit=x", "cursor=0",
                          "cursor=-1", "from=yesterday", "page=2", "filter=x"})
    EXPECT_FALSE(read_list(bad).ok()) << bad;
  EXPECT_EQ(read_list("kind=letter&page=2").error().detail,
            "kind must be webhook, reward, mail, sms, kakao or push; page is no parameter of this list");
}

TEST(AdminRead, Resends) {
  EXPECT_EQ(read_resend("{\"filter\":{}}")->state, EventState::given_up);
  EXPECT_EQ(read_resend("{\"filter\":{\"status\":\"delivered\",\"kind\":\"mail\"}}")->state,
            EventState::delivered);
  for (const char* bad :
       {"", "[]", "{}", "{\"filter\":1}", "{\"filter\":{},\"x\":1}", "{\"filter\":{\"kind\":1}}",
        "{\"filter\":{\"status\":\"pending\"}}", "{\"filter\":{\"limit\":\"1\"}}"})
    EXPECT_FALSE(read_resend(bad).ok()) << bad;
}

TEST(AdminRead, Ids) {
  EXPECT_EQ(*read_id("17"), 17U);
  for (const char* bad : {"", "0", "-1", "x", "1x", "9223372036854775808"})
    EXPECT_EQ(read_id(bad).error().code, Errc::not_found) << bad;
}

TEST(AdminRender, DeliveriesOfAnyBytesAreJson) {
  DeliveryRow row;
  row.event = {7, 8, Instant{1}, {"mail", "\xff", "\xfe", "no payload"}};
  row.last.number = 1;
  row.last.error = "\xff";
  Attempt attempt;
  attempt.answer = std::string("\0\x80", 2);
  const auto document = json::Document::parse(render_one(row, std::span(&attempt, 1), Templates(), Hash{}));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->root().find("status")->text, "pending");
  EXPECT_EQ(document->root().find("payload"), nullptr);
}

TEST(Utf8, TheRestIsReplaced) {
  const struct {
    const char* text;
    const char* expected;
  } rows[] = {
      {"plain 김 😀", "plain 김 😀"},
      {"\xff", "\ufffd"},
      {"a\xc0\x80z", "a\ufffd\ufffdz"},
      {"\xed\xa0\x80", "\ufffd\ufffd\ufffd"},
      {"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"},
      {"\xea\xb9", "\ufffd\ufffd"},
      {"\xe0\x80\x80", "\ufffd\ufffd\ufffd"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(valid_utf8(row.text), row.expected);
    EXPECT_EQ(is_utf8(row.text), valid_utf8(row.text) == row.text);
  }
}

TEST(AdminRender, SaysWhatWasSaidAndMasksWhoGotIt) {
  Templates templates;
  templates.add("shop.due", 1, [](const Fields& fields) {
    return Rendered{"", "Pay " + std::string(field(fields, "price")) + " won", ""};
  });
  Message message;
  message.to = "+821012345678";
  message.content = {"shop.due", 1, {{"price", "100"}}};
  message.labels.order_code = "1";
  DeliveryRow row;
  row.event = {7, 8, Instant{1}, message_event("d", "invoice.due", message)};
  const std::string known = render_one(row, {}, templates, Hash{});
  EXPECT_NE(known.find("\"text\":\"Pay 100 won\""), std::string::npos) << known;
  EXPECT_NE(known.find("\"target\":\"+821****5678\""), std::string::npos) << known;
  EXPECT_EQ(known.find("12345678"), std::string::npos) << known;
  // A template that only a newer program knows.
  const std::string unknown = render_one(row, {}, Templates(), Hash{});
  EXPECT_NE(unknown.find("\"template\":\"shop.due\",\"version\":1,\"fields\":{\"price\":\"100\"}"),
            std::string::npos)
      << unknown;
}

TEST(Records, EventIds) {
  for (const std::vector<std::uint64_t>& ids :
       {std::vector<std::uint64_t>{1}, {5, 6, 300}, {static_cast<std::uint64_t>(INT64_MAX)}}) {
    const auto back = decode_ids(encode_ids(ids));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, ids);
  }
  for (const Bytes& bad : {Bytes(), Bytes("\0", 1), Bytes("\1", 1), Bytes("\1\0", 2), Bytes("\1\1\1", 3),
                           Bytes("\2\1\0", 3), Bytes("\1\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10)})
    EXPECT_FALSE(decode_ids(bad).ok()) << to_hex(bad);
  EXPECT_THROW(encode_ids({}), InvariantViolation);
  EXPECT_THROW(encode_ids({2, 2}), InvariantViolation);
  std::vector<std::uint64_t> most(max_record_events);
  for (std::size_t i = 0; i < most.size(); ++i) most[i] = i + 1;
  EXPECT_TRUE(decode_ids(encode_ids(most)).ok());
  most.push_back(5000);
  EXPECT_THROW(encode_ids(most), InvariantViolation);
}

TEST(SecretBook, AsksWhoKnows) {
  SecretBook book;
  EXPECT_EQ(book.find("hub:1"), std::nullopt);
  book.add("hub:", [](std::string_view rest) { return "hub's " + std::string(rest); });
  book.add("invite:", [](std::string_view) { return std::nullopt; });
  EXPECT_EQ(book.find("hub:1"), "hub's 1");
  EXPECT_EQ(book.find("invite:1"), std::nullopt);
  EXPECT_EQ(book.find("other"), std::nullopt);
}

}  // namespace
}  // namespace jangbu::delivery
