// `jangbu completion SHELL`: what the shell completes is read off the same tree that parses the command line.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace jangbu::cli {
namespace {

struct Word {
  std::string text;
  std::string what;
};

/// A command and the words that may follow it.
struct Place {
  std::string path;            // "jangbu key create"
  std::vector<Word> commands;  // its subcommands
  std::vector<Word> options;   // long names with their dashes
};

/// One line of plain text.
std::string said(const std::string& description) {
  std::string line = description;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

void collect(const CLI::App& app, const std::string& path, std::vector<Place>& places) {
  Place place{path, {}, {}};
  for (const CLI::App* each : app.get_subcommands({}))
    place.commands.push_back({each->get_name(), said(each->get_description())});
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames())
      place.options.push_back({"--" + name, said(option->get_description())});
  places.push_back(std::move(place));
  for (const CLI::App* each : app.get_subcommands({})) collect(*each, path + " " + each->get_name(), places);
}

/// In single quotes of a POSIX shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char letter : text) {
    if (letter == '\'') {
      out += "'\\''";
    } else {
      out += letter;
    }
  }
  return out + "'";
}

std::string joined(const std::vector<Word>& words) {
  std::string out;
  for (const Word& word : words) out.append(out.empty() ? "" : " ").append(word.text);
  return out;
}

/// A shell's script: in all of them the words before the one that is typed, without options, are the path
/// `at` as far as they name commands, and what a path offers is found by it.
struct Shell {
  const char* name;
  const char* head;
  std::string (*step)(const std::string& longer);  // `at` is this path with another word
  const char* between;
  std::string (*offer)(const Place& place);
  const char* tail;
};

/// As bash and zsh write it.
std::string case_step(const std::string& longer) {
  return "      " + quoted(longer) + ") at=\"$at $word\" ;;\n";
}

std::string bash_offer(const Place& place) {
  return "    " + quoted(place.path) + ") words=" + quoted(joined(place.commands)) +
         "\n      [[ $current == -* ]] && words=" + quoted(joined(place.options)) + " ;;\n";
}

/// For _describe: a colon ends the word.
std::string zsh_words(const std::vector<Word>& words) {
  std::string out;
  for (const Word& word : words) out += " " + quoted(word.text + ":" + word.what);
  return out;
}

std::string zsh_offer(const Place& place) {
  return "    " + quoted(place.path) + ")\n      commands=(" + zsh_words(place.commands) +
         " )\n      options=(" + zsh_words(place.options) + " ) ;;\n";
}

std::string fish_step(const std::string& longer) {
  return "      case " + quoted(longer) + "\n        set at \"$at $word\"\n";
}

/// fish reads \' inside single quotes, and '\'' as POSIX shells do.
std::string fish_offer(const Place& place) {
  const std::string here = "complete -c jangbu -n " + quoted("__jangbu_at " + place.path);
  std::string out;
  for (const Word& command : place.commands)
    out += here + " -f -a " + quoted(command.text) + " -d " + quoted(command.what) + "\n";
  for (const Word& option : place.options)
    out += here + " -l " + option.text.substr(2) + " -d " + quoted(option.what) + "\n";
  return out;
}

constexpr std::array shells = {
    Shell{"bash",
          "# Completion of jangbu for bash.\n"
          "_jangbu() {\n"
          "  local current=${COMP_WORDS[COMP_CWORD]} at=jangbu words= word\n"
          "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
          "    case \"$at $word\" in\n",
          case_step,
          "    esac\n"
          "  done\n"
          "  case $at in\n",
          bash_offer,
          "  esac\n"
          "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
          "}\n"
          "complete -o default -F _jangbu jangbu\n"},
    Shell{"zsh",
          "#compdef jangbu\n"
          "# Completion of jangbu for zsh.\n"
          "_jangbu() {\n"
          "  local at='jangbu' word\n"
          "  local -a commands options\n"
          "  for word in ${words[2,CURRENT-1]}; do\n"
          "    case \"$at $word\" in\n",
          case_step,
          "    esac\n"
          "  done\n"
          "  case $at in\n",
          zsh_offer,
          "  esac\n"
          "  if [[ $PREFIX == -* ]]; then _describe option options\n"
          "  elif (( $#commands )); then _describe command commands\n"
          "  else _files; fi\n"
          "}\n"
          "if [[ $funcstack[1] == _jangbu ]]; then _jangbu \"$@\"; else compdef _jangbu jangbu; fi\n"},
    Shell{"fish",
          "# Completion of jangbu for fish.\n"
          "function __jangbu_at\n"
          "  set -l at jangbu\n"
          "  for word in (commandline -opc)[2..-1]\n"
          "    switch \"$at $word\"\n",
          fish_step,
          "    end\n"
          "  end\n"
          "  test \"$at\" = \"$argv\"\n"
          "end\n",
          fish_offer, ""},
};

std::string script_of(const Shell& shell, const std::vector<Place>& places) {
  std::string out = shell.head;
  for (const Place& place : places)
    for (const Word& command : place.commands) out += shell.step(place.path + " " + command.text);
  out += shell.between;
  for (const Place& place : places) out += shell.offer(place);
  return out + shell.tail;
}

}  // namespace

void add_completion(CLI::App& app, Run& run) {
  auto wanted = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "Print what a shell needs to complete these commands");
  std::vector<std::string> names;
  for (const Shell& shell : shells) names.emplace_back(shell.name);
  command->add_option("shell", *wanted, "bash, zsh or fish")->required()->check(CLI::IsMember(names));
  command->callback([&app, wanted, &run] {
    run = [&app, wanted] {
      std::vector<Place> places;
      collect(app, "jangbu", places);
      for (const Shell& shell : shells)
        if (*wanted == shell.name) std::fputs(script_of(shell, places).c_str(), stdout);
      return 0;
    };
  });
}

}  // namespace jangbu::cli
