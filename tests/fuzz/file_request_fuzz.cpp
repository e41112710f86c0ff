// Range, If-Range's dates, and the first bytes of files: a part lies within the file, a date is the one that was
// written, and no bytes are read beyond their end.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/file_type.hpp"
#include "http/read_date.hpp"
#include "http/response_writer.hpp"
#include "server/byte_range.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portico;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::uint64_t bytes : {std::uint64_t{1}, std::uint64_t{500}, UINT64_MAX}) {
    const server::RangeWish wish = server::read_range(text, bytes);
    if (wish.kind == server::RangeWish::Kind::Part && (wish.first > wish.last || wish.last >= bytes)) std::abort();
  }
  const auto seconds = http::read_date(text);
  if (seconds && http::read_date(http::http_date(*seconds)) != seconds) std::abort();
  const auto type = base::sniff_file_type(text);
  if (type && base::find_file_type(name_of(*type)) != type) std::abort();
  return 0;
}
