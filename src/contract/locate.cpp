#include "contract/locate.hpp"

#include "base/text.hpp"

namespace portico::contract {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

/// Appends the path's segments, decoded; empty ones (duplicate and trailing slashes) are left out (P6). Those before
/// the one that is wrong are there with an error, too.
base::Status split(std::string_view path, std::vector<std::string>& segments) {
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view raw = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (raw.empty()) continue;
    auto decoded = base::percent_decoded(raw, base::Plus::Literal);
    if (!decoded) {
      return Error{.code = ErrorCode::MalformedRequest,
                   .message = "The path holds a '%' that is not followed by two hexadecimal digits."};
    }
    if (!base::is_utf8(*decoded)) {
      return Error{.code = ErrorCode::MalformedRequest, .message = "The path is not UTF-8 once its '%' are decoded."};
    }
    segments.push_back(std::move(*decoded));
  }
  return base::ok();
}

/// How many segments `base` takes of the path; nothing where the path lies elsewhere.
std::optional<std::size_t> matched_segments(std::string_view base, const std::vector<std::string>& segments) {
  std::size_t count = 0;
  while (!base.empty()) {
    const std::size_t slash = base.find('/');
    const std::string_view part = base.substr(0, slash);
    base.remove_prefix(slash == std::string_view::npos ? base.size() : slash + 1);
    if (part.empty()) continue;
    if (count == segments.size() || segments[count] != part) return std::nullopt;
    ++count;
  }
  return count;
}

/// The N of a segment `vN`: what P3 takes for a version, known or not.
std::optional<int> version_of(std::string_view segment) {
  if (segment.size() < 2 || segment.size() > 6 || segment[0] != 'v') return std::nullopt;
  if (segment.find_first_not_of("0123456789", 1) != std::string_view::npos) return std::nullopt;
  return parse_version(segment.substr(1)).value_or(0);
}

/// Where the segments lead; without a surface where none has them.
Location find_surface(const model::Api& api, std::vector<std::string> segments) {
  Location location;
  std::size_t longest = 0;
  for (const model::Surface& surface : api.surfaces) {
    const auto matched = matched_segments(surface.base, segments);
    if (matched && (location.surface == nullptr || *matched > longest)) {
      location.surface = &surface;
      longest = *matched;
    }
  }
  if (location.surface == nullptr) return location;
  segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(longest));
  if (!segments.empty()) {
    location.url_version = version_of(segments.front());
    if (location.url_version) segments.erase(segments.begin());
  }
  location.segments = std::move(segments);
  return location;
}

}  // namespace

std::optional<int> parse_version(std::string_view digits) {
  if (digits.empty() || digits.size() > 5) return std::nullopt;
  const auto number = base::parse_integer(digits);
  if (!number || *number < 0) return std::nullopt;
  return digits.size() > 1 && digits.front() == '0' ? misspelt_version : static_cast<int>(*number);
}

Result<Location> locate(const model::Api& api, std::string_view path) {
  std::vector<std::string> segments;
  if (auto whole = split(path, segments); !whole) return std::move(whole).error();
  Location location = find_surface(api, std::move(segments));
  if (location.surface == nullptr) {
    return Error{.code = ErrorCode::NotFound,
                 .message = "Nothing is served at this path; the API begins at " + api.surfaces.front().base + "."};
  }
  return location;
}

Location locate_refused(const model::Api& api, std::string_view path) {
  std::vector<std::string> segments;
  static_cast<void>(split(path, segments));
  Location location = find_surface(api, std::move(segments));
  if (location.surface == nullptr) location.surface = &api.surfaces.front();
  location.segments.clear();
  return location;
}

}  // namespace portico::contract
