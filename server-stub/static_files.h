// The files of the web folder, read once at start. Not a file server: a path that was not there at
// start does not exist, so no request can name anything outside.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "foyer/base/result.h"
#include "http_message.h"

namespace foyer::server {

class StaticFiles {
 public:
  // Reads every regular file below `folder` ("" serves nothing). Files "x.br" and "x.gz" beside
  // "x" are its compressed forms. kInvalid when the folder cannot be read.
  static Result<StaticFiles> load(const std::string& folder);

  // True if `path` ("/assets/site.3f2a9c1b.css") is one of the files.
  bool contains(std::string_view path) const;
  // GET or HEAD of a contained path: 200, or 304 by ETag. Names that carry a content hash are
  // immutable for a year, all others are revalidated each time.
  HttpResponse respond(const HttpRequest& request) const;
  // Raw bytes of one file, or empty; for what the pages need to know (the asset map).
  std::string_view text_of(std::string_view path) const;
  std::size_t size() const { return files_.size(); }

 private:
  struct File {
    std::shared_ptr<const std::string> identity, brotli, gzip;
    std::string type, etag;
    bool is_immutable = false;
  };

  std::unordered_map<std::string, File> files_;
};

}  // namespace foyer::server
