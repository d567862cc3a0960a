#include "affiliate/click_link.h"

#include <array>
#include <functional>

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

struct QueryRow {
  const char* name;
  std::string query;
  std::function<bool(const ClickLink&)> holds;  // empty: refused
};

TEST(ClickLinkTest, ReadsAQuery) {
  const std::string base = "m=gmarket&a=A100000131";
  const std::string at_limit(max_user_id_bytes, 'u');
  std::string korean_at_limit;  // 166 characters of three bytes, and two more bytes
  for (int i = 0; i < 166; ++i) korean_at_limit += "%EA%B0%80";
  korean_at_limit += "ab";
  const QueryRow rows[] = {
      {"the guide's example", base + "&l=0000&u_id=exampleId101",
       [](const ClickLink& c) {
         return c.merchant_id == "gmarket" && c.affiliate == 131 && c.l == "0000" &&
                c.user_id == "exampleId101" && c.l_cd1.empty() && c.l_cd2.empty() && !c.is_deeplink();
       }},
      {"l has a default", base, [](const ClickLink& c) { return c.l == "0000"; }},
      {"an empty l is the default", base + "&l=", [](const ClickLink& c) { return c.l == "0000"; }},
      {"a banner", base + "&l=Ab3Z", [](const ClickLink& c) { return c.l == "Ab3Z"; }},
      {"codes", base + "&l_cd1=2&l_cd2=0",
       [](const ClickLink& c) { return c.l_cd1 == "2" && c.l_cd2 == "0"; }},
      {"the alias", base + "&u=abc", [](const ClickLink& c) { return c.user_id == "abc"; }},
      {"u_id goes before its alias", base + "&u=abc&u_id=def",
       [](const ClickLink& c) { return c.user_id == "def"; }},
      {"an empty u_id leaves the alias",
       base + "&u=abc&u_id=", [](const ClickLink& c) { return c.user_id == "abc"; }},
      {"encoded", base + "&u_id=a%20b+c%2B%26%3D",
       [](const ClickLink& c) { return c.user_id == "a b c+&="; }},
      {"Korean", base + "&u_id=%ED%9A%8C%EC%9B%90", [](const ClickLink& c) { return c.user_id == "회원"; }},
      {"control characters are characters", base + "&u_id=a%00b%0D%0Ac",
       [](const ClickLink& c) { return c.user_id == std::string("a\0b\r\nc", 6); }},
      {"an encoding that is none stays", base + "&u_id=100%zz",
       [](const ClickLink& c) { return c.user_id == "100%zz"; }},
      {"500 bytes", base + "&u_id=" + at_limit, [&](const ClickLink& c) { return c.user_id == at_limit; }},
      {"500 bytes after decoding", base + "&u_id=" + korean_at_limit,
       [](const ClickLink& c) { return c.user_id.size() == max_user_id_bytes; }},
      {"501 bytes", base + "&u_id=" + at_limit + "u", {}},
      {"501 bytes after decoding", base + "&u_id=" + korean_at_limit + "c", {}},
      {"501 bytes of the alias", base + "&u=" + at_limit + "u", {}},
      {"not UTF-8", base + "&u_id=%C8%B8%BF%F8", {}},
      {"half a character", base + "&u_id=%EA%B0", {}},
      {"the last one counts", "m=other&" + base,
       [](const ClickLink& c) { return c.merchant_id == "gmarket"; }},
      {"unknown parameters are passed over", "x=1&" + base + "&utm_source=blog&&=&y",
       [](const ClickLink& c) { return c.affiliate == 131; }},
      {"a merchant's id of ten", "m=abcdefgh-_&a=A100000131",
       [](const ClickLink& c) { return c.merchant_id == "abcdefgh-_"; }},
      {"of eleven", "m=abcdefghijk&a=A100000131", {}},
      {"with a capital", "m=Gmarket&a=A100000131", {}},
      {"with a line break", "m=a%0Ab&a=A100000131", {}},
      {"no merchant", "a=A100000131", {}},
      {"no affiliate", "m=gmarket", {}},
      {"an affiliate's id too short", "m=gmarket&a=A10000013", {}},
      {"nothing", "", {}},
      {"l of five", base + "&l=00000", {}},
      {"l with a sign", base + "&l=00-0", {}},
      {"a bar in a code", base + "&l_cd1=2%7C0", {}},
      {"a cookie's end in a code", base + "&l_cd2=0%3B%20Path%3D/", {}},
      {"a line break in a code", base + "&l_cd2=0%0D%0ASet-Cookie%3Aa", {}},
      {"a code of 100", base + "&l_cd1=" + std::string(100, 'c'),
       [](const ClickLink& c) { return c.l_cd1.size() == 100; }},
      {"of 101", base + "&l_cd1=" + std::string(101, 'c'), {}},
      {"a deep link", base + "&l=9999&tu=https%3A%2F%2Fshop.example%2Fp%3Fid%3D1",
       [](const ClickLink& c) { return c.is_deeplink() && c.target == "https://shop.example/p?id=1"; }},
      {"a target of another kind of link", base + "&l=0000&tu=https%3A%2F%2Fshop.example%2F", {}},
      {"a deep link without a target",
       base + "&l=9999&tu=", [](const ClickLink& c) { return !c.is_deeplink(); }},
  };
  for (const QueryRow& row : rows) {
    SCOPED_TRACE(row.name);
    const auto link = parse_click(row.query);
    ASSERT_EQ(link.ok(), static_cast<bool>(row.holds));
    if (link) {
      EXPECT_TRUE(row.holds(*link));
    } else {
      EXPECT_EQ(link.error().code, Errc::invalid_parameters);
      EXPECT_FALSE(link.error().detail.empty());
    }
  }
}

