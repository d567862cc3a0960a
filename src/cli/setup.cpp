#include "cli/setup.h"

#include <chrono>
#include <future>
#include <thread>

#include "affiliate/admin.h"
#include "affiliate/admin_wire.h"
#include "affiliate/configure.h"
#include "base/json.h"
#include "cli/installation.h"
#include "console/decide.h"
#include "console/queries.h"
#include "crypto/digest.h"
#include "crypto/secret.h"
#include "engine/secrets.h"
#include "hub/decide.h"
#include "invoice/decide.h"
#include "purchase/admin.h"
#include "purchase/configure.h"

namespace jangbu::cli {
namespace {

using purchase::Configured;

constexpr std::string_view secret_name = "sandbox";
constexpr std::string_view example_shop =
    "0x04ef11be936f49f6388dd20d062e43170fd7ce9e968e51426317e284b9309361";
constexpr std::string_view closed_shop = "0x5f59d6b480ff5a30044dcd7fe3b28c69b6d0d725ca469d1b685b57dfc1055d70";
constexpr std::uint64_t default_waiting_s = 7 * 86'400;
constexpr int follower_tries = 150;
constexpr auto follower_pause = std::chrono::milliseconds(100);

std::string to_json(const SandboxCredentials& credentials) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object()
      .key("access_key")
      .string(credentials.access_key)
      .key("shop_id")
      .string(credentials.shop_id);
  writer.key("signer").string(credentials.signer);
  writer.key("closed_access_key").string(credentials.closed_access_key);
  writer.key("closed_shop_id").string(credentials.closed_shop_id);
  writer.key("operator_password").string(credentials.operator_password).end_object();
  return out;
}

Result<SandboxCredentials> from_json(std::string_view text) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(text));
  SandboxCredentials credentials;
  const auto member = [&](const char* name) {
    const json::Value* value = document.root().find(name);
    return value == nullptr ? std::string() : std::string(value->text);
  };
  credentials.access_key = member("access_key");
  credentials.shop_id = member("shop_id");
  credentials.signer = member("signer");
  credentials.closed_access_key = member("closed_access_key");
  credentials.closed_shop_id = member("closed_shop_id");
  credentials.operator_password = member("operator_password");
  return credentials;
}

Result<std::optional<SandboxCredentials>> load(engine::Engine& engine) {
  std::promise<Result<std::optional<SandboxCredentials>>> promise;
  engine.read(
      [&](store::Session& session) {
        std::optional<Result<SandboxCredentials>> found;
        const Status status = engine::each_secret(
            session, secret_name, [&](std::string_view, ByteView text) { found = from_json(text); });
        if (!status) return promise.set_value(status.error());
        if (found && !*found) return promise.set_value(found->error());
        promise.set_value(found ? std::optional(std::move(**found)) : std::nullopt);
      },
      [&](const Error& error) { promise.set_value(error); });
  return promise.get_future().get();
}

/// Submits a change and waits for it.
template <typename Make>
Result<std::uint64_t> configure(engine::Engine& engine, Make make) {
  std::promise<Result<std::uint64_t>> promise;
  RETURN_IF_ERROR(engine.submit(make([&](Result<std::uint64_t> id) { promise.set_value(std::move(id)); })));
  return promise.get_future().get();
}

/// The last change of the set-up keeps the credentials beside it: they are there exactly when all is done.
class FinishSetup final : public purchase::Configure {
 public:
  FinishSetup(purchase::State& state, const purchase::Signers& signers, purchase::SettingsSet settings,
              std::string credentials, Configured done)
      : Configure(state, std::move(done)),
        signers_(signers),
        settings_(settings),
        credentials_(std::move(credentials)) {}
  engine::Decision decide(engine::Unit&) override {
    return engine::Accept{purchase::settings_kind, purchase::encode(settings_)};
  }
  Status write_beside(store::Session& session) override {
    RETURN_IF_ERROR(signers_.write(session, settings_.block_signer));
    return engine::write_secret(session, secret_name, credentials_);
  }

 private:
  const purchase::Signers& signers_;
  purchase::SettingsSet settings_;
  std::string credentials_;
};

