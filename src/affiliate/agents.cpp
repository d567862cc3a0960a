#include "affiliate/agents.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace jangbu::affiliate {
namespace {

constexpr std::size_t looked_at_bytes = 1000;

/// All words in small letters; found anywhere.
constexpr std::string_view bot_words[] = {"bot",
                                          "crawl",
                                          "spider",
                                          "slurp",
                                          "yeti/",
                                          "daum/",
                                          "daumoa",
                                          "facebookexternalhit",
                                          "facebookcatalog",
                                          "kakaotalk-scrap",
                                          "mediapartners",
                                          "feedfetcher",
                                          "lighthouse",
                                          "pagespeed",
                                          "pingdom",
                                          "uptimerobot",
                                          "statuscake",
                                          "embedly",
                                          "whatsapp/",
                                          "bingpreview",
                                          "google-read-aloud",
                                          "chrome-lighthouse",
                                          "ia_archiver",
                                          "archive.org",
                                          "skypeuripreview",
                                          "vkshare",
                                          "preview",
                                          "validator",
                                          "monitor"};
constexpr std::string_view program_words[] = {"headless",       "phantomjs",
                                              "selenium",       "puppeteer",
                                              "playwright",     "curl/",
                                              "wget/",          "python-",
                                              "python/",        "aiohttp",
                                              "httpx/",         "scrapy",
                                              "go-http-client", "java/",
                                              "okhttp",         "apache-httpclient",
                                              "libwww-perl",    "lwp::",
                                              "ruby",           "guzzlehttp",
                                              "php/",           "axios/",
                                              "node-fetch",     "node.js",
                                              "undici",         "postmanruntime",
                                              "insomnia",       "httpie",
                                              "winhttp",        "libcurl",
                                              "wrk/",           "apachebench",
                                              "jmeter",         "k6/"};
/// Names that end in one of the words above and are people's browsers.
constexpr std::string_view people_words[] = {"cubot"};

constexpr std::string_view mobile_words[] = {"mobile", "android", "iphone",        "ipad",
                                             "ipod",   "tizen",   "windows phone", "opera mini"};
constexpr std::string_view desk_words[] = {"windows", "macintosh", "x11", "cros"};

bool has_any(std::string_view text, const auto& words) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

DeviceType device_of(std::string_view agent) {
  // Those that go about first: a phone names the system of a desk, too.
  if (has_any(agent, mobile_words)) return DeviceType::web_mobile;
  return has_any(agent, desk_words) ? DeviceType::web_pc : DeviceType::unknown;
}

}  // namespace

AgentSight sight_of(std::string_view user_agent) {
  std::string agent(user_agent.substr(0, looked_at_bytes));
  for (char& c : agent)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  AgentSight sight;
  sight.device = device_of(agent);
  sight.is_bot = has_any(agent, bot_words) && !has_any(agent, people_words);
  sight.is_program = agent.find_first_not_of(' ') == std::string::npos || has_any(agent, program_words);
  return sight;
}

}  // namespace jangbu::affiliate
