#include "store/index_list.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "base/ascii.hpp"

namespace portico::store {
namespace {

using plan::SqlFlavor;

constexpr std::size_t index_name_bytes_max = 60;  // PostgreSQL takes 63

std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

/// What an index holds, and so what tells it from all others.
std::string identity_of(SqlFlavor flavor, const std::string& table, const std::vector<IndexColumn>& columns) {
  std::string identity = comparable_name(flavor, table);
  for (const auto& column : columns) {
    identity.append(1, '\0').append(comparable_name(flavor, column.name));
    identity.append(1, static_cast<char>(column.direction));
  }
  return identity;
}

/// The name shortened, with a hash of what the index holds.
std::string hashed_name(std::string name, std::string_view identity) {
  std::array<char, 10> hash{};
  std::snprintf(hash.data(), hash.size(), "_%08x", fnv1a(identity));
  std::size_t kept = std::min(name.size(), index_name_bytes_max - (hash.size() - 1));
  while (kept > 0 && kept < name.size() && (static_cast<unsigned char>(name[kept]) & 0xC0U) == 0x80U) --kept;
  name.resize(kept);
  return name + hash.data();
}

}  // namespace

std::string comparable_name(SqlFlavor flavor, std::string_view name) {
  std::string out(name);
  if (flavor == SqlFlavor::Sqlite) std::transform(out.begin(), out.end(), out.begin(), base::to_ascii_lower);
  return out;
}

std::string wish_of_unique(const std::string& column) {
  return column + "_unique";
}

IndexList::IndexList(SqlFlavor flavor, const std::vector<WantedTable>& tables) : flavor_(flavor) {
  for (const WantedTable& table : tables) names_.insert(table.schema + '.' + comparable_name(flavor, table.name));
}

void IndexList::add(WantedIndex index) {
  const std::string identity = identity_of(flavor_, index.table, index.columns);
  if (!identities_.insert(index.schema + '.' + identity).second) return;
  index.name = free_name(index.table + "_" + index.name, index.schema, identity);
  indexes_.push_back(std::move(index));
}

std::string IndexList::free_name(std::string name, const std::string& schema, std::string_view identity) {
  if (name.size() > index_name_bytes_max || names_.contains(schema + '.' + comparable_name(flavor_, name))) {
    name = hashed_name(std::move(name), identity);
  }
  names_.insert(schema + '.' + comparable_name(flavor_, name));
  return name;
}

bool is_name_of_rule(SqlFlavor flavor, const std::string& table, const std::vector<IndexColumn>& columns,
                     std::string_view name) {
  if (columns.empty()) return false;
  const std::array wishes = {std::string(wish_of_key), wish_of_unique(columns.back().name)};
  return std::any_of(wishes.begin(), wishes.end(), [&](const std::string& wish) {
    const std::string full = table + "_" + wish;
    return same_name(flavor, name, full) ||
           same_name(flavor, name, hashed_name(full, identity_of(flavor, table, columns)));
  });
}

}  // namespace portico::store
