#include "cli/unknown.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "cli/terminal_text.h"

namespace jangbu::cli {
namespace {

/// Of what may be a name; what is longer is none that was misspelt.
constexpr std::size_t max_word_bytes = 64;
/// So many letters of a name stand for it when the rest is missing.
constexpr std::size_t min_prefix = 2;

/// Letters to change, add, leave out or exchange with their neighbour on the way from one text to the other.
std::size_t edits_between(std::string_view from, std::string_view to) {
  std::vector<std::size_t> last;
  std::vector<std::size_t> before(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) before[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::vector<std::size_t> row(to.size() + 1);
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t other = from[i - 1] == to[j - 1] ? 0 : 1;
      row[j] = std::min({before[j] + 1, row[j - 1] + 1, before[j - 1] + other});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        row[j] = std::min(row[j], last[j - 2] + 1);
    }
    last = std::exchange(before, std::move(row));
  }
  return before[to.size()];
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* each : app.get_subcommands({})) names.push_back(each->get_name());
  return names;
}

/// With their dashes.
std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* each : app.get_options())
    for (const std::string& name : each->get_lnames()) names.push_back("--" + name);
  return names;
}

/// Of the commands that follow `at` on the line, the first that has the option, as "key list"; empty: none
/// has.
std::string owner_behind(const CLI::App& at, const std::string& path, const std::string& option) {
  std::string owner = path;
  for (auto taken = at.get_subcommands(); !taken.empty(); taken = taken.front()->get_subcommands()) {
    owner += taken.front()->get_name();
    if (taken.front()->get_option_no_throw(option) != nullptr) return owner;
    owner += ' ';
  }
  return {};
}

/// `path`: of the command that was to take the word, "key create "; empty for the program itself.
std::string tell_option(const CLI::App& at, const std::string& path, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (const std::string owner = owner_behind(at, path, name); !owner.empty())
    return on_one_line(name) + " stands behind its command: jangbu " + owner + " " + on_one_line(name);
  return (path.empty() ? "there is no option " : path + "has no option ") + on_one_line(name) +
         did_you_mean(nearest(name, options_of(at)));
}

std::string tell_unknown(const CLI::App& at, const std::string& path, const std::string& word) {
  if (word.size() > 1 && word.front() == '-') return tell_option(at, path, word);
  const auto known = commands_of(at);
  if (known.empty()) return path + "takes no further argument: " + on_one_line(word);
  const std::string meant = nearest(word, known);
  return "there is no command " + path + on_one_line(word) +
         did_you_mean(meant.empty() ? meant : path + meant);
}

std::string_view without_dashes(std::string_view name) {
  return name.substr(std::min(name.find_first_not_of('-'), name.size()));
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.size() > max_word_bytes) return {};
  const std::string typed = to_lower(without_dashes(word));
  const std::string* best = nullptr;
  std::size_t least = SIZE_MAX;
  for (const std::string& name : known) {
    const std::string_view letters = without_dashes(name);
    const bool is_begun = typed.size() >= min_prefix && letters.starts_with(typed);
    const std::size_t wrong = is_begun ? 1 : edits_between(typed, letters);
    if (wrong * 3 > std::max(typed.size(), letters.size()) || wrong >= least) continue;
    least = wrong;
    best = &name;
  }
  return best == nullptr ? std::string() : *best;
}

std::string did_you_mean(const std::string& meant) {
  return meant.empty() ? std::string() : "; did you mean " + meant + "?";
}

std::string unknown_word(const CLI::App& app) {
  std::string path;
  for (const CLI::App* at = &app;;) {
    for (const std::string& word : at->remaining())
      if (word != "--")
        return tell_unknown(*at, path, word) + "\n`jangbu " + path + "--help` says what there is.";
    const auto taken = at->get_subcommands();
    if (taken.empty()) return {};
    at = taken.front();
    path += at->get_name() + " ";
  }
}

}  // namespace jangbu::cli
