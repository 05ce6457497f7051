#include "static_files.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "foyer/base/checksum.h"
#include "foyer/base/text.h"

namespace foyer::server {
namespace {

struct ContentType {
  std::string_view extension;
  const char* type;
};

constexpr ContentType kContentTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".ttf", "font/ttf"},
    {".txt", "text/plain; charset=utf-8"},
};

const char* content_type_of(std::string_view path) {
  for (const auto& entry : kContentTypes)
    if (path.ends_with(entry.extension)) return entry.type;
  return "application/octet-stream";
}

// "site.3f2a9c1b.css", "site-3F2A9C1B.css": a part of 8 or more hex digits or base32 letters with
// at least one digit, between separators, before the extension.
bool has_content_hash(std::string_view path) {
  const auto slash = path.rfind('/');
  const auto name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  const auto last_dot = name.rfind('.');
  if (last_dot == std::string_view::npos) return false;
  const auto stem = name.substr(0, last_dot);
  const auto separator = stem.find_last_of(".-");
  if (separator == std::string_view::npos) return false;
  const auto part = stem.substr(separator + 1);
  bool has_digit = false;
  for (const char c : part) {
    if (c >= '0' && c <= '9') has_digit = true;
    else if (!((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'Z'))) return false;
  }
  return part.size() >= 8 && has_digit;
}

Result<std::shared_ptr<const std::string>> read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  // An empty file leaves the failbit on the output stream, which is fine.
  if (!file.is_open() || file.bad()) return fail(ErrorCode::kInvalid, "web", "cannot_read");
  return std::make_shared<const std::string>(std::move(bytes).str());
}

bool accepts(std::string_view accept_encoding, std::string_view coding) {
  for (const auto part : split(accept_encoding, ',')) {
    const auto item = trim(part);
    const auto semicolon = item.find(';');
    if (!equals_ignoring_case(trim(item.substr(0, semicolon)), coding)) continue;
    if (semicolon == std::string_view::npos) return true;
    const auto quality = trim(item.substr(semicolon + 1));
    return quality != "q=0" && quality != "q=0.0" && quality != "q=0.00" && quality != "q=0.000";
  }
  return false;
}

bool matches_etag(std::string_view if_none_match, std::string_view etag) {
  for (const auto part : split(if_none_match, ',')) {
    auto item = trim(part);
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == etag || item == "*") return true;
  }
  return false;
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const std::string& folder) {
  StaticFiles files;
  if (folder.empty()) return files;
  std::error_code error;
  std::filesystem::recursive_directory_iterator walk(folder, error);
  if (error) return fail(ErrorCode::kInvalid, "web", "cannot_read");
  std::unordered_map<std::string, std::shared_ptr<const std::string>> found;
  for (const auto& entry : walk) {
    if (!entry.is_regular_file(error)) continue;
    auto bytes = read_whole(entry.path());
    if (!bytes) return std::unexpected(bytes.error());
    const auto relative = entry.path().lexically_relative(folder).generic_string();
    found.emplace("/" + relative, std::move(*bytes));
  }
  for (const auto& [path, bytes] : found) {
    const bool is_compressed_form =
        (path.ends_with(".br") || path.ends_with(".gz")) &&
        found.contains(path.substr(0, path.size() - 3));
    if (is_compressed_form) continue;
    File file;
    file.identity = bytes;
    if (const auto brotli = found.find(path + ".br"); brotli != found.end())
      file.brotli = brotli->second;
    if (const auto gzip = found.find(path + ".gz"); gzip != found.end()) file.gzip = gzip->second;
    file.type = content_type_of(path);
    file.etag = "\"" + to_hex(sha256(*bytes)).substr(0, 24) + "\"";
    file.is_immutable = has_content_hash(path);
    files.files_.emplace(path, std::move(file));
  }
  return files;
}

bool StaticFiles::contains(std::string_view path) const {
  return files_.contains(std::string(path));
}

std::string_view StaticFiles::text_of(std::string_view path) const {
  const auto found = files_.find(std::string(path));
  return found == files_.end() ? std::string_view() : std::string_view(*found->second.identity);
}

HttpResponse StaticFiles::respond(const HttpRequest& request) const {
  const auto found = files_.find(request.path);
  if (found == files_.end()) return problem_response(404, "not_found", {}, request.request_id);
  const auto& file = found->second;
  HttpResponse response;
  response.set("Content-Type", file.type);
  response.set("Cache-Control",
               file.is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.set("ETag", file.etag);
  response.set("Vary", "Accept-Encoding");
  if (request.path.ends_with(".svg"))  // drawn as an image it needs nothing; opened, it may run
    response.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  if (matches_etag(request.header("if-none-match"), file.etag)) {
    response.status = 304;
    return response;
  }
  const auto encodings = request.header("accept-encoding");
  if (file.brotli && accepts(encodings, "br")) {
    response.set("Content-Encoding", "br");
    response.shared_body = file.brotli;
  } else if (file.gzip && accepts(encodings, "gzip")) {
    response.set("Content-Encoding", "gzip");
    response.shared_body = file.gzip;
  } else {
    response.shared_body = file.identity;
  }
  return response;
}

}  // namespace foyer::server
