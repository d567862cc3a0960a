#include "store/sqlite/fault_vfs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <new>
#include <random>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <sqlite3.h>

namespace jangbu::store::test {
namespace {

/// What a disk writes at once.
constexpr std::size_t sector_bytes = 512;

/// One file as the program sees it and as the disk holds it for certain.
struct FileImage {
  std::string written;
  std::string synced;
  std::set<std::size_t> dirty;  // sectors that the next sync is to write

  void write(std::string_view data, std::size_t at) {
    const std::size_t end = at + data.size();
    const std::size_t first = std::min(at, written.size()) / sector_bytes;  // a gap is filled with zeros
    if (written.size() < end) written.resize(end);
    data.copy(written.data() + at, data.size());
    for (std::size_t sector = first; sector * sector_bytes < end; ++sector) dirty.insert(sector);
  }
  void sync() {
    synced.resize(written.size());
    for (const std::size_t sector : dirty) {
      const std::size_t at = sector * sector_bytes;
      if (at < written.size())
        written.copy(synced.data() + at, std::min(sector_bytes, written.size() - at), at);
    }
    dirty.clear();
  }
};

enum class Operation : std::uint8_t { write, sync, truncate };

}  // namespace

struct FaultVfs::State {
  std::string name;
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;

  mutable std::mutex mutex;
  std::map<std::string, FileImage> files;
  std::function<void()> before_operation;
  Fault fault = Fault::io_error;
  int countdown = 0;  // 0: no fault is set
  bool for_good = false;
  bool struck = false;

  /// The result code to fail with, or SQLITE_OK.
  int next(Operation operation) {
    std::function<void()> callback;
    {
      const std::lock_guard lock(mutex);
      callback = before_operation;
    }
    if (callback) callback();
    const std::lock_guard lock(mutex);
    const bool touched = fault == Fault::disk_full    ? operation == Operation::write
                         : fault == Fault::sync_error ? operation == Operation::sync
                                                      : true;
    if (countdown == 0 || !touched) return SQLITE_OK;
    if (countdown > 1) {
      --countdown;
      return SQLITE_OK;
    }
    struck = true;
    if (!for_good) countdown = 0;
    if (fault == Fault::disk_full) return SQLITE_FULL;
    switch (operation) {
      case Operation::write:
        return SQLITE_IOERR_WRITE;
      case Operation::sync:
        return SQLITE_IOERR_FSYNC;
      case Operation::truncate:
        return SQLITE_IOERR_TRUNCATE;
    }
    return SQLITE_IOERR;
  }
};

namespace {

/// SQLite allocates this much and the real VFS's file behind it.
struct FaultFile {
  sqlite3_file base;
  FaultVfs::State* state;
  FileImage* image;  // null for files that need not outlive the process
};

FaultFile* mine(sqlite3_file* file) { return reinterpret_cast<FaultFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(mine(file) + 1); }
const sqlite3_io_methods* real_methods(sqlite3_file* file) { return real(file)->pMethods; }
FaultVfs::State* state_of(sqlite3_vfs* vfs) { return static_cast<FaultVfs::State*>(vfs->pAppData); }

int close_file(sqlite3_file* file) {
  const int code = real_methods(file)->xClose(real(file));
  file->pMethods = nullptr;
  return code;
}

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  return real_methods(file)->xRead(real(file), into, size, offset);
}

int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  if (const int code = mine(file)->state->next(Operation::write); code != SQLITE_OK) return code;
  if (FileImage* image = mine(file)->image; image != nullptr) {
    const std::lock_guard lock(mine(file)->state->mutex);
    image->write({static_cast<const char*>(data), static_cast<std::size_t>(size)},
                 static_cast<std::size_t>(offset));
  }
  return real_methods(file)->xWrite(real(file), data, size, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = mine(file)->state->next(Operation::truncate); code != SQLITE_OK) return code;
  if (FileImage* image = mine(file)->image; image != nullptr) {
    const std::lock_guard lock(mine(file)->state->mutex);
    image->written.resize(static_cast<std::size_t>(size));
  }
  return real_methods(file)->xTruncate(real(file), size);
}

int sync_file(sqlite3_file* file, int /*flags*/) {
  const int code = mine(file)->state->next(Operation::sync);
  // The real file need not be synced: the image is the disk.
  if (FileImage* image = mine(file)->image; image != nullptr) {
    const std::lock_guard lock(mine(file)->state->mutex);
    if (code == SQLITE_OK) {
      image->sync();
    } else {
      // As Linux does: what could not be written counts as written, and no later sync tries again.
      image->dirty.clear();
    }
  }
  return code;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real_methods(file)->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) { return real_methods(file)->xLock(real(file), level); }
