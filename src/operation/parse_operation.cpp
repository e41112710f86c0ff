#include "operation/parse_operation.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "base/text.hpp"

namespace portico::operation {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

/// A whole number from 1 on, or a fault that says so (P13). One that no integer holds is the largest that does: there
/// is no such page either.
std::optional<std::int64_t> parse_count(const Parameter& parameter, std::vector<base::Fault>& faults) {
  const auto number = base::parse_integer(parameter.value);
  if (number && *number >= 1) return number;
  const bool digits = parameter.value.find_first_not_of("0123456789") == std::string::npos;
  if (!number && digits && !parameter.value.empty()) return std::numeric_limits<std::int64_t>::max();
  blame(faults, parameter.name, "A whole number from 1 on is required.");
  return std::nullopt;
}

/// ordering = [ term *( "," term ) ], term = [ "-" ] path: `-total_amount,created` (P14). Empty, as forms send it:
/// the usual order.
void parse_ordering(const Parameter& parameter, const base::Limits& limits, List& list) {
  if (parameter.value.empty()) return;
  for (std::size_t begin = 0; begin <= parameter.value.size();) {
    const std::size_t end = std::min(parameter.value.find(',', begin), parameter.value.size());
    std::string_view term = std::string_view(parameter.value).substr(begin, end - begin);
    begin = end + 1;
    OrderName name;
    if (!term.empty() && term.front() == '-') {
      name.direction = model::Direction::Descending;
      term.remove_prefix(1);
    }
    if (term.empty()) {
      list.ordering.clear();
      blame(list.faults, parameter.name,
            "Names a field, or several separated by commas; a '-' before one reverses it.");
      return;
    }
    name.path = term;
    list.ordering.push_back(std::move(name));
  }
  if (list.ordering.size() > limits.order_terms) {
    blame(list.faults, parameter.name, "At most " + std::to_string(limits.order_terms) + " fields.");
    list.ordering.clear();
  }
}

/// Takes the brackets off `type[]` and `type[0]`: how clients write a list.
Filter parse_filter(const Parameter& parameter) {
  Filter filter{.parameter = parameter.name, .value = parameter.value};
  const std::size_t open = filter.parameter.find('[');
  if (open == std::string::npos || open == 0 || filter.parameter.back() != ']') return filter;
  const std::string_view index =
      std::string_view(filter.parameter).substr(open + 1, filter.parameter.size() - open - 2);
  if (index.find_first_not_of("0123456789") != std::string_view::npos) return filter;
  filter.parameter.resize(open);
  filter.bracketed = true;
  return filter;
}

void parse_filter_into(const Parameter& parameter, const base::Limits& limits, List& list) {
  if (parameter.value.size() > limits.filter_value_bytes) {
    blame(list.faults, parameter.name, "At most " + std::to_string(limits.filter_value_bytes) + " bytes.");
    return;
  }
  Filter filter = parse_filter(parameter);
  const auto dashes = static_cast<std::size_t>(std::count(filter.parameter.begin(), filter.parameter.end(), '-'));
  if (dashes > limits.filter_depth) {
    blame(list.faults, parameter.name, "At most " + std::to_string(limits.filter_depth) + " steps deep.");
    return;
  }
  list.filters.push_back(std::move(filter));
}

/// The parameters of a list that are no filters, each at most once.
enum class Reserved : std::uint8_t { Page, PageSize, Ordering, Search };
constexpr std::array<std::string_view, 4> reserved_names = {"page", "page_size", "ordering", "q"};

std::optional<Reserved> find_reserved(std::string_view name) {
  for (std::size_t i = 0; i < reserved_names.size(); ++i) {
    if (reserved_names[i] == name) return static_cast<Reserved>(i);
  }
  return std::nullopt;
}

void parse_reserved(Reserved which, const Parameter& parameter, const base::Limits& limits, List& list) {
  switch (which) {
    case Reserved::Page:
      if (const auto page = parse_count(parameter, list.faults)) list.page = *page;
      return;
    case Reserved::PageSize:
      list.page_size = parse_count(parameter, list.faults);
      return;
    case Reserved::Ordering:
      parse_ordering(parameter, limits, list);
      return;
    case Reserved::Search:
      if (parameter.value.size() > limits.filter_value_bytes) {
        blame(list.faults, parameter.name, "At most " + std::to_string(limits.filter_value_bytes) + " bytes.");
      } else {
        list.search = parameter.value;
      }
      return;
  }
}

List parse_list(const base::Limits& limits, const Target& target, const Query& query, Extent extent) {
  List list{.resource = target.resource, .parents = target.parents, .faults = query.faults, .extent = extent};
  std::array<bool, reserved_names.size()> seen{};
  for (const Parameter& parameter : query.parameters) {
    const auto reserved = find_reserved(parameter.name);
    if (!reserved) {
      parse_filter_into(parameter, limits, list);
    } else if (extent == Extent::Whole && *reserved != Reserved::Search) {
      blame(list.faults, parameter.name, "Unknown parameter; all rows are meant, in no order.");
    } else if (std::exchange(seen[static_cast<std::size_t>(*reserved)], true)) {
      blame(list.faults, parameter.name, "Given more than once.");
    } else {
      parse_reserved(*reserved, parameter, limits, list);
    }
  }
  if (list.filters.size() > limits.filter_terms) {
    blame(list.faults, list.filters[limits.filter_terms].parameter,
          "At most " + std::to_string(limits.filter_terms) + " filters in one request.");
    list.filters.clear();
  }
  return list;
}

/// What takes none.
void refuse_parameters(const Query& query, std::string_view why, std::vector<base::Fault>& faults) {
  for (const Parameter& parameter : query.parameters) {
    blame(faults, parameter.name, "Unknown parameter; " + std::string(why));
  }
}

Compute parse_compute(const Target& target, const Query& query) {
  Compute compute{.resource = target.resource, .faults = query.faults};
  compute.parameters.kind = base::Document::Kind::Object;
  for (const Parameter& parameter : query.parameters) {
    if (compute.parameters.find(parameter.name) != nullptr) {
      blame(compute.faults, parameter.name, "Given more than once.");
      continue;
    }
    base::Document value{.kind = base::Document::Kind::Text};
    value.text = parameter.value;
    compute.parameters.members.push_back({.name = parameter.name, .value = std::move(value)});
  }
  return compute;
}

Retrieve parse_retrieve(const Target& target, const Query& query) {
  Retrieve retrieve{.resource = target.resource, .parents = target.parents, .faults = query.faults};
  if (target.kind == Target::Kind::Object) retrieve.name = target.name;
  retrieve.action = target.action;
  retrieve.file = target.file;
  refuse_parameters(query, "one object takes none.", retrieve.faults);
  return retrieve;
}

Change parse_change(const Target& target, model::OperationKind kind, const Query& query) {
  Change change{.resource = target.resource,
                .kind = kind,
                .action = target.action,
                .parents = target.parents,
                .faults = query.faults};
  if (target.kind == Target::Kind::Object) change.name = target.name;
  change.file = target.file;
  refuse_parameters(query, "what changes data takes none.", change.faults);
  return change;
}

/// What the filters choose goes, whatever page it is on. A client that names a page means something else.
Change parse_clear(const base::Limits& limits, const Target& target, const Query& query) {
  Query choosing{.faults = query.faults};
  Change change{.resource = target.resource, .kind = model::OperationKind::Clear, .parents = target.parents};
  for (const Parameter& parameter : query.parameters) {
    const auto reserved = find_reserved(parameter.name);
    if (reserved && *reserved != Reserved::Search) {
      blame(change.faults, parameter.name, "Unknown parameter; all that the filters choose is deleted at once.");
    } else {
      choosing.parameters.push_back(parameter);
    }
  }
  change.chosen = parse_list(limits, target, choosing, Extent::Whole);
  return change;
}

// What a method means, by what it is sent to.

using Meaning = TargetMethod;
constexpr std::array<Meaning, 4> of_collections = {{
    {http::Method::Get, "GET", model::OperationKind::List},
    {http::Method::Head, "HEAD", model::OperationKind::List},
    {http::Method::Post, "POST", model::OperationKind::Create},
    {http::Method::Delete, "DELETE", model::OperationKind::Clear},
}};
constexpr std::array<Meaning, 2> of_summaries = {{
    {http::Method::Get, "GET", model::OperationKind::List},
    {http::Method::Head, "HEAD", model::OperationKind::List},
}};
constexpr std::array<Meaning, 5> of_objects = {{
    {http::Method::Get, "GET", model::OperationKind::Retrieve},
    {http::Method::Head, "HEAD", model::OperationKind::Retrieve},
    {http::Method::Put, "PUT", model::OperationKind::Replace},
    {http::Method::Patch, "PATCH", model::OperationKind::Update},
    {http::Method::Delete, "DELETE", model::OperationKind::Delete},
}};
constexpr std::array<Meaning, 3> of_actions = {{
    {http::Method::Get, "GET", model::OperationKind::Retrieve},
    {http::Method::Head, "HEAD", model::OperationKind::Retrieve},
    {http::Method::Post, "POST", model::OperationKind::Act},
}};

/// What is done with a file is done to its row.
constexpr std::array<Meaning, 4> of_files = {{
    {http::Method::Get, "GET", model::OperationKind::Retrieve},
    {http::Method::Head, "HEAD", model::OperationKind::Retrieve},
    {http::Method::Put, "PUT", model::OperationKind::Update},
    {http::Method::Delete, "DELETE", model::OperationKind::Update},
}};

std::span<const Meaning> meanings_of(const Target& target) {
  if (target.file) return of_files;
  if (target.action != nullptr) return of_actions;
  if (target.kind == Target::Kind::Summary) return of_summaries;
  if (target.kind == Target::Kind::Collection) return of_collections;
  return of_objects;
}

/// Of several, the one that a file is put and deleted by.
model::OperationKind altering_kind(const model::Resource& resource) {
  return model::contains(resource.operations, model::OperationKind::Update) ? model::OperationKind::Update
                                                                            : model::OperationKind::Replace;
}

bool is_declared(const Target& target, model::OperationKind kind) {
  if (target.file && kind == model::OperationKind::Update) kind = altering_kind(*target.resource);
  if (target.action == nullptr) return model::contains(target.resource->operations, kind);
  return kind == model::OperationKind::Act || target.action->shows_state;
}

}  // namespace

