#include "security_headers.h"

namespace foyer::server {
namespace {

struct FixedHeader {
  const char* name;
  const char* value;
};

constexpr FixedHeader kFixedHeaders[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
     "img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
     "manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"X-Frame-Options", "DENY"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
};

}  // namespace

void add_security_headers(HttpResponse& response, bool is_secure) {
  for (const auto& header : kFixedHeaders)
    if (!response.has(header.name)) response.set(header.name, header.value);
  if (is_secure && !response.has("Strict-Transport-Security"))
    response.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

}  // namespace foyer::server
