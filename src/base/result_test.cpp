#include "base/result.h"

#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace jangbu {
namespace {

Result<int> positive(int n) {
  if (n <= 0) return Errc::invalid_parameters;
  return n;
}

Result<int> doubled(int n) {
  ASSIGN_OR_RETURN(const int value, positive(n));
  return value * 2;
}

Status check(int n) {
  RETURN_IF_ERROR(positive(n));
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_EQ(*positive(1), 1);
  EXPECT_TRUE(positive(1));
  EXPECT_FALSE(positive(0));
  EXPECT_EQ(positive(0).error().code, Errc::invalid_parameters);
  EXPECT_EQ(positive(0).value_or(7), 7);
  EXPECT_EQ(positive(3).value_or(7), 3);
}

TEST(Result, ReadingWhatIsNotThereBreaksAnInvariant) {
  const Result<int> value = 1;
  Result<int> error = Errc::internal;
  EXPECT_THROW((void)value.error(), InvariantViolation);
  EXPECT_THROW((void)error.value(), InvariantViolation);
  EXPECT_THROW((void)std::as_const(error).value(), InvariantViolation);
  EXPECT_THROW((void)std::move(error).value(), InvariantViolation);
  EXPECT_THROW((void)Status().error(), InvariantViolation);
}

TEST(Result, CarriesWhatCanOnlyMove) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Result, MacrosReturnTheError) {
  EXPECT_EQ(doubled(2).value(), 4);
  EXPECT_EQ(doubled(0).error().code, Errc::invalid_parameters);
  EXPECT_TRUE(check(1).ok());
  EXPECT_EQ(check(0).error().code, Errc::invalid_parameters);
}

TEST(Error, TextIsTheDetailOrTheCatalogueSentence) {
  EXPECT_EQ(to_string(Errc::not_found), "not_found: there is no such thing");
  EXPECT_EQ(to_string(Error(Errc::not_found, "shop 7")), "not_found: shop 7");
  EXPECT_EQ(error_class(Errc::overloaded), ErrorClass::retry);
}

TEST(Error, EveryCodeHasATextOfItsOwn) {
  const Errc codes[] = {
#define JANGBU_ERROR(name, error_class, text, message) Errc::name,
#include "base/error_catalogue.def"
#undef JANGBU_ERROR
  };
  std::set<std::string_view> texts;
  for (const Errc code : codes) {
    EXPECT_TRUE(texts.insert(error_text(code)).second) << error_text(code);
    EXPECT_FALSE(error_message(code).empty());
  }
}

TEST(Invariant, NamesThePlaceAndTheCondition) {
  try {
    INVARIANT(1 + 1 == 3, "arithmetic");
    FAIL() << "nothing was thrown";
  } catch (const InvariantViolation& violation) {
    const std::string text = violation.what();
    EXPECT_EQ(text.rfind("result_test.cpp:", 0), 0U) << text;
    EXPECT_NE(text.find("1 + 1 == 3 does not hold: arithmetic"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace jangbu
