#include "store/company.hpp"

#include <algorithm>

namespace portico::store {
namespace {

/// Clients come back within some hundred microseconds, so that a commit which takes no more is better not waited for.
constexpr std::chrono::microseconds commit_least{500};

/// Those who come alone wait in vain: by this part of a commit.
constexpr int part = 4;

constexpr std::chrono::milliseconds patience_most{25};

}  // namespace

void Company::note(Duration took, std::size_t made, std::size_t waiting) {
  const Duration usual = std::min(took, took_);  // one slow commit is no slow disk
  took_ = took;
  expected_ = made + waiting;
  patience_ = usual < commit_least ? Duration{} : std::min<Duration>(usual / part, patience_most);
}

}  // namespace portico::store
