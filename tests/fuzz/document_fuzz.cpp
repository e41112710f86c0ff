// Bodies taken into rows: two documents, the first creates a row, the second replaces or changes it. Every refusal
// has words and places, and not too many. A row that is taken has a value of its type wherever clients must give one;
// what is shown of it may be written back, whole or as a merge patch, and changes nothing.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "body_promises.hpp"
#include "operation/json_body.hpp"
#include "plan/apply_defaults.hpp"
#include "plan/read_document.hpp"
#include "render/template.hpp"
#include "shipped_api.hpp"

namespace {

using namespace portico;
using fuzz::require;
using model::FieldType;
using model::OperationKind;

/// Whose fields bodies have: a resource's, or an action's input's.
struct Target {
  std::string name;  ///< `orders`, `orders/refund`: so that the corpus stays right while the description grows
  const model::Resource* resource;
};

const std::vector<Target>& targets() {
  static const auto all = [] {
    std::vector<Target> found;
    for (const auto& resource : fuzz::shipped_api().resources) {
      found.push_back({resource->name, resource.get()});
      for (const auto& action : resource->actions) {
        if (action->input != nullptr) found.push_back({resource->name + "/" + action->name, action->input.get()});
      }
    }
    return found;
  }();
  return all;
}

const model::Resource& target_of(std::string_view name) {
  const auto named =
      std::find_if(targets().begin(), targets().end(), [name](const Target& target) { return target.name == name; });
  if (named != targets().end()) return *named->resource;
  const std::size_t index = name.empty() ? 0 : static_cast<unsigned char>(name.front());
  return *targets()[index % targets().size()].resource;
}

struct Case {
  const model::Resource& resource;
  const model::View& view;
  operation::Writing writing;
};

void check_faults(const std::vector<base::Fault>& faults) {
  require(faults.size() <= plan::faults_max + 1);
  for (const base::Fault& fault : faults) {
    require(fault.message.size() > 5 && fault.message.size() < 2000 && base::is_utf8(fault.message));
    for (const std::string& step : fault.path) require(base::is_utf8(step));
  }
}

void check_text(const model::Field& field, const base::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  require(text != nullptr && text->find('\0') == std::string::npos && base::is_utf8(*text));
  require(!field.max_length || text->size() <= static_cast<std::size_t>(*field.max_length) * 4);
  require(!field.required || !text->empty());
}

void check_json(const model::Field& field, const base::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  require(text != nullptr);
  const auto document = operation::read_json(*text, fuzz::shipped_api().limits);
  require(document.has_value());
  if (field.type != FieldType::List) return;
  require(document->kind == base::Document::Kind::Array);
  require(!field.min || document->items.size() >= static_cast<std::size_t>(*field.min));
  require(!field.max || document->items.size() <= static_cast<std::size_t>(*field.max));
}

void check_value(const model::Field& field, const base::Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  switch (field.type) {
    case FieldType::Id:
    case FieldType::String:
    case FieldType::Email:
    case FieldType::Url:
    case FieldType::Country:
    case FieldType::Currency:
    case FieldType::Language:
    case FieldType::Date:
      return check_text(field, value);
    case FieldType::Integer:
    case FieldType::Money:
    case FieldType::Rate:
      return require(integer != nullptr && (!field.min || *integer >= *field.min) &&
                     (!field.max || *integer <= *field.max));
    case FieldType::Boolean:
      return require(integer != nullptr && (*integer == 0 || *integer == 1));
    case FieldType::Timestamp:
      return require(integer != nullptr && *integer >= base::microseconds_min && *integer <= base::microseconds_max);
    case FieldType::Choice:
      return require(std::find(field.choices.begin(), field.choices.end(), value) != field.choices.end());
    case FieldType::List:
    case FieldType::Json:
      return check_json(field, value);
    case FieldType::File:
      return require(std::holds_alternative<std::string>(value));
    case FieldType::Object:
      break;
  }
  require(false);
}

void check_row(const Case& fuzzed, const plan::TableRow& row) {
  for (const std::size_t leaf : fuzzed.view.leaves) {
    const model::Leaf& column = fuzzed.resource.leaves[leaf];
    if (column.read_only || column.column == fuzzed.resource.owner_column) continue;
    if (!std::holds_alternative<std::monostate>(row[leaf])) {
      check_value(*column.field, row[leaf]);
    } else {
      require(column.nullable);
    }
  }
}

std::string shown(const Case& fuzzed, const plan::TableRow& row) {
  std::vector<base::Cell> cells;
  for (const std::size_t leaf : fuzzed.view.leaves) {
    base::Cell cell;
    if (const auto* integer = std::get_if<std::int64_t>(&row[leaf])) {
      cell = {.kind = base::Cell::Kind::Integer, .integer = *integer};
    } else if (const auto* text = std::get_if<std::string>(&row[leaf])) {
      cell = {.kind = base::Cell::Kind::Text, .text = *text};
    } else if (fuzzed.resource.leaves[leaf].relation != 0) {
      cell = {.kind = base::Cell::Kind::Text, .text = "[]"};  // no other row refers to it
    }
    cells.push_back(cell);
  }
  std::string out;
  render::Template::compile(fuzzed.view, contract::Format::Json).write(cells, out);
  return out;
}

/// Whether the document is taken; the row is then complete.
bool take(const Case& fuzzed, OperationKind kind, const base::Document& document, plan::TableRow& row) {
  const plan::DocumentRules rules{
      .api = fuzz::shipped_api(), .view = fuzzed.view, .kind = kind, .writing = fuzzed.writing};
  std::vector<base::Fault> faults;
  const std::vector<std::string> nowhere;
  plan::FaultList list(faults, {.most = plan::faults_max, .path = nowhere});
  const plan::LeafSet left_out = plan::read_document(rules, document, row, list);
  list.finish();
  check_faults(faults);
  if (!faults.empty()) return false;
  const plan::Surroundings around{.resource = fuzzed.resource, .row = row, .now = 1};
  const auto filled = plan::apply_defaults({.view = fuzzed.view, .left_out = left_out, .around = around}, row);
  if (!filled) check_faults(filled.error().faults);
  return filled.has_value();
}

void check_repeats(Case fuzzed, const plan::TableRow& row) {
  const std::string json = shown(fuzzed, row);
  const auto document = operation::read_json(json, fuzz::shipped_api().limits);
  require(document.has_value());
  fuzzed.writing = operation::Writing::Json;
  for (const OperationKind kind : {OperationKind::Replace, OperationKind::Update}) {
    plan::TableRow again = row;
    require(take(fuzzed, kind, *document, again) && again == row);
  }
}

}  // namespace

