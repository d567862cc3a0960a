#include "engine/backup_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"

namespace jangbu::engine {
namespace {

constexpr std::string_view magic = "JANGBU-BACKUP\n";
constexpr std::size_t buffer_size = std::size_t{1} << 20;
/// No record of ours comes near it; a damaged length must not ask for all memory.
constexpr std::uint32_t largest_frame = std::uint32_t{64} << 20;
constexpr std::size_t digest_size = 32;

Error file_error(const std::string& path) {
  return Error(Errc::io_error, path + ": " + std::strerror(errno));
}

std::string temporary_name(const std::string& path) { return path + ".new"; }

Status sync_directory_of(const std::string& path) {
  std::string parent = std::filesystem::path(path).parent_path().string();
  if (parent.empty()) parent = ".";
  const int directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return file_error(parent);
  const bool synced = ::fsync(directory) == 0;
  const Status status = synced ? Status() : Status(file_error(parent));
  ::close(directory);
  return status;
}

/// Opens the file and locks it as long as it is open, so that two processes never write one file. A file
/// that was given its final name between the two calls is somebody's finished backup and is left alone. What
/// others have put in its place is not written into: they could read it, or lead it elsewhere.
Result<int> open_locked(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return file_error(path);
  struct stat opened {};
  struct stat named {};
  const bool is_own = ::fstat(descriptor, &opened) == 0 && S_ISREG(opened.st_mode) &&
                      opened.st_uid == ::geteuid() && ::fchmod(descriptor, 0600) == 0;
  if (!is_own) {
    ::close(descriptor);
    return Error(Errc::io_error, path + " is not a file of the user who makes the backup");
  }
  const bool locked = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  const bool same = locked && ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
                    opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
  if (same && ::ftruncate(descriptor, 0) == 0) return descriptor;
  ::close(descriptor);
  return Error(Errc::database_busy, path + " is being written by another process");
}

std::string to_json(const BackupManifest& manifest) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("format").unsigned_number(backup_version);
  writer.key("created_at").string(to_rfc3339(manifest.created_at));
  writer.key("database").string(manifest.database);
  writer.key("epoch").unsigned_number(manifest.epoch);
  writer.key("records").unsigned_number(manifest.records);
  writer.key("root_hash").string(to_hex_0x(manifest.root_hash.view()));
  writer.key("business_at").string(to_rfc3339(manifest.business_at)).end_object();
  return out;
}

Result<BackupManifest> manifest_from_json(std::string_view text) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(text));
  const auto member = [&](const char* name) {
    const json::Value* value = document.root().find(name);
    return value == nullptr ? std::string_view() : value->text;
  };
  const auto number = [&](const char* name) -> Result<std::uint64_t> {
    const std::string_view digits = member(name);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || digits.empty())
      return Error(Errc::invalid_encoding, name);
    return value;
  };
  BackupManifest manifest;
  manifest.database = std::string(member("database"));
  ASSIGN_OR_RETURN(manifest.created_at, parse_rfc3339(member("created_at")));
  ASSIGN_OR_RETURN(manifest.business_at, parse_rfc3339(member("business_at")));
  ASSIGN_OR_RETURN(manifest.epoch, number("epoch"));
  ASSIGN_OR_RETURN(manifest.records, number("records"));
  ASSIGN_OR_RETURN(const Bytes hash, from_hex_0x(member("root_hash")));
  ASSIGN_OR_RETURN(manifest.root_hash, Hash::from_bytes(hash));
  return manifest;
}

}  // namespace

Status move_into_place(const std::string& from, const std::string& to, Overwrite overwrite) {
  const unsigned flags = overwrite == Overwrite::no ? RENAME_NOREPLACE : 0;
  int renamed = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags);
  if (renamed != 0 && flags != 0 && (errno == EINVAL || errno == ENOSYS)) {
    // Network file systems know no such flag: there it is looked for first.
    struct stat found {};
    errno = EEXIST;
    if (::lstat(to.c_str(), &found) != 0) renamed = ::rename(from.c_str(), to.c_str());
  }
  if (renamed != 0 && errno == EEXIST) return Error(Errc::already_exists, to + " exists already");
  if (renamed != 0) return file_error(to);
  return sync_directory_of(to);
}

