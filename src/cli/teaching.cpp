// What `--help` says beside the options: which commands belong together, and what to type.
#include <array>

#include "cli/commands.h"

namespace jangbu::cli {
namespace {

struct Lesson {
  const char* command;
  const char* group;
  const char* examples;
};

constexpr std::array lessons = {
    Lesson{"serve", "Run",
           "  jangbu serve --sandbox                               try it: credentials are printed\n"
           "  jangbu serve --data /srv/jangbu --listen [::]:8080   for real, on SQLite\n"
           "  jangbu serve --data /srv/jangbu --database postgresql://jangbu@db/jangbu"},
    Lesson{"backup", "Keep",
           "  jangbu backup data books-$(date +%F).jangbu          while the server runs\n"
           "  jangbu backup postgresql://jangbu@db/jangbu books.jangbu"},
    Lesson{"restore", "Keep",
           "  jangbu restore books.jangbu /srv/jangbu              then put master.key in place"},
    Lesson{"verify", "Keep",
           "  jangbu verify data                                   every hash, signature, block and table\n"
           "  jangbu verify books.jangbu                           a backup\n"
           "  jangbu verify data --since books.jangbu              with every record of a backup\n"
           "  jangbu verify receipt.json                           a customer's receipt, offline"},
    Lesson{"export", "Keep",
           "  jangbu export entries --format csv -o entries.csv    money, posting by posting\n"
           "  jangbu export accounts | jq -c 'select(.held != \"0\")'"},
    Lesson{"import", "Keep",
           "  JANGBU_ACCESS_KEY=... jangbu import purchases old.csv   again to go on after a stop\n"
           "  jangbu import affiliates sites.jsonl                 their keys go to sites.jsonl.keys"},
    Lesson{"doctor", "Keep",
           "  jangbu doctor --config /etc/jangbu/jangbu.toml       everything, before it is served for real\n"
           "  jangbu doctor --only server --json                   for a monitor"},
    Lesson{"config", "Run",
           "  jangbu config check /etc/jangbu/jangbu.toml\n"
           "  jangbu config show --json"},
    Lesson{"key", "Manage",
           "  jangbu key holder \"corner shop\"                      a shop system; prints its number\n"
           "  jangbu key create 1 --label \"front till\"             its access key, shown once"},
    Lesson{"app", "Manage",
           "  jangbu app issue our-site                            a sales site of the hub\n"
           "  jangbu app issue \"Corner shop\" --door invoice        a seller of the invoice door\n"
           "  jangbu app rotate our-site --keep-old 24h            a new secret; the old one ends in a day"},
    Lesson{"partner", "Manage",
           "  jangbu partner list --search finder\n"
           "  jangbu partner show 1\n"
           "  jangbu partner invite 1                              the old invitation ends\n"
           "  jangbu partner requests                              who asks for access, with their numbers\n"
           "  jangbu partner decline 3                             such a request"},
    Lesson{"campaign", "Manage",
           "  jangbu campaign list --status UNDER_REVIEW           what waits for you\n"
           "  jangbu campaign show 7\n"
           "  jangbu campaign approve 7\n"
           "  jangbu campaign revise 7 --reason \"the picture is missing\""},
    Lesson{"operator", "Manage",
           "  jangbu operator add --email kim@example.com --role auditor   its password is shown once\n"
           "  jangbu operator list\n"
           "  jangbu operator disable --email kim@example.com      its sessions end at once"},
    Lesson{"clock", "Try",
           "  jangbu clock advance 30d                             a month of bills in a moment"},
    Lesson{"listen", "Try", "  jangbu listen --forward http://127.0.0.1:3000/webhooks"},
    Lesson{"trigger", "Try",
           "  jangbu trigger order.paid                            a real order, paid with a test card"},
    Lesson{
        "demo", "Try",
        "  jangbu demo                                          a month of orders, bills, clicks and points"},
    Lesson{
        "bench", "Try",
        "  jangbu bench                                         64 clients, 10 s, SQLite in a directory of "
        "its own\n"
        "  jangbu bench --prefill 1000000 --restart             a large book; then kill -9, and ready again\n"
        "  jangbu bench --database postgresql://jangbu@db/empty --json"},
    Lesson{"completion", "Try",
           "  source <(jangbu completion bash)                     or into /etc/bash_completion.d/jangbu\n"
           "  jangbu completion zsh > ~/.zfunc/_jangbu\n"
           "  jangbu completion fish > ~/.config/fish/completions/jangbu.fish"},
};

constexpr const char* first_steps =
    "First steps:\n"
    "  jangbu serve --sandbox           a book of your own on http://127.0.0.1:8080; its API is at /docs\n"
    "  jangbu trigger order.paid        make something happen in it\n"
    "  jangbu verify data               prove that every number follows from the records\n"
    "\n"
    "Other commands find a running server by its data directory: --data, ./data unless said.\n"
    "Exit status: 0 done, 1 failed or refused, 2 the command line is wrong. Answers go to standard output,\n"
    "everything else to standard error. `jangbu COMMAND --help` has examples.";

}  // namespace

CLI::App* find_command(CLI::App& app, std::string_view name) {
  for (CLI::App* each : app.get_subcommands({}))
    if (each->get_name() == name) return each;
  return nullptr;
}

void add_teaching(CLI::App& app) {
  app.footer(first_steps);
  for (const Lesson& lesson : lessons) {
    CLI::App* command = find_command(app, lesson.command);
    if (command == nullptr) continue;
    command->group(lesson.group);
    command->footer(std::string("Examples:\n") + lesson.examples);
  }
}

}  // namespace jangbu::cli
