#include "affiliate/agents.h"

#include <string>

#include <gtest/gtest.h>

namespace jangbu::affiliate {
namespace {

constexpr DeviceType unknown = DeviceType::unknown;
constexpr DeviceType pc = DeviceType::web_pc;
constexpr DeviceType mobile = DeviceType::web_mobile;

struct Row {
  const char* name;
  std::string agent;
  AgentSight sight;
};

TEST(AgentsTest, SeesDevicesAndPrograms) {
  const Row rows[] = {
      {"Chrome on Windows",
       "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Safari/537.36",
       {pc, false, false}},
      {"Safari on a Mac",
       "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
       "Safari/605.1.15",
       {pc, false, false}},
      {"Firefox on Linux",
       "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
       {pc, false, false}},
      {"a Chromebook",
       "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36",
       {pc, false, false}},
      {"Samsung's browser",
       "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 "
       "Chrome/121.0.0.0 Mobile Safari/537.36",
       {mobile, false, false}},
      {"an iPhone",
       "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "Version/17.5 Mobile/15E148 Safari/604.1",
       {mobile, false, false}},
      {"an iPad",
       "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
       {mobile, false, false}},
      {"KakaoTalk's own browser",
       "Mozilla/5.0 (Linux; Android 14; SM-S921N; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
       "Chrome/126.0.0.0 Mobile Safari/537.36 KAKAOTALK 2410740",
       {mobile, false, false}},
      {"Naver's app",
       "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 "
       "NAVER(inapp; search; 1040; 12.5.3)",
       {mobile, false, false}},
      {"Windows Phone, which says Android",
       "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 Mobile",
       {mobile, false, false}},
      {"Tizen",
       "Mozilla/5.0 (Linux; Tizen 2.3; SAMSUNG SM-Z130H) AppleWebKit/537.3 Mobile",
       {mobile, false, false}},
      {"a phone named Cubot",
       "Mozilla/5.0 (Linux; Android 11; CUBOT KINGKONG 5) AppleWebKit/537.36 Mobile",
       {mobile, false, false}},
      {"Googlebot",
       "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
       {unknown, true, false}},
      {"Googlebot as a phone",
       "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) Chrome/125 Mobile Safari/537.36 (compatible; "
       "Googlebot/2.1)",
       {mobile, true, false}},
      {"Naver's robot", "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)", {unknown, true, false}},
      {"KakaoTalk's preview",
       "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/",
       {unknown, true, false}},
      {"capitals", "SOMEBOT", {unknown, true, false}},
      {"a browser without a screen",
       "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 "
       "Safari/537.36",
       {pc, false, true}},
      {"curl", "curl/7.88.1", {unknown, false, true}},
      {"Python", "python-requests/2.31.0", {unknown, false, true}},
      {"Go", "Go-http-client/1.1", {unknown, false, true}},
      {"Java on a phone", "okhttp/4.12.0", {unknown, false, true}},
      {"Node.js", "node", {unknown, false, false}},
      {"no name", "", {unknown, false, true}},
      {"spaces", "   ", {unknown, false, true}},
      {"a robot behind 1,000 bytes", std::string(1000, 'x') + "bot", {unknown, false, false}},
      {"a robot at the end of 1,000 bytes", std::string(997, 'x') + "bot", {unknown, true, false}},
      {"any bytes", std::string("\xff\0\x80", 3), {unknown, false, false}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(sight_of(row.agent), row.sight);
  }
}

}  // namespace
}  // namespace jangbu::affiliate
