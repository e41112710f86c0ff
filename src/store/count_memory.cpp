#include "store/count_memory.hpp"

#include <variant>

namespace portico::store {
namespace {

// So that what is remembered has a most in bytes too: their sum times Limits::counts_remembered.
constexpr std::size_t key_bytes_max = 4096;
constexpr std::size_t version_bytes_max = 512;

}  // namespace

const std::string& CountMemory::key_of(const plan::Statement& statement) {
  key_ = statement.sql;
  for (const base::Value& value : statement.binds) {
    key_ += static_cast<char>(value.index());
    if (const auto* text = std::get_if<std::string>(&value)) {
      key_ += std::to_string(text->size());
      key_ += ':';
      key_ += *text;
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      key_.append(reinterpret_cast<const char*>(integer), sizeof *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      key_.append(reinterpret_cast<const char*>(real), sizeof *real);
    }
  }
  return key_;
}

const CountMemory::Count* CountMemory::find(const plan::Statement& statement) {
  const auto known = counts_.find(key_of(statement));
  return known == counts_.end() ? nullptr : &known->second;
}

const std::int64_t* CountMemory::find(const plan::Statement& statement, std::string_view version) {
  const Count* const count = find(statement);
  return count == nullptr || count->version != version ? nullptr : &count->rows;
}

void CountMemory::keep(const plan::Statement& statement, std::string_view version, std::int64_t rows) {
  const std::string& key = key_of(statement);
  if (key.size() > key_bytes_max || version.size() > version_bytes_max) return;
  const auto known = counts_.find(key);
  if (known != counts_.end()) {
    known->second.version = version;
    known->second.rows = rows;
    return;
  }
  if (counts_.size() >= capacity_) counts_.clear();
  counts_.emplace(key, Count{.version = std::string(version), .rows = rows});
}

}  // namespace portico::store