// input = target LF version flags document [%xFF document], where %xFF is in no UTF-8
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  if (line == std::string_view::npos || size < line + 3) return 0;
  const model::Api& api = fuzz::shipped_api();
  const model::Resource& resource = target_of(input.substr(0, line));
  const model::View& view = api.view(resource, api.versions[data[line + 1] % api.versions.size()]);
  const unsigned flags = data[line + 2];
  const auto writing = (flags & 1U) != 0 ? operation::Writing::Form : operation::Writing::Json;
  const OperationKind second_kind = (flags & 2U) != 0 ? OperationKind::Replace : OperationKind::Update;
  const Case fuzzed{.resource = resource, .view = view, .writing = writing};
  const std::string_view text = input.substr(line + 3);
  const std::size_t gap = std::min(text.find('\xFF'), text.size());
  const auto first = operation::read_json(text.substr(0, gap), api.limits);
  const auto second = operation::read_json(text.substr(std::min(gap + 1, text.size())), api.limits);
  plan::TableRow row(resource.leaves.size());
  const bool is_created = first && take(fuzzed, OperationKind::Create, *first, row);
  if (is_created) {
    check_row(fuzzed, row);
    check_repeats(fuzzed, row);
  } else {
    row.assign(resource.leaves.size(), {});
  }
  if (!second || !take(fuzzed, second_kind, *second, row) || !is_created) return 0;
  check_row(fuzzed, row);
  check_repeats(fuzzed, row);
  plan::TableRow twice = row;
  require(take(fuzzed, second_kind, *second, twice) && twice == row);
  return 0;
}
