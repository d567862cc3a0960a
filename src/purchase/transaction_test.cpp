#include "purchase/transaction.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/digest.h"
#include "purchase/wire_test_data.h"

namespace jangbu::purchase {
namespace {

NewTransaction example() {
  static const json::Document vectors = read_json("purchase_signatures.json");
  return new_transaction(*vectors.root().find("vectors")->items[0].find("tx"));
}

TEST(SignedBytes, MatchThePublishedSignatures) {
  const json::Document document = read_json("purchase_signatures.json");
  const json::Value& vectors = *document.root().find("vectors");
  ASSERT_EQ(vectors.size, 4u);
  for (std::uint32_t i = 0; i < vectors.size; ++i) {
    const json::Value& tx = *vectors.items[i].find("tx");
    const std::string signer = text_of(tx, "signer");
    Bytes bytes;
    Hash hash;
    if (text_of(tx, "type") == "0") {
      append_signed_bytes(new_transaction(tx), signer, bytes);
      hash = transaction_hash(new_transaction(tx), signer);
    } else {
      append_signed_bytes(cancel_transaction(tx), signer, bytes);
      hash = transaction_hash(cancel_transaction(tx), signer);
    }
    EXPECT_EQ(to_hex_0x(bytes), text_of(vectors.items[i], "encoding"));
    EXPECT_EQ(to_hex_0x(hash.view()), text_of(vectors.items[i], "hash"));
    const auto signature = fixed_from_hex<crypto::Signature>(text_of(tx, "signature"));
    const auto recovered = crypto::recover_personal(hash, signature);
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(recovered->to_checksum_text(), signer);
  }
}

TEST(SignedBytes, AreSignedInTheSameFormat) {
  SystemRandom random;
  Bytes private_key;
  const auto signer = crypto::Signer::generate(random, private_key);
  const Hash hash = transaction_hash(example(), signer->address_text());
  const crypto::Signature signature = signer->sign_personal(hash);
  EXPECT_TRUE(signature.bytes[64] == 27 || signature.bytes[64] == 28);
  EXPECT_EQ(crypto::recover_personal(hash, signature).value(), signer->address());
}

TEST(SignedBytes, AreAppended) {
  Bytes bytes = "before";
  append_signed_bytes(example(), "signer", bytes);
  EXPECT_EQ(bytes.substr(0, 6), "before");
}

struct IdLengthRow {
  std::size_t length;
  std::string head;  // how the length is written
};

TEST(SignedBytes, WriteLengthsInTheirShortestForm) {
  for (const IdLengthRow& row : {IdLengthRow{0, "00"}, IdLengthRow{0xfc, "fc"}, IdLengthRow{0xfd, "fdfd00"},
                                 IdLengthRow{0xffff, "fdffff"}, IdLengthRow{0x10000, "fe00000100"}}) {
    Bytes bytes;
    append_signed_bytes(CancelTransaction{7, std::string(row.length, 'x'), 0, {}}, "", bytes);
    EXPECT_EQ(to_hex(bytes.substr(16, row.head.size() / 2)), row.head);
    EXPECT_EQ(bytes.size(), 16 + row.head.size() / 2 + row.length + 8 + 1);
  }
}

/// The fenced block that starts with `fence` in the document, without what stands behind the first word of
/// each line.
std::string hex_block(const std::string& document, const std::string& fence) {
  const std::size_t start = document.find(fence);
  if (start == std::string::npos) return "no block " + fence;
  std::istringstream lines(document.substr(
      start + fence.size(), document.find("```", start + fence.size()) - start - fence.size()));
  std::string hex;
  for (std::string line; std::getline(lines, line);) hex += line.substr(0, line.find(' '));
  return "0x" + hex;
}

TEST(SignedBytes, AreDocumentedByteForByte) {
  const std::string document =
      read_file(std::string(JANGBU_TEST_DATA) + "/../../docs/formats/purchase-transaction.md");
  const json::Document vectors = read_json("purchase_signatures.json");
  const json::Value& rows = *vectors.root().find("vectors");
  EXPECT_EQ(hex_block(document, "```signed-bytes-of-a-new-purchase\n"), text_of(rows.items[0], "encoding"));
  EXPECT_EQ(hex_block(document, "```signed-bytes-of-a-cancel\n"), text_of(rows.items[1], "encoding"));
  EXPECT_NE(document.find(text_of(rows.items[0], "hash")), std::string::npos);
  EXPECT_NE(document.find(text_of(rows.items[1], "hash")), std::string::npos);
}

Bytes stored(const NewTransaction& tx) {
  Bytes bytes;
  append_stored(tx, bytes);
  return bytes;
}

/// Whether `bytes` are exactly one stored transaction.
bool reads(ByteView bytes) {
  ByteReader in(bytes);
  (void)read_stored_new(in);
  return in.finish().ok();
}

TEST(StoredForm, IsReadBack) {
  const NewTransaction tx = example();
  const Bytes bytes = stored(tx);
  ByteReader in(bytes);
  EXPECT_EQ(read_stored_new(in), tx);
  EXPECT_TRUE(in.finish().ok());

  const CancelTransaction cancel{18446744073709551615u, "id", 1, tx.signer};
  Bytes cancel_bytes;
  append_stored(cancel, cancel_bytes);
  ByteReader cancel_in(cancel_bytes);
  EXPECT_EQ(read_stored_cancel(cancel_in), cancel);
  EXPECT_TRUE(cancel_in.finish().ok());
}

TEST(StoredForm, IsRefusedWhenCutOrContinued) {
  const Bytes bytes = stored(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(reads(bytes.substr(0, size))) << size;
  EXPECT_FALSE(reads(bytes + '\0'));
}

TEST(StoredForm, KeepsTheLargestAmount) {
  NewTransaction tx = example();
  tx.total_amount = Money::from_units(static_cast<int128>(~uint128{0} >> 1));
  const Bytes bytes = stored(tx);
  ByteReader in(bytes);
  EXPECT_EQ(read_stored_new(in), tx);
}

TEST(StoredForm, HasNoNegativeAmounts) {
  NewTransaction tx = example();
  tx.cash_amount = Money::from_units(-1);
  Bytes bytes;
  EXPECT_THROW(append_stored(tx, bytes), InvariantViolation);
}

struct OddRow {
  std::string name;
  std::string total_hex;    // the total amount
  std::string details_hex;  // the number of details and what follows
};

class StoredFormRefuses : public testing::TestWithParam<OddRow> {};

TEST_P(StoredFormRefuses, WhatItDoesNotWrite) {
  const std::string head =
      "01"
      "0161"
      "02";
  const std::string tail =
      "0100"
      "00"
      "00"
      "00" +
      std::string(64, '0') + std::string(40, '0');
  ASSERT_TRUE(reads(from_hex(head + "0100" + tail + "00").value()));
  EXPECT_FALSE(reads(from_hex(head + GetParam().total_hex + tail + GetParam().details_hex).value()));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, StoredFormRefuses,
    testing::Values(OddRow{"money_without_bytes", "00", "00"},
                    OddRow{"money_with_leading_zero", "020001", "00"},
                    OddRow{"money_below_its_range", "1080000000000000000000000000000000", "00"},
                    OddRow{"money_of_17_bytes", "110100000000000000000000000000000000", "00"},
                    OddRow{"count_in_a_long_form", "0100", "fd0000"},
                    OddRow{"count_beyond_the_bytes", "0100", "fe00000010"},
                    OddRow{"count_of_2_to_64", "0100", "ffffffffffffffffff"},
                    OddRow{"one_detail_missing", "0100", "01"},
                    OddRow{"percent_in_a_long_form", "0100",
                           "01"
                           "00"
                           "0100"
                           "fd0100"}),
    [](const auto& row) { return row.param.name; });

RC_GTEST_PROP(StoredFormProperty, ReadsBackWhatItWrote,
              (std::uint64_t sequence, const std::string& id, std::uint64_t timestamp, std::uint64_t high,
               std::uint64_t low, const std::vector<std::pair<std::string, std::uint64_t>>& lines)) {
  NewTransaction tx = example();
  tx.sequence = sequence;
  tx.purchase_id = id;
  tx.timestamp = timestamp;
  tx.total_amount = Money::from_units(static_cast<int128>((uint128{high >> 1} << 64) | low));
  tx.details.clear();
  for (const auto& [product, number] : lines)
    tx.details.push_back({product, Money::from_units(number), number / 3});
  const Bytes bytes = stored(tx);
  ByteReader in(bytes);
  RC_ASSERT(read_stored_new(in) == tx);
  RC_ASSERT(in.finish().ok());
}

// Whatever bytes are accepted are the ones that would be written: there is one form for one transaction.
RC_GTEST_PROP(StoredFormProperty, IsCanonical, (std::size_t at, std::uint8_t byte)) {
  Bytes bytes = stored(example());
  bytes[at % bytes.size()] = static_cast<char>(byte);
  ByteReader in(bytes);
  const NewTransaction tx = read_stored_new(in);
  if (in.finish().ok()) {
    RC_ASSERT(stored(tx) == bytes);
  }
}

}  // namespace
}  // namespace jangbu::purchase
