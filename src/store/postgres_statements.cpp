#include "store/postgres_statements.hpp"

#include <algorithm>

namespace portico::store {

PreparedStatements::Use PreparedStatements::use(std::string_view sql) {
  if (const auto known = by_text_.find(sql); known != by_text_.end()) {
    recent_.splice(recent_.begin(), recent_, known->second);
    return {.name = known->second->name};
  }
  std::optional<std::string> evicted;
  if (recent_.size() >= capacity_) {
    evicted = recent_.back().name;
    by_text_.erase(recent_.back().sql);
    recent_.pop_back();
  }
  recent_.push_front({.sql = std::string(sql), .name = "p" + std::to_string(++last_number_)});
  by_text_.emplace(recent_.front().sql, recent_.begin());
  return {.name = recent_.front().name, .is_new = true, .evicted = std::move(evicted)};
}

void PreparedStatements::forget(std::string_view name) {
  const auto place =
      std::find_if(recent_.begin(), recent_.end(), [&](const Prepared& prepared) { return prepared.name == name; });
  if (place == recent_.end()) return;
  by_text_.erase(place->sql);
  recent_.erase(place);
}

}  // namespace portico::store
