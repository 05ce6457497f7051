#include "fence.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "foyer/base/checksum.h"
#include "foyer/schema/bytes.h"

namespace foyer::server {
namespace {

constexpr std::string_view kMagic = "FOYER FENCE 1\n\0\0";
constexpr std::uint64_t kUsedAt = 16, kRunningAt = 64, kCrashedAt = 96;
// A process that was ended from outside may have been running anything: that counts for less.
constexpr unsigned kEnded = 1, kCrashed = 2;
constexpr std::uint64_t kHeadBytes = 128;
constexpr std::size_t kRecordMax = 4096, kRecordHead = 8;
constexpr std::uint64_t kCompactBytes = 256 * 1024;
// Longer than any session lives.
constexpr std::int64_t kSessionNoteMs = 60 * kMsPerDay;

enum class RecordType : std::uint8_t {
  kEpoch = 1, kReserved, kBackup, kRestore, kAccess, kCrashes,
};

std::string record_of(RecordType type, ByteWriter body) {
  ByteWriter content;
  content.byte(static_cast<std::uint8_t>(type));
  content.raw(body.view());
  ByteWriter record;
  record.fixed32(static_cast<std::uint32_t>(content.view().size()));
  record.fixed32(crc32c(content.view()));
  record.raw(content.view());
  return record.take();
}

std::string numbered_record(RecordType type, const Uuid& epoch, std::uint64_t seq) {
  ByteWriter body;
  body.uuid(epoch);
  body.varint(seq);
  return record_of(type, std::move(body));
}

std::string access_record(const AccessNote& note) {
  ByteWriter body;
  body.byte(static_cast<std::uint8_t>(note.kind));
  body.uuid(note.id);
  body.zigzag(note.at.ms);
  body.bytes(note.access);
  return record_of(RecordType::kAccess, std::move(body));
}

std::string crashes_record(const Uuid& command, unsigned count) {
  return numbered_record(RecordType::kCrashes, command, count);
}

// The head of the fence that is open, for a process that fails by itself.
std::atomic<int> failing_head{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void note_failure(int signal) {
  const char mark = 1;
  const int head = failing_head;
  // Without room nothing is noted: it counts as ended from outside.
  if (head >= 0 && pwrite(head, &mark, 1, kCrashedAt) != 1) failing_head = -1;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// Where nobody else looks at such signals, as sanitizers do.
void watch_failures(int head) {
  failing_head = head;
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) continue;
    action.sa_handler = note_failure;
    sigaction(signal, &action, nullptr);
  }
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void sync_folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  fsync(handle);
  close(handle);
}

// The beginning of one record, as a write that a power cut ended leaves it.
bool is_torn(std::string_view rest) {
  if (rest.find_first_not_of('\0') == std::string_view::npos) return true;
  ByteReader in(rest);
  const std::uint32_t length = in.fixed32();
  return in.failed() || (length <= kRecordMax && rest.size() < kRecordHead + length);
}

std::string empty_file() {
  std::string bytes(kMagic);
  bytes.resize(kHeadBytes);
  return bytes;
}

// One record by another process; a file that is missing is begun.
bool append_from_outside(const std::string& path, const std::string& record) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return false;
  struct stat about {};
  const bool is_new = fstat(file, &about) == 0 && about.st_size == 0;
  const bool is_done =
      write_all(file, is_new ? empty_file() + record : record) && fsync(file) == 0;
  close(file);
  if (is_new) sync_folder_of(path);
  return is_done;
}

}  // namespace

Result<std::unique_ptr<Fence>> Fence::open(const std::string& path, Instant now) {
  const int head = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const int log = head < 0 ? -1 : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  std::unique_ptr<Fence> fence(new Fence(path, head, log));
  if (log < 0) return fail(ErrorCode::kUnavailable, "data", "cannot_write");
  fence->load(now);
  if (fence->is_broken_) return fail(ErrorCode::kUnavailable, "data", "cannot_write");
  watch_failures(fence->head_);
  return fence;
}

Fence::~Fence() {
  int mine = head_;
  failing_head.compare_exchange_strong(mine, -1);
  for (const int file : {head_, log_})
    if (file >= 0) close(file);
}

