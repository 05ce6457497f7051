// Checksums of bytes. Not for passwords or signatures.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace foyer {

// CRC-32C (Castagnoli, RFC 3720 appendix B.4). `seed` continues an earlier call.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

using Sha256Digest = std::array<std::uint8_t, 32>;
// SHA-256 (FIPS 180-4).
Sha256Digest sha256(std::string_view bytes);

std::string to_hex(std::string_view bytes);
inline std::string to_hex(const Sha256Digest& digest) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace foyer
