#include "cli/book_json.h"

#include <cstdio>

#include "base/json.h"

namespace jangbu::cli {

void print_book(std::uint64_t records, std::uint64_t epoch, const engine::Checkpoint& head) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("records").unsigned_number(records).key("epoch").unsigned_number(epoch);
  out.key("head").string(to_hex_0x(head.hash.view()));
  out.key("checkpoint").string(engine::to_string(head)).end_object();
  std::printf("%s\n", text.c_str());
}

}  // namespace jangbu::cli
