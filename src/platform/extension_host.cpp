#include "platform/extension_host.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii.hpp"

namespace portico::platform {
namespace {

struct Prefix {
  std::string_view text;
  VersionStatus status;
};
constexpr std::array<Prefix, 3> prefixes = {
    {{"dev--", VersionStatus::Development}, {"rev--", VersionStatus::Revision}, {"", VersionStatus::Production}}};

/// Without port and without the dot at the end; empty where it is an address in brackets.
std::string_view bare_host(std::string_view host) {
  std::string_view bare = host.substr(0, host.starts_with('[') ? 0 : host.find(':'));
  if (bare.ends_with('.')) bare.remove_suffix(1);
  return bare;
}

/// Whether `host` ends with `end`, compared without case (RFC 4343). Asked for every request: nothing is allocated.
bool ends_like(std::string_view host, std::string_view end) {
  return host.size() >= end.size() &&
         std::equal(end.begin(), end.end(), host.end() - static_cast<std::ptrdiff_t>(end.size()),
                    [](char a, char b) { return base::to_ascii_lower(a) == base::to_ascii_lower(b); });
}

/// [a-z][a-z0-9-]{1,38}[a-z0-9] without `--`.
bool is_extension_name(std::string_view name) {
  const auto is_letter = [](char each) { return each >= 'a' && each <= 'z'; };
  const auto is_plain = [&](char each) { return is_letter(each) || (each >= '0' && each <= '9'); };
  if (name.size() < 3 || name.size() > 40 || !is_letter(name.front()) || !is_plain(name.back())) return false;
  if (name.find("--") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(), [&](char each) { return is_plain(each) || each == '-'; });
}

}  // namespace

Place find_place(std::string_view host, std::string_view extensions_host) {
  const std::string_view asked = bare_host(host);
  const std::string_view ours = bare_host(extensions_host);
  if (ours.empty() || !ends_like(asked, ours)) return {};
  const std::string_view part = asked.substr(0, asked.size() - ours.size());
  if (part.empty()) return {.kind = Place::Kind::Nowhere};
  if (!part.ends_with('.')) return {};  // `text.localhost` ends like `ext.localhost`
  std::string lower(part);
  std::transform(lower.begin(), lower.end(), lower.begin(), base::to_ascii_lower);
  std::string_view label = lower;
  label.remove_suffix(1);
  const auto* const prefix = std::find_if(prefixes.begin(), prefixes.end(),
                                          [label](const Prefix& each) { return label.starts_with(each.text); });
  label.remove_prefix(prefix->text.size());
  if (!is_extension_name(label)) return {.kind = Place::Kind::Nowhere};
  return {.kind = Place::Kind::Extension, .name = std::string(label), .status = prefix->status};
}

}  // namespace portico::platform
