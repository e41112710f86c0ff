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

constexpr std::string_view calling_account = "me";

Error no_such_resource(const model::Api& api, const contract::Location& location) {
  std::vector<std::string> known;
  for (const auto& resource : api.resources) known.push_back(resource->name);
  std::string message = "There is no such resource.";
  if (location.segments.empty()) {
    message += " There are " + base::enumerated(known) + ".";
  } else if (api.find_resource(location.segments.front()) != nullptr) {
    message = "Nothing is served below /" + location.segments.front() + "/" + location.segments[1] + ".";
  } else if (const auto meant = base::did_you_mean(location.segments.front(), known)) {
    message += " Did you mean '" + *meant + "'?";
  }
  return Error{.code = ErrorCode::NotFound, .message = std::move(message)};
}

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

List parse_list(const base::Limits& limits, const model::Resource& resource, const Query& query) {
  List list{.resource = &resource, .faults = query.faults};
  std::array<bool, reserved_names.size()> seen{};
  for (const Parameter& parameter : query.parameters) {
    const auto reserved = find_reserved(parameter.name);
    if (!reserved) {
      parse_filter_into(parameter, limits, list);
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

Retrieve parse_retrieve(const Target& target, const Query& query) {
  Retrieve retrieve{.resource = target.resource, .faults = query.faults};
  if (target.kind == Target::Kind::Object) retrieve.name = target.name;
  for (const Parameter& parameter : query.parameters) {
    blame(retrieve.faults, parameter.name, "Unknown parameter; one object takes none.");
  }
  return retrieve;
}

model::OperationKind reading_kind(const Target& target) {
  return target.kind == Target::Kind::Collection ? model::OperationKind::List : model::OperationKind::Retrieve;
}

}  // namespace

Result<Target> find_target(const model::Api& api, const contract::Location& location) {
  const auto& segments = location.segments;
  if (segments.empty() || segments.size() > 2) return no_such_resource(api, location);
  // Accounts that are only names have no row to show.
  if (segments.front() == calling_account && segments.size() == 1 && api.accounts != nullptr) {
    const Target target{.kind = Target::Kind::CallingAccount, .resource = api.accounts};
    if (allowed_methods(target).size() > 1) return target;
  }
  const model::Resource* resource = api.find_resource(segments.front());
  if (resource == nullptr) return no_such_resource(api, location);
  if (segments.size() == 1) return Target{.kind = Target::Kind::Collection, .resource = resource};
  return Target{.kind = Target::Kind::Object, .resource = resource, .name = segments[1]};
}

std::vector<std::string> allowed_methods(const Target& target) {
  std::vector<std::string> methods;
  if (model::contains(target.resource->operations, reading_kind(target))) methods = {"GET", "HEAD"};
  methods.emplace_back("OPTIONS");
  return methods;
}

Result<Operation> parse_operation(const base::Limits& limits, const Target& target, http::Method method,
                                  const Query& query) {
  const bool reads = method == http::Method::Get || method == http::Method::Head;
  if (!reads || !model::contains(target.resource->operations, reading_kind(target))) {
    return Error{.code = ErrorCode::MethodNotAllowed, .alternatives = allowed_methods(target)};
  }
  if (target.kind == Target::Kind::Collection) return Operation(parse_list(limits, *target.resource, query));
  return Operation(parse_retrieve(target, query));
}

}  // namespace portico::operation
