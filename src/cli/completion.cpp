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

/// The words before the one that is typed, without options, are the path as far as they name commands.
std::string bash_script(const std::vector<Place>& places) {
  std::string out =
      "# Completion of jangbu for bash.\n"
      "_jangbu() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} path=jangbu words= word\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"$path $word\" in\n";
  for (const Place& place : places)
    for (const Word& command : place.commands)
      out += "      " + quoted(place.path + " " + command.text) + ") path=\"$path $word\" ;;\n";
  out +=
      "    esac\n"
      "  done\n"
      "  case $path in\n";
  for (const Place& place : places) {
    out += "    " + quoted(place.path) + ") words=" + quoted(joined(place.commands)) + "\n";
    out += "      [[ $current == -* ]] && words=" + quoted(joined(place.options)) + " ;;\n";
  }
  out +=
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "}\n"
      "complete -o default -F _jangbu jangbu\n";
  return out;
}

/// For _describe: a colon ends the word.
std::string zsh_words(const std::vector<Word>& words) {
  std::string out;
  for (const Word& word : words) out += " " + quoted(word.text + ":" + word.what);
  return out;
}

std::string zsh_script(const std::vector<Place>& places) {
  std::string out =
      "#compdef jangbu\n"
      "# Completion of jangbu for zsh.\n"
      "_jangbu() {\n"
      "  local at='jangbu' word\n"
      "  local -a commands options\n"
      "  for word in ${words[2,CURRENT-1]}; do\n"
      "    case \"$at $word\" in\n";
  for (const Place& place : places)
    for (const Word& command : place.commands)
      out += "      " + quoted(place.path + " " + command.text) + ") at=\"$at $word\" ;;\n";
  out +=
      "    esac\n"
      "  done\n"
      "  case $at in\n";
  for (const Place& place : places) {
    out += "    " + quoted(place.path) + ")\n";
    out += "      commands=(" + zsh_words(place.commands) + " )\n";
    out += "      options=(" + zsh_words(place.options) + " ) ;;\n";
  }
  out +=
      "  esac\n"
      "  if [[ $PREFIX == -* ]]; then _describe option options\n"
      "  elif (( $#commands )); then _describe command commands\n"
      "  else _files; fi\n"
      "}\n"
      "if [[ $funcstack[1] == _jangbu ]]; then _jangbu \"$@\"; else compdef _jangbu jangbu; fi\n";
  return out;
}

std::string fish_script(const std::vector<Place>& places) {
  std::string out =
      "# Completion of jangbu for fish.\n"
      "function __jangbu_at\n"
      "  set -l at jangbu\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    switch \"$at $word\"\n";
  for (const Place& place : places)
    for (const Word& command : place.commands)
      out += "      case " + quoted(place.path + " " + command.text) + "\n        set at \"$at $word\"\n";
  out +=
      "    end\n"
      "  end\n"
      "  test \"$at\" = \"$argv\"\n"
      "end\n";
  // fish reads \' inside single quotes, and '\'' as POSIX shells do.
  for (const Place& place : places) {
    const std::string here = "complete -c jangbu -n " + quoted("__jangbu_at " + place.path);
    for (const Word& command : place.commands)
      out += here + " -f -a " + quoted(command.text) + " -d " + quoted(command.what) + "\n";
    for (const Word& option : place.options)
      out += here + " -l " + option.text.substr(2) + " -d " + quoted(option.what) + "\n";
  }
  return out;
}

}  // namespace

void add_completion(CLI::App& app, Run& run) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "Print what a shell needs to complete these commands");
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&app, shell, &run] {
    run = [&app, shell] {
      std::vector<Place> places;
      collect(app, "jangbu", places);
      const std::string script = *shell == "bash"  ? bash_script(places)
                                 : *shell == "zsh" ? zsh_script(places)
                                                   : fish_script(places);
      std::fputs(script.c_str(), stdout);
      return 0;
    };
  });
}

}  // namespace jangbu::cli
