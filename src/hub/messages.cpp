#include "hub/messages.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "delivery/events.h"
#include "delivery/mail_form.h"
#include "hub/wire.h"

namespace jangbu::hub {
namespace {

constexpr std::string_view invite_prefix = "hub/invite/";
constexpr std::string_view forgotten_prefix = "hub/forgotten/";
constexpr std::string_view app_prefix = "hub/app/";
constexpr std::string_view webhook_suffix = "/webhook";

constexpr std::ptrdiff_t korean_digits = 10;
constexpr std::ptrdiff_t min_foreign_digits = 4;  // of the shortest company numbers that states give out

using delivery::MailWords;
using delivery::Rendered;

std::string text_of(const delivery::Fields& fields, std::string_view name) {
  return std::string(delivery::field(fields, name));
}

/// An invitation into the portal. Fields: language, name, company, campaign (may be empty).
Rendered invitation(const delivery::Fields& fields) {
  MailWords words;
  words.link = delivery::secret_placeholder;
  const std::string name = text_of(fields, "name");
  const std::string company = text_of(fields, "company");
  const std::string campaign = text_of(fields, "campaign");
  words.korean = delivery::field(fields, "language") == "ko";
  if (words.korean) {
    words.subject = "[" + company + "] 파트너 포털에 초대합니다";
    words.greeting = name + "님, 안녕하세요.";
    words.body =
        campaign.empty()
            ? "파트너 포털에서 캠페인과 충전금을 확인하실 수 있습니다."
            : "‘" + campaign +
                  "’ 캠페인이 등록되었습니다. 비밀번호를 정하고 파트너 포털에서 진행 상황을 확인하세요.";
    words.action = "초대 수락하기";
    words.note = "이 링크는 24시간 동안 한 번만 사용할 수 있습니다.";
    return render_mail(words);
  }
  words.subject = "[" + company + "] Your invitation to the partner portal";
  words.greeting = "Hello " + name + ",";
  words.body = campaign.empty()
                   ? "In the partner portal you see your campaigns and your deposit."
                   : "Your campaign \"" + campaign +
                         "\" is registered. Choose a password and follow its progress in the partner portal.";
  words.action = "Accept the invitation";
  words.note = "The link works once, for 24 hours.";
  return render_mail(words);
}

/// The news of a campaign, for a manager who has a password. Fields: language, name, company, campaign, link.
Rendered campaign_news(const delivery::Fields& fields) {
  MailWords words;
  words.link = text_of(fields, "link");
  const std::string company = text_of(fields, "company");
  const std::string campaign = text_of(fields, "campaign");
  words.korean = delivery::field(fields, "language") == "ko";
  if (words.korean) {
    words.subject = "[" + company + "] 새 구매평 캠페인이 등록되었습니다";
    words.greeting = text_of(fields, "name") + "님, 안녕하세요.";
    words.body = "‘" + campaign + "’ 캠페인이 등록되었습니다. 파트너 포털에서 진행 상황을 확인하세요.";
    words.action = "파트너 포털 열기";
    return render_mail(words);
  }
  words.subject = "[" + company + "] Your new review campaign is registered";
  words.greeting = "Hello " + text_of(fields, "name") + ",";
  words.body = "Your campaign \"" + campaign + "\" is registered. Follow its progress in the partner portal.";
  words.action = "Open the partner portal";
  return render_mail(words);
}

/// Somebody asks for access to a brand's portal. Fields: language, name, company, campaign, email (of who
/// asks), link.
Rendered access_request(const delivery::Fields& fields) {
  MailWords words;
  words.link = text_of(fields, "link");
  const std::string company = text_of(fields, "company");
  const std::string campaign = text_of(fields, "campaign");
  const std::string email = text_of(fields, "email");
  words.korean = delivery::field(fields, "language") == "ko";
  if (words.korean) {
    words.subject = "[" + company + "] 파트너 포털 접근 요청";
    words.greeting = text_of(fields, "name") + "님, 안녕하세요.";
    words.body = email + " 주소로 ‘" + campaign +
                 "’ 캠페인이 등록되었고, 파트너 포털 접근을 요청합니다. 아는 분이면 포털에서 승인하세요. "
                 "승인하지 않으면 포털에 들어올 수 없습니다.";
    words.action = "파트너 포털 열기";
    return render_mail(words);
  }
  words.subject = "[" + company + "] A request for access to your partner portal";
  words.greeting = "Hello " + text_of(fields, "name") + ",";
  words.body =
      "The campaign \"" + campaign + "\" was registered with the address " + email +
      ", which asks for access to your partner portal. If you know them, let them in there. Until then "
      "they see nothing of it.";
  words.action = "Open the partner portal";
  return render_mail(words);
}

/// A request for access was declined. To whom it goes is not known to be of the brand, so that it names
/// nobody. Fields: language, company.
Rendered access_declined(const delivery::Fields& fields) {
  MailWords words;
  const std::string company = text_of(fields, "company");
  words.korean = delivery::field(fields, "language") == "ko";
  if (words.korean) {
    words.subject = "[" + company + "] 파트너 포털 접근 요청이 거절되었습니다";
    words.greeting = "안녕하세요.";
    words.body = "이 주소로 보낸 파트너 포털 접근 요청이 거절되었습니다. 등록된 캠페인은 그대로 진행됩니다.";
    words.note = "다음 캠페인을 이 주소로 등록하면 다시 요청됩니다.";
    return render_mail(words);
  }
  words.subject = "[" + company + "] Your request for access to the partner portal was declined";
  words.greeting = "Hello,";
  words.body =
      "The request for access to the partner portal that came from this address was declined. The campaign "
      "that was registered with it goes on.";
  words.note = "The next campaign that is registered with this address asks again.";
  return render_mail(words);
}

/// Access was withdrawn. To whom it goes has no part in the brand any more, so that it names nobody. Fields:
/// language, company.
Rendered access_withdrawn(const delivery::Fields& fields) {
  MailWords words;
  const std::string company = text_of(fields, "company");
  words.korean = delivery::field(fields, "language") == "ko";
  if (words.korean) {
    words.subject = "[" + company + "] 파트너 포털 접근 권한이 회수되었습니다";
    words.greeting = "안녕하세요.";
    words.body =
        "이 주소의 파트너 포털 접근 권한이 회수되어 더 이상 로그인할 수 없습니다. 등록된 캠페인은 그대로 "
        "진행됩니다.";
    words.note = "다음 캠페인을 이 주소로 등록하면 접근을 다시 요청합니다.";
    return render_mail(words);
  }
  words.subject = "[" + company + "] Your access to the partner portal has ended";
  words.greeting = "Hello,";
  words.body =
      "This address cannot sign in to the partner portal any more. The campaigns that were registered with "
      "it go on.";
  words.note = "The next campaign that is registered with this address asks for access again.";
  return render_mail(words);
}

/// The link to choose another password. It names nobody: anybody may type an address. Fields: language,
/// company.
Rendered password_forgotten(const delivery::Fields& fields) {
  MailWords words;
  words.link = delivery::secret_placeholder;
  const std::string company = text_of(fields, "company");
  words.korean = delivery::field(fields, "language") == "ko";
  if (words.korean) {
    words.subject = "[" + company + "] 파트너 포털 비밀번호 재설정";
    words.greeting = "안녕하세요.";
    words.body = "이 주소로 파트너 포털 비밀번호 재설정 요청을 받았습니다. 아래에서 새 비밀번호를 정하세요.";
    words.action = "새 비밀번호 정하기";
    words.note =
        "이 링크는 1시간 동안 한 번만 사용할 수 있습니다. 요청하지 않았다면 이 메일을 무시하세요. 지금 "
        "비밀번호는 그대로입니다.";
    return render_mail(words);
  }
  words.subject = "[" + company + "] Choose a new password for the partner portal";
  words.greeting = "Hello,";
  words.body = "Somebody asked for a new password for the partner portal with this address.";
  words.action = "Choose a new password";
  words.note =
      "The link works once, for one hour. If you did not ask for it, ignore this mail: your password stays "
      "as it is.";
  return render_mail(words);
}

/// The password was changed. Fields: language, company.
Rendered password_changed(const delivery::Fields& fields) {
  MailWords words;
  const std::string company = text_of(fields, "company");
  words.korean = delivery::field(fields, "language") == "ko";
  if (words.korean) {
    words.subject = "[" + company + "] 파트너 포털 비밀번호가 변경되었습니다";
    words.greeting = "안녕하세요.";
    words.body = "파트너 포털 비밀번호가 변경되었습니다. 다른 기기에서는 모두 로그아웃되었습니다.";
    words.note = "직접 변경하지 않았다면 포털의 로그인 화면에서 바로 비밀번호를 재설정하세요.";
    return render_mail(words);
  }
  words.subject = "[" + company + "] Your password for the partner portal was changed";
  words.greeting = "Hello,";
  words.body = "Your password for the partner portal was changed. All other devices were signed out.";
  words.note = "If it was not you, ask for a new password on the portal's sign-in page at once.";
  return render_mail(words);
}

/// The body of an order's webhook. Fields: type, timestamp, order_code, status, amount, currency; lead_ref
/// and metadata (JSON) where the order has them.
Rendered order_body(const delivery::Fields& fields) {
  Rendered out;
  json::Writer json(out.text);
  const auto of = [&fields](std::string_view name) { return delivery::field(fields, name); };
  json.begin_object().key("type").string(of("type")).key("timestamp").string(of("timestamp"));
  json.key("data").begin_object().key("orderCode").string(of("order_code"));
  json.key("status").string(of("status"));
  json.key("amount").raw(of("amount")).key("currency").string(of("currency"));
  if (!of("lead_ref").empty()) json.key("leadRef").string(of("lead_ref"));
  if (!of("metadata").empty()) json.key("metadata").raw(of("metadata"));
  json.end_object().end_object();
  return out;
}

/// Mail to whoever asked for access stands in an order of its own: an address that takes no mail must not
/// hold up what the brand is told.
std::string document_of(PartnerId partner_id, const PartnerRow& partner, const std::string& email) {
  const std::string id = std::to_string(partner_id);
  return email == partner.email ? "partner:" + id : "access:" + id + ":" + email;
}

}  // namespace

void add_templates(delivery::Templates& templates) {
  templates.add("hub.invitation", 1, &invitation);
  templates.add("hub.campaign", 1, &campaign_news);
  templates.add("hub.access", 1, &access_request);
  templates.add("hub.access_declined", 1, &access_declined);
  templates.add("hub.access_withdrawn", 1, &access_withdrawn);
  templates.add("hub.password_forgotten", 1, &password_forgotten);
  templates.add("hub.password_changed", 1, &password_changed);
  templates.add("hub.order", 1, &order_body);
}

bool identifies(std::string_view business_number, std::string_view country) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto digits = std::count_if(business_number.begin(), business_number.end(), is_digit);
  const auto zeros = std::count(business_number.begin(), business_number.end(), '0');
  if (digits == zeros) return false;
  // The wire has brought a Korean number of ten digits into its form already: "123-45-67890".
  if (country == "KR")
    return digits == korean_digits && business_number.size() == unknown_business_number.size() &&
           business_number[3] == '-' && business_number[6] == '-';
  return digits >= min_foreign_digits;
}

