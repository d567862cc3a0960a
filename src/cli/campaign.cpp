#include "base/json.h"
#include "cli/commands.h"
#include "cli/list_query.h"
#include "cli/local_api.h"
#include "hub/wire.h"

namespace jangbu::cli {
namespace {

struct CampaignOptions {
  std::string directory = "data";
  std::string id;
  std::string reason;
  ListQuery list;

  [[nodiscard]] int judge(const char* verdict) const {
    std::string body;
    if (!reason.empty()) json::Writer(body).begin_object().key("reason").string(reason).end_object();
    return call_and_print(directory, "POST", "/api/admin/campaigns/" + id + "/" + verdict, body);
  }
};

std::vector<std::string> campaign_statuses() {
  std::vector<std::string> names;
  for (auto shown = static_cast<int>(hub::Shown::temporary_saved);
       shown <= static_cast<int>(hub::Shown::rejected); ++shown)
    names.emplace_back(hub::shown_name(static_cast<hub::Shown>(shown)));
  return names;
}

}  // namespace

void add_campaign(CLI::App& app, Run& run) {
  auto options = std::make_shared<CampaignOptions>();
  CLI::App* campaign = app.add_subcommand(
      "campaign", "Look at the hub's campaigns and judge them, through the running server");
  campaign->require_subcommand(1);
  const auto add = [&](const char* name, const char* what) {
    CLI::App* each = campaign->add_subcommand(name, what);
    each->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
    return each;
  };
  const auto add_of_one = [&](const char* name, const char* what) {
    CLI::App* each = add(name, what);
    each->add_option("campaign", options->id, "The campaign's number")->required();
    return each;
  };

  CLI::App* list = add("list", "Campaigns, the newest first, a page at a time");
  options->list.add(*list, "--status", "status", "Only of this status")
      ->check(CLI::IsMember(campaign_statuses()));
  options->list.add(*list, "--partner", "partner", "Only this partner's, by its number");
  options->list.add(*list, "--app", "app", "Only of this app, by its service code");
  options->list.add_page(*list);
  list->callback([options, &run] {
    run = [options] {
      return call_and_print(options->directory, "GET", options->list.of("/api/hub/campaigns"), "");
    };
  });

  CLI::App* show = add_of_one("show", "A campaign with its money, its next step and its applications");
  show->callback([options, &run] {
    run = [options] {
      return call_and_print(options->directory, "GET", "/api/hub/campaigns/" + options->id, "");
    };
  });

  const auto add_verdict = [&](const char* name, const char* verdict, const char* what, bool with_reason) {
    CLI::App* each = add_of_one(name, what);
    if (with_reason) each->add_option("--reason", options->reason, "What the partner is told")->required();
    each->callback(
        [options, verdict, &run] { run = [options, verdict] { return options->judge(verdict); }; });
  };
  add_verdict("approve", "approve", "Let a campaign that waits for review go on", false);
  add_verdict("reject", "reject", "Reject a campaign, or end one that runs", true);
  add_verdict("revise", "request-revision", "Send a campaign that waits for review back", true);
}

}  // namespace jangbu::cli