int unlock_file(sqlite3_file* file, int level) { return real_methods(file)->xUnlock(real(file), level); }
int check_reserved(sqlite3_file* file, int* out) {
  return real_methods(file)->xCheckReservedLock(real(file), out);
}
int sector_size(sqlite3_file* file) { return real_methods(file)->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) { return real_methods(file)->xDeviceCharacteristics(real(file)); }
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return real_methods(file)->xShmLock(real(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) { real_methods(file)->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return real_methods(file)->xShmUnmap(real(file), remove); }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real_methods(file)->xShmMap(real(file), page, size, extend, out);
}

/// The system's VFS writes by itself for some hints (growing in chunks), past our eyes.
int file_control(sqlite3_file* file, int operation, void* argument) {
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
  return real_methods(file)->xFileControl(real(file), operation, argument);
}

const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  FaultVfs::State* state = state_of(vfs);
  auto* opened = new (file) FaultFile{};
  opened->state = state;
  const int code = state->real->xOpen(state->real, name, real(file), flags, out_flags);
  if (code != SQLITE_OK) return code;
  if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0) {
    const std::lock_guard lock(state->mutex);
    const auto [it, is_new] = state->files.try_emplace(name);
    opened->image = &it->second;
    if (is_new) {
      std::ifstream in(name, std::ios::binary);
      it->second.written.assign(std::istreambuf_iterator<char>(in), {});
      it->second.synced = it->second.written;
    }
  }
  opened->base.pMethods = &methods;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int /*sync_directory*/) {
  FaultVfs::State* state = state_of(vfs);
  const int code = state->real->xDelete(state->real, name, 0);
  const std::lock_guard lock(state->mutex);
  // The entry stays: other connections may still hold its address.
  if (const auto it = state->files.find(name); it != state->files.end()) it->second = {};
  return code;
}

}  // namespace

FaultVfs::FaultVfs(std::string name) : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  state_->real = sqlite3_vfs_find(nullptr);
  // What is not wrapped (names, randomness, time) is the system's own; it is handed our structure, and uses
  // it only to look up its own functions.
  state_->vfs = *state_->real;
  state_->vfs.pNext = nullptr;
  state_->vfs.zName = state_->name.c_str();
  state_->vfs.pAppData = state_.get();
  state_->vfs.szOsFile = static_cast<int>(sizeof(FaultFile)) + state_->real->szOsFile;
  state_->vfs.xOpen = open_file;
  state_->vfs.xDelete = delete_file;
  if (sqlite3_vfs_register(&state_->vfs, 0) != SQLITE_OK)
    throw std::runtime_error("the VFS was not registered");
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& FaultVfs::name() const { return state_->name; }

void FaultVfs::fail(Fault fault, int nth, bool for_good) {
  const std::lock_guard lock(state_->mutex);
  state_->fault = fault;
  state_->countdown = nth;
  state_->for_good = for_good;
  state_->struck = false;
}

void FaultVfs::heal() {
  const std::lock_guard lock(state_->mutex);
  state_->countdown = 0;
}

bool FaultVfs::struck() const {
  const std::lock_guard lock(state_->mutex);
  return state_->struck;
}

void FaultVfs::before_each_operation(std::function<void()> callback) {
  const std::lock_guard lock(state_->mutex);
  state_->before_operation = std::move(callback);
}

void FaultVfs::save_after_power_loss(const std::string& directory, std::uint64_t seed) const {
  std::mt19937_64 random(seed);
  const std::lock_guard lock(state_->mutex);
  for (const auto& [name, image] : state_->files) {
    // The size is one of the two; a part that only one of them has is zeros in the other.
    std::string disk = image.synced;
    if (random() % 2 == 0) disk.resize(image.written.size());
    // How much of the unsynced got through differs from one power loss to the next: all, none, or some.
    const std::uint64_t kept_of_8 = random() % 9;
    for (std::size_t at = 0; at < disk.size(); at += sector_bytes) {
      if (at >= image.written.size() || random() % 8 >= kept_of_8) continue;
      const std::size_t count = std::min({sector_bytes, disk.size() - at, image.written.size() - at});
      image.written.copy(disk.data() + at, count, at);
    }
    if (disk.empty()) continue;
    std::ofstream out(directory + "/" + std::filesystem::path(name).filename().string(), std::ios::binary);
    out.write(disk.data(), static_cast<std::streamsize>(disk.size()));
  }
}

}  // namespace jangbu::store::test
