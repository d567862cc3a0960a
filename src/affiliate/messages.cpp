#include "affiliate/messages.h"

#include "affiliate/postback.h"
#include "affiliate/site_json.h"
#include "delivery/mail_form.h"

namespace jangbu::affiliate {
namespace {

/// Fields: language, affiliate (its id), bank, account (masked).
delivery::Rendered bank_account_changed(const delivery::Fields& fields) {
  const auto of = [&fields](std::string_view name) { return std::string(delivery::field(fields, name)); };
  delivery::MailWords words;
  words.korean = of("language") == "ko";
  if (words.korean) {
    words.subject = "[" + of("affiliate") + "] 지급 계좌가 변경되었습니다";
    words.greeting = "안녕하세요.";
    words.body = "지급 계좌가 " + of("bank") + " " + of("account") +
                 " 계좌로 변경되었습니다. 다음 지급부터 이 계좌로 보냅니다.";
    words.note = "직접 변경하지 않았다면 다음 지급 전에 알려 주시고 인증키를 다시 발급받으세요.";
    return render_mail(words);
  }
  words.subject = "[" + of("affiliate") + "] Your account for payouts was changed";
  words.greeting = "Hello,";
  words.body = "Payouts go to " + of("bank") + " " + of("account") + " from now on.";
  words.note = "If it was not you, tell us before the next payout, and ask for another key.";
  return render_mail(words);
}

}  // namespace

void add_mail_templates(delivery::Templates& templates) {
  templates.add("affiliate.bank_account", 1, &bank_account_changed);
}

delivery::Mail bank_account_notice(const AffiliateSet& affiliate, const BankAccountSet& account) {
  delivery::Mail mail;
  mail.to = affiliate.email;
  mail.content.name = "affiliate.bank_account";
  mail.content.fields = {{"language", "ko"},
                         {"affiliate", affiliate_id(affiliate.number)},
                         {"bank", account.bank},
                         {"account", masked_account(account.account)}};
  return mail;
}

engine::OutboxEvent bank_account_mail(const AffiliateSet& affiliate, const BankAccountSet& account) {
  return delivery::mail_event("affiliate:" + affiliate_id(affiliate.number), "affiliate.bank_account",
                              bank_account_notice(affiliate, account));
}

std::optional<engine::OutboxEvent> conversion_event(const Config& config, const ConversionsTaken& order,
                                                    const ConversionPart& part, const Amounts& now) {
  const AffiliateSet& affiliate = *config.affiliate(order.affiliate);
  if (affiliate.reward.status != RewardStatus::approved || part.status != ConversionStatus::normal)
    return std::nullopt;
  const MerchantSet& merchant = *config.merchant(order.merchant);
  Postback postback;
  postback.at = part.happened_at;
  postback.merchant_id = merchant.id;
  postback.order_code = order.order_code;
  postback.product_code = part.product_code;
  postback.product_name = part.product_name;
  postback.category_code = part.category_code;
  const auto count = static_cast<std::int64_t>(now.quantity);
  postback.item_count = part.corrects == 0 ? count : -count;
  postback.price = now.price;
  postback.commission = now.commission();
  postback.affiliate_id = affiliate_id(order.affiliate);
  postback.affiliate_user_id = order.u_id;
  postback.trlog_id = trlog_id(part.number);
  postback.base_commission = rate_text(part.base);
  postback.incentive_commission = rate_text(part.incentive);
  if (affiliate.reward.uniq_id) postback.uniq_id = uniq_id_of(merchant.id, order.order_code);
  return postback_event(affiliate.reward.url, postback);
}

std::optional<std::string> withdrawn_postback(const Config& config, const engine::OutboxEvent& event) {
  if (event.topic != postback_topic || !event.destination.starts_with(postback_destination))
    return std::nullopt;
  const AffiliateSet* affiliate = config.affiliate(event.destination.substr(postback_destination.size()));
  if (affiliate == nullptr || affiliate->reward.status == RewardStatus::approved) return std::nullopt;
  return "not sent: the rewards of " + affiliate_id(affiliate->number) + " are not approved";
}

}  // namespace jangbu::affiliate
