#include "engine/checkpoints.h"

#include <charconv>
#include <optional>

namespace jangbu::engine {
namespace {

std::string record_name(std::uint64_t number) { return "record " + std::to_string(number); }

Error another(const Record& record, const Hash& expected, const std::string& where) {
  return Error(Errc::verification_failed, "engine_records: " + record_name(record.number) + " has the hash " +
                                              to_hex_0x(record.hash.view()) + ", " + where + " " +
                                              to_hex_0x(expected.view()));
}

Error gone(std::uint64_t number, std::uint64_t last, const std::string& which) {
  return Error(Errc::verification_failed, "engine_records: " + record_name(number) + ", which " + which +
                                              ", is missing: the book ends with record " +
                                              std::to_string(last));
}

}  // namespace

std::string to_string(const Checkpoint& checkpoint) {
  return std::to_string(checkpoint.number) + ":" + to_hex_0x(checkpoint.hash.view());
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const Error wrong(Errc::invalid_encoding,
                    "NUMBER:HASH is expected, as verify prints it: 22:0x and 64 hexadecimal digits");
  Checkpoint checkpoint;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), checkpoint.number);
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc() || checkpoint.number == 0 || !rest.starts_with(':')) return wrong;
  const auto bytes = from_hex_0x(rest.substr(1));
  const auto hash = bytes ? Hash::from_bytes(*bytes) : Result<Hash>(bytes.error());
  if (!hash) return wrong;
  checkpoint.hash = *hash;
  return checkpoint;
}

void Checkpoints::add(const Checkpoint& checkpoint) { noted_.emplace(checkpoint.number, checkpoint.hash); }

Status Checkpoints::add_backup(const std::string& path) {
  ASSIGN_OR_RETURN(backup_, BackupReader::open(path));
  backup_path_ = path;
  return {};
}

Status Checkpoints::check(const Record& record) {
  for (auto noted = noted_.begin(); noted != noted_.end() && noted->first == record.number;
       noted = noted_.erase(noted))
    if (noted->second != record.hash) return another(record, noted->second, "what was noted of it is");
  if (backup_ == nullptr) return {};
  ASSIGN_OR_RETURN(const std::optional<Record> earlier, backup_->next());
  if (!earlier) {
    backup_.reset();
  } else if (earlier->hash != record.hash) {
    return another(record, earlier->hash, "that of " + backup_path_ + " is");
  }
  return {};
}

Status Checkpoints::finish(std::uint64_t last) {
  if (!noted_.empty()) return gone(noted_.begin()->first, last, "was noted");
  if (backup_ == nullptr) return {};
  ASSIGN_OR_RETURN(const std::optional<Record> earlier, backup_->next());
  backup_.reset();
  return earlier ? Status(gone(earlier->number, last, "is in " + backup_path_)) : Status();
}

}  // namespace jangbu::engine
