#include "store/postgres_memory.hpp"

namespace portico::store {
namespace {

constexpr std::size_t keys_most = 10'000;

}  // namespace

void PostgresMemory::meet(const PostgresSession::Server& server) {
  if (server.identity == identity_) return;
  identity_ = server.identity;
  newest_.clear();
  counts_.forget();
  keys_.clear();
}

std::string_view PostgresMemory::version(const PostgresSession::Server& server, std::string_view snapshot) {
  newest_.clear();
  if (!server.in_recovery && !snapshot.empty()) newest_.append(server.identity).append(1, ' ').append(snapshot);
  return newest_;
}

bool PostgresMemory::may_know_count(const plan::Statement& statement, std::int64_t rows_of_full_page) {
  const CountMemory::Count* const known = counts_.find(statement);
  if (known == nullptr) return false;
  return known->rows < rows_of_full_page || (!newest_.empty() && known->version == newest_);
}

const access::KeyRecord* PostgresMemory::key(std::string_view id) const {
  const auto known = keys_.find(id);
  return known == keys_.end() ? nullptr : &known->second.record;
}

bool PostgresMemory::key_is_current(std::string_view id, std::string_view version) const {
  if (version.empty()) return false;
  const auto known = keys_.find(id);
  return known != keys_.end() && known->second.version == version;
}

void PostgresMemory::keep_key(const access::KeyRecord& record, std::string_view version) {
  if (const auto known = keys_.find(record.id); known != keys_.end()) {
    known->second = {.record = record, .version = std::string(version)};
    return;
  }
  if (keys_.size() >= keys_most) keys_.clear();
  keys_.emplace(record.id, Key{.record = record, .version = std::string(version)});
}

void PostgresMemory::forget_key(std::string_view id) {
  if (const auto known = keys_.find(id); known != keys_.end()) keys_.erase(known);
}

}  // namespace portico::store
