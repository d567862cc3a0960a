#include "purchase/phone.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_map>

#include <phonenumbers/phonenumberutil.h>

#include "crypto/digest.h"

namespace jangbu::purchase {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

/// phone_hash(""): most purchases carry no phone.
constexpr Hash hash_of_no_phone = {{0x32, 0x10, 0x5b, 0x1d, 0x0b, 0x88, 0xad, 0xa1, 0x55, 0x17, 0x6b,
                                    0x58, 0xee, 0x08, 0xb4, 0x5c, 0x31, 0xe4, 0xf2, 0xf7, 0x33, 0x74,
                                    0x75, 0x83, 0x19, 0x82, 0xc3, 0x13, 0x53, 0x3b, 0x88, 0x0c}};

constexpr std::size_t abi_word = 32;

void append_abi_word(Bytes& out, std::uint64_t value) {
  out.append(abi_word - sizeof value, '\0');
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
}

/// The length, then the bytes filled up with zeros to whole words.
void append_abi_text(Bytes& out, std::string_view text) {
  append_abi_word(out, text.size());
  out.append(text);
  out.append((abi_word - text.size() % abi_word) % abi_word, '\0');
}

std::size_t abi_text_size(std::string_view text) {
  return abi_word + (text.size() + abi_word - 1) / abi_word * abi_word;
}

/// nullopt: not a valid number.
std::optional<Phone> parse_uncached(std::string_view raw) {
  const PhoneNumberUtil& library = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  const std::string text(raw);
  // "ZZ" is no country, so that none is assumed.
  if (library.Parse(text, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
  if (!library.IsValidNumber(number)) return std::nullopt;
  Phone phone;
  library.Format(number, PhoneNumberUtil::INTERNATIONAL, &phone.international);
  phone.hash = phone_hash(phone.international);
  return phone;
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

/// Part of the cache with a lock of its own. Two generations: when the young one is full it becomes the old
/// one and what was old is forgotten; what is asked for again moves to the young one. So the texts in use
/// stay, at no cost per hit.
class Shard {
 public:
  explicit Shard(std::size_t generation_size) : generation_size_(generation_size) {}

  /// The outer optional is empty when the text is not known.
  std::optional<std::optional<Phone>> find(std::string_view raw) {
    const std::lock_guard lock(mutex_);
    if (const auto at = young_.find(raw); at != young_.end()) return at->second;
    const auto at = old_.find(raw);
    if (at == old_.end()) return std::nullopt;
    auto node = old_.extract(at);
    const std::optional<Phone> phone = node.mapped();
    make_room();
    young_.insert(std::move(node));
    return phone;
  }

  void insert(std::string_view raw, const std::optional<Phone>& phone) {
    const std::lock_guard lock(mutex_);
    make_room();
    young_.try_emplace(std::string(raw), phone);
  }

 private:
  using Generation = std::unordered_map<std::string, std::optional<Phone>, TextHash, std::equal_to<>>;

  void make_room() {
    if (young_.size() < generation_size_) return;
    old_ = std::move(young_);
    young_.clear();
  }

  const std::size_t generation_size_;
  std::mutex mutex_;
  Generation young_;
  Generation old_;
};

/// Longer texts are no phone numbers (the library gives up at 250 characters); keeping them would let a
/// client fill the memory.
constexpr std::size_t longest_text = 250;

}  // namespace

Hash phone_hash(std::string_view international) {
  constexpr std::string_view domain = "BOSagora Phone Number";
  Bytes encoded;
  append_abi_word(encoded, 2 * abi_word);                          // where the first text starts
  append_abi_word(encoded, 2 * abi_word + abi_text_size(domain));  // where the second one starts
  append_abi_text(encoded, domain);
  append_abi_text(encoded, international);
  return crypto::keccak256(encoded);
}

struct PhoneBook::Impl {
  static constexpr std::size_t shard_count = 16;

  explicit Impl(std::size_t cache_entries) {
    const std::size_t generation_size = std::max<std::size_t>(1, cache_entries / (2 * shard_count));
    while (shards.size() < shard_count) shards.emplace_back(generation_size);
  }

  Shard& shard(std::string_view raw) { return shards[TextHash{}(raw) % shard_count]; }

  std::deque<Shard> shards;  // a deque, because a shard cannot be moved
};

PhoneBook::PhoneBook(std::size_t cache_entries) : impl_(std::make_unique<Impl>(cache_entries)) {}
PhoneBook::~PhoneBook() = default;

Result<Phone> PhoneBook::parse(std::string_view raw) const {
  if (raw.empty()) return Phone{{}, hash_of_no_phone};
  // With its country; the library would find that behind other characters, too ("tel:+82").
  if (raw.size() > longest_text || !raw.starts_with('+')) return Errc::invalid_phone;
  Shard& shard = impl_->shard(raw);
  std::optional<Phone> phone;
  if (auto known = shard.find(raw)) {
    phone = std::move(*known);
  } else {
    phone = parse_uncached(raw);
    shard.insert(raw, phone);
  }
  if (!phone) return Errc::invalid_phone;
  return std::move(*phone);
}

void PhoneBook::warm_up() const { (void)parse("+82 10-1000-2000"); }

}  // namespace jangbu::purchase
