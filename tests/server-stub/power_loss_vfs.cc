#include "power_loss_vfs.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace foyer::server {
namespace {

struct OpenFile {
  sqlite3_file base;  // SQLite's part comes first
  PowerLossDisk* disk;
  PowerLossDisk::File* file;
  bool has_shared;
};

OpenFile& opened(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

int close_file(sqlite3_file*) { return SQLITE_OK; }

int read_file(sqlite3_file* handle, void* to, int size, sqlite3_int64 at) {
  const auto& [base, disk, file, has_shared] = opened(handle);
  if (!disk->has_power()) return SQLITE_IOERR_READ;
  const auto wanted = static_cast<std::size_t>(size), start = static_cast<std::size_t>(at);
  const auto length = file->content.size();
  const auto found = start < length ? std::min(wanted, length - start) : 0;
  if (found > 0) std::memcpy(to, file->content.data() + start, found);
  if (found == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + found, 0, wanted - found);
  return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* handle, const void* from, int size, sqlite3_int64 at) {
  const auto& [base, disk, file, has_shared] = opened(handle);
  // The write under way when the power goes is among those that may or may not have arrived.
  if (!disk->has_power()) return SQLITE_IOERR_WRITE;
  disk->write(*file, static_cast<const char*>(from), static_cast<std::size_t>(size),
              static_cast<std::size_t>(at));
  return disk->may_change() ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

int truncate_file(sqlite3_file* handle, sqlite3_int64 size) {
  const auto& [base, disk, file, has_shared] = opened(handle);
  if (!disk->may_change()) return SQLITE_IOERR_TRUNCATE;
  disk->truncate(*file, static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int sync_file(sqlite3_file* handle, int) {
  const auto& [base, disk, file, has_shared] = opened(handle);
  if (!disk->may_change()) return SQLITE_IOERR_FSYNC;
  disk->sync(*file);
  return SQLITE_OK;
}

int size_of_file(sqlite3_file* handle, sqlite3_int64* size) {
  const auto& [base, disk, file, has_shared] = opened(handle);
  if (!disk->has_power()) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(file->content.size());
  return SQLITE_OK;
}

int lock_file(sqlite3_file*, int) { return SQLITE_OK; }

int is_reserved(sqlite3_file*, int* is_locked) {
  *is_locked = 0;
  return SQLITE_OK;
}

int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }

// What SQLite's own VFS for Unix says of a disk.
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int map_shared(sqlite3_file* handle, int region, int size, int may_extend, void volatile** memory) {
  auto& regions = opened(handle).file->shared_memory;
  opened(handle).file->shared_by += !std::exchange(opened(handle).has_shared, true);
  const auto index = static_cast<std::size_t>(region);
  while (may_extend && regions.size() <= index)
    regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  *memory = index < regions.size() ? regions[index].get() : nullptr;
  return SQLITE_OK;
}

int lock_shared(sqlite3_file*, int, int, int) { return SQLITE_OK; }
void shared_barrier(sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }

int unmap_shared(sqlite3_file* handle, int) {
  auto& file = *opened(handle).file;
  file.shared_by -= std::exchange(opened(handle).has_shared, false);
  if (file.shared_by == 0) file.shared_memory.clear();
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods = {
    2,           close_file,    read_file,       write_file,    truncate_file,
    sync_file,   size_of_file,  lock_file,       lock_file,     is_reserved,
    control_file, sector_size,  characteristics, map_shared,    lock_shared,
    shared_barrier, unmap_shared, nullptr,       nullptr,
};

PowerLossDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<PowerLossDisk*>(vfs->pAppData); }

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* handle, int flags, int* out_flags) {
  handle->pMethods = nullptr;
  auto& disk = disk_of(vfs);
  auto& file = disk.file(path ? path : disk.temporary_name());
  if (!disk.has_power()) return SQLITE_CANTOPEN;
  if (!file.exists && !(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
  if (!file.exists) disk.create(file);
  opened(handle) = {
      .base = {.pMethods = &kMethods}, .disk = &disk, .file = &file, .has_shared = false};
  if (out_flags) *out_flags = flags;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int is_durable) {
  auto& disk = disk_of(vfs);
  auto& file = disk.file(path);
  if (!disk.may_change()) return SQLITE_IOERR_DELETE;
  if (!file.exists) return SQLITE_IOERR_DELETE_NOENT;
  disk.remove(file, is_durable != 0);
  return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* path, int, int* is_there) {
  const auto& file = disk_of(vfs).file(path);
  *is_there = file.exists && !file.content.empty();
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}

}  // namespace

PowerLossDisk::PowerLossDisk(std::string name, std::uint64_t seed)
    : name_(std::move(name)), random_(seed) {
  vfs_ = *sqlite3_vfs_find(nullptr);  // time, sleep and randomness stay the system's
  vfs_.szOsFile = sizeof(OpenFile);
  vfs_.pNext = nullptr;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = open_file;
  vfs_.xDelete = delete_file;
  vfs_.xAccess = access_file;
  vfs_.xFullPathname = full_path;
  sqlite3_vfs_register(&vfs_, 0);
}

PowerLossDisk::~PowerLossDisk() { sqlite3_vfs_unregister(&vfs_); }

bool PowerLossDisk::may_change() {
  if (has_power_ && operations_left_ >= 0 && operations_left_-- == 0) cut();
  return has_power_;
}

// Takes the place of one of the same name whose removal was not synced.
void PowerLossDisk::create(File& file) {
  file.exists = true;
  file.is_entry_durable = false;
  file.durable.clear();
}

void PowerLossDisk::write(File& file, const char* bytes, std::size_t size, std::size_t at) {
  if (size == 0) return;
  if (file.content.size() < at + size) file.content.resize(at + size);
  std::memcpy(file.content.data() + at, bytes, size);
  for (auto sector = at / kSector; sector <= (at + size - 1) / kSector; ++sector)
    file.unsynced.insert(sector);
}

void PowerLossDisk::truncate(File& file, std::size_t size) { file.content.resize(size); }

void PowerLossDisk::sync(File& file) {
  file.durable.resize(file.content.size());
  for (const auto sector : file.unsynced) {
    const auto at = sector * kSector;
    if (at >= file.content.size()) break;
    std::memcpy(file.durable.data() + at, file.content.data() + at,
                std::min(kSector, file.content.size() - at));
  }
  file.unsynced.clear();
  // SQLite's VFS for Unix syncs the folder too when it syncs a new file for the first time.
  if (!file.is_entry_durable) sync_folder();
}

void PowerLossDisk::sync_folder() {
  for (auto& [path, file] : files_) {
    file.is_entry_durable = file.exists;
    if (!file.exists) file.durable.clear();
  }
}

void PowerLossDisk::remove(File& file, bool is_durable) {
  file.exists = false;
  file.content.clear();
  file.unsynced.clear();
  if (!is_durable) return;
  file.is_entry_durable = false;
  file.durable.clear();
}

void PowerLossDisk::cut() {
  has_power_ = false;
  operations_left_ = -1;
  for (auto& [path, file] : files_) cut(file);
}

void PowerLossDisk::cut(File& file) {
  // A name that was made or removed since the last sync may be there or not.
  if (file.exists != file.is_entry_durable && random_.chance(1, 2)) {
    file.exists = file.is_entry_durable;
    file.content = file.durable;
    file.unsynced.clear();
  }
  const auto kept_of_four = random_.below(5);
  std::string found = file.durable;
  if (file.exists && random_.chance(kept_of_four, 4)) found.resize(file.content.size());
  for (const auto sector : file.unsynced) {
    const auto at = sector * kSector;
    if (!random_.chance(kept_of_four, 4)) {
      ++sectors_dropped_;
    } else if (at < file.content.size()) {
      const auto size = std::min(kSector, file.content.size() - at);
      if (found.size() < at + size) found.resize(at + size);
      std::memcpy(found.data() + at, file.content.data() + at, size);
    }
  }
  if (!file.exists) found.clear();
  file.content = file.durable = found;
  file.is_entry_durable = file.exists;
  file.unsynced.clear();
}

}  // namespace foyer::server