namespace {

/// 0 when the text is no number.
std::uint64_t number_from(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace

std::string webhook_secret(AppId app) {
  return std::string(app_prefix) + std::to_string(app) + std::string(webhook_suffix);
}

AppId app_of_webhook_secret(std::string_view name) {
  if (!name.starts_with(app_prefix) || !name.ends_with(webhook_suffix)) return 0;
  name.remove_prefix(app_prefix.size());
  name.remove_suffix(webhook_suffix.size());
  return number_from(name);
}

std::string invite_secret(InviteId invite) { return std::string(invite_prefix) + std::to_string(invite); }

InviteId invite_of_secret(std::string_view name) {
  if (!name.starts_with(invite_prefix)) return 0;
  return number_from(name.substr(invite_prefix.size()));
}

std::string forgotten_secret(InviteId invite) {
  return std::string(forgotten_prefix) + std::to_string(invite);
}

InviteId forgotten_of_secret(std::string_view name) {
  return name.starts_with(forgotten_prefix) ? number_from(name.substr(forgotten_prefix.size())) : 0;
}

engine::OutboxEvent order_event(const OrderCreated& created, const OrderRow& row, std::string_view topic,
                                Instant now) {
  delivery::Webhook webhook;
  webhook.url = created.order.webhook_url;
  webhook.secret = webhook_secret(created.keyed.app);
  delivery::Fields& fields = webhook.body.fields;
  webhook.body.name = "hub.order";
  fields["type"] = topic;
  fields["timestamp"] = to_rfc3339(now);
  fields["order_code"] = created.code;
  fields["status"] = order_status_name(row.status);
  fields["amount"] = created.order.amount.to_units_text();
  fields["currency"] = won;
  if (!created.order.lead_ref.empty()) fields["lead_ref"] = created.order.lead_ref;
  if (!created.order.metadata.empty()) fields["metadata"] = created.order.metadata;
  webhook.labels.order_code = created.code;
  return delivery::webhook_event(std::to_string(created.keyed.app), created.code, topic, webhook);
}

engine::OutboxEvent invite_mail(const InvitePart& invite, PartnerId partner_id, const PartnerRow& partner,
                                const std::string& email, const std::string& campaign_name) {
  delivery::Mail mail;
  mail.to = email;
  mail.name = delivery::one_line(partner.name);
  delivery::Fields& fields = mail.content.fields;
  fields["language"] = partner.country == "KR" ? "ko" : "en";
  fields["name"] = partner.name;
  fields["company"] = partner.company_name;
  fields["campaign"] = campaign_name;
  const bool is_invitation = invite.id != 0;
  mail.content.name = is_invitation ? "hub.invitation" : "hub.campaign";
  if (is_invitation) {
    mail.secret = invite_secret(invite.id);
  } else {
    fields["link"] = invite.link_base + std::string(portal_path);
  }
  return delivery::mail_event(document_of(partner_id, partner, email),
                              is_invitation ? "partner.invited" : "partner.campaign", mail);
}

engine::OutboxEvent access_mail(const Onboarded& onboarded, const PartnerRow& partner) {
  delivery::Mail mail;
  mail.to = partner.email;
  mail.name = delivery::one_line(partner.name);
  mail.content.name = "hub.access";
  delivery::Fields& fields = mail.content.fields;
  fields["language"] = partner.country == "KR" ? "ko" : "en";
  fields["name"] = partner.name;
  fields["company"] = partner.company_name;
  fields["campaign"] = onboarded.form.product_name;
  fields["email"] = onboarded.partner.form->email;
  fields["link"] = onboarded.invite.link_base + std::string(portal_path);
  return delivery::mail_event("partner:" + std::to_string(onboarded.partner.id), "partner.access_requested",
                              mail);
}

namespace {

/// To a manager's address, with the fields that every mail of the portal has.
delivery::Mail portal_mail(const PartnerRow& partner, const std::string& email, std::string_view name) {
  delivery::Mail mail;
  mail.to = email;
  mail.content.name = name;
  mail.content.fields["language"] = partner.country == "KR" ? "ko" : "en";
  mail.content.fields["company"] = partner.company_name;
  return mail;
}

}  // namespace

engine::OutboxEvent declined_mail(PartnerId partner_id, const PartnerRow& partner, const std::string& email) {
  return delivery::mail_event(document_of(partner_id, partner, email), "partner.access_declined",
                              portal_mail(partner, email, "hub.access_declined"));
}

engine::OutboxEvent withdrawn_mail(PartnerId partner_id, const PartnerRow& partner,
                                   const std::string& email) {
  return delivery::mail_event(document_of(partner_id, partner, email), "partner.access_withdrawn",
                              portal_mail(partner, email, "hub.access_withdrawn"));
}

engine::OutboxEvent forgotten_mail(InviteId invite, PartnerId partner_id, const PartnerRow& partner,
                                   const std::string& email) {
  delivery::Mail mail = portal_mail(partner, email, "hub.password_forgotten");
  mail.secret = forgotten_secret(invite);
  return delivery::mail_event(document_of(partner_id, partner, email), "partner.password_forgotten", mail);
}

engine::OutboxEvent password_mail(PartnerId partner_id, const PartnerRow& partner, const std::string& email) {
  return delivery::mail_event(document_of(partner_id, partner, email), "partner.password_changed",
                              portal_mail(partner, email, "hub.password_changed"));
}

}  // namespace jangbu::hub
