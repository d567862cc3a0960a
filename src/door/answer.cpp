#include "door/answer.h"

namespace jangbu::door {

void put_won(json::Writer& out, std::string_view name, Money amount) {
  out.key(name).raw(amount.to_units_text());
}

void put_text_or_null(json::Writer& out, std::string_view name, std::string_view text) {
  out.key(name);
  text.empty() ? out.null() : out.string(text);
}

void put_time_or_null(json::Writer& out, std::string_view name, Instant at) {
  out.key(name);
  at == Instant{} ? out.null() : out.string(to_rfc3339(at));
}

}  // namespace jangbu::door
