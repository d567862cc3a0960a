#include "invoice/rows.h"

#include <charconv>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/invariant.h"

namespace jangbu::invoice {
namespace {

constexpr std::size_t id_digits = 24;
constexpr std::size_t second_digits = 8;
constexpr std::size_t kind_digits = 2;
constexpr std::size_t day_digits = 8;
constexpr std::size_t least_digits = 6;
constexpr std::uint64_t end_of_numbers = std::uint64_t{1} << 56;
std::optional<std::uint64_t> read_number(std::string_view text, int base) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string object_id(IdKind kind, Instant made_at, std::uint64_t number) {
  INVARIANT(number < end_of_numbers, "a number fits into its id");
  const auto second = static_cast<std::uint32_t>(made_at.unix_seconds());
  return fmt::format("{:08x}{:02x}{:014x}", second, static_cast<unsigned>(kind), number);
}

std::optional<std::uint64_t> number_of_id(IdKind kind, std::string_view id) {
  if (id.size() != id_digits || !is_lower_hex(id)) return std::nullopt;
  const auto is_kind = read_number(id.substr(second_digits, kind_digits), 16);
  if (is_kind != static_cast<std::uint64_t>(kind)) return std::nullopt;
  return read_number(id.substr(second_digits + kind_digits), 16);
}

std::string order_code(OrderNumber number, Instant purchased_at) {
  const std::string day = to_rfc3339(purchased_at + korean_offset);
  return day.substr(0, 4) + day.substr(5, 2) + day.substr(8, 2) + fmt::format("{:06}", number);
}

OrderNumber order_number_of(std::string_view code) {
  if (code.size() < day_digits + least_digits || code.size() > day_digits + 18) return 0;
  return read_number(code.substr(day_digits), 10).value_or(0);
}

std::string payable_account(AppId app) { return "seller:" + std::to_string(app) + ":payable"; }

}  // namespace jangbu::invoice
