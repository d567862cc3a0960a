#include <cstdio>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/local_api.h"
#include "cli/sandbox_client.h"

namespace jangbu::cli {
void add_app(CLI::App& app, Run& run) {
  struct Options {
    std::string directory = "data";
    std::string code;
    std::string label;
    std::string scope = "sales";
    std::string keep_old = "24h";
    std::string of = "hub";
    std::string door = "hub";
    std::vector<std::string> origins;

    [[nodiscard]] std::string path() const { return "/api/" + door + "/apps"; }
  };
  auto options = std::make_shared<Options>();
  CLI::App* apps =
      app.add_subcommand("app", "Manage the connected apps of the doors, through the running server");
  apps->require_subcommand(1);
  CLI::App* list = apps->add_subcommand("list", "The connected apps");
  CLI::App* issue = apps->add_subcommand("issue", "Issue an app; its secrets are shown once");
  CLI::App* suspend = apps->add_subcommand("suspend", "Refuse an app's requests from now on");
  CLI::App* resume = apps->add_subcommand("resume", "Take a suspended app's requests again");
  CLI::App* rotate =
      apps->add_subcommand("rotate", "Give an app a new secret; the old one stays for a while");
  CLI::App* token = apps->add_subcommand("token", "Print a token of a sandbox's app, good for one request");
  for (CLI::App* each : {list, issue, suspend, resume, rotate, token})
    each->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
  for (CLI::App* each : {list, issue, suspend, resume, rotate})
    each->add_option("--door", options->door, "Whose app it is")
        ->check(CLI::IsMember({"hub", "invoice"}))
        ->capture_default_str();
  for (CLI::App* each : {issue, suspend, resume, rotate})
    each->add_option(
            "code", options->code,
            "The app's service code, the `iss` of its tokens; of the invoice door its client key, and "
            "the seller's name to issue one")
        ->required();
  issue->add_option("--label", options->label, "Of the hub: what it is");
  issue->add_option(
      "--origin", options->origins,
      "Of the invoice door: an origin of the shop's pages, which may open checkouts; as often as "
      "there are");
  issue
      ->add_option("--scope", options->scope,
                   "Of the hub: sales, or reviewer for the house's own service that judges reviews")
      ->capture_default_str();
  rotate->add_option("--keep-old", options->keep_old, "How long the old secret stays good")
      ->capture_default_str();
  token->add_option("--of", options->of, "hub or reviewer")->capture_default_str();

  list->callback([options, &run] {
    run = [options] { return call_and_print(options->directory, "GET", options->path(), ""); };
  });
  issue->callback([options, &run] {
    run = [options] {
      std::string body;
      json::Writer writer(body);
      writer.begin_object();
      if (options->door == "invoice") {
        writer.key("name").string(options->code).key("origins").begin_array();
        for (const std::string& origin : options->origins) writer.string(origin);
        writer.end_array();
      } else {
        writer.key("code").string(options->code).key("scope").string(options->scope);
        writer.key("label").string(options->label);
      }
      writer.end_object();
      return call_and_print(options->directory, "POST", options->path(), body);
    };
  });
  const auto set_status = [options, &run](CLI::App* command, const char* status) {
    command->callback([options, status, &run] {
      run = [options, status] {
        std::string body;
        json::Writer(body).begin_object().key("status").string(status).end_object();
        return call_and_print(options->directory, "PUT", options->path() + "/" + options->code, body);
      };
    });
  };
  set_status(suspend, "SUSPENDED");
  set_status(resume, "ACTIVE");
  rotate->callback([options, &run] {
    run = [options] {
      std::string body;
      json::Writer(body).begin_object().key("keep_old").string(options->keep_old).end_object();
      return call_and_print(options->directory, "POST", options->path() + "/" + options->code + "/rotate",
                            body);
    };
  });
  token->callback([options, &run] {
    run = [options] {
      const auto made = sandbox_token(options->directory, options->of);
      if (!made) {
        std::fprintf(stderr, "jangbu: %s\n", to_string(made.error()).c_str());
        return 1;
      }
      std::printf("%s\n", made->c_str());
      return 0;
    };
  });
}

}  // namespace jangbu::cli
