#include "operation/parse_file.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace portico::operation {
namespace {

using base::Error;
using base::ErrorCode;
using base::FileType;
using base::Result;

constexpr std::string_view blanks = " \t";
constexpr std::string_view unknown_type = "application/octet-stream";
constexpr std::size_t shown_bytes_max = 100;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool takes(const model::Field& field, FileType type) {
  return std::find(field.file_types.begin(), field.file_types.end(), type) != field.file_types.end();
}

std::string names_of(const model::Field& field) {
  std::vector<std::string> names;
  for (const FileType type : field.file_types) names.emplace_back(name_of(type));
  return base::joined(names, ", ");
}

Error unsupported(std::string message) {
  return {.code = ErrorCode::UnsupportedMediaType, .message = std::move(message)};
}

/// As text of a message: what came from outside, without what is no visible ASCII.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, shown_bytes_max));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

/// media-type = type "/" subtype *( ";" parameter ), of which the parameters say nothing here. Nothing where the
/// client does not say.
Result<std::optional<FileType>> declared_type(const http::Request& request, const model::Field& field) {
  std::optional<std::string_view> value;
  for (const http::HeaderField& one : request.fields) {
    if (!http::same_name(one.name, "Content-Type")) continue;
    if (value) return unsupported("A file has one content type: send one Content-Type field, not several.");
    value = one.value;
  }
  if (!value) return std::optional<FileType>();
  const std::string_view name = trimmed(value->substr(0, value->find(';')));
  if (http::same_name(name, unknown_type)) return std::optional<FileType>();
  const auto type = base::find_file_type(name);
  if (type && takes(field, *type)) return type;
  return unsupported("Content-Type is " + shown(name) + "; " + field.name + " takes " + names_of(field) + ". With " +
                     std::string(unknown_type) + " the bytes themselves tell what they are.");
}

/// The bytes are stored as they come.
base::Status check_coding(const http::Request& request) {
  for (const http::HeaderField& one : request.fields) {
    if (!http::same_name(one.name, "Content-Encoding") || one.value.empty()) continue;
    if (http::same_name(one.value, "identity")) continue;
    return unsupported("A file is sent as it is, without Content-Encoding.");
  }
  return base::ok();
}

}  // namespace

Result<FileBody> parse_file(const http::Request& request, const model::Field& field) {
  const std::string_view bytes = request.body;
  if (request.field("Content-Range").data() != nullptr) {
    return Error{
        .code = ErrorCode::MalformedRequest,  // RFC 9110 §14.5: or the part would take the place of the whole
        .message = "Content-Range: a file is put as a whole, not in parts."};
  }
  if (bytes.empty()) {
    return Error{.code = ErrorCode::InvalidData,
                 .message = "The body is empty: it must be the file's bytes. DELETE removes a file."};
  }
  if (bytes.size() > static_cast<std::size_t>(field.max_bytes)) {
    return Error{.code = ErrorCode::BodyTooLarge,
                 .message = "The file of " + std::to_string(bytes.size()) + " bytes is longer than " +
                            std::to_string(field.max_bytes) + " bytes."};
  }
  if (auto plain = check_coding(request); !plain) return std::move(plain).error();
  const auto declared = declared_type(request, field);
  if (!declared) return declared.error();
  const auto type = base::sniff_file_type(bytes);
  if (!type || !takes(field, *type)) {
    const std::string what = type ? "These bytes are " + std::string(name_of(*type))
                                  : std::string("These bytes begin like no type of files that is known here");
    return unsupported(what + "; " + field.name + " takes " + names_of(field) + ".");
  }
  if (*declared && *declared != *type) {
    return Error{.code = ErrorCode::MalformedBody,
                 .message = "Content-Type is " + std::string(name_of(**declared)) + ", but these bytes are " +
                            std::string(name_of(*type)) + "."};
  }
  return FileBody{.type = *type, .bytes = bytes};
}

}  // namespace portico::operation
