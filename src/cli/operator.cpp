#include <cstdio>
#include <iostream>
#include <string>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/local_api.h"

namespace jangbu::cli {
namespace {

struct OperatorOptions {
  std::string directory = "data";
  std::string email;
  std::string name;
  std::string role = "operator";
  bool password_on_stdin = false;
};

int fail(const Error& error) {
  std::fprintf(stderr, "jangbu: %s\n", to_string(error).c_str());
  return 1;
}

/// The id of the account with that address. Error: not_found.
Result<std::string> id_of(const OperatorOptions& options) {
  ASSIGN_OR_RETURN(const Control control, read_control(options.directory));
  ASSIGN_OR_RETURN(const ApiAnswer answer, call_api(control, "GET", "/api/operators", ""));
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(answer.body));
  const json::Value* list = document.root().find("operators");
  for (std::uint32_t i = 0; list != nullptr && i < list->size; ++i) {
    const json::Value* email = list->items[i].find("email");
    const json::Value* id = list->items[i].find("id");
    if (email != nullptr && id != nullptr && email->text == options.email) return std::string(id->text);
  }
  return Error(Errc::not_found, "there is no account of " + options.email);
}

int add(const OperatorOptions& options) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("email").string(options.email).key("name").string(options.name);
  writer.key("role").string(options.role);
  if (options.password_on_stdin) {
    std::string password;
    std::getline(std::cin, password);
    writer.key("password").string(password);
  }
  writer.end_object();
  return call_and_print(options.directory, "POST", "/api/operators", body);
}

/// Changes the account with that address.
int change(const OperatorOptions& options, const char* method, const char* under, const std::string& body) {
  const auto id = id_of(options);
  return id ? call_and_print(options.directory, method, "/api/operators/" + *id + under, body)
            : fail(id.error());
}

int set(const OperatorOptions& options, const char* member, const std::string& value) {
  std::string body;
  json::Writer(body).begin_object().key(member).string(value).end_object();
  return change(options, "PUT", "", body);
}

}  // namespace

void add_operator(CLI::App& app, Run& run) {
  auto options = std::make_shared<OperatorOptions>();
  CLI::App* command =
      app.add_subcommand("operator", "Manage the accounts of the console, through the running server");
  command->require_subcommand(1);
  CLI::App* list_command = command->add_subcommand("list", "The accounts");
  CLI::App* add_command =
      command->add_subcommand("add", "Make an account; a password that is made for it is shown once");
  CLI::App* role = command->add_subcommand("role", "Give an account another role");
  CLI::App* password =
      command->add_subcommand("password", "Give an account a new password, which is shown once");
  CLI::App* disable = command->add_subcommand("disable", "Let an account in no more, and end its sessions");
  CLI::App* enable = command->add_subcommand("enable", "Let a disabled account in again");
  for (CLI::App* each : {list_command, add_command, role, password, disable, enable})
    each->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
  for (CLI::App* each : {add_command, role, password, disable, enable})
    each->add_option("--email", options->email, "The account's e-mail address")->required();
  for (CLI::App* each : {add_command, role})
    each->add_option("--role", options->role, "What it may do")
        ->check(CLI::IsMember({"owner", "operator", "auditor"}))
        ->capture_default_str();
  add_command->add_option("--name", options->name, "Whose it is");
  add_command->add_flag("--password-stdin", options->password_on_stdin,
                        "Read the password from the first line of the standard input");

  list_command->callback([options, &run] {
    run = [options] { return call_and_print(options->directory, "GET", "/api/operators", ""); };
  });
  add_command->callback([options, &run] { run = [options] { return add(*options); }; });
  role->callback([options, &run] { run = [options] { return set(*options, "role", options->role); }; });
  password->callback(
      [options, &run] { run = [options] { return change(*options, "POST", "/password", ""); }; });
  disable->callback([options, &run] { run = [options] { return set(*options, "status", "DISABLED"); }; });
  enable->callback([options, &run] { run = [options] { return set(*options, "status", "ACTIVE"); }; });
}

}  // namespace jangbu::cli
