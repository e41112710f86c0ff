#pragma once

#include <chrono>
#include <cstddef>

namespace portico::store {

/// For how many changes it pays to wait before the next commit, and how long. Who was told just now may ask again at
/// once, while others wait already: gone alone, these and those take turns, each with a commit of half the size. So a
/// part of what a commit takes is spent on having them all in one, where a commit takes long enough for that.
class Company {
 public:
  using Duration = std::chrono::steady_clock::duration;

  /// A commit of `made` changes took so long, and `waiting` others came meanwhile.
  void note(Duration took, std::size_t made, std::size_t waiting);

  /// Nobody is waited for once so many have come.
  [[nodiscard]] std::size_t expected() const noexcept { return expected_; }
  /// From when the first has come; zero where it does not pay.
  [[nodiscard]] Duration patience() const noexcept { return patience_; }

 private:
  Duration took_ = {};
  Duration patience_ = {};
  std::size_t expected_ = 0;
};

}  // namespace portico::store
