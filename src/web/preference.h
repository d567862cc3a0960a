// What a client prefers, as Accept-Language and Accept-Encoding say it (RFC 9110, 12.5).
#pragma once

#include <string>
#include <string_view>

namespace jangbu::web {

/// The weight in thousandths that the list gives to `name` or, with `and_subtags`, to a tag below it ("ko-KR"
/// for "ko"): the largest one that is said; 0 when none is. A weight that cannot be read counts as 0. `*` is
/// no name.
int preference(std::string_view list, std::string_view name, bool and_subtags);

/// "ko" or "en": the one that is preferred, Korean when they weigh the same. Korean too when nothing was
/// asked for; English when only other languages were.
std::string_view preferred_language(const std::string* accept_language);

/// Whether gzip is named and wanted.
bool takes_gzip(const std::string* accept_encoding);

}  // namespace jangbu::web
