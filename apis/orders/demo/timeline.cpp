#include "timeline.hpp"

#include <algorithm>
#include <array>

namespace portico::demo {
namespace {

constexpr base::Microseconds hour = 3'600'000'000;

// By the UTC hour: Spain is one or two ahead.
constexpr std::array<unsigned, 24> hour_weights = {14, 8,  5,  3,  3,  5,  12, 26, 44, 58, 66, 68,
                                                   60, 52, 54, 60, 66, 72, 80, 92, 96, 84, 58, 30};
constexpr std::array<unsigned, 7> week_day_weights = {108, 102, 100, 100, 96, 84, 110};  // from Monday
constexpr std::array<unsigned, 12> month_weights = {112, 84, 88, 90, 94, 98, 104, 72, 96, 100, 150, 146};

std::uint64_t weight_of(base::Microseconds instant, std::size_t hours_gone, std::size_t hours) {
  const auto zone = base::TimeZone::utc();
  const auto part = [&](base::DatePart wanted) {
    return static_cast<std::size_t>(base::date_part(wanted, instant, zone));
  };
  // Five times as many at the end as at the start.
  const std::uint64_t growth = 1000 + 4000 * hours_gone / hours;
  return growth * hour_weights[part(base::DatePart::Hour)] * week_day_weights[part(base::DatePart::WeekDay) - 1] *
         month_weights[part(base::DatePart::Month) - 1] / 1000;
}

}  // namespace

Timeline::Timeline(base::Microseconds first, base::Microseconds last) : first_(first), last_(last) {
  const auto hours = static_cast<std::size_t>((last - first) / hour + 1);
  weight_before_.reserve(hours + 1);
  weight_before_.push_back(0);
  for (std::size_t gone = 0; gone < hours; ++gone) {
    const base::Microseconds instant = first + static_cast<base::Microseconds>(gone) * hour;
    weight_before_.push_back(weight_before_.back() + weight_of(instant, gone, hours));
  }
}

base::Microseconds Timeline::instant(std::uint64_t number, std::uint64_t count, Random& random) const {
  // Each order has a slice of the whole weight of its own, and lies somewhere in it.
  __extension__ using Wide = unsigned __int128;
  const std::uint64_t all = weight_before_.back();
  const auto slice = [&](std::uint64_t place) { return static_cast<std::uint64_t>(Wide{all} * place / count); };
  const std::uint64_t begin = slice(number);
  const std::uint64_t weight = begin + random.below(std::max<std::uint64_t>(1, slice(number + 1) - begin));
  const auto next = std::upper_bound(weight_before_.begin(), weight_before_.end(), weight);
  const auto index = next - weight_before_.begin() - 1;
  const std::uint64_t into = weight - *(next - 1);
  const std::uint64_t width = *next - *(next - 1);
  const auto within = static_cast<base::Microseconds>(Wide{static_cast<std::uint64_t>(hour)} * into / width);
  return std::min(last_, first_ + index * hour + within);
}

}  // namespace portico::demo
