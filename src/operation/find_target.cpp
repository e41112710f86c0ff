#include <algorithm>
#include <optional>
#include <span>

#include "base/text.hpp"
#include "operation/parse_operation.hpp"
#include "operation/path_pattern.hpp"

namespace portico::operation {
namespace {

using Kind = model::PathStep::Kind;
using Segments = std::vector<std::string>;

/// How many of the pattern's first steps the segments take.
std::size_t steps_taken(const PathPattern& pattern, const Segments& segments) {
  const std::size_t most = std::min(pattern.size(), segments.size());
  std::size_t taken = 0;
  while (taken < most && (pattern.kind_at(taken) != Kind::Fixed || pattern.text_at(taken) == segments[taken])) {
    ++taken;
  }
  return taken;
}

/// Whether `a` comes before `b`, where both match: the first step that differs is fixed.
bool precedes(const PathPattern& a, const PathPattern& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool a_fixed = a.kind_at(i) == Kind::Fixed;
    if (a_fixed != (b.kind_at(i) == Kind::Fixed)) return a_fixed;
  }
  return false;
}

Target target_of(const PathPattern& pattern, const Segments& segments) {
  Target target = pattern.target();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (pattern.kind_at(i) == Kind::Parent) target.parents.push_back(segments[i]);
    if (pattern.kind_at(i) == Kind::Name) target.name = segments[i];
  }
  return target;
}

/// What could have stood in the first place that nothing matches.
struct NearMiss {
  std::size_t depth = 0;
  std::vector<std::string> expected;
};

NearMiss near_miss(const model::Api& api, const Segments& segments, std::optional<int> version) {
  NearMiss miss;
  visit_patterns(api, version, [&](const PathPattern& pattern) {
    const std::size_t taken = steps_taken(pattern, segments);
    if (taken < miss.depth) return;
    if (taken > miss.depth) miss = {.depth = taken, .expected = {}};
    if (taken == pattern.size() || pattern.kind_at(taken) != Kind::Fixed) return;
    const std::string& text = pattern.text_at(taken);
    if (std::find(miss.expected.begin(), miss.expected.end(), text) == miss.expected.end()) {
      miss.expected.push_back(text);
    }
  });
  return miss;
}

base::Error nothing_there(const Segments& segments, const NearMiss& miss) {
  std::string message = "There is no such resource.";
  if (miss.depth > 0) {
    const std::string above = "/" + base::joined(std::span(segments).first(miss.depth), "/");
    if (miss.depth == segments.size()) {
      message = "Nothing is served at " + above + " itself.";
    } else if (miss.expected.empty()) {
      message = "Nothing is served below " + above + ".";
    } else {
      message = "There is no '" + segments[miss.depth] + "' below " + above + ".";
    }
  }
  const auto meant = miss.depth < segments.size() ? base::did_you_mean(segments[miss.depth], miss.expected)
                                                  : std::optional<std::string>();
  if (meant) {
    message += " Did you mean '" + *meant + "'?";
  } else if (!miss.expected.empty() && (segments.empty() || miss.depth > 0)) {
    message += (miss.expected.size() == 1 ? " There is " : " There are ") + base::enumerated(miss.expected) + ".";
  }
  return {.code = base::ErrorCode::NotFound, .message = std::move(message)};
}

}  // namespace

base::Result<Target> find_target(const model::Api& api, const contract::Location& location,
                                 std::optional<int> version) {
  const Segments& segments = location.segments;
  std::optional<PathPattern> found;
  visit_patterns(api, version, [&](const PathPattern& pattern) {
    if (pattern.size() != segments.size() || steps_taken(pattern, segments) != segments.size()) return;
    if (!found || precedes(pattern, *found)) found = pattern;
  });
  if (!found || segments.empty()) return nothing_there(segments, near_miss(api, segments, version));
  return target_of(*found, segments);
}

}  // namespace portico::operation
