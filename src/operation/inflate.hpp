#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace portico::operation {

/// What `bytes` hold in the gzip format (RFC 1952): one member, or several one after another, and nothing behind
/// them; their checksums and lengths are checked. MalformedBody where they are cut off, damaged or no gzip.
/// BodyTooLarge as soon as more than `bytes_max` come out, so what is small and inflates without end costs no more
/// than that.
[[nodiscard]] base::Result<std::string> inflate_gzip(std::string_view bytes, std::size_t bytes_max);

}  // namespace portico::operation
