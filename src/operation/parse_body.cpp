#include "operation/parse_body.hpp"

#include <algorithm>
#include <array>

#include "operation/form_body.hpp"
#include "operation/inflate.hpp"
#include "operation/json_body.hpp"
#include "operation/text_place.hpp"

namespace portico::operation {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

struct MediaType {
  std::string_view name;
  Writing writing;
};
constexpr std::array<MediaType, 3> media_types = {{
    {"application/json", Writing::Json},
    {"application/merge-patch+json", Writing::Json},  // RFC 7396 §4
    {"application/x-www-form-urlencoded", Writing::Form},
}};

/// What may be done to a body's bytes on their way (RFC 9110 §8.4.1), as far as it is undone here.
enum class Coding : std::uint8_t { Identity, Gzip };

struct CodingName {
  std::string_view name;
  Coding coding;
};
constexpr std::array<CodingName, 3> codings = {{
    {"gzip", Coding::Gzip},
    {"x-gzip", Coding::Gzip},
    {"identity", Coding::Identity},
}};

constexpr std::string_view blanks = " \t";
constexpr std::string_view json_blanks = " \t\r\n";

Error unsupported(std::string message) {
  return {.code = ErrorCode::UnsupportedMediaType, .message = std::move(message)};
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Cuts off `text` what stands before its first semicolon outside of quotes.
std::string_view take_part(std::string_view& text) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size() && (quoted || text[at] != ';'); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (quoted && text[at] == '\\') ++at;
  }
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return trimmed(part);
}

/// A parameter's value: a token, or a quoted string, whose quotes and escapes are taken off (RFC 9110 §5.6.6).
std::string parameter_value(std::string_view written) {
  if (written.size() < 2 || written.front() != '"' || written.back() != '"') return std::string(written);
  std::string value;
  written = written.substr(1, written.size() - 2);
  for (std::size_t at = 0; at < written.size(); ++at) {
    if (written[at] == '\\' && at + 1 < written.size()) ++at;
    value += written[at];
  }
  return value;
}

/// parameter = name "=" value; those with other names than `charset` say nothing here.
Status check_parameter(std::string_view parameter) {
  const std::size_t equals = parameter.find('=');
  if (!http::same_name(trimmed(parameter.substr(0, equals)), "charset")) return base::ok();
  const std::string_view written = equals == std::string_view::npos ? "" : trimmed(parameter.substr(equals + 1));
  const std::string charset = parameter_value(written);
  if (http::same_name(charset, "utf-8")) return base::ok();
  return unsupported("A body must be in UTF-8, not in the charset " + shown_name(charset) +
                     "; leave `charset` out, or send `charset=utf-8`.");
}

/// media-type = type "/" subtype *( ";" parameter ): `application/json; charset=utf-8`. A second field would leave
/// open which of them holds.
Result<Writing> writing_of(const http::Request& request) {
  std::optional<std::string_view> value;
  for (const http::HeaderField& field : request.fields) {
    if (!http::same_name(field.name, "Content-Type")) continue;
    if (value) return unsupported("A body has one content type: send one Content-Type field, not several.");
    value = field.value;
  }
  std::string_view left = value.value_or("");
  const std::string_view name = take_part(left);
  const auto* known = std::find_if(media_types.begin(), media_types.end(),
                                   [&](const MediaType& type) { return http::same_name(type.name, name); });
  if (known == media_types.end()) {
    return unsupported("A body must be application/json or application/x-www-form-urlencoded.");
  }
  while (!left.empty()) {
    if (auto checked = check_parameter(take_part(left)); !checked) return std::move(checked).error();
  }
  return known->writing;
}

/// Content-Encoding = #coding (RFC 9110 §8.4), of all fields of that name: one layer of gzip, or none.
Result<Coding> coding_of(const http::Request& request) {
  Coding found = Coding::Identity;
  for (const http::HeaderField& field : request.fields) {
    if (!http::same_name(field.name, "Content-Encoding")) continue;
    std::string_view left = field.value;
    while (!left.empty()) {
      const std::size_t comma = std::min(left.find(','), left.size());
      const std::string_view name = trimmed(left.substr(0, comma));
      left.remove_prefix(std::min(comma + 1, left.size()));
      if (name.empty()) continue;  // RFC 9110 §5.6.1: empty list elements are ignored
      const auto* known = std::find_if(codings.begin(), codings.end(),
                                       [&](const CodingName& coding) { return http::same_name(coding.name, name); });
      if (known == codings.end()) {
        return unsupported("A body may be encoded with gzip or sent as it is, but not encoded with " +
                           shown_name(name) + ".");
      }
      if (known->coding == Coding::Identity) continue;
      if (found == Coding::Gzip) return unsupported("A body may be encoded with gzip once, not several times.");
      found = Coding::Gzip;
    }
  }
  return found;
}

/// P6: what `curl -d '{…}'` sends is no form, whatever it says. A byte order mark is passed over here, for JSON to
/// refuse it by its name.
bool looks_like_json(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(json_blanks);
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

Result<std::optional<Body>> read(std::string_view text, Writing writing, const base::Limits& limits) {
  if (text.empty()) return std::optional<Body>();
  if (text.find_first_not_of(json_blanks) == std::string_view::npos) {
    return Error{.code = ErrorCode::MalformedBody,
                 .message = "The body is white space only; send a document such as `{}`, or no body at all."};
  }
  if (writing == Writing::Form && looks_like_json(text)) writing = Writing::Json;
  auto document = writing == Writing::Json ? read_json(text, limits) : read_form(text, limits);
  if (!document) return std::move(document).error();
  return std::optional<Body>(Body{.document = std::move(*document), .writing = writing});
}

}  // namespace

Result<std::optional<Body>> parse_body(const http::Request& request, const base::Limits& limits) {
  if (request.body.empty()) return std::optional<Body>();
  const auto writing = writing_of(request);
  if (!writing) return writing.error();
  const auto coding = coding_of(request);
  if (!coding) return coding.error();
  if (*coding == Coding::Identity) return read(request.body, *writing, limits);
  const auto inflated = inflate_gzip(request.body, limits.body_bytes);
  if (!inflated) return inflated.error();
  return read(*inflated, *writing, limits);
}

}  // namespace portico::operation
