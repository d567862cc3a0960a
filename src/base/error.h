// Errors as values: what can be expected to fail returns an Error, a bug breaks an INVARIANT.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jangbu {

enum class ErrorClass : std::uint8_t { malformed, refused, conflict, retry, internal };

/// The names of the catalogue (error_catalogue.def).
enum class Errc : std::uint16_t {
#define JANGBU_ERROR(name, error_class, text, message) name,
#include "base/error_catalogue.def"
#undef JANGBU_ERROR
};

/// What went wrong, with an optional sentence for people. Never holds secrets: it may be logged and answered.
struct Error {
  Errc code;
  std::string detail;

  Error(Errc error_code) : code(error_code) {}  // NOLINT: an Errc is an error without detail
  Error(Errc error_code, std::string text) : code(error_code), detail(std::move(text)) {}
};

/// The class of an error decides what a client should do: mend the request, look at the books, or try again.
ErrorClass error_class(Errc code);
/// The stable text code, e.g. "insufficient_balance"; part of the public contract.
std::string_view error_text(Errc code);
/// The catalogue's sentence for the code.
std::string_view error_message(Errc code);
/// "text_code: detail", or the catalogue's sentence when there is no detail.
std::string to_string(const Error& error);

}  // namespace jangbu
