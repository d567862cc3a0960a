// Who works with the books besides the sandbox's operator: an auditor, who only reads.
#include "cli/demo/story.h"

namespace jangbu::cli::demo {
namespace {

Status employ_auditor(const Stage& stage) {
  const std::string body = fill(R"({"email":"~","name":"감사실","role":"auditor","password":"~"})",
                                {auditor_mail, stage.client().credential("operator", "password")});
  return done(stage.client().operate("POST", "/api/operators", body));
}

}  // namespace

void tell_office(Story& story) { story.push_back({3, "an auditor", &employ_auditor}); }

}  // namespace jangbu::cli::demo
