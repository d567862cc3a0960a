#include "http/proxies.h"

#include <gtest/gtest.h>

namespace jangbu::http {
namespace {

TrustedProxies trusting(const std::vector<std::string>& list) {
  TrustedProxies proxies;
  for (const std::string& text : list) {
    const Status added = proxies.add(text);
    EXPECT_TRUE(added) << text << ": " << to_string(added.error());
  }
  return proxies;
}

TEST(TrustedProxies, TakeAddressesAndNetworks) {
  TrustedProxies proxies;
  for (const char* good : {"127.0.0.1", "::1", "10.0.0.0/8", "192.168.1.128/25", "0.0.0.0/0", "::/0",
                           "10.1.2.3/32", "fd00::/8", "2001:db8::/33", "::ffff:10.0.0.0/104"})
    EXPECT_TRUE(proxies.add(good)) << good;
  for (const char* bad : {"", "localhost", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x",
                          "/8", "10.0.0.1/8", "fd00::/129", "fd00::1/8", "192.168.1.128/24", "10.0.0.0/8/8",
                          " 10.0.0.1", "[::1]", "127.0.0.1:80", "010.0.0.1"}) {
    const Status added = proxies.add(bad);
    ASSERT_FALSE(added) << bad;
    EXPECT_EQ(added.error().code, Errc::invalid_configuration) << bad;
  }
}

TEST(TrustedProxies, KnowTheirOwn) {
  TrustedProxies networks;
  EXPECT_FALSE(networks.contains("203.0.113.7")) << "nobody is one of none";
  ASSERT_TRUE(networks.add("203.0.113.0/24"));
  ASSERT_TRUE(networks.add("2001:db8::1"));
  for (const char* own : {"203.0.113.0", "203.0.113.255", "::ffff:203.0.113.7", "2001:db8:0::1"})
    EXPECT_TRUE(networks.contains(own)) << own;
  for (const char* other : {"203.0.112.255", "203.0.114.0", "2001:db8::2", "shop.example", ""})
    EXPECT_FALSE(networks.contains(other)) << other;
}

TEST(TrustedProxies, FindTheClient) {
  struct Row {
    const char* name;
    std::vector<std::string> trusted;
    const char* direct;
    const char* forwarded;
    const char* client;
  };
  const std::vector<Row> rows = {
      {"nobody is trusted", {}, "127.0.0.1", "203.0.113.7", "127.0.0.1"},
      {"no header", {"127.0.0.1"}, "127.0.0.1", "", "127.0.0.1"},
      {"one proxy", {"127.0.0.1"}, "127.0.0.1", "203.0.113.7", "203.0.113.7"},
      {"a stranger's header", {"127.0.0.1"}, "198.51.100.9", "203.0.113.7", "198.51.100.9"},
      {"what the client wrote itself", {"127.0.0.1"}, "127.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"},
      {"a trusted address that the client wrote itself",
       {"127.0.0.1", "10.0.0.0/8"},
       "127.0.0.1",
       "1.1.1.1, 10.0.0.1, 203.0.113.7",
       "203.0.113.7"},
      {"two proxies",
       {"127.0.0.1", "10.0.0.0/8"},
       "127.0.0.1",
       "9.9.9.9,203.0.113.7 ,\t10.1.2.3",
       "203.0.113.7"},
      {"the last of a network and one past it", {"10.0.0.0/31"}, "10.0.0.1", "10.0.0.2", "10.0.0.2"},
      {"one past the network", {"10.0.0.0/31"}, "10.0.0.2", "203.0.113.7", "10.0.0.2"},
      {"only proxies", {"10.0.0.0/8"}, "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
      {"no address", {"127.0.0.1"}, "127.0.0.1", "203.0.113.7, unknown", "127.0.0.1"},
      {"no address before a proxy",
       {"127.0.0.0/8"},
       "127.0.0.1",
       "203.0.113.7, _hidden, 127.0.0.2",
       "127.0.0.2"},
      {"an empty element", {"127.0.0.1"}, "127.0.0.1", "203.0.113.7,", "127.0.0.1"},
      {"only commas", {"127.0.0.1"}, "127.0.0.1", ",,,", "127.0.0.1"},
      {"a port is no address", {"127.0.0.1"}, "127.0.0.1", "203.0.113.7:80", "127.0.0.1"},
      {"IPv6", {"::1"}, "::1", "2001:DB8:0::7", "2001:db8::7"},
      {"IPv4 on an IPv6 socket", {"127.0.0.1"}, "::ffff:127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"},
      {"a network of IPv4 holds no IPv6", {"0.0.0.0/0"}, "2001:db8::1", "203.0.113.7", "2001:db8::1"},
      {"everybody is trusted", {"::/0"}, "198.51.100.9", "1.1.1.1, 203.0.113.7", "1.1.1.1"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(trusting(row.trusted).client_of(row.direct, row.forwarded), row.client) << row.name;
}

TEST(TrustedProxiesTest, LimitsCountAnIpv6AddressByItsNetwork) {
  EXPECT_EQ(network_of("2001:db8:1:2::7"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("2001:DB8:1:2:ffff:ffff:ffff:ffff"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("2001:db8:1:3::7"), "2001:db8:1:3::/64");
  EXPECT_EQ(network_of("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(network_of("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(network_of("somebody"), "somebody");
}

}  // namespace
}  // namespace jangbu::http
