#include "random.hpp"

#include <bit>
#include <numeric>

namespace portico::demo {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31U);
}

}  // namespace

Random::Random(std::uint64_t seed) : state_{} {
  for (auto& word : state_) word = split_mix(seed);
}

std::uint64_t Random::next() {
  auto& [a, b, c, d] = state_;
  const std::uint64_t result = std::rotl(a + d, 23) + a;
  const std::uint64_t shifted = b << 17U;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = std::rotl(d, 45);
  return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
  // The bias is under bound / 2^64: nothing to see in demo data.
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64U);
}

std::int64_t Random::between(std::int64_t first, std::int64_t last) {
  return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first) + 1));
}

double Random::fraction() {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

std::size_t Random::weighted(std::span<const unsigned> weights) {
  std::uint64_t drawn = below(std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}));
  std::size_t place = 0;
  while (drawn >= weights[place]) drawn -= weights[place++];
  return place;
}

std::string Random::id() {
  constexpr char digits[] = "0123456789abcdef";
  std::string text(32, '0');
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t bits = next();
    for (std::size_t place = 0; place < 16; ++place, bits >>= 4U) text[half * 16 + place] = digits[bits & 15U];
  }
  return text;
}

std::string filled_in(std::string_view pattern, Random& random) {
  std::string text(pattern);
  for (char& c : text) {
    if (c == '#') c = static_cast<char>('0' + random.below(10));
    if (c == '@') c = static_cast<char>('A' + random.below(26));
  }
  return text;
}

}  // namespace portico::demo