std::vector<TargetMethod> methods_of(const Target& target) {
  std::vector<TargetMethod> methods;
  for (const Meaning& meaning : meanings_of(target)) {
    if (is_declared(target, meaning.kind)) methods.push_back(meaning);
  }
  return methods;
}

std::vector<std::string> allowed_methods(const Target& target) {
  std::vector<std::string> methods;
  for (const TargetMethod& method : methods_of(target)) methods.emplace_back(method.name);
  methods.emplace_back("OPTIONS");
  return methods;
}

Result<Operation> parse_operation(const base::Limits& limits, const Target& target, http::Method method,
                                  const Query& query) {
  for (const Meaning& meaning : meanings_of(target)) {
    if (meaning.method != method || !is_declared(target, meaning.kind)) continue;
    if (target.kind == Target::Kind::Summary) {
      return Operation(Summarize{target.resource, parse_list(limits, target, query, Extent::Whole)});
    }
    if (meaning.kind == model::OperationKind::List) {
      return Operation(parse_list(limits, target, query, Extent::Page));
    }
    if (target.resource->computation != nullptr) return Operation(parse_compute(target, query));
    if (meaning.kind == model::OperationKind::Retrieve) return Operation(parse_retrieve(target, query));
    if (meaning.kind == model::OperationKind::Clear) return Operation(parse_clear(limits, target, query));
    return Operation(parse_change(target, target.file ? altering_kind(*target.resource) : meaning.kind, query));
  }
  return Error{.code = ErrorCode::MethodNotAllowed, .alternatives = allowed_methods(target)};
}

}  // namespace portico::operation
