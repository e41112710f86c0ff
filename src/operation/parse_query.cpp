#include "operation/parse_query.hpp"

#include "base/text.hpp"

namespace portico::operation {
namespace {

void parse_parameter(std::string_view raw, Query& query) {
  const std::size_t equals = raw.find('=');
  const std::string_view raw_name = raw.substr(0, equals);
  const std::string_view raw_value = equals == std::string_view::npos ? std::string_view{} : raw.substr(equals + 1);
  auto name = base::percent_decoded(raw_name, base::Plus::Space);
  auto value = base::percent_decoded(raw_value, base::Plus::Space);
  const std::string shown = base::repaired_utf8(name ? *name : raw_name);
  if (!name || !value) {
    blame(query.faults, shown, "A '%' must be followed by two hexadecimal digits; a percent sign itself is %25.");
  } else if (!base::is_utf8(*name) || !base::is_utf8(*value)) {
    blame(query.faults, shown, "Not UTF-8 once its '%' are decoded.");
  } else {
    query.parameters.push_back({std::move(*name), std::move(*value), raw});
  }
}

}  // namespace

void blame(std::vector<base::Fault>& faults, std::string_view parameter, std::string message) {
  base::Fault& fault = faults.emplace_back();
  fault.path.emplace_back(parameter);
  fault.message = std::move(message);
}

Query parse_query(std::string_view query) {
  Query parsed;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view raw = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (!raw.empty()) parse_parameter(raw, parsed);
  }
  return parsed;
}

}  // namespace portico::operation
