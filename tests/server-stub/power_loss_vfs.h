// A disk in memory, as a SQLite VFS, whose power can be cut: of the 512-byte sectors written since
// a file's last sync a random part is kept, the rest is as it was before. No locks: one thread,
// and of several connections one writes and is the last to go, or all go without power.
// Invariant: once the power is cut every call fails until restore().
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "foyer/base/random.h"

namespace foyer::server {

class PowerLossDisk {
 public:
  static constexpr std::size_t kSector = 512;

  struct File {
    bool exists = false;
    std::string content;
    bool is_entry_durable = false;  // the name would be found after a cut
    std::string durable;
    std::set<std::size_t> unsynced;  // sectors
    std::vector<std::unique_ptr<char[]>> shared_memory;
    int shared_by = 0;  // connections
  };

  // Registers itself as `name` for as long as it lives.
  PowerLossDisk(std::string name, std::uint64_t seed);
  ~PowerLossDisk();
  PowerLossDisk(const PowerLossDisk&) = delete;
  PowerLossDisk& operator=(const PowerLossDisk&) = delete;

  const char* name() const { return name_.c_str(); }
  // The power goes when so many more writes, syncs, truncations and deletions were begun.
  void cut_after(int operations) { operations_left_ = operations; }
  bool has_power() const { return has_power_; }
  void restore() { has_power_ = true; }
  std::size_t sectors_dropped() const { return sectors_dropped_; }

  // For the VFS's functions: false once the power is gone.
  bool may_change();
  File& file(const std::string& path) { return files_[path]; }
  void create(File& file);
  void write(File& file, const char* bytes, std::size_t size, std::size_t at);
  void truncate(File& file, std::size_t size);
  void sync(File& file);
  void remove(File& file, bool is_durable);
  std::string temporary_name() { return "temporary-" + std::to_string(++temporary_count_); }

 private:
  void sync_folder();
  void cut();
  void cut(File& file);

  std::string name_;
  Random random_;
  sqlite3_vfs vfs_{};
  std::map<std::string, File> files_;
  std::atomic<bool> has_power_ = true;
  int operations_left_ = -1;  // below zero: never
  int temporary_count_ = 0;
  std::size_t sectors_dropped_ = 0;
};

}  // namespace foyer::server
