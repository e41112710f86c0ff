#include "platform/json.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace portico::platform::json {

using base::Document;
using Kind = base::Document::Kind;

Document instant(base::Microseconds value) {
  return text(base::format_timestamp(value));
}

Document instant(const std::optional<base::Microseconds>& value) {
  return value ? instant(*value) : null();
}

Document results(std::vector<Document> items) {
  return object({{"results", list(std::move(items))}});
}

Fields::Fields(const Document& body, std::vector<std::string> path) : body_(body), path_(std::move(path)) {}

const Document* Fields::take(std::string_view name, Kind kind, std::string_view wanted) {
  known_.emplace_back(name);
  const Document* found = body_.find(name);
  if (found == nullptr || found->kind == kind) return found;
  blame(name, std::string(wanted) + " is required, not " + std::string(base::words_for(found->kind)) + ".");
  return nullptr;
}

std::optional<std::string> Fields::required_text(std::string_view name) {
  if (body_.find(name) == nullptr) {
    known_.emplace_back(name);
    blame(name, "This field is required.");
    return std::nullopt;
  }
  return text(name);
}

std::optional<std::string> Fields::text(std::string_view name) {
  const Document* found = take(name, Kind::Text, "A text");
  if (found == nullptr) return std::nullopt;
  if (found->text.find('\0') != std::string::npos) {
    blame(name, "A text must not hold U+0000.");
    return std::nullopt;
  }
  return found->text;
}

std::optional<std::int64_t> Fields::integer(std::string_view name) {
  const Document* found = take(name, Kind::Integer, "A whole number");
  if (found == nullptr) return std::nullopt;
  return found->integer;
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view name) {
  const Document* found = take(name, Kind::Array, "A list of texts");
  if (found == nullptr) return std::nullopt;
  std::vector<std::string> values;
  for (const Document& item : found->items) {
    if (item.kind != Kind::Text || item.text.find('\0') != std::string::npos) {
      blame(name, "A list of texts is required, and one of its items is " + std::string(base::words_for(item.kind)) +
                      (item.kind == Kind::Text ? " with U+0000." : "."));
      return std::nullopt;
    }
    values.push_back(item.text);
  }
  return values;
}

const Document* Fields::object(std::string_view name) {
  return take(name, Kind::Object, "An object");
}

void Fields::blame(std::string_view name, std::string message) {
  base::Fault& fault = faults_.emplace_back();
  fault.path = path_;
  fault.path.emplace_back(name);
  fault.message = std::move(message);
}

void Fields::take(Fields&& inner) {
  inner.find_unknown();
  faults_.insert(faults_.end(), inner.faults_.begin(), inner.faults_.end());
}

void Fields::find_unknown() {
  for (const base::Member& member : body_.members) {
    if (std::find(known_.begin(), known_.end(), member.name) != known_.end()) continue;
    const auto meant = base::did_you_mean(member.name, known_);
    blame(member.name, meant ? "Unknown field; did you mean '" + *meant + "'?" : "Unknown field.");
  }
}

base::Status Fields::end() {
  find_unknown();
  if (faults_.empty()) return base::ok();
  return base::Error{.code = base::ErrorCode::InvalidData, .message = {}, .faults = std::move(faults_)};
}

}  // namespace portico::platform::json
