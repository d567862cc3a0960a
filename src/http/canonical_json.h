// One text for all JSON that says the same, so that a repeated request is known by its hash.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/json.h"

namespace jangbu::http {

/// SHA-256 of a value's canonical JSON: members sorted by name, of repeated ones the last, numbers by their
/// value, no white space. `without`: a member of the outermost object that is left out.
Hash canonical_hash(const json::Value& value, std::string_view without = {});

/// The same of a body; an empty one is an empty object. Error: malformed_json.
Result<Hash> canonical_body_hash(std::string_view body);

}  // namespace jangbu::http
