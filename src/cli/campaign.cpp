#include "base/json.h"
#include "cli/commands.h"
#include "cli/local_api.h"

namespace jangbu::cli {

void add_campaign(CLI::App& app, Run& run) {
  struct Options {
    std::string directory = "data";
    std::string id;
    std::string reason;

    [[nodiscard]] int judge(const char* verdict) const {
      std::string body;
      if (!reason.empty()) json::Writer(body).begin_object().key("reason").string(reason).end_object();
      return call_and_print(directory, "POST", "/api/admin/campaigns/" + id + "/" + verdict, body);
    }
  };
  auto options = std::make_shared<Options>();
  CLI::App* campaign =
      app.add_subcommand("campaign", "Judge the hub's campaigns, through the running server");
  campaign->require_subcommand(1);
  const auto add = [&](const char* name, const char* verdict, const char* what, bool with_reason) {
    CLI::App* each = campaign->add_subcommand(name, what);
    each->add_option("--data", options->directory, "The server's data directory")->capture_default_str();
    each->add_option("campaign", options->id, "The campaign's number")->required();
    if (with_reason) each->add_option("--reason", options->reason, "What the partner is told")->required();
    each->callback(
        [options, verdict, &run] { run = [options, verdict] { return options->judge(verdict); }; });
  };
  add("approve", "approve", "Let a campaign that waits for review go on", false);
  add("reject", "reject", "Reject a campaign, or end one that runs", true);
  add("revise", "request-revision", "Send a campaign that waits for review back", true);
}

}  // namespace jangbu::cli
