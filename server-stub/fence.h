// What must survive the loss of the database, in a file of its own beside it: how far numbers were
// given out, whose access was taken away, what was backed up, and which command was running. Never
// part of a backup: a database that is older than its fence was restored.
// Invariant: a number is used, and a revocation acknowledged, only after it is on the disk here.
//
//   file   := head record*      head := magic used:{seq:u64 crc:u32} running:{id:16 crc:u32}
//   record := length:u32 crc:u32 type:u8 body        numbers little-endian or as in schema/bytes.h
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "foyer/base/id.h"
#include "foyer/base/instant.h"
#include "foyer/base/result.h"

namespace foyer::server {

enum class AccessKind : std::uint8_t { kUser, kContact, kDevice, kSession };

// The access of a user, contact or device as it last was; of a session: it ended.
struct AccessNote {
  AccessKind kind = AccessKind::kUser;
  Uuid id;
  std::string access;  // as encode_access (revocations.h); empty: there is none
  Instant at;
};

class Fence {
 public:
  static constexpr std::uint64_t kBlock = 4096;
  static constexpr unsigned kCrashesMax = 2;

  // Reads what is there; a damaged or missing file counts as none, and was_there() says so.
  static Result<std::unique_ptr<Fence>> open(const std::string& path, Instant now);
  // For the one who makes a backup, while a server may be running.
  static bool note_backup(const std::string& path, const Uuid& epoch, std::uint64_t seq);
  // Before a backup takes the database's place: the next start begins an epoch.
  static bool note_restore(const std::string& path, const Uuid& epoch, std::uint64_t seq);
  ~Fence();
  Fence(const Fence&) = delete;
  Fence& operator=(const Fence&) = delete;

  bool was_there() const { return was_there_; }
  // False: it could not be written, and nothing may be acknowledged any more.
  bool is_sound() const { return !is_broken_; }
  // True if there was no room for something since the last call. It is whole, and lacks that.
  bool take_lack_of_room() { return std::exchange(lacked_room_, false); }
  bool is_restored() const { return is_restored_; }
  const Uuid& epoch() const { return epoch_; }
  std::uint64_t reserved() const { return reserved_; }
  std::uint64_t used() const { return used_; }

  // On the writer thread. False: it could not be made durable, and nothing may be acknowledged.
  bool start_epoch(const Uuid& epoch, std::uint64_t seq);
  bool cover(std::uint64_t seq);
  bool note(const AccessNote& note);
  // Survives the process, not a power cut, and needs no wait for the disk. Without room the place
  // in the head says nothing until the next call.
  void note_used(std::uint64_t seq);
  void begin_command(const Uuid& id);
  void end_command() { begin_command({}); }
  // True once the server died while it ran this command, as often as is too often.
  bool is_quarantined(const Uuid& id) const;

  const std::map<std::pair<AccessKind, Uuid>, AccessNote>& notes() const { return notes_; }

  struct Backup {
    Uuid epoch;
    std::uint64_t seq = 0;
  };
  // The newest known, also of other processes. From any thread.
  std::optional<Backup> backup();

 private:
  Fence(std::string path, int head, int log) : path_(std::move(path)), head_(head), log_(log) {}
  bool create();
  void load(Instant now);
  void read_head();
  std::string bytes_from(std::uint64_t offset) const;
  // Takes the whole records in `bytes`; how many bytes they were.
  std::size_t take(std::string_view bytes);
  bool take_record(std::string_view record);
  bool append(const std::string& record);
  void write_head(std::string_view slot, std::uint64_t at);
  bool compact(Instant now);

  const std::string path_;
  int head_, log_;  // one to write in place, one to append
  std::mutex mutex_;  // guards what is read from the file again
  bool was_there_ = false, is_restored_ = false, is_broken_ = false;
  bool lacked_room_ = false;
  Uuid epoch_;
  std::uint64_t reserved_ = 0, used_ = 0, end_ = 0;
  std::map<std::pair<AccessKind, Uuid>, AccessNote> notes_;
  std::map<Uuid, unsigned> crashes_;
  std::optional<Backup> backup_;
};

}  // namespace foyer::server
