#include "model/load_extensions.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace portico::model {
namespace {

constexpr std::int64_t seconds_min = 60;
constexpr std::int64_t run_seconds_min = 2;  // its page renews it in time also then
constexpr std::int64_t run_seconds_max = 86'400;
constexpr std::int64_t seconds_max = 30 * 86'400;

/// What is put before a host for one extension: `rev--`, a name of 40 characters, a dot. Names have 253 in all.
constexpr std::size_t host_bytes_max = 253 - 46;
constexpr std::size_t label_bytes_max = 63;

/// The developer space's own path.
constexpr std::string_view console_step = "developers";

bool is_label(std::string_view label) {
  const auto is_alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !label.empty() && label.size() <= label_bytes_max && is_alphanumeric(label.front()) &&
         is_alphanumeric(label.back()) &&
         std::all_of(label.begin(), label.end(), [&](char c) { return is_alphanumeric(c) || c == '-'; });
}

/// `ext.example.com`: labels between dots; the last is no number, or it would be an address.
bool is_host(std::string_view host) {
  if (host.size() > host_bytes_max) return false;
  std::string_view label;
  for (std::string_view rest = host;;) {
    const std::size_t dot = rest.find('.');
    label = rest.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  return label.find_first_not_of("0123456789") != std::string_view::npos;
}

/// The host of `https://api.example.com:8443/base`.
std::string_view host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of(":/"));
}

/// Whose cookies and storage a page of an extension could come near: what lies under the host that all of them share.
void check_apart(const std::string& host, SourcePosition position, const Api& api, MistakeList& mistakes) {
  const std::string_view own = host_of(api.public_url);
  if (own.empty() || (own != host && !own.ends_with("." + host))) return;
  mistakes.add(position, "the API itself, at " + std::string(own) + ", lies under " + quoted(host),
               "a host of their own for pages of extensions, as ext.example.com");
}

struct Seconds {
  std::string_view name;
  std::chrono::seconds usual;
  std::int64_t max = 0;
  std::int64_t min = seconds_min;
};

std::chrono::seconds load_seconds(const KeyValues& keys, const Seconds& key, MistakeList& mistakes) {
  const Entry* entry = keys.find(key.name);
  if (entry == nullptr) return key.usual;
  const std::int64_t value = integer_of(*entry->value).value_or(0);
  if (value >= key.min && value <= key.max) return std::chrono::seconds(value);
  add_shape_mistake(*entry->value, "an integer from " + std::to_string(key.min) + " to " + std::to_string(key.max),
                    mistakes);
  return key.usual;
}

/// The first step of a path.
std::string_view first_step(std::string_view path) {
  path.remove_prefix(std::min<std::size_t>(1, path.size()));
  return path.substr(0, path.find('/'));
}

/// What else would be served where the developer space is.
void check_console(SourcePosition position, const Api& api, MistakeList& mistakes) {
  const auto taken = [&](SourcePosition place, const std::string& what) {
    mistakes.add(place, what + " lies where the developer space is: /developers",
                 "another path, or no `extensions:` (line " + std::to_string(position.line) + ")");
  };
  bool has_root = false;
  for (const Surface& surface : api.surfaces) {
    has_root = has_root || surface.base == "/";
    if (first_step(surface.base) == console_step) taken(position, "the API " + quoted(surface.name));
  }
  if (api.oauth && first_step(api.oauth->path) == console_step) taken(position, "the path of `oauth:`");
  if (!has_root) return;
  for (const auto* resources : {&api.resources, &api.computed}) {
    for (const auto& resource : *resources) {
      if (!resource->path.empty() && resource->path.front().text == console_step) {
        taken(resource->position, "the resource " + quoted(resource->name));
      }
    }
  }
}

}  // namespace

ExtensionRules load_extensions(const Entry& section, const Api& api, const KeyValues& description,
                               MistakeList& mistakes) {
  ExtensionRules rules;
  const auto keys = read_keys(
      {.node = *section.value, .position = section.position, .what = "extensions", .keys = extensions_keys()},
      mistakes);
  if (!keys) return rules;
  if (const Entry* host = keys->find("host")) {
    rules.host = host->value->text;
    if (!is_host(rules.host)) {
      mistakes.add(host->value->position, quoted(rules.host) + " is no host that names can stand before",
                   "as ext.example.com: lower case, without scheme and port, " + std::to_string(host_bytes_max) +
                       " bytes at most");
    } else {
      check_apart(rules.host, host->value->position, api, mistakes);
    }
  }
  rules.run_token = load_seconds(
      *keys, {.name = "run_token", .usual = rules.run_token, .max = run_seconds_max, .min = run_seconds_min},
      mistakes);
  rules.test_token =
      load_seconds(*keys, {.name = "test_token", .usual = rules.test_token, .max = seconds_max}, mistakes);
  rules.session = load_seconds(*keys, {.name = "session", .usual = rules.session, .max = seconds_max}, mistakes);
  const bool has_surface = std::any_of(api.surfaces.begin(), api.surfaces.end(), [](const Surface& surface) {
    return surface.dialect == DialectKind::CodeEnvelope;
  });
  if (!has_surface && description.find("apis") != nullptr) {
    mistakes.add(section.position, "extensions without an API that they could call",
                 "one in the dialect code-envelope: {extension: {base: /api, dialect: code-envelope}}");
  }
  check_console(section.position, api, mistakes);
  return rules;
}

}  // namespace portico::model
