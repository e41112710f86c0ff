#include "platform/console.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "platform/origin_headers.hpp"
#include "server/conditions.hpp"
#include "server/list_field.hpp"

namespace portico::platform {
namespace {

constexpr std::string_view folder = "/developers";
constexpr std::string_view first_page = "index.html";

/// A content coding that there is, the best first (RFC 9110 §8.4.1).
struct Coding {
  std::string_view name;
  std::string_view ConsoleFile::*bytes;
};
constexpr std::array<Coding, 3> codings = {
    {{"br", &ConsoleFile::brotli}, {"gzip", &ConsoleFile::gzip}, {"identity", &ConsoleFile::plain}}};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) (RFC 9110 §12.4.2), in thousandths: `;q=0.5` is 500.
/// What is none is 0: it is not asked for.
int quality_of(std::string_view parameters) {
  const std::size_t equals = parameters.find('=');
  if (equals == std::string_view::npos) return parameters.empty() ? 1'000 : 0;
  if (!http::same_name(trimmed(parameters.substr(0, equals)), "q")) return 0;
  const std::string_view value = trimmed(parameters.substr(equals + 1));
  if (value.empty() || value.size() > 5 || value.find_first_not_of("0123456789.") != std::string_view::npos) return 0;
  if (value.front() != '0') return value.front() == '1' ? 1'000 : 0;
  int thousandths = 0;
  int unit = 100;
  for (const char digit : value.substr(std::min<std::size_t>(2, value.size()))) {
    thousandths += (digit - '0') * unit;
    unit /= 10;
  }
  return thousandths;
}

/// How much the client wants that coding, in thousandths: by its name, else by `*`; identity where nothing is said of
/// it. `accepted` is the field's value, a null pointer without one.
int quality(std::string_view accepted, std::string_view coding) {
  std::optional<int> any;
  while (!accepted.empty()) {
    const std::string_view element = trimmed(accepted.substr(0, accepted.find(',')));
    accepted.remove_prefix(std::min(accepted.find(','), accepted.size() - 1) + 1);
    const std::size_t semicolon = std::min(element.find(';'), element.size());
    const std::string_view name = trimmed(element.substr(0, semicolon));
    const int wanted = quality_of(element.substr(std::min(semicolon + 1, element.size())));
    if (http::same_name(name, coding)) return wanted;
    if (name == "*") any = wanted;
  }
  return any.value_or(coding == "identity" ? 1 : 0);
}

const Coding& choose_coding(const ConsoleFile& file, const http::Request& request) {
  std::string joined;
  const std::string_view accepted = server::list_field(request, "Accept-Encoding", joined);
  const Coding* best = &codings.back();
  int most = 0;
  for (const Coding& coding : codings) {
    const bool is_there = coding.bytes == &ConsoleFile::plain || !(file.*coding.bytes).empty();
    const int wanted = is_there ? quality(accepted, coding.name) : 0;
    if (wanted <= most) continue;
    best = &coding;
    most = wanted;
  }
  return *best;
}

/// index.html for what is no file: the pages of a single-page application. A name with a dot is a file's.
const ConsoleFile* find_file(std::span<const ConsoleFile> files, std::string_view path) {
  path.remove_prefix(std::min(folder.size() + 1, path.size()));
  const auto named = [files](std::string_view name) -> const ConsoleFile* {
    const auto found =
        std::find_if(files.begin(), files.end(), [name](const ConsoleFile& file) { return file.path == name; });
    return found == files.end() ? nullptr : &*found;
  };
  if (const ConsoleFile* file = named(path)) return file;
  const std::string_view last = path.substr(path.rfind('/') + 1);
  if (path.starts_with("assets/") || last.find('.') != std::string_view::npos) return nullptr;
  return named(first_page);
}

std::string console_policy(const Console& console) {
  std::string policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
      "frame-src ";
  policy.append(console.scheme).append("://*.").append(console.extension_host);
  return policy + "; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
}

/// The clipboard takes what a button copies: tokens, lines of a shell.
void add_console_headers(const Console& console, http::Response& response) {
  static const std::string permissions = permissions_policy("clipboard-write");
  response.add("Content-Security-Policy", console_policy(console));
  response.add("Permissions-Policy", permissions);
  response.head.append(
      "X-Content-Type-Options: nosniff\r\n"
      "X-Frame-Options: DENY\r\n"
      "Referrer-Policy: same-origin\r\n"
      "Cross-Origin-Opener-Policy: same-origin\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\n"
      "Origin-Agent-Cluster: ?1\r\n");
}

void refuse(int status, std::string_view words, http::Response& response) {
  response.status = status;
  response.add("Content-Type", "text/plain; charset=utf-8");
  response.add("Cache-Control", "no-store");
  response.body.append(words);
}

std::string_view caching_of(const ConsoleFile& file) {
  if (file.is_immutable) return "public, max-age=31536000, immutable";
  return file.path == first_page ? "no-store" : "no-cache";
}

}  // namespace

void serve_console(const Console& console, const http::Request& request, http::Response& response) {
  add_console_headers(console, response);
  if (request.method != http::Method::Get && request.method != http::Method::Head) {
    response.add("Allow", "GET, HEAD");
    return refuse(405, "The developer space's pages are read: GET and HEAD are allowed.\n", response);
  }
  const ConsoleFile* const file = find_file(console.files, request.path);
  if (file == nullptr) return refuse(404, "There is no such file of the developer space.\n", response);
  const Coding& coding = choose_coding(*file, request);
  std::string tag = "\"" + std::string(file->tag);
  if (coding.name != "identity") tag.append("-").append(coding.name);
  tag += '"';
  response.add("ETag", tag);
  response.add("Cache-Control", caching_of(*file));
  response.add("Vary", "Accept-Encoding");
  if (server::judge_conditions(request, tag) == server::Verdict::NotModified) {
    response.status = 304;
    return;
  }
  response.add("Content-Type", file->type);
  if (coding.name != "identity") response.add("Content-Encoding", coding.name);
  response.body.append((*file).*coding.bytes);
}

}  // namespace portico::platform
