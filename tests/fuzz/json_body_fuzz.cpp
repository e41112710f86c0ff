// JSON bodies: taken where another parser takes them, but for what is refused on purpose; what is taken is within its
// limits and the same once written and read again; what is refused is refused in words.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include <simdjson.h>

#include "body_promises.hpp"
#include "operation/json_body.hpp"

namespace {

using namespace portico;

/// What the other parser cannot tell: it does not read numbers beyond its own, and takes what is cut short by a
/// limit.
bool is_beyond(simdjson::error_code error) {
  return error == simdjson::NUMBER_ERROR || error == simdjson::DEPTH_ERROR;
}

bool takes(std::string_view text, simdjson::error_code& error) {
  static simdjson::dom::parser parser;
  error = parser.parse(text.data(), text.size()).error();
  return error == simdjson::SUCCESS;
}

/// Limits, names that stand twice and halves of pairs are ours to refuse.
bool is_refused_on_purpose(const base::Error& error) {
  return error.message.starts_with("The body cannot be read: ") ||
         error.message.find("half of a surrogate pair") != std::string::npos ||
         error.message.find("byte order mark") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const base::Limits limits{.body_depth = 20, .body_values = 200};
  simdjson::error_code other = simdjson::SUCCESS;
  const bool other_takes = takes(text, other);
  const auto document = operation::read_json(text, limits);
  if (!document) {
    fuzz::require_words(document.error());
    fuzz::require(!other_takes || is_refused_on_purpose(document.error()));
    return 0;
  }
  fuzz::require(other_takes || is_beyond(other));
  const fuzz::Extent extent = fuzz::measured(*document);
  fuzz::require(extent.depth <= limits.body_depth && extent.values <= limits.body_values);
  const std::string written = fuzz::json_of(*document);
  const auto again = operation::read_json(written, limits);
  fuzz::require(again.has_value() && fuzz::json_of(*again) == written);
  return 0;
}
