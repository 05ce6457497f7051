#include "static_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace foyer::server {
namespace {

class StaticFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_static_files_test";
    std::filesystem::remove_all(folder_);
    write("web/index.html", "<!doctype html>");
    write("web/assets/site.3f2a9c1b.css", "body{}");
    write("web/assets/site.3f2a9c1b.css.br", "brotli");
    write("web/assets/site.3f2a9c1b.css.gz", "gzip");
    write("web/sw.js", "self");
    write("web/empty.txt", "");
    write("web/only.gz", "an archive of its own");
    write("secret.txt", "not for anyone");
    auto loaded = StaticFiles::load((folder_ / "web").string());
    ASSERT_TRUE(loaded.has_value());
    files_ = std::move(*loaded);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  static std::string header_of(const HttpResponse& response, std::string_view name) {
    for (const auto& header : response.headers)
      if (header.name == name) return header.value;
    return {};
  }
  HttpResponse get(const std::string& path, std::vector<HttpHeader> headers = {}) {
    HttpRequest request;
    request.method = "GET";
    request.path = path;
    request.headers = std::move(headers);
    return files_.respond(request);
  }

  std::filesystem::path folder_;
  StaticFiles files_;
};

TEST_F(StaticFilesTest, HashedNamesAreImmutableOthersRevalidated) {
  const auto style = get("/assets/site.3f2a9c1b.css");
  EXPECT_EQ(style.status, 200);
  EXPECT_EQ(header_of(style, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header_of(style, "Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(*style.shared_body, "body{}");
  EXPECT_EQ(header_of(get("/index.html"), "Cache-Control"), "no-cache");
  EXPECT_EQ(header_of(get("/sw.js"), "Cache-Control"), "no-cache");
  EXPECT_EQ(*get("/empty.txt").shared_body, "");
}

TEST_F(StaticFilesTest, CompressedFormsByAcceptEncoding) {
  const auto with = [this](const char* encodings) {
    return *get("/assets/site.3f2a9c1b.css", {{"accept-encoding", encodings}}).shared_body;
  };
  EXPECT_EQ(with("gzip, deflate, br"), "brotli");
  EXPECT_EQ(with("gzip;q=0.5"), "gzip");
  EXPECT_EQ(with("br;q=0, gzip"), "gzip");
  EXPECT_EQ(with("identity"), "body{}");
  EXPECT_FALSE(files_.contains("/assets/site.3f2a9c1b.css.br"));
  EXPECT_TRUE(files_.contains("/only.gz"));
}

TEST_F(StaticFilesTest, UnchangedFilesAnswer304) {
  const auto etag = header_of(get("/index.html"), "ETag");
  const auto again = get("/index.html", {{"if-none-match", "\"x\", W/" + etag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_FALSE(again.shared_body);
  EXPECT_EQ(get("/index.html", {{"if-none-match", "\"x\""}}).status, 200);
}

TEST_F(StaticFilesTest, NothingOutsideTheFolderExists) {
  for (const char* path : {"/../secret.txt", "/assets/../../secret.txt", "../secret.txt",
                           "//secret.txt", "/secret.txt", "/assets/", "/assets", "", "/"})
    EXPECT_FALSE(files_.contains(path)) << path;
  EXPECT_FALSE(StaticFiles::load((folder_ / "none").string()).has_value());
}

TEST_F(StaticFilesTest, FilesAddedLaterAreNotServed) {
  write("web/later.html", "x");
  EXPECT_FALSE(files_.contains("/later.html"));
}

}  // namespace
}  // namespace foyer::server
