#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.hpp"
#include "model/resource.hpp"

namespace portico::test {

/// Fields, views and cells in few words, for tests of what is written.

inline model::Field field(std::string name, model::FieldType type) {
  return {.name = std::move(name), .type = type};
}

inline model::Field object(std::string name, std::vector<model::Field> members) {
  return {.name = std::move(name), .type = model::FieldType::Object, .fields = std::move(members)};
}

inline model::Field list(std::string name, model::Field item) {
  return {.name = std::move(name), .type = model::FieldType::List, .item = {std::move(item)}};
}

inline model::Field nullable(model::Field field) {
  field.nullable = true;
  return field;
}

/// A resource of these fields and its view of one version. Does not move: the view points into the resource.
struct ViewOf {
  explicit ViewOf(std::vector<model::Field> fields, int version = 1) {
    resource.fields = std::move(fields);
    model::index_leaves(resource);
    view = model::make_view(resource, version);
  }
  ViewOf(const ViewOf&) = delete;
  ViewOf& operator=(const ViewOf&) = delete;

  model::Resource resource;
  model::View view;
};

inline base::Cell null_cell() {
  return {};
}
inline base::Cell cell(std::int64_t value) {
  return {.kind = base::Cell::Kind::Integer, .integer = value};
}
inline base::Cell cell(double value) {
  return {.kind = base::Cell::Kind::Real, .real = value};
}
/// `text` must live as long as the cell.
inline base::Cell cell(std::string_view text) {
  return {.kind = base::Cell::Kind::Text, .text = text};
}

}  // namespace portico::test
