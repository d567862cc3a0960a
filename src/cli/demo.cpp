// `jangbu demo`: a story of all doors in a running sandbox, through the routes that clients call. The clock
// is moved day by day; the same story in every sandbox.
#include <algorithm>
#include <cstdio>

#include "base/time.h"
#include "cli/commands.h"
#include "cli/demo/story.h"
#include "cli/progress.h"
#include "cli/sandbox_client.h"

namespace jangbu::cli {
namespace {

constexpr std::int64_t half_day_s = 43'200;

demo::Story tell() {
  demo::Story story;
  demo::tell_hub(story);
  demo::tell_invoice(story);
  demo::tell_affiliate(story);
  demo::tell_purchase(story);
  demo::tell_office(story);
  std::ranges::stable_sort(story, {}, &demo::Scene::day);
  return story;
}

struct Played {
  std::string pages;  // where there is something to look at, and who signs in
  std::uint64_t scenes = 0;
  std::uint64_t passed_over = 0;  // an earlier run played them
};

std::string pages_of(const SandboxClient& client, const std::string& directory) {
  const std::string& at = client.base_url();
  return "demo: there is something to look at now. The passwords are that of \"operator\" in " + directory +
         "/sandbox.json\n  " + at + "/console    " + client.credential("operator", "email") + ", or " +
         demo::auditor_mail + " who only reads\n  " + at + "/partner    " + demo::manager_mail + "\n  " + at +
         "/affiliate  " + client.credential("affiliate", "affiliate_id") +
         " with the auth_key in that file\n";
}

Result<Played> play(const std::string& directory) {
  ASSIGN_OR_RETURN(const SandboxClient client, SandboxClient::open(directory));
  ASSIGN_OR_RETURN(const Reply clock, client.open_call("GET", "/sandbox/clock", ""));
  ASSIGN_OR_RETURN(const Instant now, parse_rfc3339(clock.text("now")));
  ASSIGN_OR_RETURN(auto journal, demo::Journal::open(directory + "/demo.jsonl", now, demo::story_number,
                                                     client.base_url() + "/sandbox/webhooks"));
  if (journal.story() != demo::story_number)
    return Error(Errc::invalid_configuration, "another version of jangbu began another story in " +
                                                  directory + ": begin with an empty one");
  const SystemClock system_clock;
  Progress progress(system_clock);
  const demo::Story story = tell();
  Played played;
  for (const demo::Scene& scene : story) {
    if (journal.has(scene.name)) {
      ++played.passed_over;
      continue;
    }
    demo::Stage stage(client, journal);
    RETURN_IF_ERROR(client.move_clock_to(stage.at(scene.day)));
    const Status status = scene.play(stage);
    if (!status) return Error(status.error().code, scene.name + ": " + to_string(status.error()));
    RETURN_IF_ERROR(journal.add(scene.name, stage.made()));
    ++played.scenes;
    progress.update("scenes", played.scenes + played.passed_over, story.size());
  }
  // Not at the turn of a day, when much is about to fall due.
  RETURN_IF_ERROR(
      client.move_clock_to(demo::Stage(client, journal).at(demo::days - 1) + Duration::seconds(half_day_s)));
  played.pages = pages_of(client, directory);
  return played;
}

int run_demo(const std::string& directory) {
  const auto played = play(directory);
  if (!played) {
    std::fprintf(stderr, "jangbu: the demo stopped: %s\n", to_string(played.error()).c_str());
    if (played.error().code != Errc::invalid_configuration)
      std::fputs("Run it again to go on from where it came to.\n", stderr);
    return exit_failed;
  }
  std::fputs(played->pages.c_str(), stderr);
  std::printf("{\"scenes\":%llu,\"passed_over\":%llu}\n", static_cast<unsigned long long>(played->scenes),
              static_cast<unsigned long long>(played->passed_over));
  return 0;
}

}  // namespace

void add_demo(CLI::App& app, Run& run) {
  auto directory = std::make_shared<std::string>("data");
  CLI::App* command = app.add_subcommand(
      "demo", "Fill a running sandbox with some weeks of all doors; again to go on after a stop");
  command->add_option("data", *directory, "The server's data directory")->capture_default_str();
  command->callback([directory, &run] { run = [directory] { return run_demo(*directory); }; });
}

}  // namespace jangbu::cli