/// A holder with one key and one shop; the key.
Result<std::string> set_up_holder(engine::Engine& engine, purchase::State& state, purchase::Signers& signers,
                                  Random& random, const crypto::Signer& signer, const char* system,
                                  bool open_registration, std::string_view shop_id) {
  purchase::HolderSet holder;
  holder.system = system;
  holder.currency = "krw";
  holder.waiting_s = default_waiting_s;
  holder.signer = signer.address();
  holder.open_registration = open_registration;
  ASSIGN_OR_RETURN(const std::uint64_t holder_id, configure(engine, [&](Configured done) {
                     return std::make_unique<purchase::SetHolder>(state, signers, holder, std::move(done));
                   }));
  std::string access_key = purchase::new_access_key(random);
  const purchase::KeySet key{purchase::access_key_digest(access_key), holder_id, false, system};
  RETURN_IF_ERROR(configure(engine, [&](Configured done) {
    return std::make_unique<purchase::SetKey>(state, key, std::move(done));
  }));
  const purchase::ShopSet shop{std::string(shop_id), holder_id, true, {}};
  RETURN_IF_ERROR(configure(engine, [&](Configured done) {
    return std::make_unique<purchase::SetShop>(state, shop, std::move(done));
  }));
  return access_key;
}

Result<SandboxCredentials> set_up(engine::Engine& engine, purchase::State& state, purchase::Signers& signers,
                                  Random& random) {
  const auto signer = signers.generate();
  SandboxCredentials credentials;
  credentials.shop_id = example_shop;
  credentials.closed_shop_id = closed_shop;
  credentials.signer = signer->address_text();
  credentials.operator_password = to_hex(random.bytes(12));

  ASSIGN_OR_RETURN(credentials.access_key,
                   set_up_holder(engine, state, signers, random, *signer, "sandbox", true, example_shop));
  ASSIGN_OR_RETURN(credentials.closed_access_key, set_up_holder(engine, state, signers, random, *signer,
                                                                "sandbox-closed", false, closed_shop));
  for (const auto& [code, points] :
       {std::pair{"krw", "1"}, {"point", "1"}, {"usd", "1330"}, {"the9", "100"}, {"token", "100"}}) {
    ASSIGN_OR_RETURN(const Money points_per_unit,
                     parse_decimal(points, purchase::amount_scale, Exponent::refused));
    const purchase::RateSet rate{code, points_per_unit};
    RETURN_IF_ERROR(configure(engine, [&](Configured done) {
      return std::make_unique<purchase::SetRate>(state, rate, std::move(done));
    }));
  }
  const purchase::SettingsSet settings{signer->address()};
  RETURN_IF_ERROR(configure(engine, [&](Configured done) {
    return std::make_unique<FinishSetup>(state, signers, settings, to_json(credentials), std::move(done));
  }));
  return credentials;
}

/// The apps of the sandbox are the first two of its book.
constexpr hub::AppId sales_app = 1;
constexpr hub::AppId reviewer_app = 2;

Status issue_app(const SandboxParts& parts, hub::AppId id, std::string_view code, hub::Scope scope) {
  if (parts.apps.current()->find(id) != nullptr) return {};
  hub::AppSet app;
  app.id = id;
  app.code = code;
  app.label = "sandbox";
  app.scope = scope;
  app.secrets = {{1, {}}};
  parts.app_secrets.generate(id, 1);
  parts.app_secrets.generate_webhook_key(id);
  std::promise<Status> promise;
  RETURN_IF_ERROR(parts.engine.submit(std::make_unique<hub::SetApp>(
      parts.hub, std::move(app), parts.app_secrets, [](const hub::AppSet&) { return hub::Answer{}; },
      [&](std::variant<hub::SetApp::Done, hub::Refused> outcome) {
        const auto* refused = std::get_if<hub::Refused>(&outcome);
        promise.set_value(refused == nullptr ? Status() : Status(refused->error));
      })));
  return promise.get_future().get();
}

/// The seller of the sandbox is the first of its book.
constexpr invoice::AppId sandbox_seller = 1;

/// Its keys are made of the operator's password, which the book keeps: they are the same after a restart and
/// on every node, and rest nowhere else.
std::string seller_key(const SandboxCredentials& credentials, std::string_view which) {
  return to_hex(crypto::hmac_sha256(credentials.operator_password, which).view());
}

void derive_seller_keys(SandboxCredentials& credentials) {
  constexpr std::size_t client_key_digits = 32;
  credentials.invoice_client_key = seller_key(credentials, "invoice client key").substr(0, client_key_digits);
  credentials.invoice_secret_key = seller_key(credentials, "invoice secret key");
}

