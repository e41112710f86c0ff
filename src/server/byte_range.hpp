#pragma once

#include <cstdint>
#include <string_view>

namespace portico::server {

/// What a Range field asks of a representation.
struct RangeWish {
  enum class Kind : std::uint8_t {
    Whole,          ///< nothing that is served in parts: none, another unit, several ranges, or no range at all
    Part,           ///< `first` to `last`
    Unsatisfiable,  ///< 416: it begins behind the end
  };
  Kind kind = Kind::Whole;
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< included
};

/// ranges = "bytes" "=" range *( "," range ), range = first "-" [ last ] / "-" length (RFC 9110 §14.1.1, §14.2), for
/// a representation of `size` bytes, which is not 0: `bytes=0-499`, `bytes=500-`, `bytes=-500`. One range is served;
/// what follows no grammar is passed over, as if the field were not there.
[[nodiscard]] RangeWish read_range(std::string_view value, std::uint64_t size);

}  // namespace portico::server
