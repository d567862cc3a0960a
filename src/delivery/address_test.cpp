#include "delivery/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

namespace jangbu::delivery {
namespace {

Bytes bytes_of(const std::string& text) {
  Bytes bytes(16, '\0');
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(4);
  EXPECT_EQ(inet_pton(AF_INET, text.c_str(), bytes.data()), 1) << text;
  return bytes;
}

AddressKind classify(ByteView bytes) {
  return classify_address({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

TEST(Address, Kinds) {
  constexpr auto open = AddressKind::public_internet;
  constexpr auto own = AddressKind::loopback;
  constexpr auto other = AddressKind::other;
  const struct {
    const char* address;
    AddressKind kind;
  } rows[] = {
      {"0.0.0.0", other},
      {"0.255.255.255", other},
      {"1.0.0.0", open},
      {"1.1.1.1", open},
      {"9.255.255.255", open},
      {"10.0.0.0", other},
      {"10.255.255.255", other},
      {"11.0.0.0", open},
      {"100.63.255.255", open},
      {"100.64.0.0", other},
      {"100.127.255.255", other},
      {"100.128.0.0", open},
      {"126.255.255.255", open},
      {"127.0.0.1", own},
      {"127.255.255.255", own},
      {"128.0.0.0", open},
      {"169.253.255.255", open},
      {"169.254.0.0", other},
      {"169.254.169.254", other},
      {"169.255.0.0", open},
      {"172.15.255.255", open},
      {"172.16.0.0", other},
      {"172.31.255.255", other},
      {"172.32.0.0", open},
      {"192.0.0.8", other},
      {"192.0.1.0", open},
      {"192.0.2.1", other},
      {"192.88.99.1", other},
      {"192.167.255.255", open},
      {"192.168.0.1", other},
      {"192.169.0.0", open},
      {"198.17.255.255", open},
      {"198.18.0.0", other},
      {"198.19.255.255", other},
      {"198.20.0.0", open},
      {"198.51.100.7", other},
      {"203.0.113.7", other},
      {"223.255.255.255", open},
      {"224.0.0.1", other},
      {"239.255.255.255", other},
      {"240.0.0.0", other},
      {"255.255.255.255", other},
      {"::", other},
      {"::1", own},
      {"::2", other},
      {"::127.0.0.1", other},
      {"::ffff:127.0.0.1", own},
      {"::ffff:10.0.0.1", other},
      {"::ffff:169.254.169.254", other},
      {"::ffff:1.1.1.1", open},
      {"64:ff9b::1.1.1.1", open},
      {"64:ff9b::10.0.0.1", other},
      {"64:ff9b::127.0.0.1", other},
      {"64:ff9b:1::1.1.1.1", other},
      {"100::1", other},
      {"1fff:ffff::1", other},
      {"2000::1", open},
      {"2001::1", other},
      {"2001:1ff:ffff::1", other},
      {"2001:200::1", open},
      {"2001:db8::1", other},
      {"2001:db9::1", open},
      {"2002:0a00:0001::1", other},
      {"2003::1", open},
      {"2606:4700:4700::1111", open},
      {"2620:4f:8000::1", other},
      {"3fff::1", other},
      {"3fff:1000::1", open},
      {"4000::1", other},
      {"fbff::1", other},
      {"fc00::1", other},
      {"fdff::1", other},
      {"fe80::1", other},
      {"febf::1", other},
      {"fec0::1", other},
      {"ff02::1", other},
  };
  for (const auto& row : rows) EXPECT_EQ(classify(bytes_of(row.address)), row.kind) << row.address;
  EXPECT_EQ(classify(""), other);
  EXPECT_EQ(classify("12345"), other);
}

TEST(Address, Reach) {
  EXPECT_TRUE(may_reach(AddressKind::public_internet, Reach::public_https));
  EXPECT_FALSE(may_reach(AddressKind::loopback, Reach::public_https));
  EXPECT_TRUE(may_reach(AddressKind::loopback, Reach::loopback_too));
  EXPECT_FALSE(may_reach(AddressKind::other, Reach::loopback_too));
}

TEST(Address, LiteralsInEveryForm) {
  const struct {
    const char* host;
    const char* address;  // empty: a name
  } rows[] = {
      {"127.0.0.1", "127.0.0.1"},
      {"127.0.0.1.", "127.0.0.1"},
      {"2130706433", "127.0.0.1"},
      {"0x7f.1", "127.0.0.1"},
      {"0x7f000001", "127.0.0.1"},
      {"0X7F.0.0.1", "127.0.0.1"},
      {"0177.0.0.01", "127.0.0.1"},
      {"017700000001", "127.0.0.1"},
      {"127.1", "127.0.0.1"},
      {"10.1.258", "10.1.1.2"},
      {"0", "0.0.0.0"},
      {"::ffff:127.0.0.1", "::ffff:127.0.0.1"},
      {"fe80::1", "fe80::1"},
      {"example.com", ""},
      {"1.example", ""},
      {"a1", ""},
      {"0xg", ""},
      {"xn--3e0b707e", ""},
  };
  for (const auto& row : rows) {
    const auto literal = literal_address(row.host);
    ASSERT_TRUE(literal.ok()) << row.host;
    if (*row.address == '\0') {
      EXPECT_FALSE(literal->has_value()) << row.host;
    } else {
      ASSERT_TRUE(literal->has_value()) << row.host;
      EXPECT_EQ(**literal, bytes_of(row.address)) << row.host;
    }
  }
  for (const char* host : {"256.0.0.1", "1.2.3.4.5", "1.2.3.256", "4294967296", "1..2", "a.b.1", "127.0.0.08",
                           "1.2.65536", "1::2::3", "example.0x7f"})
    EXPECT_FALSE(literal_address(host).ok()) << host;
}

TEST(Address, Urls) {
  const struct {
    const char* url;
    bool outside;
    bool sandbox;
  } rows[] = {
      {"https://example.com", true, true},
      {"https://example.com/hook?a=b", true, true},
      {"https://example.com:8443/hook", true, true},
      {"https://example.com?x=@y", true, true},
      {"https://8.8.8.8/", true, true},
      {"https://[2606:4700:4700::1111]:443/", true, true},
      {"http://example.com/", false, true},
      {"http://127.0.0.1:9000/", false, true},
      {"https://127.0.0.1/", false, true},
      {"http://[::1]:9000/", false, true},
      {"http://2130706433/", false, true},
      {"https://0x7f.1/", false, true},
      {"https://[::ffff:127.0.0.1]/", false, true},
      {"https://localhost/", true, true},  // a name: what it resolves to decides
      {"https://10.0.0.1/", false, false},
      {"https://169.254.169.254/latest", false, false},
      {"https://0xa9fea9fe/", false, false},
      {"https://[::ffff:a9fe:a9fe]/", false, false},
      {"https://[fe80::1%25eth0]/", false, false},
      {"https://0.0.0.0/", false, false},
      {"https://256.1.1.1/", false, false},
      {"https://user@example.com/", false, false},
      {"https://user:password@example.com/", false, false},
      {"https://example.com/#fragment", false, false},
      {"https://example.com\\@evil.com/", false, false},
      {"https://exa mple.com/", false, false},
      {"https://example.com/\r\nX: y", false, false},
      {"https://예.한국/", false, false},
      {"https://exa%6dple.com/", false, false},
      {"https:///path", false, false},
      {"https://:443/", false, false},
      {"https://example.com:/", false, false},
      {"https://example.com:0/", false, false},
      {"https://example.com:65536/", false, false},
      {"https://example.com:80x/", false, false},
      {"https://[::1/", false, false},
      {"https://[example.com]/", false, false},
      {"https://[::1]x/", false, false},
      {"ftp://example.com/", false, false},
      {"file:///etc/passwd", false, false},
      {"gopher://example.com/", false, false},
      {"HTTPS://example.com/", false, false},
      {"example.com", false, false},
      {"", false, false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(check_url(row.url, Reach::public_https).ok(), row.outside) << row.url;
    EXPECT_EQ(check_url(row.url, Reach::loopback_too).ok(), row.sandbox) << row.url;
  }
  const std::string longest = "https://example.com/" + std::string(1980, 'a');
  EXPECT_TRUE(check_url(longest, Reach::public_https).ok());
  EXPECT_FALSE(check_url(longest + "a", Reach::public_https).ok());
}

TEST(Address, Origins) {
  EXPECT_EQ(origin_of("https://example.com:8443/a?b"), "https://example.com:8443");
  EXPECT_EQ(origin_of("https://example.com?b"), "https://example.com");
  EXPECT_EQ(origin_of("http://[::1]:80"), "http://[::1]:80");
}

}  // namespace
}  // namespace jangbu::delivery
