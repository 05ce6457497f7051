// The folder that holds one installation: `foyer.db`, its `fence` (fence.h) and, in `backup/`, the
// copies made before an upgrade. Not the database itself.
// Invariant: at most one process holds a DataFolder for writing.
#pragma once

#include <memory>
#include <string>

#include "foyer/base/instant.h"
#include "foyer/base/result.h"

namespace foyer::server {

class DataFolder {
 public:
  // Creates the folder (mode 0700) when it is missing, and locks it. kConflict/"in_use": another
  // process holds it. kUnavailable: it cannot be made.
  static Result<std::unique_ptr<DataFolder>> lock(const std::string& path);
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  std::string database_file() const { return path_ + "/foyer.db"; }
  std::string fence_file() const { return path_ + "/fence"; }
  // A fresh name in backup/: "foyer-20261126T193500Z.db". Who writes it makes the folder.
  std::string new_backup_file(Instant now) const;
  // Share of the disk that is free, in percent.
  int free_percent() const;

 private:
  DataFolder(std::string path, int handle) : path_(std::move(path)), handle_(handle) {}

  std::string path_;
  int handle_;
};

}  // namespace foyer::server
