// Percent-encoding into a text that is there already; message.h has the rest.
#pragma once

#include <string>
#include <string_view>

namespace jangbu::http {

/// Appends what percent_encode() returns.
void append_percent_encoded(std::string_view text, std::string& out);

}  // namespace jangbu::http
