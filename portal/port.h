// What the portal's program needs of its host. platform_web.cc implements it for browsers, the
// tests with a store in memory.
#pragma once

#include <string>

#include "foyer/sync/client_engine.h"
#include "foyer/view/staff_cases.h"

namespace foyer::portal {

// A POST to the server, outside the synchronisation.
struct ServerQuestion {
  std::string path;
  std::string file;  // id of the file field whose file is the body
  std::string body;  // JSON, if there is no file; empty: no body
};

// What a person chose in a file field. The bytes stay with the host.
struct PickedFile {
  std::string field, name;
  std::uint64_t size = 0;
  std::string head;  // its first bytes, at most 4096
};

// What the browser says about what it keeps for us.
struct DeviceRoom {
  bool is_known = false;
  bool is_lasting = false;  // it promised not to clear it when room runs out
  std::uint64_t used_bytes = 0, bytes_max = 0;
};

enum class ThemeChoice : std::uint8_t { kSystem, kLight, kDark, kContrast };
}  // namespace foyer::portal
namespace foyer {
template <>
inline constexpr auto kNames<portal::ThemeChoice> =
    std::array<std::string_view, 4>{"system", "light", "dark", "contrast"};
}  // namespace foyer
namespace foyer::portal {

class Port {
 public:
  virtual ~Port() = default;
  virtual const Reader& rows() const = 0;
  virtual const Actor& actor() const = 0;
  virtual SyncStatus status() const = 0;
  virtual DeviceRoom room() const = 0;
  virtual const std::map<std::uint64_t, OutboxEntry>& outbox() const = 0;
  virtual Instant now() const = 0;
  virtual const TimeWords& words() const = 0;
  virtual Uuid new_id() = 0;
  // Durable before it is shown; errors as ClientEngine::submit.
  virtual Result<std::uint64_t> submit(Command command) = 0;
  // As ClientEngine::retry, replace and discard.
  virtual Result<std::uint64_t> retry(std::uint64_t mid) = 0;
  virtual Result<std::uint64_t> replace(std::uint64_t mid, Command command) = 0;
  virtual void discard(std::uint64_t mid) = 0;
  // The id that App::answered will bear; never 0, never twice.
  virtual std::uint64_t ask(const ServerQuestion& question) = 0;
  // Makes a file of an OutboxText that only the server can read, and hands it to the person.
  // App::answered hears of it: 200, or 0 if this device has no key for it yet.
  virtual std::uint64_t save_outbox(const std::string& name, const std::string& text) = 0;
  // Ends the session; what waits to be sent stays on the device, what was read goes.
  virtual void sign_out() = 0;
  // Onto the clipboard.
  virtual void copy(const std::string& text) = 0;
  // Kept on this device; the host answers with Ui::set_theme.
  virtual void choose_theme(ThemeChoice choice) = 0;
  // The address of what is shown: Back returns to the one before.
  virtual void navigate(const std::string& path) = 0;
};

}  // namespace foyer::portal
