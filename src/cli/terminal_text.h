// Texts that a client chose, as a terminal may see them.
#pragma once

#include <string>
#include <string_view>

namespace jangbu::cli {

/// `text` without anything that a terminal would act on: control characters (those of C1 too), line and
/// paragraph separators and marks that turn the direction of writing become `\u....`; what is no UTF-8
/// becomes U+FFFD.
std::string on_one_line(std::string_view text);

/// The same in quotes, as a JSON string: where it ends cannot be mistaken.
std::string in_quotes(std::string_view text);

}  // namespace jangbu::cli
