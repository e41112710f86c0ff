#include "model/check_surface.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>

#include "base/text.hpp"
#include "model/field_formats.hpp"

namespace portico::model {
namespace {

bool is_base_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

/// The first step of `path` under `base`, or nothing where it does not lie there.
std::string_view first_step_under(std::string_view base, std::string_view path) {
  const std::string_view prefix = base == "/" ? std::string_view() : base;
  if (!path.starts_with(prefix) || path.size() <= prefix.size() + 1 || path[prefix.size()] != '/') return {};
  path.remove_prefix(prefix.size() + 1);
  return path.substr(0, path.find('/'));
}

bool is_version_step(std::string_view step) {
  return step.size() > 1 && step.front() == 'v' &&
         std::all_of(step.begin() + 1, step.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether something other than a resource is there in every API.
bool is_taken_step(std::string_view step) {
  return step == "me" || step == reference_step || is_version_step(step);
}

/// Whether `/` and steps between single slashes, in lower case; the root alone is none.
bool is_plain_path(std::string_view path) {
  const std::string closed = std::string(path) + "/";
  return path.size() > 1 && path.starts_with('/') && !path.ends_with('/') && closed.find("//") == std::string::npos &&
         closed.find("/./") == std::string::npos && closed.find("/../") == std::string::npos &&
         std::all_of(path.begin(), path.end(), is_base_character);
}

}  // namespace

void check_base(std::string_view base, SourcePosition position, MistakeList& mistakes) {
  if (base == "/") return;
  if (!is_plain_path(base)) {
    mistakes.add(position, "no API can be served under " + quoted(base),
                 "'/', or a path as '/api': lower case, a slash first and none at the end");
  }
}

void check_bases(const std::vector<SurfacePlace>& surfaces, const std::vector<std::string>& first_steps,
                 MistakeList& mistakes) {
  for (std::size_t i = 0; i < surfaces.size(); ++i) {
    const Surface& surface = surfaces[i].surface;
    for (std::size_t j = 0; j < surfaces.size(); ++j) {
      const Surface& other = surfaces[j].surface;
      if (j < i && surface.base == other.base) {
        mistakes.add(surfaces[i].base_position,
                     quoted(other.name) + " is served under " + quoted(other.base) + " too",
                     "each API has a base of its own");
      }
      const std::string_view step = first_step_under(other.base, surface.base);
      if (i == j || step.empty()) continue;
      if (is_taken_step(step) || std::find(first_steps.begin(), first_steps.end(), step) != first_steps.end()) {
        mistakes.add(surfaces[i].base_position,
                     quoted(surface.base) + " lies where " + quoted(other.name) + " serves " + quoted(step),
                     "choose another base");
      }
    }
  }
}

void check_path_beside(std::string_view path, SourcePosition position, const Served& served, MistakeList& mistakes) {
  if (!is_plain_path(path)) {
    return mistakes.add(position, quoted(path) + " is no path",
                        "as /oauth/token: lower case, a slash first and none at the end");
  }
  if (path == "/health") {
    return mistakes.add(position, "/health says whether the server is well", "another path: /oauth/token");
  }
  for (const Surface& surface : served.surfaces) {
    const std::string_view step = first_step_under(surface.base, path);
    if (path == surface.base) {
      mistakes.add(position, "the API " + quoted(surface.name) + " is served under " + quoted(path),
                   "another path: /oauth/token");
    } else if (is_taken_step(step) ||
               std::find(served.first_steps.begin(), served.first_steps.end(), step) != served.first_steps.end()) {
      mistakes.add(position, quoted(path) + " lies where " + quoted(surface.name) + " serves " + quoted(step),
                   "another path: /oauth/token");
    }
  }
}

bool is_public_url(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string_view rest = url.substr(scheme.size());
    const auto is_bad = [](char c) {
      return c <= ' ' || c == 0x7f || std::string_view("?#@\\\"<>").find(c) != std::string_view::npos;
    };
    return std::none_of(rest.begin(), rest.end(), is_bad) && is_url(url);
  }
  return false;
}

bool is_address_range(std::string_view text) {
  const std::string address(text.substr(0, text.find('/')));
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  const bool is_four = inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  if (!is_four && inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return false;
  if (address.size() == text.size()) return true;
  const auto bits = base::parse_integer(text.substr(address.size() + 1));
  return bits && *bits >= 0 && *bits <= (is_four ? 32 : 128);
}

}  // namespace portico::model
