#include "cli/bench/answer.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace jangbu::cli::bench {
namespace {

constexpr std::string_view end_of_header = "\r\n\r\n";
constexpr std::string_view success = "HTTP/1.1 200 ";
constexpr std::string_view unavailable = "HTTP/1.1 503 ";
constexpr std::string_view success_body = R"({"code":0,)";
/// Nothing that the server sends has a longer header.
constexpr std::size_t most_header_bytes = 16 << 10;

/// The value of a header field; `name` in lower case. Empty when there is none.
std::string_view field(std::string_view header, std::string_view name) {
  for (std::size_t line = header.find("\r\n"); line != std::string_view::npos;
       line = header.find("\r\n", line)) {
    line += 2;
    const std::string_view rest = header.substr(line);
    if (rest.size() <= name.size() || rest[name.size()] != ':') continue;
    if (!std::equal(name.begin(), name.end(), rest.begin(), [](char a, char b) { return a == to_lower(b); }))
      continue;
    const std::string_view value = rest.substr(name.size() + 1, rest.find("\r\n") - name.size() - 1);
    return value.substr(std::min(value.find_first_not_of(' '), value.size()));
  }
  return {};
}

}  // namespace

std::optional<Answer> read_answer(std::string_view bytes) {
  const Answer unreadable{bytes.size(), Verdict::failed, true};
  const std::size_t header_end = bytes.find(end_of_header);
  if (header_end == std::string_view::npos)
    return bytes.size() > most_header_bytes ? std::optional(unreadable) : std::nullopt;
  const std::string_view header = bytes.substr(0, header_end);
  const std::string_view length_text = field(header, "content-length");
  std::size_t length = 0;
  if (std::from_chars(length_text.data(), length_text.data() + length_text.size(), length).ec != std::errc{})
    return unreadable;
  const std::string_view rest = bytes.substr(header_end + end_of_header.size());
  if (rest.size() < length) return std::nullopt;

  Answer answer;
  answer.size = header_end + end_of_header.size() + length;
  answer.closes = field(header, "connection") == "close";
  if (header.starts_with(success) && rest.substr(0, length).starts_with(success_body)) {
    answer.verdict = Verdict::accepted;
  } else if (header.starts_with(unavailable)) {
    answer.verdict = Verdict::unknown;
  }
  return answer;
}

}  // namespace jangbu::cli::bench
