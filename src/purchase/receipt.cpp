#include "purchase/receipt.h"

#include <charconv>

#include "base/json.h"
#include "purchase/blocks.h"
#include "purchase/transaction.h"

namespace jangbu::purchase {
namespace {

Error wrong(std::string what) { return Error(Errc::verification_failed, std::move(what)); }

/// Reads members of the receipt; remembers the first that is missing or of the wrong form.
class Reader {
 public:
  const json::Value& member(const json::Value& object, const char* name) {
    static const json::Value nothing;
    const json::Value* value = object.find(name);
    if (value == nullptr) fail(name);
    return value == nullptr ? nothing : *value;
  }
  std::string text(const json::Value& object, const char* name) {
    const json::Value& value = member(object, name);
    if (!value.is_string()) fail(name);
    return std::string(value.text);
  }
  std::uint64_t number(const json::Value& object, const char* name) {
    const json::Value& value = member(object, name);
    std::uint64_t parsed = 0;
    const auto [end, error] =
        std::from_chars(value.text.data(), value.text.data() + value.text.size(), parsed);
    if (error != std::errc() || end != value.text.data() + value.text.size()) fail(name);
    return parsed;
  }
  /// A member that says nothing new, but must not say anything else.
  void require(const json::Value& object, const char* name, std::uint64_t expected) {
    if (number(object, name) != expected) fail(name);
  }
  Money amount(const json::Value& object, const char* name) {
    const auto parsed = parse_decimal(member(object, name).text, 0, Exponent::refused);
    if (!parsed || parsed->is_negative()) fail(name);
    return parsed.value_or(Money());
  }
  Hash hash(std::string_view text, const char* name) {
    const auto bytes = from_hex_0x(text);
    const auto parsed = bytes ? Hash::from_bytes(*bytes) : Result<Hash>(bytes.error());
    if (!parsed) fail(name);
    return parsed.value_or(Hash());
  }
  crypto::Address address(const json::Value& object, const char* name) {
    const auto parsed = crypto::Address::from_text(text(object, name));
    if (!parsed) fail(name);
    return parsed.value_or(crypto::Address());
  }
  crypto::Signature signature(const json::Value& object) {
    const auto bytes = from_hex_0x(text(object, "signature"));
    const auto parsed =
        bytes ? crypto::Signature::from_bytes(*bytes) : Result<crypto::Signature>(bytes.error());
    if (!parsed) fail("signature");
    return parsed.value_or(crypto::Signature());
  }
  [[nodiscard]] Status status() const {
    return failed_.empty() ? Status()
                           : Status(wrong("the receipt's " + failed_ + " is missing or not of its form"));
  }

 private:
  void fail(const char* name) {
    if (failed_.empty()) failed_ = name;
  }
  std::string failed_;
};

NewTransaction read_transaction(Reader& reader, const json::Value& object) {
  NewTransaction tx;
  reader.require(object, "type", 0);
  tx.sequence = reader.number(object, "sequence");
  tx.purchase_id = reader.text(object, "purchaseId");
  tx.timestamp = reader.number(object, "timestamp");
  tx.total_amount = reader.amount(object, "totalAmount");
  tx.cash_amount = reader.amount(object, "cashAmount");
  tx.currency = reader.text(object, "currency");
  tx.shop_id = reader.text(object, "shopId");
  tx.user_account = reader.text(object, "userAccount");
  tx.user_phone_hash = reader.hash(reader.text(object, "userPhoneHash"), "userPhoneHash");
  tx.signer = reader.address(object, "signer");
  const json::Value& details = reader.member(object, "details");
  for (std::uint32_t i = 0; details.kind == json::Kind::array && i < details.size; ++i)
    tx.details.push_back({reader.text(details.items[i], "productId"),
                          reader.amount(details.items[i], "amount"),
                          reader.number(details.items[i], "providePercent")});
  return tx;
}

Status check_signer(const Hash& hash, const crypto::Signature& signature, const crypto::Address& signer,
                    const char* of) {
  const auto recovered = crypto::recover_personal(hash, signature);
  if (!recovered || *recovered != signer)
    return wrong(std::string("the signature of the ") + of + " is not its signer's");
  return {};
}

}  // namespace

Result<VerifiedReceipt> verify_receipt(std::string_view text) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(text));
  const json::Value* data = document.root().find("data");
  const json::Value& receipt = data == nullptr ? document.root() : *data;
  Reader reader;
  const json::Value& tx_json = reader.member(receipt, "tx");
  const NewTransaction tx = read_transaction(reader, tx_json);
  const crypto::Signature tx_signature = reader.signature(tx_json);
  const Hash tx_hash = reader.hash(reader.text(receipt, "txHash"), "txHash");
  const json::Value& proof = reader.member(receipt, "proof");
  const std::uint64_t index = reader.number(proof, "index");
  const json::Value& path_json = reader.member(proof, "path");
  std::vector<Hash> path;
  for (std::uint32_t i = 0; path_json.kind == json::Kind::array && i < path_json.size; ++i)
    path.push_back(reader.hash(path_json.items[i].text, "path"));
  const json::Value& header_json = reader.member(receipt, "header");
  BlockHeader header;
  header.previous = reader.hash(reader.text(header_json, "prevBlock"), "prevBlock");
  header.merkle_root = reader.hash(reader.text(header_json, "merkleRoot"), "merkleRoot");
  header.height = reader.number(header_json, "height");
  header.timestamp = reader.number(header_json, "timestamp");
  const Hash header_hash = reader.hash(reader.text(header_json, "hash"), "hash");
  const crypto::Address block_signer = reader.address(header_json, "signer");
  const crypto::Signature header_signature = reader.signature(header_json);
  RETURN_IF_ERROR(reader.status());

  const std::string signer_text = tx.signer.to_checksum_text();
  if (transaction_hash(tx, signer_text) != tx_hash)
    return wrong("the transaction's hash is not that of its content");
  RETURN_IF_ERROR(check_signer(tx_hash, tx_signature, tx.signer, "transaction"));
  if (path.empty() || path.size() > 32 || index >= (std::uint64_t{1} << path.size()))
    return wrong("the proof's path does not fit its index");
  if (merkle_root_of_path(tx_hash, index, path) != header.merkle_root)
    return wrong("the path does not lead to the block's Merkle root");
  if (header.hash() != header_hash) return wrong("the header's hash is not that of its content");
  RETURN_IF_ERROR(check_signer(header_hash, header_signature, block_signer, "block"));
  return VerifiedReceipt{tx.purchase_id, signer_text, block_signer.to_checksum_text(), header.height, index};
}

}  // namespace jangbu::purchase