BackupWriter::BackupWriter(std::string path, Overwrite overwrite, int descriptor)
    : path_(std::move(path)), overwrite_(overwrite), descriptor_(descriptor) {}

Result<std::unique_ptr<BackupWriter>> BackupWriter::create(const std::string& path, Overwrite overwrite) {
  struct stat found {};
  if (overwrite == Overwrite::no && ::lstat(path.c_str(), &found) == 0)
    return Error(Errc::already_exists, path + " exists already");
  ASSIGN_OR_RETURN(const int descriptor, open_locked(temporary_name(path)));
  return std::unique_ptr<BackupWriter>(new BackupWriter(path, overwrite, descriptor));
}

BackupWriter::~BackupWriter() {
  if (!finished_) ::unlink(temporary_name(path_).c_str());
  ::close(descriptor_);
}

Status BackupWriter::flush() {
  ByteView rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_error(temporary_name(path_));
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
  return {};
}

Status BackupWriter::put(ByteView bytes) {
  digest_.add(bytes);
  buffer_.append(bytes);
  return buffer_.size() < buffer_size ? Status() : flush();
}

Status BackupWriter::put_frame(ByteView content) {
  INVARIANT(!content.empty() && content.size() <= largest_frame, "a part of a backup is of a readable size");
  Bytes length;
  ByteWriter(length).u32(static_cast<std::uint32_t>(content.size()));
  RETURN_IF_ERROR(put(length));
  return put(content);
}

Status BackupWriter::begin(const BackupManifest& manifest, std::span<const Secret> secrets) {
  Bytes start;
  ByteWriter writer(start);
  writer.raw(magic);
  writer.u16(backup_version);
  RETURN_IF_ERROR(put(start));
  RETURN_IF_ERROR(put_frame(to_json(manifest)));
  Bytes count;
  ByteWriter(count).u32(static_cast<std::uint32_t>(secrets.size()));
  RETURN_IF_ERROR(put(count));
  for (const Secret& secret : secrets) {
    frame_.clear();
    ByteWriter frame(frame_);
    frame.text(secret.name);
    frame.text(secret.sealed);
    RETURN_IF_ERROR(put_frame(frame_));
  }
  return {};
}

Status BackupWriter::add(const Record& record) {
  INVARIANT(record.number == ++count_, "the records of a backup are in order");
  frame_.clear();
  ByteWriter frame(frame_);
  frame.u64(record.number);
  frame.raw(record.hash.view());
  frame.text(record.body());
  frame.text(record.seal);
  return put_frame(frame_);
}

Status BackupWriter::finish() {
  Bytes end;
  ByteWriter writer(end);
  writer.u32(0);
  writer.u64(count_);
  RETURN_IF_ERROR(put(end));
  buffer_.append(digest_.finish().view());
  RETURN_IF_ERROR(flush());
  if (::fsync(descriptor_) != 0) return file_error(temporary_name(path_));
  RETURN_IF_ERROR(move_into_place(temporary_name(path_), path_, overwrite_));
  finished_ = true;
  return {};
}

BackupReader::BackupReader(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

BackupReader::~BackupReader() { ::close(descriptor_); }

Error BackupReader::wrong(const std::string& what) const {
  return Error(Errc::verification_failed, path_ + ": " + what);
}

Result<std::unique_ptr<BackupReader>> BackupReader::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return file_error(path);
  std::unique_ptr<BackupReader> reader(new BackupReader(path, descriptor));
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  RETURN_IF_ERROR(reader->read_start());
  RETURN_IF_ERROR(reader->read_secrets());
  return reader;
}

