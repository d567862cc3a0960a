#include "cli/setup.h"

#include <chrono>
#include <future>
#include <thread>

#include "base/json.h"
#include "cli/installation.h"
#include "engine/secrets.h"
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

}  // namespace

Result<SandboxCredentials> prepare_sandbox(engine::Engine& engine, purchase::State& state,
                                           purchase::Signers& signers, const purchase::ConfigBoard& board,
                                           Random& random) {
  for (int i = 0; i < follower_tries; ++i) {
    ASSIGN_OR_RETURN(auto known, load(engine));
    if (known) return std::move(*known);
    if (engine.is_writer()) {
      if (!board.current()->keys.empty())
        return Error(Errc::invalid_configuration,
                     "this book has access keys and is no sandbox's: serve it without --sandbox");
      return set_up(engine, state, signers, random);
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
  writer.key("purchase").begin_object().key("access_key").string(credentials.access_key);
  writer.key("shop_id").string(credentials.shop_id).key("signer").string(credentials.signer);
  writer.key("closed").begin_object().key("access_key").string(credentials.closed_access_key);
  writer.key("shop_id").string(credentials.closed_shop_id).end_object().end_object();
  writer.key("operator").begin_object().key("email").string(sandbox_operator);
  writer.key("password").string(credentials.operator_password).end_object().end_object();
  return write_file_atomically(directory + "/sandbox.json", out + "\n");
}

}  // namespace jangbu::cli
