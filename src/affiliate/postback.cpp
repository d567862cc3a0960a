#include "affiliate/postback.h"

#include "base/invariant.h"
#include "base/json.h"
#include "crypto/digest.h"
#include "http/message.h"

namespace jangbu::affiliate {
namespace {

constexpr std::string_view template_name = "affiliate.postback";
constexpr std::size_t uniq_id_characters = 13;
// Korea has had no daylight saving since 1988, and no conversion is older.

enum class Form : std::uint8_t { text, number };
struct Member {
  std::string_view name;
  Form form;
};
/// In the order of the contract.
constexpr Member members[] = {{"day", Form::text},
                              {"time", Form::text},
                              {"merchant_id", Form::text},
                              {"order_code", Form::text},
                              {"product_code", Form::text},
                              {"product_name", Form::text},
                              {"category_code", Form::text},
                              {"item_count", Form::number},
                              {"price", Form::number},
                              {"commision", Form::number},
                              {"affiliate_id", Form::text},
                              {"affiliate_user_id", Form::text},
                              {"trlog_id", Form::number},
                              {"base_commission", Form::text},
                              {"incentive_commission", Form::text}};

delivery::Fields fields_of(const Postback& postback) {
  const std::string local = to_rfc3339(postback.at + korean_offset);  // "2026-05-25T11:27:19Z"
  delivery::Fields fields{
      {"day", local.substr(0, 4) + local.substr(5, 2) + local.substr(8, 2)},
      {"time", local.substr(11, 2) + local.substr(14, 2) + local.substr(17, 2)},
      {"merchant_id", postback.merchant_id},
      {"order_code", postback.order_code},
      {"product_code", postback.product_code},
      {"product_name", std::string(first_characters(postback.product_name, max_product_name_characters))},
      {"category_code", postback.category_code},
      {"item_count", std::to_string(postback.item_count)},
      {"price", postback.price.to_units_text()},
      {"commision", postback.commission.to_units_text()},
      {"affiliate_id", postback.affiliate_id},
      {"affiliate_user_id", postback.affiliate_user_id},
      {"trlog_id", std::to_string(postback.trlog_id)},
      {"base_commission", postback.base_commission},
      {"incentive_commission", postback.incentive_commission}};
  if (!postback.uniq_id.empty()) fields.emplace("uniq_id", postback.uniq_id);
  return fields;
}

delivery::Rendered render(const delivery::Fields& fields) {
  delivery::Rendered out;
  json::Writer json(out.text);
  json.begin_object();
  for (const Member& member : members) {
    const std::string_view value = delivery::field(fields, member.name);
    json.key(member.name);
    if (member.form == Form::number) {
      json.raw(value);
    } else {
      json.string(member.name == "product_name" ? http::percent_encode(value) : std::string(value));
    }
  }
  const std::string_view uniq_id = delivery::field(fields, "uniq_id");
  if (!uniq_id.empty()) json.key("uniq_id").string(uniq_id);
  json.end_object();
  return out;
}

bool continues_a_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }

}  // namespace

std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (std::size_t characters = 0; at < text.size(); ++at) {
    if (at != 0 && continues_a_character(text[at])) continue;
    if (characters == count) break;
    ++characters;
  }
  return text.substr(0, at);
}

std::string postback_json(const Postback& postback) { return render(fields_of(postback)).text; }

std::string uniq_id_of(std::string_view merchant_id, std::string_view order_code) {
  const std::string key = std::string(merchant_id) + "\n" + std::string(order_code);
  return to_hex(crypto::sha256(key).view()).substr(0, uniq_id_characters);
}

delivery::Webhook postback_webhook(const std::string& url, const Postback& postback, delivery::Retry retry) {
  delivery::Webhook webhook;
  webhook.url = url;
  webhook.body = {std::string(template_name), 1, fields_of(postback)};
  webhook.done = delivery::Done::any_2xx;
  webhook.signing = delivery::Signing::none;
  webhook.retry = retry;
  webhook.labels = {postback.merchant_id, postback.order_code, postback.affiliate_user_id};
  return webhook;
}

engine::OutboxEvent postback_event(const std::string& url, const Postback& postback, delivery::Retry retry) {
  return delivery::reward_event(postback.affiliate_id, "trlog:" + std::to_string(postback.trlog_id),
                                postback_topic, postback_webhook(url, postback, retry));
}

Postback sample_postback(std::string_view affiliate_id, bool with_uniq_id) {
  Postback sample;
  sample.at = Instant{1'593'570'439'000'000};  // 2020-07-01 11:27:19 in Seoul
  sample.merchant_id = "sample";
  sample.order_code = "test-order";
  sample.product_code = "test-product";
  sample.product_name = "테스트 상품";
  sample.category_code = "test";
  sample.item_count = 1;
  sample.price = Money::from_units(20000);
  sample.commission = Money::from_units(1800);
  sample.affiliate_id = affiliate_id;
  sample.affiliate_user_id = "test-user";
  sample.base_commission = "8%";
  sample.incentive_commission = "1%";
  if (with_uniq_id) sample.uniq_id = uniq_id_of(sample.merchant_id, sample.order_code);
  return sample;
}

void add_postback_template(delivery::Templates& templates) {
  templates.add(std::string(template_name), 1, render);
}

}  // namespace jangbu::affiliate
