#include "plan/answer.hpp"

#include <utility>

#include "base/time.hpp"

namespace portico::plan {
namespace {

using base::Document;
using base::Value;
using model::AnswerField;
using model::FieldType;

Document document_of(const Value& value, FieldType type) {
  Document document;
  if (const auto* text = std::get_if<std::string>(&value)) {
    document.kind = Document::Kind::Text;
    document.text = *text;
    return document;
  }
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (integer == nullptr) return document;
  if (type == FieldType::Boolean) {
    document.kind = Document::Kind::Boolean;
    document.boolean = *integer != 0;
  } else if (type == FieldType::Timestamp) {
    document.kind = Document::Kind::Text;
    document.text = base::format_timestamp(*integer);
  } else {
    document.kind = Document::Kind::Integer;
    document.integer = *integer;
  }
  return document;
}

/// As deep as the description's answer, which the loader bounds.
base::Result<Document> field_of(const AnswerField& field, const Surroundings& around) {
  if (field.type == FieldType::Object) return answer_of(field.members, around);
  if (field.type == FieldType::List) {
    Document list;
    list.kind = Document::Kind::Array;
    list.items.reserve(field.members.size());
    for (const AnswerField& member : field.members) {
      auto item = field_of(member, around);
      if (!item) return item;
      list.items.push_back(std::move(*item));
    }
    return list;
  }
  auto value = evaluate(field.value, around);
  if (!value) return std::move(value).error();
  return document_of(*value, field.type);
}

}  // namespace

base::Result<Document> answer_of(std::span<const AnswerField> fields, const Surroundings& around) {
  Document answer;
  answer.kind = Document::Kind::Object;
  answer.members.reserve(fields.size());
  for (const AnswerField& field : fields) {
    auto value = field_of(field, around);
    if (!value) return value;
    answer.members.push_back({field.name, std::move(*value)});
  }
  return answer;
}

void collect_referred(std::span<const AnswerField> fields, std::vector<std::size_t>& leaves) {
  for (const AnswerField& field : fields) {
    collect_referred(field.value, leaves);
    collect_referred(field.members, leaves);
  }
}

}  // namespace portico::plan
