#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/counted.h"
#include "cli/doctor/checks.h"

namespace jangbu::cli {
namespace {

constexpr long tmpfs_magic = 0x01021994;
constexpr int sync_rounds = 32;
constexpr std::uint64_t mib = 1024 * 1024;

std::string octal(mode_t mode) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
  return text.data();
}

/// Only its owner may look into what holds keys.
Finding judge_owner(const std::string& path, const struct stat& stat) {
  if (stat.st_uid != ::geteuid() && ::geteuid() != 0)
    return {Health::bad, path + " belongs to another user: run this as the server's"};
  if ((stat.st_mode & 077) != 0)
    return {Health::bad, path + " can be read by others (" + octal(stat.st_mode) + ")"};
  return {Health::good, path + " is its owner's alone (" + octal(stat.st_mode) + ")"};
}

}  // namespace

Findings check_directory(const Patient& patient) {
  struct stat stat {};
  if (::stat(patient.directory.c_str(), &stat) != 0)
    return {{Health::bad, patient.directory + ": " + std::strerror(errno)}};
  if (!S_ISDIR(stat.st_mode)) return {{Health::bad, patient.directory + " is no directory"}};
  Findings findings{judge_owner(patient.directory, stat)};
  // The database is behind the directory's mode, as long as that keeps others out.
  const bool open = (stat.st_mode & 077) != 0;
  for (const char* name :
       {"master.key", "control.json", "sandbox.json", "jangbu.db", "jangbu.db-wal", "jangbu.db-shm"}) {
    const std::string path = patient.directory + "/" + name;
    const bool is_database = std::string_view(name).starts_with("jangbu.db");
    if ((open || !is_database) && ::stat(path.c_str(), &stat) == 0)
      findings.push_back(judge_owner(path, stat));
  }
  if (::access(patient.directory.c_str(), W_OK) != 0)
    findings.push_back({Health::bad, patient.directory + " cannot be written"});
  return findings;
}

Finding judge_space(std::uint64_t free, std::uint64_t all) {
  const std::string text = std::to_string(free / mib) + " of " + std::to_string(all / mib) + " MiB are free";
  if (free < 64 * mib) return {Health::bad, text + ": the book stops when there are none"};
  if (free < 1024 * mib || free < all / 20) return {Health::doubtful, text};
  return {Health::good, text};
}

Findings check_space(const Patient& patient) {
  struct statvfs stat {};
  if (::statvfs(patient.directory.c_str(), &stat) != 0)
    return {{Health::bad, patient.directory + ": " + std::strerror(errno)}};
  return {judge_space(std::uint64_t{stat.f_bavail} * stat.f_frsize,
                      std::uint64_t{stat.f_blocks} * stat.f_frsize)};
}

Finding judge_sync(std::int64_t median_us) {
  const std::string text = "a sync takes " + std::to_string(median_us) + " us";
  // The fastest disks with power-loss protection need 10 us or so for a round trip.
  if (median_us < 5) return {Health::bad, text + ": nothing reaches a disk; what is answered can be lost"};
  if (median_us > 50'000) return {Health::doubtful, text + ": every change waits for one"};
  return {Health::good, text};
}

Findings check_sync(const Patient& patient) {
  struct statfs system {};
  if (::statfs(patient.directory.c_str(), &system) == 0 && system.f_type == tmpfs_magic)
    return {{Health::bad, patient.directory + " is in memory (tmpfs): it is gone when the machine stops"}};
  std::string path = patient.directory + "/doctor.XXXXXX";
  const int file = ::mkostemp(path.data(), O_CLOEXEC);
  if (file < 0)
    return {{Health::bad, "no file can be made in " + patient.directory + ": " + std::strerror(errno)}};
  ::unlink(path.c_str());
  const SystemClock clock;
  const std::array<char, 4096> block{};
  std::array<std::int64_t, sync_rounds> times{};
  bool failed = false;
  for (std::int64_t& time : times) {
    const std::int64_t begun = clock.monotonic_us();
    failed |= ::write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size());
    failed |= ::fdatasync(file) != 0;
    time = clock.monotonic_us() - begun;
  }
  ::close(file);
  if (failed) return {{Health::bad, "a file in " + patient.directory + " could not be written and synced"}};
  std::nth_element(times.begin(), times.begin() + sync_rounds / 2, times.end());
  return {judge_sync(times[sync_rounds / 2])};
}

Findings check_files(const Patient& /*patient*/) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
    return {{Health::doubtful, "the limit of open files is not known"}};
  const std::string text = counted(files.rlim_max, "file") + " may be open";
  return {{files.rlim_max < 4096 ? Health::doubtful : Health::good, text}};
}

}  // namespace jangbu::cli
