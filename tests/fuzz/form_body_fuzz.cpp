// Form bodies: what is taken is an object within its limits, and the same once it is written as a form and read
// again; what is refused is refused in words that name a parameter. A body sent as gzip, in two members cut anywhere,
// says what it says as it is, and gzip that is none is refused.
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>
#include <zlib.h>

#include "body_promises.hpp"
#include "operation/form_body.hpp"
#include "operation/inflate.hpp"
#include "operation/parse_body.hpp"

namespace {

using namespace portico;
using base::Document;

const base::Limits limits{.body_bytes = 64 * 1024, .body_depth = 12, .body_values = 200};

void append_form(const Document& document, const std::string& name, std::string& out) {
  const auto within = [&](const std::string& step) {
    return name.empty() ? base::percent_encoded(step) : name + "[" + base::percent_encoded(step) + "]";
  };
  fuzz::require(document.kind == Document::Kind::Text || document.kind == Document::Kind::Array ||
                document.kind == Document::Kind::Object);
  if (document.kind == Document::Kind::Text) out += name + "=" + base::percent_encoded(document.text) + "&";
  for (std::size_t i = 0; i < document.items.size(); ++i)
    append_form(document.items[i], within(std::to_string(i)), out);
  for (const base::Member& member : document.members) append_form(member.value, within(member.name), out);
}

void check_form(std::string_view text) {
  const auto document = operation::read_form(text, limits);
  if (!document) {
    fuzz::require_words(document.error());
    fuzz::require(document.error().faults.size() == 1);
    return;
  }
  fuzz::require(document->kind == Document::Kind::Object);
  const fuzz::Extent extent = fuzz::measured(*document);
  fuzz::require(extent.depth <= limits.body_depth && extent.values <= limits.body_values);
  std::string written;
  append_form(*document, "", written);
  const auto again = operation::read_form(written, limits);
  fuzz::require(again.has_value() && fuzz::json_of(*again) == fuzz::json_of(*document));
}

std::string gzip_member(std::string_view text) {
  // One for all inputs: making it costs more than what it does here.
  static z_stream stream = [] {
    z_stream made = {};
    fuzz::require(deflateInit2(&made, Z_BEST_SPEED, Z_DEFLATED, 9 + 16, 1, Z_DEFAULT_STRATEGY) == Z_OK);
    return made;
  }();
  fuzz::require(deflateReset(&stream) == Z_OK);
  std::vector<Bytef> in(text.begin(), text.end());
  std::vector<Bytef> out(deflateBound(&stream, in.size()));
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  fuzz::require(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(stream.total_out)};
}

/// The document as JSON, or why there is none.
std::string said(std::string_view body, std::string_view coding) {
  const std::vector<http::HeaderField> fields = {{"Content-Type", "application/x-www-form-urlencoded"},
                                                 {"Content-Encoding", coding}};
  http::Request request;
  request.fields = fields;
  request.body = body;
  const auto parsed = operation::parse_body(request, limits);
  if (!parsed) return parsed.error().message;
  return parsed->has_value() ? fuzz::json_of((*parsed)->document) : "";
}

}  // namespace

/// The first byte says where to cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_form(text);
  const std::size_t cut = std::min<std::size_t>(data[0], text.size());
  fuzz::require(said(gzip_member(text.substr(0, cut)) + gzip_member(text.substr(cut)), "gzip") == said(text, ""));
  const auto inflated = operation::inflate_gzip(text, limits.body_bytes);
  fuzz::require(inflated ? inflated->size() <= limits.body_bytes : inflated.error().message.size() > 20);
  return 0;
}
