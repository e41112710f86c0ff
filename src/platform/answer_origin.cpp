#include "platform/answer_origin.hpp"

#include <array>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "platform/first_place.hpp"
#include "platform/origin_headers.hpp"
#include "platform/sdk.hpp"
#include "server/conditions.hpp"

namespace portico::platform {
namespace {

constexpr std::string_view first_page = "index.html";
constexpr std::string_view page_type = "text/html; charset=utf-8";
constexpr std::size_t path_bytes_max = 4'096;  // what Limits::upload_path_bytes may be at most

/// Words of ours in place of an extension's page. There is nothing in it to click, so whoever frames it may: in the
/// developer space they have to be seen.
struct Words {
  int status;
  std::string_view title;
  std::string_view text;
};
constexpr Words not_found = {404, "Nothing here", "There is no such page, or its extension is not published."};
constexpr Words no_method = {405, "Only pages", "Extensions' hosts have files alone: GET and HEAD are allowed."};
constexpr Words no_worker = {403, "No service workers",
                             "A service worker would outlive the version that it belongs to; pages run without."};
constexpr Words spent_ticket = {403, "This run has ended",
                                "A link to an extension is good for one minute, and once. Open the extension again "
                                "from the developer space."};

http::Response page_of(const Words& words) {
  http::Response response;
  response.status = words.status;
  response.add("Content-Type", page_type);
  response.add("Cache-Control", "no-store");
  if (words.status == no_method.status) response.add("Allow", "GET, HEAD");
  add_own_page_headers(response);
  response.body.append("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">")
      .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
      .append(words.title)
      .append("</title><style>:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}")
      .append("body{max-width:34rem;margin:15vh auto;padding:0 1.5rem}h1{font-size:1.3rem}</style><h1>")
      .append(words.title)
      .append("</h1><p>")
      .append(words.text)
      .append("</p></html>\n");
  return response;
}

/// `/js/plot.js` is `js/plot.js`, and a folder its index.html. Nothing for what can be the path of no file.
std::optional<std::string> file_path(std::string_view path) {
  auto decoded = base::percent_decoded(path, base::Plus::Literal);
  if (!decoded || !decoded->starts_with('/') || decoded->size() > path_bytes_max) return std::nullopt;
  if (!base::is_utf8(*decoded) || decoded->find('\0') != std::string::npos) return std::nullopt;
  decoded->erase(0, 1);
  if (decoded->empty() || decoded->ends_with('/')) *decoded += first_page;
  return decoded;
}

/// The value of `run` in a query; a null pointer where it is not there.
std::string_view ticket_in(std::string_view query) {
  constexpr std::string_view name = "run=";
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    if (parameter.starts_with(name)) return parameter.substr(name.size());
    query.remove_prefix(std::min(parameter.size() + 1, query.size()));
  }
  return {};
}

bool has_form_of_ticket(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string_view origin_in(std::string_view url) {
  const std::size_t authority = url.find("://");
  return authority == std::string_view::npos ? url : url.substr(0, url.find('/', authority + 3));
}

http::Response send_file(const OriginRequest& request, const Version& version, Registry::ServedFile&& file) {
  http::Response response;
  const std::string tag = "\"" + file.entry.hash + "\"";
  const std::array<http::HeaderField, 1> fields = {{{"If-None-Match", request.if_none_match}}};
  http::Request conditions;
  if (!request.if_none_match.empty()) conditions.fields = fields;
  response.add("ETag", tag);
  response.add("Cache-Control", "no-cache");
  add_origin_headers({.api_origin = origin_in(request.public_url), .hosts = version.hosts}, response);
  if (server::judge_conditions(conditions, tag) == server::Verdict::NotModified) {
    response.status = 304;
    return response;
  }
  response.add("Content-Type", file.entry.type);
  response.body = std::move(file.bytes);
  return response;
}

/// index.html with the script that makes a run of it.
http::Response send_run(const OriginRequest& request, const OriginSource& source, const BegunRun& run,
                        std::string page) {
  const std::string nonce = base::make_id();
  const std::string at = request.public_url.empty() ? run.console : request.public_url;
  const std::string api = at + (request.api_base == "/" ? std::string() : request.api_base);
  const std::string account_name = source.account_name(run.account);
  const std::string label = std::to_string(run.version.number) + "." + std::to_string(run.version.running);
  const std::string script = first_script({.token = run.token.token,
                                           .expires = run.token.expires,
                                           .now = request.now,
                                           .run = run.token.run,
                                           .console = run.console,
                                           .api = api,
                                           .user_id = run.user.id,
                                           .user_name = run.user.name,
                                           .account_id = run.account,
                                           .account_name = account_name,
                                           .locale = run.user.locale,
                                           .extension = run.extension.name,
                                           .version = label,
                                           .status = name_of(run.version.status)},
                                          nonce);
  http::Response response;
  response.add("Content-Type", page_type);
  response.add("Cache-Control", "no-store");
  add_origin_headers(
      {.nonce = nonce, .api_origin = origin_in(at), .console = run.console, .hosts = run.version.hosts}, response);
  page.insert(first_place(page), script);
  response.body = std::move(page);
  return response;
}

http::Response begin(const OriginRequest& request, const OriginSource& source, std::string_view ticket) {
  if (!has_form_of_ticket(ticket)) return page_of(spent_ticket);
  const auto run = source.begin_run(ticket, request.place.name, request.place.status);
  if (!run) return page_of(spent_ticket);
  auto page = source.served_file(run->version, first_page);
  if (!page) return page_of(not_found);
  return send_run(request, source, *run, std::move(page->bytes));
}

}  // namespace

http::Response answer_origin(const OriginRequest& request, const OriginSource& source) {
  if (request.place.kind != Place::Kind::Extension) return page_of(not_found);
  const bool is_head = request.method == http::Method::Head;
  if (request.method != http::Method::Get && !is_head) return page_of(no_method);
  if (request.is_service_worker) return page_of(no_worker);
  const std::string_view ticket = request.path == "/" ? ticket_in(request.query) : std::string_view();
  if (ticket.data() != nullptr && !is_head) return begin(request, source, ticket);
  const auto path = file_path(request.path);
  if (!path) return page_of(not_found);
  const auto version = source.served_version(request.place.name, request.place.status);
  if (!version) return page_of(not_found);
  auto file = source.served_file(*version, *path);
  return file ? send_file(request, *version, std::move(*file)) : page_of(not_found);
}

}  // namespace portico::platform
