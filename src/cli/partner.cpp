#include "base/json.h"
#include "cli/commands.h"
#include "cli/list_query.h"
#include "cli/local_api.h"

namespace jangbu::cli {

void add_partner(CLI::App& app, Run& run) {
  struct Options {
    std::string directory = "data";
    std::string id;
    std::string email;
    std::string name;
    std::string phone;
    ListQuery partners;
    ListQuery requests;
  };
  auto options = std::make_shared<Options>();
  CLI::App* partner =
      app.add_subcommand("partner", "Look after the hub's partners, through the running server");
  partner->require_subcommand(1);
  CLI::App* list = partner->add_subcommand("list", "Partners, the newest first, a page at a time");
  CLI::App* requests = partner->add_subcommand(
      "requests", "Managers who ask for access to a portal, the newest first, a page at a time");
  CLI::App* show = partner->add_subcommand("show", "A partner with its contact, deposit and invitation");
  CLI::App* contact = partner->add_subcommand("contact", "Change whom its mail goes to, and who signs in");
  CLI::App* invite = partner->add_subcommand("invite", "Send its manager a new invitation");
  CLI::App* admit = partner->add_subcommand("admit", "Let in a manager who asked for access to a portal");
  CLI::App* decline = partner->add_subcommand("decline", "Decline such a request; whoever asked is told");
  CLI::App* withdraw =
      partner->add_subcommand("withdraw", "Take away a manager's access to a portal, which ends at once");
  for (CLI::App* each : {list, requests, show, contact, invite, admit, decline, withdraw})
    each->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
  for (CLI::App* each : {show, contact, invite})
    each->add_option("partner", options->id, "The partner's number")->required();
  for (CLI::App* each : {admit, decline})
    each->add_option("request", options->id, "The request's number: the `managerId` of `partner requests`")
        ->required();
  withdraw->add_option("manager", options->id, "The manager's number: one of `managers` of `partner show`")
      ->required();
  contact->add_option("--email", options->email, "The address")->required();
  contact->add_option("--name", options->name, "The person's name")->required();
  contact->add_option("--phone", options->phone, "The person's phone")->required();
  options->partners.add(*list, "--search", "q", "Only with this in name, business number or e-mail address");
  options->requests.add(*requests, "--search", "q", "Only with this in e-mail address or partner's name");
  options->requests.add(*requests, "--partner", "partner", "Only this partner's, by its number");
  for (const auto& [command, query] :
       {std::pair(list, &options->partners), std::pair(requests, &options->requests)}) {
    query->add(*command, "--app", "app", "Only of this app, by its service code");
    query->add_page(*command);
  }

  list->callback([options, &run] {
    run = [options] {
      return call_and_print(options->directory, "GET", options->partners.of("/api/hub/partners"), "");
    };
  });
  requests->callback([options, &run] {
    run = [options] {
      return call_and_print(options->directory, "GET", options->requests.of("/api/hub/access-requests"), "");
    };
  });
  show->callback([options, &run] {
    run = [options] {
      return call_and_print(options->directory, "GET", "/api/hub/partners/" + options->id, "");
    };
  });
  contact->callback([options, &run] {
    run = [options] {
      std::string body;
      json::Writer(body)
          .begin_object()
          .key("email")
          .string(options->email)
          .key("name")
          .string(options->name)
          .key("phone")
          .string(options->phone)
          .end_object();
      return call_and_print(options->directory, "PUT", "/api/admin/partners/" + options->id + "/contact-info",
                            body);
    };
  });
  invite->callback([options, &run] {
    run = [options] {
      return call_and_print(options->directory, "POST", "/api/admin/partners/" + options->id + "/invite", "");
    };
  });
  admit->callback([options, &run] {
    run = [options] {
      return call_and_print(options->directory, "POST",
                            "/api/admin/access-requests/" + options->id + "/confirm", "");
    };
  });
  decline->callback([options, &run] {
    run = [options] {
      return call_and_print(options->directory, "POST",
                            "/api/admin/access-requests/" + options->id + "/decline", "");
    };
  });
  withdraw->callback([options, &run] {
    run = [options] {
      return call_and_print(options->directory, "POST", "/api/admin/managers/" + options->id + "/withdraw",
                            "");
    };
  });
}

}  // namespace jangbu::cli
