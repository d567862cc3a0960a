#include "cli/unknown.h"

#include <gtest/gtest.h>

namespace jangbu::cli {
namespace {

struct NearestRow {
  const char* name;
  const char* word;
  const char* expected;
};

TEST(NearestTest, AThirdOfTheLettersAtMost) {
  const std::vector<std::string> known = {"serve",  "list",      "add",   "completion",
                                          "config", "--sandbox", "--json"};
  const std::string long_word = "serve" + std::string(60, 'e');
  const NearestRow rows[] = {
      {"the same", "serve", "serve"},
      {"capitals", "SERVE", "serve"},
      {"one is missing", "srve", "serve"},
      {"one too many", "servee", "serve"},
      {"one is another", "sarve", "serve"},
      {"two in each other's place", "srev", ""},
      {"neighbours in each other's place", "lsit", "list"},
      {"a third of three", "ad", "add"},
      {"more than a third of three", "bd", ""},
      {"three of ten", "kompletjin", "completion"},
      {"four of ten", "kompletjik", ""},
      {"the rest is missing", "compl", "completion"},
      {"the rest is missing of two: the first", "co", "completion"},
      {"one letter begins nothing", "c", ""},
      {"an option", "--sandbx", "--sandbox"},
      {"an option with one dash", "-json", "--json"},
      {"nothing like it", "bake", ""},
      {"empty", "", ""},
      {"dashes alone", "--", ""},
      {"too long for a name", long_word.c_str(), ""},
  };
  for (const NearestRow& row : rows) EXPECT_EQ(nearest(row.word, known), row.expected) << row.name;
  EXPECT_EQ(nearest("serve", {}), "");
}

struct UnknownRow {
  std::vector<std::string> line;
  const char* expected;  // the first line of what is said
};

TEST(UnknownWordTest, IsNamedWithWhatWasMeant) {
  const UnknownRow rows[] = {
      {{"srve"}, "there is no command srve; did you mean serve?"},
      {{"bake", "--hard"}, "there is no command bake"},
      {{"srve", "--help"}, "there is no command srve; did you mean serve?"},
      {{"key", "crate", "1"}, "there is no command key crate; did you mean key create?"},
      {{"serve", "--sandbx"}, "serve has no option --sandbx; did you mean --sandbox?"},
      {{"serve", "--dta=/srv"}, "serve has no option --dta; did you mean --data?"},
      {{"serve", "-x"}, "serve has no option -x"},
      {{"--dta"}, "there is no option --dta"},
      {{"--hlep"}, "there is no option --hlep; did you mean --help?"},
      {{"--label", "x", "key", "create", "1"},
       "--label stands behind its command: jangbu key create --label"},
      {{"key", "create", "--lable", "x"}, "key create has no option --lable; did you mean --label?"},
      {{"key", "create", "1", "2"}, "key create takes no further argument: 2"},
      {{"serve", "\x1b[2K"}, R"(serve takes no further argument: \u001b[2K)"},
      {{"key", "create"}, ""},  // something is missing, and all that is said is known
      {{"key"}, ""},
      {{}, ""},
  };
  for (const UnknownRow& row : rows) {
    CLI::App app("", "jangbu");
    app.require_subcommand(1);
    std::string text;
    CLI::App* serve = app.add_subcommand("serve");
    serve->add_flag("--sandbox");
    serve->add_option("--data", text);
    CLI::App* key = app.add_subcommand("key");
    key->require_subcommand(1);
    CLI::App* create = key->add_subcommand("create");
    create->add_option("holder", text)->required();
    create->add_option("--label", text);
    std::vector<std::string> turned(row.line.rbegin(), row.line.rend());
    EXPECT_THROW(app.parse(turned), CLI::ParseError);
    const std::string said = unknown_word(app);
    EXPECT_EQ(said.substr(0, said.find('\n')), row.expected);
  }
}

TEST(UnknownWordTest, TheHelpOfItsPlaceIsNamed) {
  CLI::App app("", "jangbu");
  app.add_subcommand("key")->add_subcommand("create");
  EXPECT_THROW(app.parse(std::vector<std::string>{"--lable", "create", "key"}), CLI::ParseError);
  EXPECT_TRUE(unknown_word(app).ends_with("\n`jangbu key create --help` says what there is."))
      << unknown_word(app);
}

}  // namespace
}  // namespace jangbu::cli