struct TargetRow {
  const char* name;
  std::string target;
  bool safe;
};

TEST(ClickLinkTest, DeepLinksStayAtTheMerchant) {
  const std::array<std::string, 4> hosts = {"shop.example", "m.shop.example", "xn--9t4b11yi5a.example",
                                            "old.example:8443"};
  const TargetRow rows[] = {
      {"a page", "https://shop.example/p/1?x=1#part", true},
      {"without a path", "https://shop.example", true},
      {"a query at once", "https://shop.example?x=1", true},
      {"http", "http://shop.example/", true},
      {"a scheme in capitals", "HTTPS://shop.example/", true},
      {"a host in capitals", "https://SHOP.Example/", true},
      {"another host of theirs", "https://m.shop.example/", true},
      {"the scheme's own port", "https://shop.example:443/", true},
      {"the scheme's own port, http", "http://shop.example:80/", true},
      {"a port of theirs", "https://old.example:8443/", true},
      {"punycode of theirs", "https://xn--9t4b11yi5a.example/", true},
      {"Korean in the path", "https://shop.example/상품/1", true},
      {"encoded in the path", "https://shop.example/%EC%83%81%ED%92%88?q=a%20b%2F%2F", true},
      {"a URL in the query", "https://shop.example/go?to=https://evil.example/", true},
      {"a second slash in the path", "https://shop.example//evil.example/", true},
      {"an @ in the path", "https://shop.example/@evil.example", true},
      {"2000 bytes", "https://shop.example/" + std::string(max_target_bytes - 21, 'p'), true},

      {"2001 bytes", "https://shop.example/" + std::string(max_target_bytes - 20, 'p'), false},
      {"another host", "https://evil.example/", false},
      {"theirs as a part of another", "https://shop.example.evil.example/", false},
      {"theirs at the end of another", "https://evilshop.example/", false},
      {"a name under theirs that is not listed", "https://www.shop.example/", false},
      {"userinfo", "https://shop.example@evil.example/", false},
      {"userinfo with a password", "https://shop.example:443@evil.example/", false},
      {"userinfo before their own", "https://me@shop.example/", false},
      {"encoded userinfo", "https://shop.example%40evil.example/", false},
      {"an encoded slash in the host", "https://shop.example%2f.evil.example/", false},
      {"a backslash for a slash", "https:\\\\evil.example\\", false},
      {"a backslash after the host", "https://evil.example\\@shop.example/", false},
      {"a backslash in the path", "https://shop.example/\\evil.example", false},
      {"an encoded backslash", "https://shop.example/%5cevil.example", false},
      {"a tab in the scheme", "java\tscript:alert(1)", false},
      {"a tab in the host", "https://shop.exam\tple/", false},
      {"a line break", "https://shop.example/\r\nSet-Cookie: a=b", false},
      {"an encoded line break", "https://shop.example/%0d%0aSet-Cookie:a", false},
      {"an encoded zero", "https://shop.example/%00", false},
      {"a byte of zero", std::string("https://shop.example\0.evil.example/", 36), false},
      {"DEL", "https://shop.example/\x7f", false},
      {"a space in front", " https://shop.example/", false},
      {"a space inside", "https://shop.example/a b", false},
      {"encoded twice", "https%3A%2F%2Fshop.example%2F", false},
      {"relative to the scheme", "//evil.example/", false},
      {"relative to the scheme, theirs", "//shop.example/", false},
      {"relative", "/p/1", false},
      {"a path alone", "shop.example/p", false},
      {"a scheme without slashes", "https:shop.example", false},
      {"one slash", "https:/shop.example/", false},
      {"three slashes", "https:///shop.example/", false},
      {"no host", "https://", false},
      {"no host but a path", "https:///", false},
      {"javascript", "javascript:alert(1)", false},
      {"javascript with their host", "javascript://shop.example/%250aalert(1)", false},
      {"data", "data:text/html,<script>alert(1)</script>", false},
      {"ftp", "ftp://shop.example/", false},
      {"file", "file:///etc/passwd", false},
      {"a dot at the end", "https://shop.example./", false},
      {"two dots", "https://shop..example/", false},
      {"a dot in front", "https://.shop.example/", false},
      {"another port", "https://shop.example:8443/", false},
      {"the other scheme's port", "http://shop.example:443/", false},
      {"no port where theirs has one", "https://old.example/", false},
      {"an empty port", "https://shop.example:/", false},
      {"a port with zeros", "https://shop.example:0443/", false},
      {"a port with a sign", "https://shop.example:+443/", false},
      {"a port out of range", "https://shop.example:65979/", false},
      {"two ports", "https://shop.example:443:443/", false},
      {"a name in other letters", "https://shоp.example/", false},  // a Cyrillic o
      {"a wide dot", "https://shop。example/", false},
      {"punycode of another", "https://xn--shp-hmc.example/", false},
      {"an address", "https://127.0.0.1/", false},
      {"an address as a number", "https://2130706433/", false},
      {"IPv6", "https://[::1]/", false},
      {"an underscore", "https://shop_example/", false},
      {"not UTF-8", "https://shop.example/\xb0\xa1", false},
      {"empty", "", false},
  };
  for (const TargetRow& row : rows) {
    SCOPED_TRACE(row.name);
    const Status status = check_target(row.target, hosts);
    EXPECT_EQ(status.ok(), row.safe);
    if (!status) {
      EXPECT_EQ(status.error().code, Errc::invalid_parameters);
    }
  }
  EXPECT_FALSE(check_target("https://shop.example/", {})) << "a merchant without hosts has none";
}

