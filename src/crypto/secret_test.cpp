#include "crypto/secret.h"

#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace jangbu::crypto {
namespace {

namespace fs = std::filesystem;

/// A directory that goes with the test.
class KeyFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "jangbu-secret-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory = pattern;
    path = directory / "master.key";
  }
  void TearDown() override { fs::remove_all(directory); }

  void write(const std::string& text, mode_t mode = 0600) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
  }
  std::string read() {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::size_t files() {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
  }

  SystemRandom random;
  fs::path directory;
  fs::path path;
};

TEST(MasterKeyBytes, TakesThirtyTwoOfThem) {
  EXPECT_TRUE(MasterKey::from_bytes(Bytes(32, 'k')).ok());
  for (const Bytes& key : {Bytes(), Bytes(31, 'k'), Bytes(33, 'k'), Bytes(32, '\0')}) {
    EXPECT_EQ(MasterKey::from_bytes(key).error().code, Errc::invalid_configuration) << key.size();
  }
}

TEST(Seal, OpensToWhatWasSealed) {
  SystemRandom random;
  const MasterKey key = MasterKey::from_bytes(Bytes(32, 'k')).value();
  for (const Bytes& secret : {Bytes(), Bytes("s"), Bytes(32, '\0'), Bytes(10'000, 'x')}) {
    const Bytes sealed = key.seal(secret, random);
    EXPECT_EQ(sealed.size(), 24 + 16 + secret.size());
    EXPECT_EQ(key.open(sealed).value(), secret);
    EXPECT_NE(key.seal(secret, random), sealed);  // another nonce
  }
  EXPECT_EQ(key.seal("a long enough secret", random).find("secret"), Bytes::npos);
}

TEST(Seal, EveryChangedBitIsSeen) {
  SystemRandom random;
  const MasterKey key = MasterKey::from_bytes(Bytes(32, 'k')).value();
  const Bytes sealed = key.seal("secret", random);
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(key.open(changed).error().code, Errc::invalid_encoding) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_EQ(key.open(sealed.substr(0, size)).error().code, Errc::invalid_encoding) << size;
  }
  EXPECT_EQ(key.open(sealed + "x").error().code, Errc::invalid_encoding);
  EXPECT_EQ(MasterKey::from_bytes(Bytes(32, 'l')).value().open(sealed).error().code, Errc::invalid_encoding);
}

TEST(Seal, AMovedKeyIsGone) {
  SystemRandom random;
  MasterKey key = MasterKey::from_bytes(Bytes(32, 'k')).value();
  const Bytes sealed = key.seal("secret", random);
  MasterKey moved = std::move(key);
  EXPECT_EQ(moved.open(sealed).value(), "secret");
  // NOLINTBEGIN(bugprone-use-after-move): what a moved key does is the question.
  EXPECT_THROW((void)key.seal("secret", random), InvariantViolation);
  EXPECT_THROW((void)key.open(sealed), InvariantViolation);
  // NOLINTEND(bugprone-use-after-move)
  key = std::move(moved);
  EXPECT_EQ(key.open(sealed).value(), "secret");
}

TEST_F(KeyFile, IsMadeOnceAndReadAfterwards) {
  const MasterKey made = MasterKey::load_or_create(path, random).value();
  const std::string text = read();
  EXPECT_THAT(text, testing::MatchesRegex("[0-9a-f]+\n"));
  EXPECT_EQ(text.size(), 65U);
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(files(), 1U);  // nothing temporary stays

  const MasterKey loaded = MasterKey::load_or_create(path, random).value();
  EXPECT_EQ(loaded.open(made.seal("secret", random)).value(), "secret");
  EXPECT_EQ(read(), text);
}

TEST_F(KeyFile, ReadsHexOfEitherCaseWithAndWithoutNewline) {
  const MasterKey key = MasterKey::from_bytes(Bytes(32, '\xab')).value();
  const Bytes sealed = key.seal("secret", random);
  std::string digits;
  for (int i = 0; i < 32; ++i) digits += i % 2 == 0 ? "ab" : "AB";
  for (const std::string& text : {digits, digits + "\n"}) {
    write(text);
    EXPECT_EQ(MasterKey::load_or_create(path, random).value().open(sealed).value(), "secret");
  }
}

TEST_F(KeyFile, RefusesOtherContents) {
  const std::string digits(64, 'a');
  for (const std::string& text :
       {std::string(), std::string("\n"), digits.substr(1), digits.substr(2), digits + "a", digits + "\n\n",
        digits + "\r\n", " " + digits, digits.substr(1) + "g", std::string(64, '0'), digits + digits,
        std::string(32, 'k')}) {
    write(text);
    EXPECT_EQ(MasterKey::load_or_create(path, random).error().code, Errc::invalid_configuration) << text;
    EXPECT_EQ(read(), text);  // a key file is never written over
  }
}

TEST_F(KeyFile, RefusesAFileThatOthersCanReach) {
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0601U, 0644U}) {
    write(std::string(64, 'a'), mode);
    EXPECT_EQ(MasterKey::load_or_create(path, random).error().code, Errc::invalid_configuration) << mode;
  }
  write(std::string(64, 'a'), 0400);
  EXPECT_TRUE(MasterKey::load_or_create(path, random).ok());
}

