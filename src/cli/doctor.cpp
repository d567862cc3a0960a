// `jangbu doctor`: whether this machine and these settings are fit for a book.
#include <algorithm>
#include <array>
#include <cstdio>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/config.h"
#include "cli/doctor/checks.h"

namespace jangbu::cli {
namespace {

struct DoctorOptions {
  std::string directory;
  std::string config;
  std::string time_url;
  std::vector<std::string> only;
  bool as_json = false;
};

const char* word_of(Health health) {
  return health == Health::good ? "good" : health == Health::doubtful ? "doubtful" : "bad";
}

Result<Patient> patient_of(const DoctorOptions& options) {
  ASSIGN_OR_RETURN(const SettingsView settings, view_settings(options.config));
  Patient patient;
  patient.directory = options.directory.empty() ? settings.text("data") : options.directory;
  const std::string database = settings.text("database");
  patient.place = database.empty() ? patient.directory : database;
  patient.listen = settings.text("listen");
  patient.tls_cert = settings.text("tls-cert");
  patient.tls_key = settings.text("tls-key");
  patient.public_url = settings.text("public-url");
  patient.smtp = settings.text("smtp");
  patient.message_url = settings.text("message-url");
  patient.time_url = options.time_url;
  return patient;
}

/// One line for each finding, or all of them as JSON.
class Report {
 public:
  explicit Report(bool as_json) : out_(text_), as_json_(as_json) {
    if (as_json_) out_.begin_object().key("checks").begin_array();
  }
  void add(const char* check, const Finding& finding) {
    worst_ = std::max(worst_, finding.health);
    if (as_json_) {
      out_.begin_object().key("check").string(check).key("health").string(word_of(finding.health));
      out_.key("what").string(finding.what).end_object();
    } else {
      std::printf("%-9s %-10s %s\n", word_of(finding.health), check, finding.what.c_str());
    }
  }
  [[nodiscard]] int end() {
    if (as_json_) {
      out_.end_array().key("health").string(word_of(worst_)).end_object();
      std::printf("%s\n", text_.c_str());
    }
    return worst_ == Health::bad ? exit_failed : 0;
  }

 private:
  std::string text_;
  json::Writer out_;
  bool as_json_;
  Health worst_ = Health::good;
};

int examine(const DoctorOptions& options) {
  auto patient = patient_of(options);
  if (!patient) {
    std::fprintf(stderr, "jangbu: %s\n", to_string(patient.error()).c_str());
    return exit_usage;
  }
  patient->must_serve = std::find(options.only.begin(), options.only.end(), "server") != options.only.end();
  Report report(options.as_json);
  for (const Check& check : checks()) {
    const bool wanted = options.only.empty() ||
                        std::find(options.only.begin(), options.only.end(), check.name) != options.only.end();
    if (!wanted) continue;
    for (const Finding& finding : check.look(*patient)) report.add(check.name, finding);
  }
  return report.end();
}

}  // namespace

std::span<const Check> checks() {
  static constexpr std::array all = {
      Check{"directory", "who may read the data directory", check_directory},
      Check{"space", "room on its disk", check_space},
      Check{"sync", "whether a sync reaches the disk, and how fast", check_sync},
      Check{"files", "how many connections the limit on open files allows", check_files},
      Check{"book", "the database's version and settings, and the book's end", check_book},
      Check{"clock", "whether the clock is right", check_clock},
      Check{"server", "whether the server of the directory is ready", check_server},
      Check{"addresses", "who can reach it, and whether customers can", check_addresses},
      Check{"certificate", "whether its own TLS has a good certificate", check_certificate},
      Check{"mail", "whether the mail server can be reached", check_mail},
  };
  return all;
}

void add_doctor(CLI::App& app, Run& run) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* command =
      app.add_subcommand("doctor", "Look whether this machine and these settings are fit for a book");
  command->add_option("--data", options->directory, "The data directory; the settings' unless said");
  command->add_option("--config", options->config, "The file of settings that the server is started with")
      ->envname("JANGBU_CONFIG");
  command->add_option("--time-url", options->time_url,
                      "Compare the clock with what this http(s):// server says; the public URL unless said");
  std::vector<std::string> names;
  for (const Check& check : checks()) names.emplace_back(check.name);
  command->add_option("--only", options->only, "These checks alone")
      ->delimiter(',')
      ->check(CLI::IsMember(names));
  command->add_flag("--json", options->as_json, "As one JSON object");
  command->callback([options, &run] { run = [options] { return examine(*options); }; });
}

}  // namespace jangbu::cli