bool Fence::note_backup(const std::string& path, const Uuid& epoch, std::uint64_t seq) {
  return append_from_outside(path, numbered_record(RecordType::kBackup, epoch, seq));
}

bool Fence::note_restore(const std::string& path, const Uuid& epoch, std::uint64_t seq) {
  return append_from_outside(path, numbered_record(RecordType::kRestore, epoch, seq));
}

std::string Fence::bytes_from(std::uint64_t offset) const {
  std::string bytes;
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t count = pread(head_, buffer, sizeof buffer,
                                static_cast<off_t>(offset + bytes.size()));
    if (count <= 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
}

bool Fence::create() {
  was_there_ = false;
  end_ = kHeadBytes;
  if (ftruncate(head_, 0) != 0 || !write_all(log_, empty_file()) || fsync(log_) != 0) return false;
  sync_folder_of(path_);
  return true;
}

void Fence::load(Instant now) {
  const std::string all = bytes_from(0);
  if (all.size() < kHeadBytes || !all.starts_with(kMagic)) {
    is_broken_ = !create();
    return;
  }
  was_there_ = true;
  end_ = kHeadBytes + take(std::string_view(all).substr(kHeadBytes));
  // What follows was being written when the power went, or is damaged: then numbers may have been
  // given out of which nothing is known.
  if (end_ < all.size()) {
    was_there_ = is_torn(std::string_view(all).substr(end_));
    is_broken_ = ftruncate(head_, static_cast<off_t>(end_)) != 0;
  }
  was_there_ = was_there_ && !epoch_.is_null();
  read_head();
  if (end_ > kCompactBytes) is_broken_ |= !compact(now);
}

void Fence::read_head() {
  const std::string head = bytes_from(0).substr(0, kHeadBytes);
  const bool has_crashed = head[kCrashedAt] != 0;
  if (has_crashed) write_head(std::string_view("\0", 1), kCrashedAt);
  ByteReader used(std::string_view(head).substr(kUsedAt));
  const std::string_view used_bytes = used.raw(8);
  if (used.fixed32() == crc32c(used_bytes))
    for (std::size_t i = 8; i-- > 0;)
      used_ = used_ << 8 | static_cast<std::uint8_t>(used_bytes[i]);
  ByteReader running(std::string_view(head).substr(kRunningAt));
  const std::string_view id_bytes = running.raw(16);
  if (running.fixed32() != crc32c(id_bytes)) return;
  Uuid id;
  std::memcpy(id.bytes.data(), id_bytes.data(), id_bytes.size());
  if (id.is_null()) return;
  // It was running when the process ended without a word.
  is_broken_ |= !append(crashes_record(id, crashes_[id] + (has_crashed ? kCrashed : kEnded)));
  end_command();
}

std::size_t Fence::take(std::string_view bytes) {
  std::size_t taken = 0;
  for (;;) {
    ByteReader in(bytes.substr(taken));
    const std::uint32_t length = in.fixed32(), crc = in.fixed32();
    const std::string_view content = in.raw(length);
    if (in.failed() || length == 0 || length > kRecordMax || crc != crc32c(content) ||
        !take_record(content))
      return taken;
    taken += kRecordHead + length;
  }
}

bool Fence::take_record(std::string_view content) {
  ByteReader in(content);
  const auto type = static_cast<RecordType>(in.byte());
  if (type == RecordType::kAccess) {
    AccessNote note;
    note.kind = static_cast<AccessKind>(std::min<std::uint8_t>(in.byte(), 3));
    note.id = in.uuid();
    note.at.ms = in.zigzag();
    note.access = in.bytes();
    if (in.failed()) return false;
    notes_[{note.kind, note.id}] = note;
    return true;
  }
  const Uuid id = in.uuid();
  const std::uint64_t number = in.varint();
  if (in.failed()) return false;
  switch (type) {
    case RecordType::kEpoch:
      epoch_ = id;
      is_restored_ = false;
      reserved_ = std::max(reserved_, number);
      return true;
    case RecordType::kReserved: reserved_ = std::max(reserved_, number); return true;
    case RecordType::kBackup: backup_ = Backup{id, number}; return true;
    case RecordType::kRestore:
      is_restored_ = true;
      backup_ = Backup{id, number};
      return true;
    case RecordType::kCrashes: crashes_[id] = static_cast<unsigned>(number); return true;
    case RecordType::kAccess: break;
  }
  return false;
}

bool Fence::append(const std::string& record) {
  if (is_broken_) return false;
  const off_t before = lseek(log_, 0, SEEK_END);
  if (!write_all(log_, record)) {
    // A full disk is no reason to stop: what was begun is cut off, and tried again another time.
    lacked_room_ = errno == ENOSPC;
    const off_t now = lseek(log_, 0, SEEK_END);
    const bool is_ours = now >= before && now - before < static_cast<off_t>(record.size());
    is_broken_ = !lacked_room_ || !is_ours || ftruncate(head_, before) != 0;
    return false;
  }
  is_broken_ = fdatasync(log_) != 0;
  if (is_broken_) return false;
  const std::lock_guard lock(mutex_);
  end_ += take(bytes_from(end_));
  return true;
}

bool Fence::start_epoch(const Uuid& epoch, std::uint64_t seq) {
  if (!append(numbered_record(RecordType::kEpoch, epoch, seq + kBlock))) return false;
  note_used(seq);
  return true;
}

bool Fence::cover(std::uint64_t seq) {
  if (seq <= reserved_) return true;
  return append(numbered_record(RecordType::kReserved, epoch_, seq + kBlock));
}

bool Fence::note(const AccessNote& note) {
  // A session ends once; of the rest what was noted may be what is.
  const auto known = notes_.find({note.kind, note.id});
  if (known != notes_.end() && known->second.access == note.access) return true;
  return append(access_record(note));
}

void Fence::note_used(std::uint64_t seq) {
  used_ = seq;
  char slot[12];
  for (std::size_t i = 0; i < 8; ++i) slot[i] = static_cast<char>(seq >> (8 * i));
  const std::uint32_t crc = crc32c({slot, 8});
  for (std::size_t i = 0; i < 4; ++i) slot[8 + i] = static_cast<char>(crc >> (8 * i));
  write_head({slot, sizeof slot}, kUsedAt);
}

void Fence::begin_command(const Uuid& id) {
  char slot[20];
  std::memcpy(slot, id.bytes.data(), 16);
  const std::uint32_t crc = crc32c({slot, 16});
  for (std::size_t i = 0; i < 4; ++i) slot[16 + i] = static_cast<char>(crc >> (8 * i));
  write_head({slot, sizeof slot}, kRunningAt);
}

// Torn it has a wrong checksum, and counts as empty.
void Fence::write_head(std::string_view slot, std::uint64_t at) {
  const ssize_t count = pwrite(head_, slot.data(), slot.size(), static_cast<off_t>(at));
  is_broken_ |= count < 0 && errno != ENOSPC;
}

bool Fence::is_quarantined(const Uuid& id) const {
  const auto found = crashes_.find(id);
  return found != crashes_.end() && found->second >= kCrashesMax * kCrashed;
}

std::optional<Fence::Backup> Fence::backup() {
  const std::lock_guard lock(mutex_);
  end_ += take(bytes_from(end_));
  return backup_;
}

// The same file without what was said anew since, put in its place whole.
bool Fence::compact(Instant now) {
  std::string bytes = empty_file();
  bytes += numbered_record(RecordType::kEpoch, epoch_, reserved_);
  if (backup_)
    bytes += numbered_record(is_restored_ ? RecordType::kRestore : RecordType::kBackup,
                             backup_->epoch, backup_->seq);
  for (const auto& [key, note] : notes_)
    if (note.kind != AccessKind::kSession || now - note.at < kSessionNoteMs)
      bytes += access_record(note);
  for (const auto& [id, count] : crashes_) bytes += crashes_record(id, count);
  const std::string fresh = path_ + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool is_written = write_all(file, bytes) && fsync(file) == 0;
  close(file);
  if (!is_written || rename(fresh.c_str(), path_.c_str()) != 0) return false;
  sync_folder_of(path_);
  close(head_);
  close(log_);
  head_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
  log_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  end_ = bytes.size();
  if (head_ < 0 || log_ < 0) return false;
  note_used(used_);
  end_command();
  return !is_broken_;
}

}  // namespace foyer::server