Result<ByteView> BackupReader::take(std::size_t size, const std::string& where) {
  if (buffer_.size() - position_ < size) {
    buffer_.erase(0, position_);
    position_ = 0;
    std::size_t filled = buffer_.size();
    buffer_.resize(std::max(size, buffer_size));
    while (filled < size) {
      const ssize_t count = ::read(descriptor_, buffer_.data() + filled, buffer_.size() - filled);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return file_error(path_);
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
    }
    buffer_.resize(filled);
    if (filled < size) return wrong("it ends in the middle of " + where);
  }
  const ByteView taken = ByteView(buffer_).substr(position_, size);
  position_ += size;
  return taken;
}

Result<ByteView> BackupReader::take_frame(const std::string& where) {
  ASSIGN_OR_RETURN(const ByteView prefix, take(4, where));
  digest_.add(prefix);
  const std::uint32_t size = ByteReader(prefix).u32();
  if (size > largest_frame) return wrong(where + " has a length that cannot be");
  ASSIGN_OR_RETURN(const ByteView content, take(size, where));
  digest_.add(content);
  return content;
}

Status BackupReader::read_start() {
  const auto start = take(magic.size() + 2, "its first bytes");
  if (!start || !start->starts_with(magic))
    return Error(Errc::invalid_encoding, path_ + " is no backup of jangbu's");
  digest_.add(*start);
  const std::uint16_t version = ByteReader(start->substr(magic.size())).u16();
  if (version != backup_version)
    return Error(Errc::invalid_encoding, path_ + " is a backup of format " + std::to_string(version) +
                                             ", this program reads format " + std::to_string(backup_version));
  ASSIGN_OR_RETURN(const ByteView text, take_frame("its manifest"));
  auto manifest = manifest_from_json(text);
  if (!manifest) return wrong("its manifest does not read");
  manifest_ = std::move(*manifest);
  return {};
}

Status BackupReader::read_secrets() {
  ASSIGN_OR_RETURN(const ByteView prefix, take(4, "its secrets"));
  digest_.add(prefix);
  const std::uint32_t count = ByteReader(prefix).u32();
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(const ByteView frame, take_frame("its secrets"));
    ByteReader in(frame);
    Secret secret;
    secret.name = Bytes(in.text());
    secret.sealed = Bytes(in.text());
    if (!in.finish()) return wrong("a secret does not read");
    secrets_.push_back(std::move(secret));
  }
  return {};
}

Result<std::optional<Record>> BackupReader::next() {
  const std::string name = "record " + std::to_string(number_ + 1);
  ASSIGN_OR_RETURN(const ByteView frame, take_frame(name));
  if (frame.empty()) {
    RETURN_IF_ERROR(read_end());
    return std::optional<Record>();
  }
  ByteReader in(frame);
  const std::uint64_t number = in.u64();
  const ByteView hash = in.raw(digest_size);
  const ByteView body = in.text();
  const ByteView seal = in.text();
  if (!in.finish()) return wrong(name + " does not read");
  if (number != number_ + 1) return wrong(name + " is missing");
  auto record = decode_record(number, hash, body, seal);
  if (!record) return wrong(name + " does not read");
  if (chain_hash(hash_, number, body) != record->hash)
    return wrong(name + ": its hash does not follow from the record before and its body");
  number_ = number;
  hash_ = record->hash;
  return std::optional(std::move(*record));
}

Status BackupReader::read_end() {
  ASSIGN_OR_RETURN(const ByteView prefix, take(8, "its end"));
  digest_.add(prefix);
  const std::uint64_t count = ByteReader(prefix).u64();
  ASSIGN_OR_RETURN(const ByteView stored, take(digest_size, "its digest"));
  if (digest_.finish().view() != stored) return wrong("its digest is not that of its content");
  if (count != number_ || manifest_.records != number_ || manifest_.root_hash != hash_)
    return wrong("its records are not those that its manifest names");
  if (take(1, "its end").ok()) return wrong("there are bytes behind its end");
  return {};
}

bool is_backup_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  Bytes start(magic.size(), '\0');
  const ssize_t count = ::read(descriptor, start.data(), start.size());
  ::close(descriptor);
  return count == static_cast<ssize_t>(magic.size()) && start == magic;
}

}  // namespace jangbu::engine
