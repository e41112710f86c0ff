#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace portico::demo {

/// Numbers that follow from a seed alone: the same on every machine, compiler and run (the standard library's
/// distributions promise no such thing). xoshiro256++ (Blackman and Vigna), seeded by splitmix64. Not for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  [[nodiscard]] std::uint64_t next();
  /// 0 to `bound` - 1; `bound` > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  /// Both ends included; `first` <= `last`.
  [[nodiscard]] std::int64_t between(std::int64_t first, std::int64_t last);
  [[nodiscard]] bool chance_in_thousand(unsigned chance) { return below(1000) < chance; }
  /// 0 up to 1, not included.
  [[nodiscard]] double fraction();
  /// The place in `weights` that is drawn, each as likely as its weight says; some weight > 0.
  [[nodiscard]] std::size_t weighted(std::span<const unsigned> weights);

  template <typename Range>
  [[nodiscard]] const auto& one_of(const Range& range) {
    return range[static_cast<std::size_t>(below(std::size(range)))];
  }

  /// 32 lower-case hex digits (P9).
  [[nodiscard]] std::string id();

 private:
  std::array<std::uint64_t, 4> state_;
};

/// `pattern` with every `#` replaced by a digit, every `@` by a capital letter, the rest as it is.
[[nodiscard]] std::string filled_in(std::string_view pattern, Random& random);

}  // namespace portico::demo