Status issue_seller(const SandboxParts& parts, const SandboxCredentials& credentials) {
  if (parts.invoice_apps.current()->find(sandbox_seller) != nullptr) return {};
  invoice::AppSet app;
  app.id = sandbox_seller;
  app.client_key = credentials.invoice_client_key;
  app.name = "Sandbox";
  app.secrets = {{1, crypto::sha256(credentials.invoice_secret_key), {}}};
  parts.invoice_keys.generate(sandbox_seller);
  std::promise<Status> promise;
  RETURN_IF_ERROR(parts.engine.submit(std::make_unique<invoice::SetApp>(
      parts.invoice, std::move(app), parts.invoice_keys,
      [](const invoice::AppSet&) { return invoice::Answer{}; },
      [&](std::variant<invoice::SetApp::Done, invoice::Refused> outcome) {
        const auto* refused = std::get_if<invoice::Refused>(&outcome);
        promise.set_value(refused == nullptr ? Status() : Status(refused->error));
      })));
  return promise.get_future().get();
}

/// The merchant, its programme and the site of the sandbox are the first of its book.
constexpr std::uint64_t sandbox_first = 1;

/// The site's key is made of the operator's password, as the seller's are.
void derive_affiliate_key(SandboxCredentials& credentials) {
  credentials.affiliate_auth_key =
      seller_key(credentials, "affiliate auth key").substr(0, affiliate::auth_key_characters);
}

/// Submits a change of the affiliate door and waits for it.
template <typename Command, typename Set>
Status set_affiliate(const SandboxParts& parts, Set set) {
  std::promise<Status> promise;
  RETURN_IF_ERROR(parts.engine.submit(std::make_unique<Command>(
      parts.affiliate, std::move(set), [](const Set&) { return door::Answer(); },
      [&](auto outcome) {
        const auto* refused = std::get_if<affiliate::Refused>(&outcome);
        promise.set_value(refused == nullptr ? Status() : Status(refused->error));
      })));
  return promise.get_future().get();
}

Status issue_affiliate(const SandboxParts& parts, const SandboxCredentials& credentials) {
  const auto config = parts.affiliate_board.current();
  if (config->merchant(sandbox_merchant) == nullptr) {
    affiliate::MerchantSet merchant;
    merchant.id = sandbox_merchant;
    merchant.name = "Sandbox";
    merchant.hosts = {"sandshop.example"};
    merchant.gateway_template = "https://sandshop.example/gate?lpinfo={lpinfo}&url={url}&rd={rd}";
    merchant.home_url = "https://sandshop.example/";
    merchant.deeplinks = true;
    merchant.return_days = 30;
    RETURN_IF_ERROR(set_affiliate<affiliate::SetMerchant>(parts, std::move(merchant)));
  }
  if (config->program(sandbox_first) == nullptr) {
    affiliate::ProgramSet program;
    program.merchant = sandbox_first;
    program.code = "0000";
    program.name = "Sandbox sales";
    program.window_days = affiliate::default_window_days;
    ASSIGN_OR_RETURN(program.base, affiliate::parse_rate("8%"));
    ASSIGN_OR_RETURN(program.incentive, affiliate::parse_rate("1%"));
    RETURN_IF_ERROR(set_affiliate<affiliate::SetProgram>(parts, std::move(program)));
  }
  if (config->affiliate(sandbox_first) != nullptr) return {};
  affiliate::AffiliateSet site;
  site.name = "Sandbox";
  site.site_name = "sandbox blog";
  site.key_digest = crypto::sha256(credentials.affiliate_auth_key);
  return set_affiliate<affiliate::SetAffiliate>(parts, std::move(site));
}

/// The operator of the sandbox is an owner. Their account stays as people leave it.
Status make_owner(const SandboxParts& parts, const SandboxCredentials& credentials) {
  std::promise<Result<console::OperatorSet>> known;
  parts.engine.read(
      [&](store::Session& session) { known.set_value(console::find_operator(session, sandbox_operator)); },
      [&](const Error& error) { known.set_value(error); });
  const auto found = known.get_future().get();
  if (found) return {};
  if (found.error().code != Errc::not_found) return found.error();
  std::promise<Status> promise;
  RETURN_IF_ERROR(parts.engine.submit(std::make_unique<console::SetOperator>(
      parts.console, 0,
      [&](console::OperatorSet& set) {
        set.email = sandbox_operator;
        set.name = "Sandbox";
        set.role = console::Role::owner;
        set.password_hash = crypto::hash_password(credentials.operator_password);
        return Status();
      },
      [&](const Result<console::OperatorSet>& made) {
        promise.set_value(made ? Status() : Status(made.error()));
      })));
  return promise.get_future().get();
}

