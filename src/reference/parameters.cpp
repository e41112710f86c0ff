#include "reference/parameters.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "plan/known_filters.hpp"
#include "reference/schemas.hpp"

namespace portico::reference {
namespace {

using base::Document;
using model::FieldType;
using model::Lookup;
using model::Resource;
using StepKind = model::PathStep::Kind;

Document ranged(std::int64_t least, std::int64_t most) {
  return json::object(
      {{"type", json::text("integer")}, {"minimum", json::integer(least)}, {"maximum", json::integer(most)}});
}

struct QueryWords {
  std::string name;
  std::string description;
};

Document query_parameter(QueryWords words, Document schema) {
  ObjectWriter parameter;
  parameter.add("name", words.name).add("in", "query");
  if (!words.description.empty()) parameter.add("description", words.description);
  return parameter.add("schema", std::move(schema)).take();
}

/// `customer-phone-number` as the name of a parameter in a path.
std::string parameter_name(std::string path) {
  std::replace(path.begin(), path.end(), '-', '_');
  return path;
}

/// What names a row: `id`; where several do, each of them serves (P9).
std::vector<std::string> naming_paths(const Resource& resource) {
  std::vector<std::string> paths;
  for (const std::size_t leaf : resource.names.empty() ? resource.key_named : resource.names) {
    paths.push_back(resource.leaves[leaf].path);
  }
  return paths;
}

std::string naming_words(const Resource& resource) {
  const std::vector<std::string> paths = naming_paths(resource);
  if (!resource.names.empty()) return "Its " + base::joined(paths, " or ") + ".";
  return "Its " + base::joined(paths, ",") + ", with commas between where there are several.";
}

Document path_parameter(const std::string& name, const Resource& named) {
  return ObjectWriter()
      .add("name", name)
      .add("in", "path")
      .add("required", json::boolean(true))
      .add("description", naming_words(named))
      .add("schema", typed("string"))
      .take();
}

std::string own_parameter_name(const Resource& resource) {
  return resource.names.empty() ? "key" : parameter_name(resource.leaves[resource.names.front()].path);
}

constexpr std::array<std::string_view, 7> week_days = {"monday", "tuesday",  "wednesday", "thursday",
                                                       "friday", "saturday", "sunday"};

enum class Several : std::uint8_t { Repeated, WithCommas };

Document several_parameter(const plan::KnownFilter& filter, Several how) {
  const bool is_repeated = how == Several::Repeated;
  Document values =
      json::object({{"type", json::text("array")}, {"items", value_schema(*filter.field, Side::Answer)}});
  return ObjectWriter()
      .add("name", filter.parameter)
      .add("in", "query")
      .add("description", is_repeated ? "Given several times: any of them." : "Any of them.")
      .add("style", "form")
      .add("explode", json::boolean(is_repeated))
      .add("schema", std::move(values))
      .take();
}

Document filter_schema(const plan::KnownFilter& filter) {
  switch (filter.lookup) {
    case Lookup::IsNull:
      return json::object({{"enum", json::texts({"yes", "no"})}});
    case Lookup::WeekDay:
      return json::object({{"enum", json::texts({week_days.begin(), week_days.end()})}});
    case Lookup::Year:
      return typed("integer");
    case Lookup::Month:
      return ranged(1, 12);
    case Lookup::Day:
      return ranged(1, 31);
    case Lookup::Hour:
      return ranged(0, 23);
    case Lookup::Exact:
    case Lookup::Gt:
    case Lookup::Gte:
    case Lookup::Lt:
    case Lookup::Lte:
      return value_schema(*filter.field, Side::Answer);
    case Lookup::Regex:
    case Lookup::IRegex:
    case Lookup::IExact:
    case Lookup::Contains:
    case Lookup::IContains:
    case Lookup::StartsWith:
    case Lookup::IStartsWith:
    case Lookup::EndsWith:
    case Lookup::IEndsWith:
    case Lookup::In:
    case Lookup::Search:
      return typed("string");
  }
  return typed("string");
}

std::string filter_words(const plan::KnownFilter& filter) {
  if (filter.lookup == Lookup::Regex || filter.lookup == Lookup::IRegex) return "RE2 syntax.";
  return {};
}

Document filter_parameter(const plan::KnownFilter& filter) {
  if (filter.lookup == Lookup::In) return several_parameter(filter, Several::WithCommas);
  if (filter.lookup == Lookup::Exact && filter.field->type == FieldType::Choice) {
    return several_parameter(filter, Several::Repeated);
  }
  return query_parameter({.name = filter.parameter, .description = filter_words(filter)}, filter_schema(filter));
}

void add_search(const model::View& view, std::vector<Document>& parameters) {
  const Resource& resource = *view.resource;
  if (resource.searched.empty()) return;
  std::vector<std::string> paths;
  for (const std::size_t leaf : resource.searched) paths.push_back(resource.leaves[leaf].path);
  parameters.push_back(query_parameter(
      {.name = "q",
       .description =
           "Words, with commas or blanks between; each must be found in one of " + base::enumerated(paths) + "."},
      typed("string")));
}

void add_ordering(const model::View& view, std::vector<Document>& parameters) {
  const std::vector<std::string> paths = plan::orderable_paths(view);
  if (paths.empty()) return;
  std::vector<std::string> terms;
  for (const std::string& path : paths) {
    terms.push_back(path);
    terms.push_back("-" + path);
  }
  Document items = json::object({{"enum", json::texts(terms)}});
  parameters.push_back(
      ObjectWriter()
          .add("name", "ordering")
          .add("in", "query")
          .add("description", "What rows are sorted by; a minus reverses it. Null is the largest value.")
          .add("style", "form")
          .add("explode", json::boolean(false))
          .add("schema", json::object({{"type", json::text("array")}, {"items", std::move(items)}}))
          .take());
}

void add_filters(const Edition& edition, const model::View& view, std::vector<Document>& parameters) {
  for (const plan::KnownFilter& filter : plan::known_filters(edition.api, view)) {
    parameters.push_back(filter_parameter(filter));
  }
}

Document header_parameter(std::string_view name, std::string_view description) {
  return ObjectWriter()
      .add("name", name)
      .add("in", "header")
      .add("description", description)
      .add("schema", typed("string"))
      .take();
}

}  // namespace

PathTemplate path_template(const operation::PathPattern& pattern) {
  PathTemplate made;
  const Resource& resource = *pattern.resource;
  std::vector<std::string> names;
  std::size_t parent = 0;
  for (std::size_t step = 0; step < pattern.size(); ++step) {
    if (pattern.kind_at(step) == StepKind::Fixed) {
      made.text += "/" + pattern.text_at(step);
      continue;
    }
    const bool is_parent = pattern.kind_at(step) == StepKind::Parent;
    const Resource& named = is_parent ? *resource.parents[parent].resource : resource;
    std::string name = is_parent ? parameter_name(resource.leaves[resource.parents[parent].leaf].path)
                                 : own_parameter_name(resource);
    parent += is_parent ? 1 : 0;
    while (std::find(names.begin(), names.end(), name) != names.end()) name += "_";
    made.text += "/{" + name + "}";
    made.parameters.push_back(path_parameter(name, named));
    names.push_back(std::move(name));
  }
  return made;
}

std::vector<Document> list_parameters(const Edition& edition, const Resource& resource) {
  const model::View& view = edition.view(resource);
  std::vector<Document> parameters;
  parameters.push_back(query_parameter(
      {.name = "page", .description = "From 1."},
      json::object({{"type", json::text("integer")}, {"minimum", json::integer(1)}, {"default", json::integer(1)}})));
  parameters.push_back(query_parameter({.name = "page_size", .description = {}},
                                       json::object({{"type", json::text("integer")},
                                                     {"minimum", json::integer(1)},
                                                     {"maximum", json::integer(resource.page_size.max)},
                                                     {"default", json::integer(resource.page_size.usual)}})));
  add_ordering(view, parameters);
  add_search(view, parameters);
  add_filters(edition, view, parameters);
  return parameters;
}

std::vector<Document> choosing_parameters(const Edition& edition, const Resource& resource) {
  const model::View& view = edition.view(resource);
  std::vector<Document> parameters;
  add_search(view, parameters);
  add_filters(edition, view, parameters);
  return parameters;
}

std::vector<Document> computing_parameters(const model::View& view) {
  std::vector<Document> parameters;
  for (const model::ViewNode& node : view.nodes) {
    ObjectWriter parameter;
    parameter.add("name", node.name).add("in", "query");
    if (node.field->required) parameter.add("required", json::boolean(true));
    if (!node.field->description.empty()) parameter.add("description", node.field->description);
    parameters.push_back(parameter.add("schema", value_schema(*node.field, Side::Body)).take());
  }
  return parameters;
}

Document shared_parameters() {
  ObjectWriter parameters;
  parameters.add(std::string(idempotency_key),
                 header_parameter("Idempotency-Key",
                                  "Makes a retry safe: a request with a key that was sent before gets the answer "
                                  "that was given then, and changes nothing."));
  parameters.add(std::string(if_match),
                 header_parameter("If-Match", "The ETag of what was read: 412 where it was changed since."));
  parameters.add(std::string(if_none_match),
                 header_parameter("If-None-Match", "The ETag of what was read: 304 where it is that still."));
  return parameters.take();
}

}  // namespace portico::reference
