#include "plan/read_list.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/time.hpp"
#include "operation/json_body.hpp"

namespace portico::plan {
namespace {

using base::Document;
using model::Field;
using model::FieldType;

class ListReader {
 public:
  ListReader(const ListRules& rules, FaultList& faults, std::string& out)
      : rules_(rules), faults_(faults), out_(out) {}

  void read(const Field& list, const Document& document) {
    const bool is_empty = document.kind == Document::Kind::Text && document.text.empty() &&
                          rules_.body.writing == operation::Writing::Form;
    if (document.kind != Document::Kind::Array && !is_empty) {
      faults_.add(expected("a list", document));
      return;
    }
    if (!has_right_size(list, document.items.size())) return;
    const Field& item = list.item.front();
    out_ += '[';
    for (std::size_t index = 0; index < document.items.size(); ++index) {
      const FaultList::Within within(faults_, index);
      if (index > 0) out_ += ',';
      read_member(item, document.items[index]);
    }
    out_ += ']';
  }

 private:
  [[nodiscard]] bool checks_all() const { return rules_.body.checks == Checks::All; }

  [[nodiscard]] bool has_right_size(const Field& list, std::size_t count) {
    if (!checks_all()) return true;
    const auto least = static_cast<std::size_t>(list.min.value_or(0));
    if (count < least) {
      faults_.add(count == 0 ? "This list may not be empty."
                             : "Ensure this field has at least " + std::to_string(least) + " elements.");
      return false;
    }
    if (list.max && count > static_cast<std::size_t>(*list.max)) {
      faults_.add("Ensure this field has no more than " + std::to_string(*list.max) + " elements.");
      return false;
    }
    return true;
  }

  void read_member(const Field& field, const Document& document) {
    if (says_null(field, document, rules_.body.writing)) {
      if (!field.nullable && checks_all()) faults_.add(std::string(null_message));
      out_ += "null";
    } else if (field.type == FieldType::Object) {
      read_object(field, document);
    } else if (field.type == FieldType::List) {
      read(field, document);
    } else if (field.type == FieldType::Json) {
      if (std::string fault = fault_of_json(document); !fault.empty()) faults_.add(std::move(fault));
      append_json(document, out_);
    } else {
      read_one(field, document);
    }
  }

  void read_one(const Field& field, const Document& document) {
    ReadValue value = read_value(field, document, rules_.body);
    if (auto* fault = std::get_if<std::string>(&value)) {
      faults_.add(std::move(*fault));
      return;
    }
    const base::Cell& cell = std::get<base::Cell>(value);
    if (field.type == FieldType::Boolean) {
      out_ += cell.integer != 0 ? "true" : "false";
    } else if (field.type == FieldType::Timestamp) {
      out_.append(1, '"').append(base::format_timestamp(cell.integer)).append(1, '"');
    } else if (cell.kind == base::Cell::Kind::Integer) {
      append_integer(cell.integer);
    } else {
      append_json(document, out_);
    }
  }

  void append_integer(std::int64_t integer) {
    std::array<char, 24> digits = {};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), integer);
    out_.append(digits.data(), written.ptr);
  }

  void read_object(const Field& object, const Document& document) {
    if (document.kind != Document::Kind::Object) {
      faults_.add(expected("an object", document));
      return;
    }
    const MatchRules matching{.api = rules_.body.api,
                              .version = rules_.body.version,
                              .naming = rules_.naming,
                              .ignores_unknown = rules_.ignores_unknown};
    const auto given = match_members(matching, object.fields, document, faults_);
    char before = '{';
    for (std::size_t i = 0; i < object.fields.size(); ++i) {
      const Field& field = object.fields[i];
      if (!is_shown(field, rules_.body.version)) continue;
      out_.append(1, before).append(1, '"').append(field.name).append("\":");  // names need no escapes
      before = ',';
      const FaultList::Within within(faults_, field.name_in(rules_.body.version));
      if (given[i] != nullptr) {
        read_member(field, *given[i]);
      } else {
        if (checks_all() && needs_value(field, rules_.body.version)) faults_.add(std::string(required_message));
        out_ += "null";
      }
    }
    if (before == '{') out_ += '{';
    out_ += '}';
  }

  const ListRules& rules_;
  FaultList& faults_;
  std::string& out_;
};

/// What a version shows of a list, in one way of writing; nothing where it cannot be read as one.
std::optional<std::string> canonical_list(const Field& list, const Document& document, const ListRules& rules) {
  std::string out;
  std::vector<base::Fault> found;
  const std::vector<std::string> nowhere;
  FaultList faults(found, {.most = 1, .path = nowhere});
  read_list(list, document, rules, faults, out);
  if (!found.empty()) return std::nullopt;
  return out;
}

/// Members in any order; numbers as they were written.
bool are_same(const Document& left, const Document& right) {
  if (left.kind != right.kind) return false;
  switch (left.kind) {
    case Document::Kind::Null:
      return true;
    case Document::Kind::Boolean:
      return left.boolean == right.boolean;
    case Document::Kind::Integer:
      return left.integer == right.integer;
    case Document::Kind::Number:
    case Document::Kind::Text:
      return left.text == right.text;
    case Document::Kind::Array:
      return std::equal(left.items.begin(), left.items.end(), right.items.begin(), right.items.end(), are_same);
    case Document::Kind::Object:
      return left.members.size() == right.members.size() &&
             std::all_of(left.members.begin(), left.members.end(), [&right](const base::Member& member) {
               const Document* other = right.find(member.name);
               return other != nullptr && are_same(member.value, *other);
             });
  }
  return false;
}

}  // namespace

void read_list(const Field& list, const Document& document, const ListRules& rules, FaultList& faults,
               std::string& out) {
  ListReader(rules, faults, out).read(list, document);
}

bool repeats_stored(const Field& field, const Document& document, std::string_view stored, const BodyRules& rules) {
  const auto column = operation::read_json(stored, rules.api.limits);
  if (!column) return false;
  if (field.type == FieldType::Json) return are_same(document, *column);
  const ListRules of_body{.body = rules};
  const BodyRules latest{.api = rules.api, .version = rules.version, .checks = Checks::TypeOnly};
  const ListRules of_column{.body = latest, .naming = Naming::Stored, .ignores_unknown = true};
  const auto given = canonical_list(field, document, of_body);
  return given && given == canonical_list(field, *column, of_column);
}

}  // namespace portico::plan
