#include "platform/answer_origin.hpp"

#include <gtest/gtest.h>

#include "platform/origin_headers.hpp"

namespace portico::platform {
namespace {

const std::string ticket(64, 'a');
constexpr std::string_view console = "http://localhost:8080";

std::string field(const http::Response& response, const std::string& name) {
  const std::size_t at = ("\r\n" + response.head).find("\r\n" + name + ": ");
  if (at == std::string::npos) return "none";
  const std::size_t value = at + name.size() + 2;
  return response.head.substr(value, response.head.find("\r\n", value) - value);
}

/// An extension with three files, in production and in development, whose ticket is good once.
struct Extensions {
  std::string page = "<!doctype html><script src=\"app.js\"></script>";
  std::vector<std::string> hosts = {"https://tiles.example.com"};
  int runs_begun = 0;

  [[nodiscard]] Version version(VersionStatus status) const {
    return {.id = "v",
            .extension = "e",
            .number = 2,
            .status = status,
            .running = 3,
            .scopes = {},
            .hosts = hosts,
            .words = {}};
  }
  [[nodiscard]] BegunRun begun(VersionStatus status) const {
    return {.token = {.token = "TOKEN", .run = "RUN", .expires = 600'000'000},
            .user = {.id = "u1", .email = "ana@example.com", .name = "Ana </script>", .roles = {}, .locale = "es"},
            .account = "a1",
            .extension = {.id = "e", .name = "plot", .title = {}, .description = {}, .image_type = {}, .owner = {}},
            .version = version(status),
            .console = std::string(console)};
  }
  OriginSource source() {
    return {.served_version = [this](std::string_view name, VersionStatus status) -> std::optional<Version> {
              if (name != "plot" || status == VersionStatus::Revision) return std::nullopt;
              return version(status);
            },
            .served_file = [this](const Version&, std::string_view path) -> std::optional<Registry::ServedFile> {
              if (path == "index.html") return file(path, "text/html; charset=utf-8", page);
              if (path == "js/a b.js") return file(path, "text/javascript; charset=utf-8", "1");
              if (path == "docs/index.html") return file(path, "text/html; charset=utf-8", "docs");
              return std::nullopt;
            },
            .begin_run = [this](std::string_view given, std::string_view name,
                                VersionStatus status) -> std::optional<BegunRun> {
              if (given != ticket || name != "plot" || runs_begun > 0) return std::nullopt;
              ++runs_begun;
              return begun(status);
            },
            .account_name = [](std::string_view account) { return "Shop " + std::string(account); }};
  }
  static Registry::ServedFile file(std::string_view path, std::string_view type, std::string_view bytes) {
    return {.entry = {.path = std::string(path), .type = std::string(type), .hash = "hash", .bytes = 1},
            .bytes = std::string(bytes)};
  }
  http::Response ask(const OriginRequest& request) { return answer_origin(request, source()); }
};

OriginRequest get(std::string_view path, std::string_view query = {}) {
  return {.place = {.kind = Place::Kind::Extension, .name = "plot"},
          .path = std::string(path),
          .query = std::string(query),
          .if_none_match = {},
          .public_url = {},
          .api_base = "/api",
          .now = 0};
}

TEST(AnswerOrigin, ServesFilesAsTheyAre) {
  Extensions extensions;
  const http::Response page = extensions.ask(get("/"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, extensions.page);
  EXPECT_EQ(field(page, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(field(page, "ETag"), "\"hash\"");
  EXPECT_EQ(field(page, "Cache-Control"), "no-cache");
  EXPECT_EQ(extensions.ask(get("/js/a%20b.js")).body, "1");
  EXPECT_EQ(extensions.ask(get("/docs/")).body, "docs");
  EXPECT_EQ(extensions.ask(get("/index.html", "run=" + ticket)).body, extensions.page);
  EXPECT_EQ(extensions.runs_begun, 0);
}

TEST(AnswerOrigin, SaysThatNothingElseIsThere) {
  Extensions extensions;
  for (const std::string_view path :
       {"/api/orders", "/developers", "/developers/", "/health", "//index.html", "/js/a+b.js", "/%00", "/%ff",
        "/%2e%2e/x", "/..%2findex.html", "/%zz", "/INDEX.html", "*", ""}) {
    const http::Response answer = extensions.ask(get(path));
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(field(answer, "X-Content-Type-Options"), "nosniff") << path;
  }
  OriginRequest other = get("/");
  other.place.name = "plots";
  EXPECT_EQ(extensions.ask(other).status, 404);
  other = get("/");
  other.place.status = VersionStatus::Revision;
  EXPECT_EQ(extensions.ask(other).status, 404);
  other.place.kind = Place::Kind::Nowhere;
  EXPECT_EQ(extensions.ask(other).status, 404);
}

TEST(AnswerOrigin, TakesNoMethodThatChanges) {
  Extensions extensions;
  for (const http::Method method :
       {http::Method::Post, http::Method::Put, http::Method::Options, http::Method::Other}) {
    OriginRequest request = get("/", "run=" + ticket);
    request.method = method;
    const http::Response answer = extensions.ask(request);
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(field(answer, "Allow"), "GET, HEAD");
  }
  EXPECT_EQ(extensions.runs_begun, 0);
}

TEST(AnswerOrigin, NoFileBecomesAServiceWorker) {
  Extensions extensions;
  OriginRequest request = get("/js/a%20b.js");
  request.is_service_worker = true;
  EXPECT_EQ(extensions.ask(request).status, 403);
}

TEST(AnswerOrigin, SendsNothingThatTheClientHas) {
  Extensions extensions;
  OriginRequest request = get("/");
  request.if_none_match = "\"other\", \"hash\"";
  const http::Response answer = extensions.ask(request);
  EXPECT_EQ(answer.status, 304);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(field(answer, "ETag"), "\"hash\"");
  EXPECT_NE(field(answer, "Content-Security-Policy"), "none");
  request.if_none_match = "\"other\"";
  EXPECT_EQ(extensions.ask(request).status, 200);
}

TEST(AnswerOrigin, BeginsARunOnce) {
  Extensions extensions;
  const http::Response answer = extensions.ask(get("/", "a=1&run=" + ticket));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(field(answer, "Cache-Control"), "no-store");
  EXPECT_EQ(field(answer, "ETag"), "none");
  const std::string policy = field(answer, "Content-Security-Policy");
  const std::string nonce = policy.substr(policy.find("'nonce-") + 7, 32);
  EXPECT_TRUE(answer.body.starts_with("<!doctype html><script nonce=\"" + nonce + "\">"));
  EXPECT_TRUE(answer.body.ends_with("</script><script src=\"app.js\"></script>"));
  EXPECT_NE(answer.body.find(
                R"("token":"TOKEN","run":"RUN","console":"http://localhost:8080","api":"http://localhost:8080/api",)"
                R"("expires":600000,"now":0)"),
            std::string::npos);
  EXPECT_NE(answer.body.find(
                R"("user":{"id":"u1","name":"Ana \u003c/script\u003e"},"account":{"id":"a1","name":"Shop a1"})"),
            std::string::npos);
  EXPECT_NE(answer.body.find(R"("locale":"es","extension":"plot","version":"2.3","status":"production")"),
            std::string::npos);
  EXPECT_EQ(answer.body.find("ana@example.com"), std::string::npos);
  const http::Response again = extensions.ask(get("/", "run=" + ticket));
  EXPECT_EQ(again.status, 403);
  EXPECT_EQ(again.body.find("TOKEN"), std::string::npos);
  EXPECT_EQ(extensions.runs_begun, 1);
}

TEST(AnswerOrigin, BeginsNoRunElsewhereOrByHead) {
  Extensions extensions;
  for (const std::string& query : {"run=" + std::string(63, 'a'), "run=" + std::string(64, 'A'),
                                   "run=" + std::string(64, 'b'), std::string("run="), "run=" + ticket + "'"}) {
    EXPECT_EQ(extensions.ask(get("/", query)).status, 403) << query;
  }
  OriginRequest head = get("/", "run=" + ticket);
  head.method = http::Method::Head;
  EXPECT_EQ(extensions.ask(head).body, extensions.page);
  OriginRequest other = get("/", "run=" + ticket);
  other.place.name = "plots";
  EXPECT_EQ(extensions.ask(other).status, 403);
  EXPECT_EQ(extensions.runs_begun, 0);
}

TEST(AnswerOrigin, PoliciesAreTheirs) {
  Extensions extensions;
  EXPECT_EQ(
      field(extensions.ask(get("/")), "Content-Security-Policy"),
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
      "img-src 'self' data: blob: https://tiles.example.com; font-src 'self' data: blob: https://tiles.example.com; "
      "media-src 'self' data: blob: https://tiles.example.com; connect-src 'self' https://tiles.example.com; "
      "worker-src 'self'; form-action 'none'; base-uri 'none'; frame-src 'none'; frame-ancestors 'none'");
  OriginRequest run = get("/", "run=" + ticket);
  run.public_url = "https://portico.example/base";
  const http::Response answer = extensions.ask(run);
  const std::string policy = field(answer, "Content-Security-Policy");
  EXPECT_NE(policy.find("connect-src 'self' https://portico.example https://tiles.example.com;"), std::string::npos);
  EXPECT_TRUE(policy.ends_with("; frame-ancestors http://localhost:8080"));
  EXPECT_NE(answer.body.find(R"("api":"https://portico.example/base/api")"), std::string::npos);
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"Referrer-Policy", "no-referrer"},
           {"X-Content-Type-Options", "nosniff"},
           {"Cross-Origin-Opener-Policy", "same-origin"},
           {"Cross-Origin-Resource-Policy", "same-origin"},
           {"Origin-Agent-Cluster", "?1"},
           {"Connection-Allowlist", "(response-origin \"https://portico.example\" \"https://tiles.example.com\")"},
           {"Set-Cookie", "none"}}) {
    EXPECT_EQ(field(answer, name), value) << name;
  }
  EXPECT_NE(field(answer, "Permissions-Policy").find("camera=(), "), std::string::npos);
  EXPECT_EQ(field(answer, "Permissions-Policy").find("self"), std::string::npos);
}

TEST(AnswerOrigin, AStarStandsForWhatIsBelowAHost) {
  const std::vector<std::string> hosts = {"https://*.example.com", "https://*", "https://a.*.example", "*"};
  EXPECT_NE(content_security_policy({.hosts = hosts}).find("connect-src 'self' https://*.example.com;"),
            std::string::npos);
  EXPECT_EQ(connection_allowlist({.hosts = hosts}), "(response-origin \"https://*.example.com\")");
}

TEST(AnswerOrigin, NoHostEndsADirective) {
  const std::vector<std::string> hosts = {"https://a.example; script-src *", "https://b.example", "'unsafe-inline'"};
  const std::string policy = content_security_policy({.console = "http://x, y", .hosts = hosts});
  EXPECT_EQ(policy.find("a.example"), std::string::npos);
  EXPECT_EQ(policy.find("connect-src 'self' https://b.example;") == std::string::npos, false);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(connection_allowlist({.api_origin = "http://x\" \"y", .hosts = hosts}),
            "(response-origin \"https://b.example\")");
  EXPECT_EQ(permissions_policy("clipboard-write").find("clipboard-write=(self)") == std::string::npos, false);
}

}  // namespace
}  // namespace portico::platform
