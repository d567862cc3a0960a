#include "base/error.h"

#include <array>

namespace jangbu {
namespace {

struct CatalogueEntry {
  ErrorClass error_class;
  std::string_view text;
  std::string_view message;
};

constexpr std::array catalogue = {
#define JANGBU_ERROR(name, error_class, text, message) CatalogueEntry{ErrorClass::error_class, text, message},
#include "base/error_catalogue.def"
#undef JANGBU_ERROR
};

const CatalogueEntry& entry(Errc code) { return catalogue.at(static_cast<std::size_t>(code)); }

}  // namespace

ErrorClass error_class(Errc code) { return entry(code).error_class; }
std::string_view error_text(Errc code) { return entry(code).text; }
std::string_view error_message(Errc code) { return entry(code).message; }

std::string to_string(const Error& error) {
  std::string text(error_text(error.code));
  text += ": ";
  text += error.detail.empty() ? error_message(error.code) : std::string_view(error.detail);
  return text;
}

}  // namespace jangbu
