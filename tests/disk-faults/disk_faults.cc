// Loaded into foyer-server before the C library (LD_PRELOAD): makes the disk fail when and how the
// file named by FOYER_DISK_FAULT says. Only regular files fail, not what the server logs to.
//
//   fault := "full"  a write takes half of its bytes, the next one fails with ENOSPC
//          | "write" a write fails with EIO        | "sync" fsync and fdatasync fail with EIO
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

enum class Fault { kNone, kFull, kWrite, kSync };

Fault fault_of(int file) {
  struct stat about;
  if (file <= STDERR_FILENO || fstat(file, &about) != 0 || !S_ISREG(about.st_mode))
    return Fault::kNone;
  const char* name = getenv("FOYER_DISK_FAULT");
  const int control = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
  if (control < 0) return Fault::kNone;
  char first = 0;
  const bool is_read = read(control, &first, 1) == 1;
  close(control);
  if (!is_read) return Fault::kNone;
  return first == 'f'   ? Fault::kFull
         : first == 'w' ? Fault::kWrite
         : first == 's' ? Fault::kSync
                        : Fault::kNone;
}

// How many bytes may be written; below zero: none, and errno is set.
ssize_t allowed(int file, size_t size) {
  thread_local bool was_short = false;
  const auto fault = fault_of(file);
  if (fault == Fault::kWrite) {
    errno = EIO;
    return -1;
  }
  if (fault != Fault::kFull) return static_cast<ssize_t>(size);
  was_short = !was_short && size > 1;
  if (was_short) return static_cast<ssize_t>(size / 2);
  errno = ENOSPC;
  return -1;
}

int failed_sync() {
  errno = EIO;
  return -1;
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  const auto count = allowed(file, size);
  return count < 0 ? -1 : syscall(SYS_write, file, bytes, count);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  const auto count = allowed(file, size);
  return count < 0 ? -1 : syscall(SYS_pwrite64, file, bytes, count, at);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  return pwrite64(file, bytes, size, at);
}

int fsync(int file) {
  return fault_of(file) == Fault::kSync ? failed_sync()
                                        : static_cast<int>(syscall(SYS_fsync, file));
}

int fdatasync(int file) {
  return fault_of(file) == Fault::kSync ? failed_sync()
                                        : static_cast<int>(syscall(SYS_fdatasync, file));
}

}  // extern "C"
