// The intake takes hostile bytes, and what it read can be rated and answered.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "affiliate/rates.h"
#include "affiliate/wire_intake.h"
#include "base/invariant.h"

using namespace jangbu::affiliate;

/// The first byte chooses the reader, the rest is what it reads.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  IntakeRead read;
  switch (data[0] % 4) {
    case 0:
      read = read_cps(text);
      break;
    case 1:
      read = read_cpa(text);
      break;
    case 2:
      if (const auto document = jangbu::json::Document::parse(text)) read = read_listed(document->root());
      break;
    default:
      (void)read_lpinfo(text);
      (void)parse_rate(text);
      return 0;
  }
  const Terms terms{
      {Rate::Unit::percent, max_percent_value}, {Rate::Unit::won_per_item, max_won_per_item}, Rate()};
  const jangbu::Money worth = jangbu::Money::from_units(1'000'000'000'000);
  for (const ProductForm& product : read.form.products) {
    const auto price = in_won(product.price, worth);
    INVARIANT(price.ok() && amounts_of(terms, *price, product.quantity).ok(),
              "a price that is read can be rated");
  }
  const auto items = failed_items(read.form, read.fault);
  for (const AnswerShape shape : {AnswerShape::object, AnswerShape::array}) {
    INVARIANT(jangbu::json::Document::parse(items_json(shape, items, 0)).ok(), "an answer is JSON");
    INVARIANT(jangbu::json::Document::parse(failure_json(shape, read.fault, items, 0)).ok(),
              "so is a failure");
  }
  return 0;
}
