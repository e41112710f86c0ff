// Request heads and chunked bodies: however the bytes are cut, the outcome is the same; what is understood lies
// within them; what passes holds nothing that another parser could read differently.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/chunk_decoder.hpp"
#include "http/head_parser.hpp"

namespace {

using namespace portico;

void require(bool holds) {
  if (!holds) std::abort();
}

void require_within(std::string_view part, std::string_view whole) {
  require(part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size()));
}

void check_head(const http::Head& head, std::string_view bytes) {
  require(head.bytes <= bytes.size() && bytes.substr(0, head.bytes).ends_with("\r\n\r\n"));
  const http::Request& request = head.request;
  require(!request.path.empty() && (request.path.front() == '/' || request.path == "*"));
  require(request.http_1_0 || !request.host.empty());
  for (const http::HeaderField& field : request.fields) {
    require(!field.name.empty() && field.name.find_first_of(" \t\r\n:") == std::string_view::npos);
    require(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    require_within(field.name, bytes);
    require_within(field.value, bytes);
  }
  require(request.target.find_first_of(" \t\r\n#") == std::string_view::npos);
  if (head.framing != http::Framing::None) {
    const bool length = head.framing == http::Framing::Length;
    require(request.field(length ? "Transfer-Encoding" : "Content-Length").data() == nullptr);
  }
}

/// A chunked body in one piece and in two.
void check_chunks(std::string_view bytes, std::size_t cut, const base::Limits& limits) {
  http::ChunkDecoder whole(limits);
  http::ByteBuffer whole_body;
  const auto expected = whole.decode(bytes, whole_body);
  require(whole_body.size() <= limits.body_bytes);
  http::ChunkDecoder parts(limits);
  http::ByteBuffer parts_body;
  auto progress = parts.decode(bytes.substr(0, cut), parts_body);
  if (progress == http::ChunkDecoder::Progress::NeedMore) progress = parts.decode(bytes.substr(cut), parts_body);
  require(progress == expected && parts_body.view() == whole_body.view());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::Limits limits;
  limits.head_bytes = 512;
  limits.head_fields = 8;
  limits.target_bytes = 128;
  limits.body_bytes = 256;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  http::HeadParser whole(limits);
  const http::HeadProgress expected = whole.parse(bytes);
  http::HeadParser parts(limits);
  http::HeadProgress progress = http::HeadProgress::NeedMore;
  for (std::size_t length = 0; length <= size && progress == http::HeadProgress::NeedMore; ++length) {
    progress = parts.parse(std::string_view(bytes).substr(0, length));
  }
  require(progress == expected);
  if (expected == http::HeadProgress::Refused) {
    require(!whole.error().message.empty() && whole.error().code == parts.error().code);
    return 0;
  }
  if (expected == http::HeadProgress::NeedMore) return 0;
  check_head(whole.head(), bytes);
  require(whole.head().bytes == parts.head().bytes && whole.head().framing == parts.head().framing);
  const std::string_view rest = std::string_view(bytes).substr(whole.head().bytes);
  if (whole.head().framing == http::Framing::Chunked) check_chunks(rest, rest.size() / 2, limits);
  return 0;
}
