// Numbers of things, as a person says them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jangbu {

/// The noun for so many: "record" for one, "records" for all others. Of regular nouns.
inline std::string noun_for(std::uint64_t number, std::string_view one) {
  return std::string(one) + (number == 1 ? "" : "s");
}

/// "1 record", "2 records", "0 records".
inline std::string counted(std::uint64_t number, std::string_view one) {
  return std::to_string(number) + " " + noun_for(number, one);
}

}  // namespace jangbu
