// The hub's routes of partners, campaigns and reviewers.
#include "hub/routes.h"

namespace jangbu::hub {

void Door::onboard(const Shared& in) {
  auto request = parse_onboard(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&request)) return refuse(in, issues_response(*issues));
  const auto body = canonical_onboard_hash(in->request().body());
  if (!body) return refuse(in, issues_response({Issue{{}, "invalid_json", to_string(body.error())}}));
  std::string email = std::get<Onboard>(request).partner.email;
  submit(in, std::make_unique<OnboardCampaign>(
                 parts_.state, in->caller, in->keyed, std::move(std::get<Onboard>(request)), *body,
                 [this, in, email = std::move(email)](std::variant<OnboardCampaign::Done, Refused> outcome) {
                   if (const auto* refused = std::get_if<Refused>(&outcome)) return in->refused(*refused);
                   const auto& done = std::get<OnboardCampaign::Done>(outcome);
                   answer_onboard(in, email, done.answer, done.replayed);
                 }));
}

void Door::answer_onboard(const Shared& in, const std::string& email, const OnboardAnswer& answer,
                          bool replayed) {
  const auto respond = [this, in, email, onboarded = answer.onboarded, replayed](const AnswerRow& mail) {
    in->respond(answer_response(render_onboarded(*onboarded, mail, email, links_), replayed));
  };
  if (answer.first_answer) return respond(*answer.first_answer);
  if (!answer.onboarded->invite.mail || answer.onboarded->asks_for_access()) return respond({});
  const auto keep = [this, in, respond, record = answer.record](bool sent) {
    submit(in,
           std::make_unique<AnswerOnboard>(parts_.state, record, sent, [in, respond](Result<AnswerRow> mail) {
             if (!mail) return in->refused(mail.error());
             respond(*mail);
           }));
  };
  if (answer.mail_event == 0) return keep(false);
  parts_.when_tried(answer.mail_event, keep);
}

void Door::list_campaigns(const Shared& in) {
  const auto page = parse_page(in->request().query());
  if (!page) return refuse(in, error_response(Refused{page.error()}, in->dialect));
  read(in, [page = *page, app = in->caller.app](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const CampaignPage found, campaigns_of_app(session, app, page));
    return render_campaigns(found.campaigns, page, found.total);
  });
}

void Door::get_campaign(const Shared& in) {
  const auto id = path_id(in, "campaignId");
  if (!id) return;
  read(in, [id = *id, app = in->caller.app](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const CampaignView campaign, campaign_of_app(session, app, id));
    return render_campaign(campaign);
  });
}

void Door::ensure_partner(const Shared& in) {
  auto form = parse_ensure(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&form)) return refuse(in, issues_response(*issues));
  submit<EnsurePartner, PartnerEnsured>(in, render_ensured, std::move(std::get<PartnerForm>(form)));
}

void Door::create_campaign(const Shared& in) {
  auto request = parse_new_campaign(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&request)) return refuse(in, issues_response(*issues));
  submit<CreateCampaign, CampaignCreated>(in, render_campaign_created,
                                          std::move(std::get<NewCampaign>(request)));
}

void Door::activate(const Shared& in) {
  const auto id = path_id(in, "campaignId");
  if (!id) return;
  submit(in, std::make_unique<ActivateCampaign>(
                 parts_.state, in->caller, in->keyed, *id, Render<CampaignActivated>(render_activated),
                 [in, id = *id](std::variant<ActivateCampaign::Done, Refused> outcome) {
                   if (const auto* refused = std::get_if<Refused>(&outcome)) {
                     if (refused->error.code == Errc::insufficient_deposit)
                       return in->respond(answer_response(render_not_activated(id, *refused->gate)));
                     return in->refused(*refused);
                   }
                   auto& done = std::get<ActivateCampaign::Done>(outcome);
                   in->respond(answer_response(std::move(done.answer), done.replayed));
                 }));
}

void Door::get_status(const Shared& in) {
  const auto id = path_id(in, "campaignId");
  if (!id) return;
  read(in, [id = *id, app = in->caller.app](store::Session& session) -> Result<Answer> {
    ASSIGN_OR_RETURN(const CampaignRow row, campaign_row(session, app, id));
    return render_status(id, row);
  });
}

// ---- reviewers

void Door::apply(const Shared& in) {
  const auto id = path_id(in, "campaignId");
  if (!id) return;
  auto reviewer = parse_apply(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&reviewer)) return refuse(in, issues_response(*issues));
  submit<Apply, Applied>(in, render_applied, CampaignId{*id}, std::move(std::get<std::string>(reviewer)));
}

void Door::set_apply(const Shared& in) {
  const auto id = path_id(in, "applyId");
  if (!id) return;
  const auto state = parse_apply_set(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&state)) return refuse(in, issues_response(*issues));
  submit<SetApply, ApplySet>(in, render_apply_set, ApplyId{*id}, std::get<ApplyState>(state));
}

void Door::write_review(const Shared& in) {
  const auto id = path_id(in, "applyId");
  if (!id) return;
  auto form = parse_review(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&form)) return refuse(in, issues_response(*issues));
  submit<WriteReview, ReviewWritten>(in, render_review_written, ApplyId{*id},
                                     std::move(std::get<ReviewForm>(form)));
}

void Door::judge_review(const Shared& in) {
  const auto id = path_id(in, "reviewId");
  if (!id) return;
  const auto state = parse_review_judge(in->request().body());
  if (const auto* issues = std::get_if<Issues>(&state)) return refuse(in, issues_response(*issues));
  submit<JudgeReview, ReviewJudged>(in, render_review_judged, ReviewId{*id}, std::get<ReviewState>(state));
}

}  // namespace jangbu::hub