/// The secrets of the apps, as the database has them; not_found while the writer has not issued them.
Status read_app_secrets(const SandboxParts& parts, SandboxCredentials& credentials) {
  std::promise<Status> promise;
  parts.engine.read(
      [&](store::Session& session) {
        const Status hub = parts.app_secrets.load(session);
        promise.set_value(hub ? parts.invoice_keys.load(session) : hub);
      },
      [&](const Error& error) { promise.set_value(error); });
  RETURN_IF_ERROR(promise.get_future().get());
  const auto sales = parts.app_secrets.find(sales_app, 1);
  const auto reviewer = parts.app_secrets.find(reviewer_app, 1);
  const auto webhook = parts.app_secrets.webhook_key(sales_app);
  const auto invoice_webhook = parts.invoice_keys.find(sandbox_seller);
  if (!sales || !reviewer || !webhook || !invoice_webhook) return Errc::not_found;
  credentials.hub_secret = *sales;
  credentials.hub_webhook_secret = *webhook;
  credentials.reviewer_secret = *reviewer;
  credentials.invoice_webhook_secret = *invoice_webhook;
  return {};
}

}  // namespace

Result<SandboxCredentials> prepare_sandbox(const SandboxParts& parts) {
  for (int i = 0; i < follower_tries; ++i) {
    ASSIGN_OR_RETURN(auto known, load(parts.engine));
    const bool writes = parts.engine.is_writer();
    if (!known && writes) {
      if (!parts.board.current()->keys.empty())
        return Error(Errc::invalid_configuration,
                     "this book has access keys and is no sandbox's: serve it without --sandbox");
      ASSIGN_OR_RETURN(known, set_up(parts.engine, parts.purchase, parts.signers, parts.random));
    }
    if (known) derive_seller_keys(*known);
    if (known) derive_affiliate_key(*known);
    if (known && writes) {
      RETURN_IF_ERROR(issue_seller(parts, *known));
      RETURN_IF_ERROR(issue_affiliate(parts, *known));
      RETURN_IF_ERROR(issue_app(parts, sales_app, sandbox_sales_code, hub::Scope::sales));
      RETURN_IF_ERROR(issue_app(parts, reviewer_app, sandbox_reviewer_code, hub::Scope::reviewer));
      RETURN_IF_ERROR(make_owner(parts, *known));
    }
    if (known) {
      const Status read = read_app_secrets(parts, *known);
      if (read) return std::move(*known);
      if (read.error().code != Errc::not_found) return read.error();
    }
    std::this_thread::sleep_for(follower_pause);
  }
  return Error(Errc::database_unavailable, "the writer has not set up the sandbox");
}

Status ensure_block_signer(engine::Engine& engine, purchase::State& state, purchase::Signers& signers,
                           const purchase::ConfigBoard& board) {
  if (board.current()->settings.block_signer != crypto::Address()) return {};
  const purchase::SettingsSet settings{signers.generate()->address()};
  const auto done = configure(engine, [&](Configured configured) {
    return std::make_unique<purchase::SetSettings>(state, signers, settings, std::move(configured));
  });
  return done ? Status() : Status(done.error());
}

Status write_sandbox_file(const std::string& directory, const std::string& base_url,
                          const SandboxCredentials& credentials) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("base_url").string(base_url);
  writer.key("hub").begin_object().key("service_code").string(sandbox_sales_code);
  writer.key("shared_secret").string(credentials.hub_secret);
  writer.key("webhook_secret").string(credentials.hub_webhook_secret).end_object();
  writer.key("reviewer").begin_object().key("service_code").string(sandbox_reviewer_code);
  writer.key("shared_secret").string(credentials.reviewer_secret).end_object();
  writer.key("invoice").begin_object().key("client_key").string(credentials.invoice_client_key);
  writer.key("secret_key").string(credentials.invoice_secret_key);
  writer.key("webhook_secret").string(credentials.invoice_webhook_secret).end_object();
  writer.key("affiliate").begin_object().key("merchant_id").string(sandbox_merchant);
  writer.key("affiliate_id").string(affiliate::affiliate_id(sandbox_first));
  writer.key("auth_key").string(credentials.affiliate_auth_key).end_object();
  writer.key("purchase").begin_object().key("access_key").string(credentials.access_key);
  writer.key("shop_id").string(credentials.shop_id).key("signer").string(credentials.signer);
  writer.key("closed").begin_object().key("access_key").string(credentials.closed_access_key);
  writer.key("shop_id").string(credentials.closed_shop_id).end_object().end_object();
  writer.key("operator").begin_object().key("email").string(sandbox_operator);
  writer.key("password").string(credentials.operator_password).end_object().end_object();
  return write_file_atomically(directory + "/sandbox.json", out + "\n");
}

}  // namespace jangbu::cli
