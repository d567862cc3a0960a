#include "purchase/render.h"

namespace jangbu::purchase {
namespace {

crypto::Signature signature_of(const engine::Record& record) {
  const auto signature = crypto::Signature::from_bytes(record.seal);
  INVARIANT(signature.ok(), "a recorded transaction is signed");
  return *signature;
}

std::string tx_json(const engine::Record& record, const Recorded& purchase) {
  std::string out;
  render_tx(purchase.tx, purchase.tx.signer.to_checksum_text(), signature_of(record), out);
  return out;
}

}  // namespace

void render_purchase(json::Writer& writer, const engine::Record& record, const Recorded& purchase,
                     PurchaseStatus status, const engine::Record* cancel) {
  std::string loyalty;
  render_loyalty(purchase.loyalty, loyalty);
  writer.begin_object().key("tx").raw(tx_json(record, purchase)).key("loyalty").raw(loyalty);
  writer.key("status").string(status_name(status));
  writer.key("recordedAt").string(to_rfc3339(record.recorded_at));
  writer.key("waiting").unsigned_number(purchase.waiting_s);
  if (cancel == nullptr) return;
  const auto cancelled = decode<Cancelled>(cancel->payload);
  INVARIANT(cancelled.ok(), "a recorded cancel reads back");
  std::string tx;
  render_tx(cancelled->tx, cancelled->tx.signer.to_checksum_text(), signature_of(*cancel), tx);
  writer.key("cancel").begin_object().key("tx").raw(tx).end_object();
}

void render_header(json::Writer& writer, const StoredBlock& block) {
  const BlockHeader& header = block.block.header;
  writer.begin_object();
  writer.key("prevBlock").string(to_hex_0x(header.previous.view()));
  writer.key("merkleRoot").string(to_hex_0x(header.merkle_root.view()));
  writer.key("height").string(std::to_string(header.height));
  writer.key("timestamp").string(std::to_string(header.timestamp));
  writer.key("hash").string(to_hex_0x(block.hash.view()));
  writer.key("signer").string(block.block.signer.to_checksum_text());
  writer.key("signature").string(to_hex_0x(block.signature.view()));
  writer.end_object();
}

void render_receipt(json::Writer& writer, const engine::Record& record, const Recorded& purchase,
                    const Hash& leaf, std::uint64_t index, const std::vector<Hash>& path,
                    const StoredBlock& block) {
  writer.begin_object().key("tx").raw(tx_json(record, purchase));
  writer.key("txHash").string(to_hex_0x(leaf.view()));
  writer.key("proof").begin_object().key("index").unsigned_number(index).key("path").begin_array();
  for (const Hash& sibling : path) writer.string(to_hex_0x(sibling.view()));
  writer.end_array().end_object().key("header");
  render_header(writer, block);
  writer.end_object();
}

}  // namespace jangbu::purchase
