#include "change/refusals.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "plan/read_value.hpp"

namespace portico::change {
namespace {

using base::Error;
using base::ErrorCode;
using model::ViewNode;

/// Appends the names down to the leaf; false where it is not below.
bool append_path(const model::View& view, const std::vector<ViewNode>& nodes, std::size_t leaf, Path& path) {
  for (const ViewNode& node : nodes) {
    path.push_back(node.name);
    const bool found =
        node.field->is_leaf() ? view.leaves[node.position] == leaf : append_path(view, node.members, leaf, path);
    if (found) return true;
    path.pop_back();
  }
  return false;
}

Path split_at_dashes(std::string_view text) {
  Path path;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('-', begin), text.size());
    path.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return path;
}

bool is_parent(const model::Resource& resource, std::size_t leaf) {
  return std::any_of(resource.parents.begin(), resource.parents.end(),
                     [leaf](const model::Parent& parent) { return parent.leaf == leaf; });
}

/// The leaves that a violated index is about: what is alike in all rows of a collection, the owner and what lies
/// above them, is none of it.
std::vector<std::size_t> leaves_of(const store::Violation& violation, const model::Resource& resource) {
  std::vector<std::size_t> leaves;
  for (const std::string& column : violation.columns) {
    if (column == resource.owner_column && violation.columns.size() > 1) continue;
    for (std::size_t i = 0; i < resource.leaves.size(); ++i) {
      if (resource.leaves[i].join != 0 || resource.leaves[i].column != column) continue;
      if (!is_parent(resource, i) || violation.columns.size() == 1) leaves.push_back(i);
      break;
    }
  }
  return leaves;
}

Error internal(std::string_view what, const store::Violation& violation) {
  std::string message = "the database refused a row of " + violation.table + ": ";
  message.append(what).append(" (").append(base::joined(violation.columns, ", ")).append(")");
  return {.code = ErrorCode::Internal, .message = std::move(message)};
}

Error not_unique(const store::Violation& violation, const model::View& view, const Path& within) {
  const model::Resource& resource = *view.resource;
  const std::vector<std::size_t> leaves = leaves_of(violation, resource);
  if (violation.table != resource.table || leaves.empty()) return conflict("There is such a row already.");
  std::vector<std::string> names;
  for (const std::size_t leaf : leaves) names.push_back(base::joined(path_of(view, leaf), "."));
  const std::string message =
      "There is " + with_article(resource.singular) + " with this " + base::enumerated(names) + " already.";
  Error error = conflict(message);
  for (const std::size_t leaf : leaves) {
    Path path = path_of(view, leaf);
    path.insert(path.begin(), within.begin(), within.end());
    error.faults.push_back({std::move(path), message});
  }
  return error;
}

/// Whether the field alone can fill an index: the longest of its characters has four bytes.
bool may_be_too_long(const model::Field& field) {
  constexpr std::int64_t characters_that_fit = 600;
  const bool is_free = field.type == model::FieldType::String || field.type == model::FieldType::Url;
  return is_free && field.max_length.value_or(characters_that_fit + 1) > characters_that_fit;
}

/// Of an index's columns those that hold long texts have made it too long.
Error too_long(const store::Violation& violation, const model::View& view, const Path& within) {
  constexpr std::string_view words =
      "Is too long: rows are found or sorted by it, and for that it may have some 2,600 bytes.";
  Error error = invalid({});
  if (violation.table != view.resource->table) {
    error.message = "A text is too long: one that rows are found or sorted by may have some 2,600 bytes.";
    return error;
  }
  for (const std::size_t leaf : leaves_of(violation, *view.resource)) {
    if (!may_be_too_long(*view.resource->leaves[leaf].field)) continue;
    Path path = path_of(view, leaf);
    path.insert(path.begin(), within.begin(), within.end());
    error.faults.push_back({std::move(path), std::string(words)});
  }
  return error;
}

}  // namespace

Path operator/(Path path, std::string step) {
  path.push_back(std::move(step));
  return path;
}

Path path_of(const model::View& view, std::size_t leaf) {
  Path path;
  if (append_path(view, view.nodes, leaf, path)) return path;
  return split_at_dashes(view.resource->leaves[leaf].path);
}

Path path_of(const model::View& view, const std::vector<std::string>& latest) {
  Path path;
  const std::vector<ViewNode>* nodes = &view.nodes;
  for (const std::string& step : latest) {
    const ViewNode* named = nullptr;
    if (nodes != nullptr) {
      const auto found =
          std::find_if(nodes->begin(), nodes->end(), [&](const ViewNode& node) { return node.field->name == step; });
      if (found != nodes->end()) named = &*found;
    }
    path.push_back(named == nullptr ? step : named->name);
    nodes = named == nullptr ? nullptr : &named->members;
  }
  return path;
}

