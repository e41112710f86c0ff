#pragma once

#include <cstdint>
#include <optional>

namespace portico::base {

/// A sum of 64-bit integers that is exact whatever stands in between: no number of rows overflows it. All zeros are
/// an empty sum.
class WideSum {
 public:
  void add(std::int64_t number) noexcept {
    const auto bits = static_cast<std::uint64_t>(number);
    low_ += bits;
    high_ += (number < 0 ? -1 : 0) + (low_ < bits ? 1 : 0);
  }

  /// Nothing where 64 bits do not hold it.
  [[nodiscard]] std::optional<std::int64_t> value() const noexcept {
    const auto value = static_cast<std::int64_t>(low_);
    if (high_ != (value < 0 ? -1 : 0)) return std::nullopt;
    return value;
  }

 private:
  std::uint64_t low_ = 0;  // of two's complement, 128 bits
  std::int64_t high_ = 0;
};

}  // namespace portico::base
