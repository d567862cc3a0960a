#include "crypto/signature.h"

#include <cctype>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/digest.h"

namespace jangbu::crypto {
namespace {

constexpr std::string_view known_key = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
constexpr std::string_view curve_order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
constexpr std::string_view order_less_one =
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";

std::shared_ptr<const Signer> signer_of(std::string_view private_key) {
  SystemRandom random;
  return Signer::from_private_key(from_hex(private_key).value(), random).value();
}

Hash hash_of(std::string_view hex) { return Hash::from_bytes(from_hex_0x(hex).value()).value(); }

std::string read_test_data(const std::string& name) {
  std::ifstream in(std::string(JANGBU_TEST_DATA "/") + name);
  EXPECT_TRUE(in.is_open());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The values of every string member of that name, in document order.
std::vector<std::string> members_named(const std::string& json, const std::string& name) {
  const std::string start = "\"" + name + "\": \"";
  std::vector<std::string> values;
  for (std::size_t at = json.find(start); at != std::string::npos; at = json.find(start, at)) {
    at += start.size();
    values.push_back(json.substr(at, json.find('"', at) - at));
  }
  return values;
}

TEST(Address, Eip55Examples) {
  // Both in one case, all capitals, all small, and mixed: the examples of EIP-55.
  for (const std::string text :
       {"0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"}) {
    EXPECT_EQ(Address::from_text(text).value().to_checksum_text(), text);
    std::string small = text;
    for (char& c : small) c = static_cast<char>(std::tolower(c));
    EXPECT_EQ(Address::from_text(small).value().to_checksum_text(), text);
    std::string big = text;
    for (char& c : big) c = static_cast<char>(std::toupper(c));
    EXPECT_EQ(Address::from_text(big).value().to_checksum_text(), text);
  }
}

TEST(Address, RefusesOtherTexts) {
  const std::string digits(40, 'a');
  for (const std::string& text :
       {std::string(), std::string("0x"), digits, "0x" + digits + "a", "0x" + digits.substr(1),
        "0x" + digits + "aa", "0x" + digits.substr(1) + "g", "1x" + digits, "00" + digits,
        " 0x" + digits.substr(1)}) {
    EXPECT_EQ(Address::from_text(text).error().code, Errc::invalid_wallet) << text;
  }
}

TEST(SignatureType, HasSixtyFiveBytes) {
  const Bytes bytes(65, 'x');
  EXPECT_EQ(Signature::from_bytes(bytes).value().view(), bytes);
  EXPECT_EQ(Signature::from_bytes(Bytes(64, 'x')).error().code, Errc::invalid_signature);
  EXPECT_EQ(Signature::from_bytes(Bytes(66, 'x')).error().code, Errc::invalid_signature);
}

TEST(Signer, KnownKeysHaveKnownAddresses) {
  EXPECT_EQ(signer_of(known_key)->address_text(), "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23");
  EXPECT_EQ(signer_of("0000000000000000000000000000000000000000000000000000000000000001")->address_text(),
            "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
  const auto signer = signer_of(order_less_one);
  EXPECT_EQ(signer->address().to_checksum_text(), signer->address_text());
}

TEST(Signer, RefusesWhatIsNoKey) {
  SystemRandom random;
  for (const std::string& key : {std::string(64, '0'), std::string(curve_order), std::string(64, 'f'),
                                 std::string(), std::string(62, '1'), std::string(66, '1')}) {
    EXPECT_EQ(Signer::from_private_key(from_hex(key).value(), random).error().code,
              Errc::invalid_configuration)
        << key;
  }
}

TEST(Signer, GeneratesAKeyThatTheStoreCanKeep) {
  SystemRandom random;
  Bytes private_key;
  const auto signer = Signer::generate(random, private_key);
  ASSERT_EQ(private_key.size(), 32U);
  EXPECT_EQ(signer_of(to_hex(private_key))->address(), signer->address());
  Bytes another;
  EXPECT_NE(Signer::generate(random, another)->address(), signer->address());
}

/// Gives out prepared strings, to meet the random key that is none.
class PreparedRandom final : public Random {
 public:
  explicit PreparedRandom(std::vector<Bytes> prepared) : prepared_(std::move(prepared)) {}
  Bytes bytes(std::size_t count) override {
    Bytes next = prepared_.at(position_++);
    EXPECT_EQ(next.size(), count);
    return next;
  }

 private:
  std::vector<Bytes> prepared_;
  std::size_t position_ = 0;
};

TEST(Signer, GenerateSkipsARandomStringThatIsNoKey) {
  PreparedRandom random(
      {Bytes(32, '\0'), from_hex(curve_order).value(), from_hex(known_key).value(), Bytes(32, 's')});
  Bytes private_key;
  EXPECT_EQ(Signer::generate(random, private_key)->address_text(),
            "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23");
  EXPECT_EQ(to_hex(private_key), known_key);
}

TEST(SignPersonal, RecoversToTheSigner) {
  const auto signer = signer_of(known_key);
  bool saw_27 = false;
  bool saw_28 = false;
  for (int i = 0; i < 64; ++i) {
    const Hash hash = sha256(std::to_string(i));
    const Signature signature = signer->sign_personal(hash);
    EXPECT_EQ(recover_personal(hash, signature).value(), signer->address());
    EXPECT_EQ(signer->sign_personal(hash), signature);
    EXPECT_EQ(signer_of(known_key)->sign_personal(hash), signature);
    saw_27 |= signature.bytes[64] == 27;
    saw_28 |= signature.bytes[64] == 28;
    const Result<Address> of_another_hash = recover_personal(sha256("another"), signature);
    EXPECT_TRUE(!of_another_hash || *of_another_hash != signer->address());
  }
  EXPECT_TRUE(saw_27);
  EXPECT_TRUE(saw_28);
}

TEST(SignPersonal, ManyThreadsShareASigner) {
  const auto signer = signer_of(known_key);
  const Hash hash = sha256("shared");
  const Signature expected = signer->sign_personal(hash);
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  threads.reserve(wrong.size());
  for (int& count : wrong) {
    threads.emplace_back([&count, &signer, hash, expected] {
      for (int i = 0; i < 50; ++i) {
        count += signer->sign_personal(hash) == expected ? 0 : 1;
        count += recover_personal(hash, expected).value() == signer->address() ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(RecoverPersonal, PrintedSignatures) {
  const std::string json = read_test_data("purchase_signatures.json");
  const std::vector<std::string> encodings = members_named(json, "encoding");
  const std::vector<std::string> signatures = members_named(json, "signature");
  const std::vector<std::string> signers = members_named(json, "signer");
  ASSERT_EQ(encodings.size(), 4U);
  ASSERT_EQ(signatures.size(), 4U);
  ASSERT_EQ(signers.size(), 4U);
  const std::vector<std::string> hashes = members_named(json, "hash");
  ASSERT_GE(hashes.size(), 4U);  // those of phone numbers follow
  for (std::size_t i = 0; i < 2; ++i) {
    const Hash hash = hash_of(hashes[i]);
    EXPECT_EQ(sha256(from_hex_0x(encodings[i]).value()), hash);
    const Signature signature = Signature::from_bytes(from_hex_0x(signatures[i]).value()).value();
    EXPECT_EQ(recover_personal(hash, signature).value().to_checksum_text(), signers[i]);
  }
}

/// s -> order - s, and the other parity: the same signature in its second form.
Signature with_high_s(Signature signature) {
  const Bytes order_bytes = from_hex(curve_order).value();
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    const int digit = static_cast<std::uint8_t>(order_bytes[i]) - signature.bytes[32 + i] - borrow;
    borrow = digit < 0 ? 1 : 0;
    signature.bytes[32 + i] = static_cast<std::uint8_t>(digit + 256 * borrow);
  }
  signature.bytes[64] = signature.bytes[64] == 27 ? 28 : 27;
  return signature;
}

TEST(RecoverPersonal, RefusesEveryOtherForm) {
  const auto signer = signer_of(known_key);
  const Hash hash = sha256("a purchase");
  const Signature good = signer->sign_personal(hash);
  const auto changed = [&](auto change) {
    Signature signature = good;
    change(signature.bytes);
    return signature;
  };
  using SignatureBytes = std::array<std::uint8_t, 65>;
  const auto put = [](SignatureBytes& bytes, std::size_t at, std::string_view hex) {
    const Bytes value = from_hex(hex).value();
    for (std::size_t i = 0; i < value.size(); ++i) bytes[at + i] = static_cast<std::uint8_t>(value[i]);
  };
  const std::string zero(64, '0');
  const struct {
    const char* name;
    Signature signature;
  } rows[] = {
      {"high s", with_high_s(good)},
      {"v 0", changed([](SignatureBytes& b) { b[64] = 0; })},
      {"v 1", changed([](SignatureBytes& b) { b[64] = 1; })},
      {"v 26", changed([](SignatureBytes& b) { b[64] = 26; })},
      {"v 29", changed([](SignatureBytes& b) { b[64] = 29; })},
      {"v 30", changed([](SignatureBytes& b) { b[64] = 30; })},
      {"v 255", changed([](SignatureBytes& b) { b[64] = 255; })},
      {"r zero", changed([&](SignatureBytes& b) { put(b, 0, zero); })},
      {"s zero", changed([&](SignatureBytes& b) { put(b, 32, zero); })},
      {"r is the order", changed([&](SignatureBytes& b) { put(b, 0, curve_order); })},
      {"s is the order", changed([&](SignatureBytes& b) { put(b, 32, curve_order); })},
      {"r is no x of the curve", changed([&](SignatureBytes& b) {
         put(b, 0, zero);
         b[31] = 5;
       })},
      {"all zero but v", changed([&](SignatureBytes& b) {
         put(b, 0, zero);
         put(b, 32, zero);
       })},
  };
  for (const auto& row : rows) {
    const Result<Address> recovered = recover_personal(hash, row.signature);
    ASSERT_FALSE(recovered.ok()) << row.name;
    EXPECT_EQ(recovered.error().code, Errc::invalid_signature) << row.name;
  }
  EXPECT_EQ(with_high_s(with_high_s(good)), good);
  // s = 1 and s = order - 1 are the ends of what is low and high.
  const Signature smallest_s = changed([&](SignatureBytes& b) {
    put(b, 32, zero);
    b[63] = 1;
  });
  EXPECT_TRUE(recover_personal(hash, smallest_s).ok());
  EXPECT_FALSE(recover_personal(hash, with_high_s(smallest_s)).ok());
  // Half the order is the largest low s; one past it is refused.
  const std::string half = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
  const std::string past_half = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1";
  EXPECT_TRUE(recover_personal(hash, changed([&](SignatureBytes& b) { put(b, 32, half); })).ok());
  EXPECT_FALSE(recover_personal(hash, changed([&](SignatureBytes& b) { put(b, 32, past_half); })).ok());
}

}  // namespace
}  // namespace jangbu::crypto
