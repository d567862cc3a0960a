#include "web/preference.h"

#include <gtest/gtest.h>

namespace jangbu::web {
namespace {

TEST(Preference, Weight) {
  struct Row {
    const char* name;
    const char* list;
    const char* wanted;
    bool and_subtags;
    int weight;
  };
  const Row rows[] = {
      {"alone", "ko", "ko", true, 1000},
      {"below", "ko-KR", "ko", true, 1000},
      {"below, not asked for", "ko-KR", "ko", false, 0},
      {"another that begins so", "kok", "ko", true, 0},
      {"any case", "KO-kr;Q=0.5", "ko", true, 500},
      {"weighted", "en;q=0.8, ko;q=0.7", "ko", true, 700},
      {"the larger one", "ko;q=0.2, ko-KR;q=0.9", "ko", true, 900},
      {"three digits", "ko;q=0.125", "ko", true, 125},
      {"one with zeros", "ko;q=1.000", "ko", true, 1000},
      {"spaces", " fr ; q=0.1 ,\tko ; q=0.4 ", "ko", true, 400},
      {"refused", "gzip;q=0", "gzip", false, 0},
      {"refused at length", "gzip;q=0.000", "gzip", false, 0},
      {"more than one", "ko;q=1.001", "ko", true, 0},
      {"four digits", "ko;q=0.1234", "ko", true, 0},
      {"no number", "ko;q=high", "ko", true, 0},
      {"no weight", "ko;q=", "ko", true, 0},
      {"another parameter", "ko;level=1;q=0.3", "ko", true, 300},
      {"anything", "*", "gzip", false, 0},
      {"nothing", "", "ko", true, 0},
      {"commas", ",,,", "ko", true, 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(preference(row.list, row.wanted, row.and_subtags), row.weight);
  }
}

TEST(Preference, Language) {
  EXPECT_EQ(preferred_language(nullptr), "ko");
  const std::pair<std::string, std::string_view> rows[] = {
      {"", "ko"},
      {"ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"},
      {"en-US,en;q=0.9,ko;q=0.8", "en"},
      {"en,ko", "ko"},
      {"fr-FR,fr", "en"},
      {"ko;q=0", "en"},
      {"*", "en"},
  };
  for (const auto& row : rows) EXPECT_EQ(preferred_language(&row.first), row.second) << row.first;
}

TEST(Preference, Gzip) {
  EXPECT_FALSE(takes_gzip(nullptr));
  const std::pair<std::string, bool> rows[] = {
      {"gzip, deflate, br", true}, {"br;q=1, gzip;q=0.1", true}, {"gzip;q=0", false}, {"identity", false}};
  for (const auto& row : rows) EXPECT_EQ(takes_gzip(&row.first), row.second) << row.first;
}

}  // namespace
}  // namespace jangbu::web
