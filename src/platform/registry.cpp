#include <utility>

#include "base/text.hpp"
#include "platform/registry_impl.hpp"

namespace portico::platform {

Registry::Registry(std::unique_ptr<store::OwnTables> tables, RegistryRules rules, Clock clock)
    : impl_(std::make_unique<Impl>(std::move(tables), std::move(rules), std::move(clock))) {}

Registry::~Registry() = default;

std::string text_of(store::OwnValue& value) {
  return std::move(std::get<std::string>(value));
}

std::int64_t integer_of(const store::OwnValue& value) {
  return std::get<std::int64_t>(value);
}

std::optional<std::int64_t> optional_integer_of(const store::OwnValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  return std::get<std::int64_t>(value);
}

store::OwnValue optional_value(const std::optional<std::int64_t>& value) {
  return value ? store::OwnValue(*value) : store::OwnValue();
}

std::string listed(const std::vector<std::string>& items) {
  return base::joined(items, " ");
}

std::vector<std::string> items_of(std::string_view list) {
  std::vector<std::string> items;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    items.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return items;
}

base::Error invalid(std::vector<std::string> path, std::string message) {
  return invalid({base::Fault{.path = std::move(path), .message = std::move(message)}});
}

base::Error invalid(std::vector<base::Fault> faults) {
  return {.code = base::ErrorCode::InvalidData, .message = {}, .faults = std::move(faults)};
}

}  // namespace portico::platform
