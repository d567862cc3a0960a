// What somebody typed that is not known here, and what they may have meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

namespace jangbu::cli {

/// The one of `known` that is nearest to `word`: the rest of it is missing, or up to a third of its letters
/// are wrong, missing, too many or in each other's place. Empty when none is.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// "; did you mean serve?", or nothing when `meant` is empty.
std::string did_you_mean(const std::string& meant);

/// What to tell whoever typed a line that `app` could not be parsed from because of a command, an option or
/// an argument that there is not: the first of them. Empty when the line has none.
std::string unknown_word(const CLI::App& app);

}  // namespace jangbu::cli
