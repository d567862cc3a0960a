#include "payment/billing_keys.h"

#include "engine/secrets.h"

namespace jangbu::payment {
namespace {

std::string name_of(BillingKeyNumber number) { return "payment/billing_key/" + std::to_string(number); }

}  // namespace

Status BillingKeys::write(store::Session& session, BillingKeyNumber number,
                          const BillingSecret& secret) const {
  Bytes open;
  ByteWriter writer(open);
  writer.varint(number);
  writer.text(secret.key);
  writer.text(secret.customer_key);
  return engine::write_secret(session, name_of(number), master_.seal(open, random_));
}

Status BillingKeys::erase(store::Session& session, BillingKeyNumber number) {
  return engine::erase_secret(session, name_of(number));
}

Result<BillingSecret> BillingKeys::read(store::Session& session, BillingKeyNumber number) const {
  ASSIGN_OR_RETURN(const auto sealed, engine::find_secret(session, name_of(number)));
  if (!sealed) return Errc::card_not_kept;
  const Error broken(Errc::invalid_configuration, "a billing key does not open with this master key");
  const auto open = master_.open(*sealed);
  if (!open) return broken;
  ByteReader in(*open);
  const std::uint64_t of = in.varint();
  BillingSecret secret;
  secret.key = in.text();
  secret.customer_key = in.text();
  if (!in.finish() || of != number) return broken;
  return secret;
}

}  // namespace jangbu::payment
