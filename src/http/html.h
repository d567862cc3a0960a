// Text inside HTML.
#pragma once

#include <string>
#include <string_view>

namespace jangbu::http {

/// The text with &, <, > and quotes as references: good between tags and in quoted attributes.
std::string escape_html(std::string_view text);

}  // namespace jangbu::http
