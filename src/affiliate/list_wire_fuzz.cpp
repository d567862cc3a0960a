// What affiliates ask, what merchants list, and what a bank's file is made of, as any bytes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "affiliate/list_wire.h"
#include "affiliate/postback.h"
#include "affiliate/reconcile.h"
#include "base/csv.h"
#include "base/invariant.h"
#include "base/json.h"

namespace {

using namespace jangbu;             // NOLINT(google-build-using-namespace)
using namespace jangbu::affiliate;  // NOLINT(google-build-using-namespace)

void ask(std::string_view input) {
  const auto read = read_list_query(input);
  const auto* query = std::get_if<ListQuery>(&read);
  if (query == nullptr) return;
  INVARIANT(query->page >= 1 && query->per_page >= 1 && query->per_page <= max_per_page, "a page is one");
  INVARIANT(query->first <= query->last && query->first >= 10'000'101, "days are days");
  const auto rows = sample_rows(*query);
  INVARIANT(json::Document::parse(list_answer(ListResult::ok, rows.size(), rows, 0)).ok(),
            "an answer is JSON");
}

void list(std::string_view input) {
  ListedOrders listed(input, "sandshop");
  std::uint64_t orders = 0;
  while (true) {
    const auto item = listed.next();
    if (!item || item->is_end) break;
    if (item->order) ++orders;
  }
  INVARIANT(orders + listed.refused() <= listed.count(), "each is taken, refused or the fault");
}

void cell(std::string_view input) {
  std::string text;
  append_csv_cell(input, Quotes::always, text);
  INVARIANT(text.size() >= 2 && text.front() == '"' && text.back() == '"', "a cell stands in quotes");
  constexpr std::string_view signs = "=+-@\t\r\n|%";
  INVARIANT(text.size() == 2 || signs.find(text[1]) == std::string_view::npos, "no cell is a formula");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  ask(input);
  cell(input);
  list(input);
  INVARIANT(input.starts_with(first_characters(input, 300)), "the beginning of it");
  return 0;
}
