#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "base/text.hpp"
#include "operation/parse_operation.hpp"

namespace portico::operation {
namespace {

using model::PathStep;
using Kind = PathStep::Kind;
using Segments = std::vector<std::string>;

/// `/me`
const std::array<PathStep, 1> calling_account = {PathStep{.kind = Kind::Fixed, .text = "me"}};

/// `/orders/summary`
const std::string summary_step = "summary";

constexpr model::OperationSet of_collections = model::operation_bit(model::OperationKind::List) |
                                               model::operation_bit(model::OperationKind::Create) |
                                               model::operation_bit(model::OperationKind::Clear);

/// A path that something answers, and what: a resource's, perhaps with an object's name behind it, perhaps with an
/// action or a file behind that.
struct Pattern {
  Target::Kind kind = Target::Kind::Collection;
  const model::Resource* resource = nullptr;
  std::span<const PathStep> path;
  bool is_named = false;  ///< there is a name behind the path
  const model::Action* action = nullptr;
  std::optional<std::size_t> file = {};
  const std::string* last = nullptr;  ///< the action's name, or the file's

  [[nodiscard]] std::size_t size() const {
    const bool goes_on = last != nullptr || kind == Target::Kind::Summary;
    return path.size() + (is_named ? 1U : 0U) + (goes_on ? 1U : 0U);
  }
  [[nodiscard]] Kind kind_at(std::size_t step) const {
    if (step < path.size()) return path[step].kind;
    return is_named && step == path.size() ? Kind::Name : Kind::Fixed;
  }
  /// Precondition: Kind::Fixed.
  [[nodiscard]] const std::string& text_at(std::size_t step) const {
    if (step < path.size()) return path[step].text;
    return kind == Target::Kind::Summary ? summary_step : *last;
  }
};

/// The name that a file has in that version, or all that it has had.
template <typename Visit>
void visit_file_names(const model::Field& field, std::optional<int> version, const Visit& visit) {
  if (version && !field.versions.contains(*version)) return;
  if (version) return visit(field.name_in(*version));
  visit(field.name);
  for (const model::FormerName& former : field.former_names) visit(former.name);
}

template <typename Visit>
void visit_with_parts(Pattern object, std::optional<int> version, const Visit& visit) {
  // Where nothing can be done with them, there is no /me.
  if (object.kind == Target::Kind::Object || (object.resource->operations & ~of_collections) != 0) visit(object);
  for (const auto& action : object.resource->actions) {
    if (version && !action->versions.contains(*version)) continue;
    object.action = action.get();
    object.last = &action->name;
    visit(object);
  }
  object.action = nullptr;
  for (const std::size_t file : object.resource->files) {
    const model::Field& field = *object.resource->leaves[file].field;
    object.file = file;
    visit_file_names(field, version, [&](const std::string& name) {
      object.last = &name;
      visit(object);
    });
  }
}

bool is_in(std::optional<int> version, const model::Resource& resource) {
  return !version || resource.versions.contains(*version);
}

template <typename Visit>
void visit_patterns_of(const model::Resource& resource, std::optional<int> version, const Visit& visit) {
  Pattern pattern{.resource = &resource, .path = resource.path};
  pattern.is_named = !resource.is_object_path();
  if (pattern.is_named) visit(Pattern{.resource = &resource, .path = resource.path});
  if (resource.summary) {
    visit(Pattern{.kind = Target::Kind::Summary, .resource = &resource, .path = resource.path});
  }
  pattern.kind = Target::Kind::Object;
  visit_with_parts(pattern, version, visit);
}

/// All paths of the API.
template <typename Visit>
void visit_patterns(const model::Api& api, std::optional<int> version, const Visit& visit) {
  for (const auto* resources : {&api.resources, &api.computed}) {
    for (const auto& resource : *resources) {
      if (is_in(version, *resource)) visit_patterns_of(*resource, version, visit);
    }
  }
  // Accounts that are only names have no row to show.
  if (api.accounts == nullptr || !is_in(version, *api.accounts)) return;
  visit_with_parts({.kind = Target::Kind::CallingAccount, .resource = api.accounts, .path = calling_account}, version,
                   visit);
}

/// How many of the pattern's first steps the segments take.
std::size_t steps_taken(const Pattern& pattern, const Segments& segments) {
  const std::size_t most = std::min(pattern.size(), segments.size());
  std::size_t taken = 0;
  while (taken < most && (pattern.kind_at(taken) != Kind::Fixed || pattern.text_at(taken) == segments[taken])) {
    ++taken;
  }
  return taken;
}

/// Whether `a` comes before `b`, where both match: the first step that differs is fixed.
bool precedes(const Pattern& a, const Pattern& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool a_fixed = a.kind_at(i) == Kind::Fixed;
    if (a_fixed != (b.kind_at(i) == Kind::Fixed)) return a_fixed;
  }
  return false;
}

Target target_of(const Pattern& pattern, const Segments& segments) {
  Target target{.kind = pattern.kind, .resource = pattern.resource, .action = pattern.action, .file = pattern.file};
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
  visit_patterns(api, version, [&](const Pattern& pattern) {
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
  std::optional<Pattern> found;
  visit_patterns(api, version, [&](const Pattern& pattern) {
    if (pattern.size() != segments.size() || steps_taken(pattern, segments) != segments.size()) return;
    if (!found || precedes(pattern, *found)) found = pattern;
  });
  if (!found || segments.empty()) return nothing_there(segments, near_miss(api, segments, version));
  return target_of(*found, segments);
}

}  // namespace portico::operation