TEST(ClickLinkTest, OwnHosts) {
  const struct {
    const char* name;
    std::string host;
    bool ok;
  } rows[] = {
      {"a name", "shop.example", true},
      {"with a port", "shop.example:8443", true},
      {"punycode", "xn--9t4b11yi5a.example", true},
      {"an address, for a sandbox", "127.0.0.1:8080", true},
      {"a name of one label", "localhost", true},
      {"253 bytes",
       std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
           std::string(61, 'd'),
       true},
      {"254 bytes",
       std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
           std::string(62, 'd'),
       false},
      {"a label of 64", std::string(64, 'a') + ".example", false},
      {"capitals", "Shop.example", false},
      {"a scheme", "https://shop.example", false},
      {"a path", "shop.example/", false},
      {"userinfo", "me@shop.example", false},
      {"a wildcard", "*.shop.example", false},
      {"a dot at the end", "shop.example.", false},
      {"a scheme's own port", "shop.example:443", false},
      {"the other scheme's own port", "shop.example:80", false},
      {"Korean", "가게.example", false},
      {"a hyphen in front", "-shop.example", false},
      {"empty", "", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(check_own_host(row.host).ok(), row.ok);
  }
}

TEST(ClickLinkTest, GatewayTemplates) {
  const struct {
    const char* name;
    std::string gateway;
    bool ok;
  } rows[] = {
      {"the plain one", "https://shop.example/gate?lpinfo={lpinfo}&url={url}", true},
      {"other names, and days", "https://shop.example/lp.php?lpinfo={lpinfo}&target_url={url}&rd={rd}", true},
      {"without a target", "http://shop.example/in/{lpinfo}", true},
      {"a port", "http://127.0.0.1:8080/gate?lpinfo={lpinfo}", true},
      {"no lpinfo", "https://shop.example/gate?url={url}", false},
      {"lpinfo in the host", "https://{lpinfo}.shop.example/", false},
      {"url in the host", "https://{url}/?{lpinfo}", false},
      {"another word", "https://shop.example/{lpinfo}?x={u_id}", false},
      {"a brace", "https://shop.example/{lpinfo}?x=}", false},
      {"javascript", "javascript:alert('{lpinfo}')", false},
      {"relative", "/gate?lpinfo={lpinfo}", false},
      {"userinfo", "https://me@shop.example/{lpinfo}", false},
      {"a line break", "https://shop.example/{lpinfo}\r\nX: y", false},
      {"a space", "https://shop.example/ {lpinfo}", false},
      {"Korean", "https://shop.example/가{lpinfo}", false},
      {"a backslash", "https://shop.example\\@evil.example/{lpinfo}", false},
      {"1000 bytes", "https://shop.example/{lpinfo}" + std::string(max_gateway_template_bytes - 29, 'p'),
       true},
      {"1001 bytes", "https://shop.example/{lpinfo}" + std::string(max_gateway_template_bytes - 28, 'p'),
       false},
      {"empty", "", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(check_gateway_template(row.gateway).ok(), row.ok);
  }
}

TEST(ClickLinkTest, GatewayUrls) {
  const struct {
    const char* name;
    std::string gateway;
    std::string url;
  } rows[] = {
      {"both", "https://s.example/g?lpinfo={lpinfo}&url={url}",
       "https://s.example/g?lpinfo=A1%7C2&url=https%3A%2F%2Fs.example%2F%3Fa%3Db%26c"},
      {"days", "https://s.example/g?rd={rd}&i={lpinfo}", "https://s.example/g?rd=30&i=A1%7C2"},
      {"twice", "https://s.example/{lpinfo}/{lpinfo}", "https://s.example/A1%7C2/A1%7C2"},
      {"a word that is none", "https://s.example/{x}{lpinfo}{", "https://s.example/{x}A1%7C2{"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    std::string url;
    append_gateway_url(row.gateway, "A1|2", "https://s.example/?a=b&c", 30, url);
    EXPECT_EQ(url, row.url);
  }
}

TEST(ClickLinkTest, WhatIsWrittenReads) {
  ClickLink plain;
  plain.merchant_id = "shop";
  plain.affiliate = 7;
  EXPECT_EQ(click_query(plain), "m=shop&a=A100000007&l=0000");
  ClickLink deep = plain;
  deep.l = deeplink_kind;
  deep.l_cd1 = "a";
  deep.l_cd2 = "b";
  deep.user_id = "뉴스 & 7";
  deep.target = "https://shop.example/p?id=7&u_id=x#y";
  for (const ClickLink& link : {plain, deep}) {
    const auto read = parse_click(click_query(link));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->merchant_id, link.merchant_id);
    EXPECT_EQ(read->affiliate, link.affiliate);
    EXPECT_EQ(read->l, link.l);
    EXPECT_EQ(read->l_cd1, link.l_cd1);
    EXPECT_EQ(read->l_cd2, link.l_cd2);
    EXPECT_EQ(read->user_id, link.user_id);
    EXPECT_EQ(read->target, link.target);
  }
}

}  // namespace
}  // namespace jangbu::affiliate
