#include "access/scope_set.hpp"

#include <algorithm>

namespace portico::access {
namespace {

constexpr std::size_t bits_per_word = 64;

}  // namespace

ScopeSet ScopeSet::of(std::string_view joined, std::span<const std::string> names) {
  ScopeSet scopes;
  while (!joined.empty()) {
    const std::size_t space = std::min(joined.find(' '), joined.size());
    const std::string_view name = joined.substr(0, space);
    joined.remove_prefix(std::min(space + 1, joined.size()));
    const auto place = std::lower_bound(names.begin(), names.end(), name);
    if (place != names.end() && *place == name) scopes.insert(static_cast<std::size_t>(place - names.begin()));
  }
  return scopes;
}

void ScopeSet::insert(std::size_t scope) {
  const std::size_t word = scope / bits_per_word;
  if (word >= words_.size()) words_.resize(word + 1);
  words_[word] |= std::uint64_t{1} << (scope % bits_per_word);
}

bool ScopeSet::contains(std::size_t scope) const noexcept {
  const std::size_t word = scope / bits_per_word;
  return word < words_.size() && (words_[word] >> (scope % bits_per_word) & 1U) != 0;
}

void ScopeSet::intersect(const ScopeSet& other) {
  if (words_.size() > other.words_.size()) words_.resize(other.words_.size());
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
}

}  // namespace portico::access
