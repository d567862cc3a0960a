#include "hub/apps.h"

#include <utility>

namespace jangbu::hub {
namespace {

constexpr std::string_view name_prefix = "hub/app/";
constexpr std::size_t secret_bytes = 32;

/// What the names of all secrets of an app begin with.
std::string names_of(AppId app) {
  std::string name(name_prefix);
  return name.append(std::to_string(app)).append("/");
}

std::string secret_name(AppId app, std::uint64_t number) { return names_of(app) + std::to_string(number); }
std::string webhook_name(AppId app) { return names_of(app) + "webhook"; }

}  // namespace

AppSecrets::AppSecrets(const crypto::MasterKey& master, Random& random)
    : secrets_(std::string(name_prefix), master, random), random_(random) {}

std::string AppSecrets::generate(AppId app, std::uint64_t number) {
  std::string secret = to_hex(random_.bytes(secret_bytes));
  secrets_.keep(secret_name(app, number), secret);
  return secret;
}

std::string AppSecrets::generate_webhook_key(AppId app) {
  std::string key = "whsec_" + to_hex(random_.bytes(secret_bytes));
  secrets_.keep(webhook_name(app), key);
  return key;
}

Status AppSecrets::write(store::Session& session, AppId app) const {
  return secrets_.write(session, names_of(app));
}

std::optional<std::string> AppSecrets::find(AppId app, std::uint64_t number) const {
  return secrets_.find(secret_name(app, number));
}

std::optional<std::string> AppSecrets::webhook_key(AppId app) const {
  return secrets_.find(webhook_name(app));
}

}  // namespace jangbu::hub
