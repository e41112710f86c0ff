// Archives that strangers make: what is taken keeps to the limits and to the rules of names, and is taken again as it
// is.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "base/text.hpp"
#include "platform/archive.hpp"
#include "platform/file_types.hpp"

namespace {

namespace platform = portico::platform;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr portico::base::Limits limits{.upload_bytes = 64 * 1024,
                                       .upload_files = 50,
                                       .upload_file_bytes = 100'000,
                                       .upload_total_bytes = 200'000,
                                       .upload_path_bytes = 60,
                                       .upload_path_depth = 4};

void check_refusal(const portico::base::Error& error) {
  require(error.code == portico::base::ErrorCode::BodyTooLarge || !error.faults.empty());
  for (const auto& fault : error.faults) {
    require(!fault.message.empty() && portico::base::is_utf8(fault.message));
    for (const auto& name : fault.path) require(portico::base::is_utf8(name));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = platform::read_archive({reinterpret_cast<const char*>(data), size}, limits);
  if (!read) {
    check_refusal(read.error());
    return 0;
  }
  std::size_t total = 0;
  std::set<std::string_view> paths;
  for (const platform::UploadedFile& file : *read) {
    total += file.bytes.size();
    require(file.bytes.size() <= limits.upload_file_bytes && file.path.size() <= limits.upload_path_bytes);
    require(!file.path.starts_with('/') && !file.path.starts_with('.') && file.path.find('\\') == std::string::npos);
    require(file.path.find("/.") == std::string::npos && file.path.find("//") == std::string::npos);
    require(portico::base::is_utf8(file.path) && !platform::media_type_of(file.path).empty());
    require(paths.insert(file.path).second);
  }
  require(total <= limits.upload_total_bytes && paths.size() <= limits.upload_files && paths.contains("index.html"));
  const auto again = platform::check_files(*read, limits);
  require(again.has_value() && again->size() == read->size());
  return 0;
}
