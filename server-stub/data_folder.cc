#include "data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace foyer::server {

Result<std::unique_ptr<DataFolder>> DataFolder::lock(const std::string& path) {
  std::error_code error;
  const bool is_new = std::filesystem::create_directories(path, error);
  if (is_new) chmod(path.c_str(), 0700);
  const int handle = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return fail(ErrorCode::kUnavailable, "data", "cannot_open");
  // A lock on the folder itself: it needs no further file and ends with the process.
  if (flock(handle, LOCK_EX | LOCK_NB) != 0) {
    close(handle);
    return fail(ErrorCode::kConflict, "data", "in_use");
  }
  return std::unique_ptr<DataFolder>(new DataFolder(path, handle));
}

DataFolder::~DataFolder() { close(handle_); }

std::string DataFolder::new_backup_file(Instant now) const {
  std::string name = "foyer-";
  for (const char c : to_iso(now))
    if (c != '-' && c != ':' && c != '.') name += c;
  return path_ + "/backup/" + name + ".db";
}

int DataFolder::free_percent() const {
  std::error_code error;
  const auto space = std::filesystem::space(path_, error);
  if (error || space.capacity == 0) return 0;
  return static_cast<int>(space.available / (space.capacity / 100 + 1));
}

}  // namespace foyer::server
