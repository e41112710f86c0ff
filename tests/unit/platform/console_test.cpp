#include "platform/console.hpp"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace portico::platform {
namespace {

constexpr auto files = std::to_array<ConsoleFile>({
    {.path = "index.html",
     .type = "text/html; charset=utf-8",
     .tag = "1",
     .plain = "page",
     .gzip = "gz",
     .brotli = "b"},
    {.path = "theme.js", .type = "text/javascript; charset=utf-8", .tag = "2", .plain = "theme"},
    {.path = "assets/main-4f2b9c1d.js",
     .type = "text/javascript; charset=utf-8",
     .tag = "3",
     .is_immutable = true,
     .plain = "main",
     .gzip = "gz"},
});

struct Asked {
  std::string_view path;
  std::string_view accepted = {};
  std::string_view known_tag = {};
  http::Method method = http::Method::Get;
};

http::Response ask(const Asked& asked) {
  std::vector<http::HeaderField> fields;
  if (asked.accepted.data() != nullptr) fields.push_back({"Accept-Encoding", asked.accepted});
  if (asked.known_tag.data() != nullptr) fields.push_back({"If-None-Match", asked.known_tag});
  http::Request request;
  request.method = asked.method;
  request.path = asked.path;
  request.fields = fields;
  http::Response response;
  serve_console({.files = files, .scheme = "http", .extension_host = "ext.localhost:8080"}, request, response);
  return response;
}

std::string field(const http::Response& response, const std::string& name) {
  const std::size_t at = ("\r\n" + response.head).find("\r\n" + name + ": ");
  if (at == std::string::npos) return "none";
  const std::size_t value = at + name.size() + 2;
  return response.head.substr(value, response.head.find("\r\n", value) - value);
}

TEST(Console, EveryPathOfAPageIsThePage) {
  for (const std::string_view path : {"/developers", "/developers/", "/developers/index.html",
                                      "/developers/extensions/plot", "/developers/review/"}) {
    const http::Response answer = ask({.path = path});
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.body, "page") << path;
    EXPECT_EQ(field(answer, "Cache-Control"), "no-store") << path;
  }
}

TEST(Console, FilesAreWhatTheyAre) {
  const http::Response theme = ask({.path = "/developers/theme.js"});
  EXPECT_EQ(theme.body, "theme");
  EXPECT_EQ(field(theme, "Cache-Control"), "no-cache");
  const http::Response main = ask({.path = "/developers/assets/main-4f2b9c1d.js"});
  EXPECT_EQ(main.body, "main");
  EXPECT_EQ(field(main, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(field(main, "Cache-Control"), "public, max-age=31536000, immutable");
  for (const std::string_view path :
       {"/developers/assets/main-00000000.js", "/developers/assets/", "/developers/favicon.ico",
        "/developers/x/theme.js", "/developers/../x.js", "/developers//theme.js"}) {
    const http::Response answer = ask({.path = path});
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(field(answer, "Cache-Control"), "no-store") << path;
  }
}

TEST(Console, MethodsThatChangeAreNotAllowed) {
  const http::Response answer = ask({.path = "/developers/", .method = http::Method::Post});
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(field(answer, "Allow"), "GET, HEAD");
  EXPECT_EQ(ask({.path = "/developers/", .method = http::Method::Head}).body, "page");
}

TEST(Console, TheClientChoosesTheCoding) {
  struct Case {
    std::string_view accepted;
    std::string_view coding;
  };
  for (const Case& each :
       {Case{"gzip, deflate, br", "br"}, Case{"gzip", "gzip"}, Case{"", "none"}, Case{"br;q=0, gzip;q=0", "none"},
        Case{"br;q=0.5, gzip", "gzip"}, Case{"*", "br"}, Case{"*;q=0.5, br;q=0", "gzip"}, Case{"BR ; Q=1.000", "br"},
        Case{"identity, br;q=0.001", "none"}, Case{"identity;q=0.5, gzip;q=0.8", "gzip"},
        Case{"br;q=x, gzip;q=2", "none"}, Case{"zstd, deflate", "none"}, Case{"*;q=0", "none"},
        Case{",,gzip,,", "gzip"}, Case{"xbr, gzipped", "none"}}) {
    const http::Response answer = ask({.path = "/developers/", .accepted = each.accepted});
    EXPECT_EQ(field(answer, "Content-Encoding"), each.coding) << each.accepted;
    EXPECT_EQ(field(answer, "Vary"), "Accept-Encoding");
    EXPECT_EQ(answer.body, each.coding == "br" ? "b" : each.coding == "gzip" ? "gz" : "page") << each.accepted;
  }
  EXPECT_EQ(
      field(ask({.path = "/developers/assets/main-4f2b9c1d.js", .accepted = "br, gzip;q=0.1"}), "Content-Encoding"),
      "gzip");
}

TEST(Console, EachCodingHasATagOfItsOwn) {
  EXPECT_EQ(field(ask({.path = "/developers/"}), "ETag"), "\"1\"");
  EXPECT_EQ(field(ask({.path = "/developers/", .accepted = "br"}), "ETag"), "\"1-br\"");
  const http::Response known = ask({.path = "/developers/theme.js", .known_tag = "\"2\""});
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
  EXPECT_EQ(ask({.path = "/developers/", .accepted = "gzip", .known_tag = "\"1-br\""}).status, 200);
}

TEST(Console, PagesRunFilesAlone) {
  for (const std::string_view path : {"/developers/", "/developers/theme.js", "/developers/assets/none.js"}) {
    const http::Response answer = ask({.path = path});
    EXPECT_EQ(field(answer, "Content-Security-Policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
              "connect-src 'self'; frame-src http://*.ext.localhost:8080; manifest-src 'self'; form-action 'none'; "
              "base-uri 'none'; frame-ancestors 'none'");
    EXPECT_EQ(field(answer, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(field(answer, "X-Frame-Options"), "DENY");
    EXPECT_NE(field(answer, "Permissions-Policy").find("clipboard-write=(self)"), std::string::npos);
  }
}

/// What the build has embedded: a page, and scripts that are smaller in transit than they are.
TEST(Console, IsThere) {
  const auto built = console_files();
  const auto named = [built](std::string_view path) {
    return std::find_if(built.begin(), built.end(), [path](const ConsoleFile& file) { return file.path == path; });
  };
  ASSERT_NE(named("index.html"), built.end());
  EXPECT_NE(named("index.html")->plain.find("/developers/assets/"), std::string_view::npos);
  std::size_t immutable = 0;
  std::size_t compressed = 0;
  for (const ConsoleFile& file : built) {
    immutable += file.is_immutable ? 1 : 0;
    compressed += file.brotli.empty() ? file.plain.size() : file.brotli.size();
  }
  EXPECT_GE(immutable, 2U);
  EXPECT_LT(compressed, 150U * 1024);
}

}  // namespace
}  // namespace portico::platform
