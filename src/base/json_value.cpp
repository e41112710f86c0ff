#include "base/json_value.hpp"

#include <utility>

#include "base/text.hpp"

namespace portico::base::json {

using Kind = Document::Kind;

Document null() {
  return {};
}

Document boolean(bool value) {
  Document made;
  made.kind = Kind::Boolean;
  made.boolean = value;
  return made;
}

Document integer(std::int64_t value) {
  Document made;
  made.kind = Kind::Integer;
  made.integer = value;
  return made;
}

Document text(std::string_view value) {
  Document made;
  made.kind = Kind::Text;
  made.text = is_utf8(value) ? std::string(value) : repaired_utf8(value);
  return made;
}

Document texts(const std::vector<std::string>& values) {
  std::vector<Document> items;
  items.reserve(values.size());
  for (const std::string& value : values) items.push_back(text(value));
  return list(std::move(items));
}

Document object(std::vector<Member> members) {
  Document made;
  made.kind = Kind::Object;
  made.members = std::move(members);
  return made;
}

Document list(std::vector<Document> items) {
  Document made;
  made.kind = Kind::Array;
  made.items = std::move(items);
  return made;
}

}  // namespace portico::base::json
