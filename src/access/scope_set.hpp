#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portico::access {

/// Some of the scopes that a description has, as places in model::scopes_of: a bit for each.
class ScopeSet {
 public:
  /// Those of `joined`, names between spaces, that are among `names`, which are sorted; others are none any more.
  [[nodiscard]] static ScopeSet of(std::string_view joined, std::span<const std::string> names);

  void insert(std::size_t scope);
  [[nodiscard]] bool contains(std::size_t scope) const noexcept;
  /// Only those stay that the other has, too.
  void intersect(const ScopeSet& other);
  bool operator==(const ScopeSet&) const = default;

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace portico::access
