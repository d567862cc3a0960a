#include "base/json.h"
#include "cli/commands.h"
#include "cli/local_api.h"

namespace jangbu::cli {

void add_key(CLI::App& app, Run& run) {
  struct Options {
    std::string directory = "data";
    std::string system;
    std::string currency = "krw";
    std::uint64_t waiting_s = 604'800;
    std::uint64_t holder = 0;
    std::string label;
    std::string digest;
  };
  auto options = std::make_shared<Options>();
  CLI::App* key =
      app.add_subcommand("key", "Manage the access keys of shop systems, through the running server");
  key->require_subcommand(1);
  CLI::App* list = key->add_subcommand("list", "Holders and their keys (keys are shown as SHA-256 digests)");
  CLI::App* holder =
      key->add_subcommand("holder", "Add a holder of keys: a shop system with a signing key of its own");
  CLI::App* create = key->add_subcommand("create", "Make an access key for a holder; it is shown once");
  CLI::App* revoke = key->add_subcommand("revoke", "Revoke an access key by its digest");
  for (CLI::App* each : {list, holder, create, revoke})
    each->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
  holder->add_option("system", options->system, "The name of the shop system")->required();
  holder
      ->add_option("--currency", options->currency,
                   "The currency that it usually sells in, for people to read: no purchase depends on it")
      ->capture_default_str();
  holder->add_option("--waiting", options->waiting_s, "Seconds until points are provided")
      ->capture_default_str();
  create->add_option("holder", options->holder, "The holder's number")->required();
  create->add_option("--label", options->label, "What the key is for");
  revoke->add_option("digest", options->digest, "The key's digest, 64 hex digits")->required();

  list->callback([options, &run] {
    run = [options] { return call_and_print(options->directory, "GET", "/api/purchase/holders", ""); };
  });
  holder->callback([options, &run] {
    run = [options] {
      std::string body;
      json::Writer writer(body);
      writer.begin_object().key("system").string(options->system).key("currency").string(options->currency);
      writer.key("waiting").unsigned_number(options->waiting_s).end_object();
      return call_and_print(options->directory, "POST", "/api/purchase/holders", body);
    };
  });
  create->callback([options, &run] {
    run = [options] {
      std::string body;
      json::Writer writer(body);
      writer.begin_object();
      if (!options->label.empty()) writer.key("label").string(options->label);
      writer.end_object();
      const std::string path = "/api/purchase/holders/" + std::to_string(options->holder) + "/keys";
      return call_and_print(options->directory, "POST", path, body);
    };
  });
  revoke->callback([options, &run] {
    run = [options] {
      std::string body;
      json::Writer(body).begin_object().key("digest").string(options->digest).end_object();
      return call_and_print(options->directory, "POST", "/api/purchase/keys/revoke", body);
    };
  });
}

}  // namespace jangbu::cli
