#include "invoice/apps.h"

#include <charconv>
#include <utility>

namespace jangbu::invoice {
namespace {

constexpr std::string_view name_prefix = "invoice/app/";
constexpr std::string_view webhook_suffix = "/webhook";
constexpr std::size_t client_key_bytes = 16;
constexpr std::size_t secret_key_bytes = 32;

}  // namespace

std::string new_client_key(Random& random) { return to_hex(random.bytes(client_key_bytes)); }
std::string new_secret_key(Random& random) { return to_hex(random.bytes(secret_key_bytes)); }

WebhookKeys::WebhookKeys(const crypto::MasterKey& master, Random& random)
    : secrets_(std::string(name_prefix), master, random), random_(random) {}

std::string WebhookKeys::generate(AppId app) {
  std::string key = "whsec_" + to_hex(random_.bytes(secret_key_bytes));
  secrets_.keep(webhook_secret(app), key);
  return key;
}

Status WebhookKeys::write(store::Session& session, AppId app) const {
  return secrets_.write(session, webhook_secret(app));
}

std::optional<std::string> WebhookKeys::find(AppId app) const { return secrets_.find(webhook_secret(app)); }

std::string webhook_secret(AppId app) {
  return std::string(name_prefix) + std::to_string(app) + std::string(webhook_suffix);
}

AppId app_of_webhook_secret(std::string_view name) {
  if (!name.starts_with(name_prefix) || !name.ends_with(webhook_suffix)) return 0;
  name.remove_prefix(name_prefix.size());
  name.remove_suffix(webhook_suffix.size());
  AppId app = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), app);
  return error == std::errc() && end == name.data() + name.size() ? app : 0;
}

}  // namespace jangbu::invoice