TEST_F(KeyFile, RefusesWhatIsNoFile) {
  fs::create_directory(path);
  EXPECT_EQ(MasterKey::load_or_create(path, random).error().code, Errc::invalid_configuration);
  fs::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(MasterKey::load_or_create(path, random).error().code, Errc::invalid_configuration);
}

TEST_F(KeyFile, SaysWhenTheDirectoryIsMissing) {
  const Result<MasterKey> key = MasterKey::load_or_create(directory / "missing" / "master.key", random);
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().code, Errc::io_error);
  EXPECT_THAT(key.error().detail, testing::HasSubstr("No such file or directory"));
  const Result<MasterKey> below_a_file = [&] {
    write("x");
    return MasterKey::load_or_create(path / "master.key", random);
  }();
  EXPECT_EQ(below_a_file.error().code, Errc::io_error);
}

TEST_F(KeyFile, ADanglingLinkIsNotReplaced) {
  fs::create_symlink(directory / "nowhere", path);
  EXPECT_EQ(MasterKey::load_or_create(path, random).error().code, Errc::io_error);
  EXPECT_EQ(files(), 1U);
}

TEST_F(KeyFile, RacingMakersEndUpWithOneKey) {
  constexpr std::size_t makers = 8;
  std::vector<Bytes> sealed(makers);
  std::vector<std::thread> threads;
  threads.reserve(sealed.size());
  for (Bytes& mine : sealed) {
    threads.emplace_back([this, &mine] {
      SystemRandom own_random;
      mine = MasterKey::load_or_create(path, own_random).value().seal("secret", own_random);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const MasterKey key = MasterKey::load_or_create(path, random).value();
  for (const Bytes& mine : sealed) EXPECT_EQ(key.open(mine).value(), "secret");
  EXPECT_EQ(files(), 1U);
}

TEST(Password, HashesAndVerifies) {
  const std::string hashed = hash_password("correct horse");
  EXPECT_EQ(hashed.rfind("$argon2id$v=19$m=19456,t=2,p=1$", 0), 0U) << hashed;
  EXPECT_TRUE(verify_password(hashed, "correct horse"));
  EXPECT_FALSE(verify_password(hashed, "correct horsf"));
  EXPECT_FALSE(verify_password(hashed, "correct horse "));
  EXPECT_FALSE(verify_password(hashed, ""));
  EXPECT_NE(hash_password("correct horse"), hashed);  // another salt
}

TEST(Password, MayBeEmptyOrHoldAnyByte) {
  EXPECT_TRUE(verify_password(hash_password(""), ""));
  const std::string with_zero("a\0b", 3);
  EXPECT_TRUE(verify_password(hash_password(with_zero), with_zero));
  EXPECT_FALSE(verify_password(hash_password(with_zero), "a"));
}

TEST(Password, TextsThatAreNoHashNeverMatch) {
  for (const std::string_view text : {"", "x", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$",
                                      "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA", "plain"}) {
    EXPECT_FALSE(verify_password(text, "plain")) << text;
  }
}

}  // namespace
}  // namespace jangbu::crypto
