#include "base/json_items.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace jangbu::json {
namespace {

/// What the items are; "!" at the end of those of what is no array.
std::vector<std::string> items_of(std::string_view text) {
  std::vector<std::string> found;
  Items items(text);
  while (true) {
    const auto item = items.next();
    if (!item) {
      EXPECT_EQ(item.error().code, Errc::malformed_json);
      found.emplace_back("!");
    }
    if (!item || !*item) return found;
    found.emplace_back(**item);
  }
}

TEST(JsonItems, AreTakenApart) {
  struct Row {
    const char* what;
    std::string text;
    std::vector<std::string> items;
  };
  const Row rows[] = {
      {"none", "[]", {}},
      {"none, with space", " [ \n] \r\n", {}},
      {"one", "[1]", {"1"}},
      {"space is no part of them", "[ 1 ,\t{} \n]", {"1", "{}"}},
      {"brackets within", R"([[1,[2]],{"a":[3],"b":{"c":4}}])", {"[1,[2]]", R"({"a":[3],"b":{"c":4}})"}},
      {"brackets and commas in strings", R"(["],[",{"}":"{,"}])", {R"("],[")", R"({"}":"{,"})"}},
      {"quotes and backslashes in strings", R"(["\",","\\",3])", {R"("\",")", R"("\\")", "3"}},
      {"what is no JSON is for whoever parses an item", "[1 2,x,{]]", {"1 2", "x", "{]"}},
      {"nothing", "", {"!"}},
      {"an object", "{}", {"!"}},
      {"no item", "[,1]", {"!"}},
      {"no item behind a comma", "[1,]", {"1", "!"}},
      {"no end", "[1", {"!"}},
      {"no end behind a comma", "[1,", {"1", "!"}},
      {"no end of a string", R"(["a])", {"!"}},
      {"a backslash at the end", R"(["a\)", {"!"}},
      {"no end of an item", "[{]", {"!"}},
      {"something behind", "[1] 2", {"1", "!"}},
      {"another array behind", "[][]", {"!"}},
  };
  for (const Row& row : rows) EXPECT_EQ(items_of(row.text), row.items) << row.what;
}

}  // namespace
}  // namespace jangbu::json