std::string with_article(std::string_view singular) {
  const bool vowel = !singular.empty() && std::string_view("aeiou").find(singular.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(singular);
}

Error no_such_row(const model::Resource& resource, std::string_view name) {
  return {.code = ErrorCode::NotFound, .message = {}, .faults = {{{resource.singular + "__id"}, std::string(name)}}};
}

Error no_such_file(const model::View& view, std::size_t leaf) {
  return {.code = ErrorCode::NotFound,
          .message = "This " + view.resource->singular + " has no " + base::joined(path_of(view, leaf), ".") + "."};
}

Error invalid(std::vector<base::Fault> faults) {
  return {.code = ErrorCode::InvalidData, .message = {}, .faults = std::move(faults)};
}

base::Status below(const Path& within, base::Status done) {
  if (done) return done;
  for (base::Fault& fault : done.error().faults) fault.path.insert(fault.path.begin(), within.begin(), within.end());
  return done;
}

Error conflict(std::string message) {
  return {.code = ErrorCode::Conflict, .message = std::move(message)};
}

Error gone_meanwhile(const model::Resource& resource) {
  return conflict("This " + resource.singular + " was changed at the same time.");
}

Error still_referred_to(const model::Resource& resource, const model::Resource& by) {
  return {.code = ErrorCode::BrokenReference,
          .message = "This " + resource.singular + " is still referred to: there is " + with_article(by.singular) +
                     " that belongs to it."};
}

Error tag_is_another() {
  return {.code = ErrorCode::PreconditionFailed,
          .message = "The object is not as If-Match wants it: its entity tag is another."};
}

Error was_modified() {
  return {.code = ErrorCode::PreconditionFailed,
          .message = "The file is not as If-Unmodified-Since wants it: it was put after that date."};
}

Error tag_is_named(std::string_view if_none_match) {
  const bool any = if_none_match.find('"') == std::string_view::npos;
  return {.code = ErrorCode::PreconditionFailed,
          .message = any ? "The object is there, and 'If-None-Match: *' asks for one that is not."
                         : "The object is as If-None-Match does not want it: its entity tag is one of those named."};
}

Error collection_is_there() {
  return {.code = ErrorCode::PreconditionFailed,
          .message = "The collection is there, and 'If-None-Match: *' asks for one that is not."};
}

void Refusal::add_missing(const Path& path, const model::Resource& referred) {
  ++missing_;
  faults_.add_below(path, "There is no such " + referred.singular + ".");
}

bool Refusal::blames(const Path& place) const {
  return std::any_of(error_.faults.begin(), error_.faults.end(), [&place](const base::Fault& fault) {
    const std::size_t steps = std::min(fault.path.size(), place.size());
    return std::equal(place.begin(), place.begin() + static_cast<std::ptrdiff_t>(steps), fault.path.begin());
  });
}

void Refusal::order_by_item() {
  const auto item_of = [](const base::Fault& fault) {
    return fault.path.empty() ? 0 : std::strtoull(fault.path.front().c_str(), nullptr, 10);
  };
  std::stable_sort(error_.faults.begin(), error_.faults.end(),
                   [&](const base::Fault& one, const base::Fault& other) { return item_of(one) < item_of(other); });
}

Error Refusal::take() {
  if (missing_ > 0 && missing_ >= error_.faults.size()) error_.code = ErrorCode::BrokenReference;
  faults_.finish();
  return std::move(error_);
}

Error refusal_of_loaded(const store::Violation& violation, const model::View& view, const Path& within) {
  const bool is_null = violation.kind == store::Violation::Kind::Null;
  if (!is_null && violation.kind != store::Violation::Kind::Check) return refusal_of(violation, view, within);
  const std::string message =
      is_null ? std::string(plan::required_message) : "The database does not take it: a check does not hold.";
  Error error = invalid({});
  for (const std::size_t leaf : leaves_of(violation, *view.resource)) {
    Path path = path_of(view, leaf);
    path.insert(path.begin(), within.begin(), within.end());
    error.faults.push_back({std::move(path), message});
  }
  if (error.faults.empty()) {
    error.message = message;
    if (!violation.columns.empty()) error.message += " (" + base::joined(violation.columns, ", ") + ")";
  }
  return error;
}

Error refusal_of(const store::Violation& violation, const model::View& view, const Path& within) {
  switch (violation.kind) {
    case store::Violation::Kind::Unique:
      return not_unique(violation, view, within);
    case store::Violation::Kind::Reference:
      return {.code = ErrorCode::BrokenReference, .message = {}};
    case store::Violation::Kind::Null:
      return internal("a null where none may be", violation);
    case store::Violation::Kind::Check:
      return internal("a check does not hold", violation);
    case store::Violation::Kind::TooLong:
      return too_long(violation, view, within);
  }
  return internal("an unknown reason", violation);
}

}  // namespace portico::change
