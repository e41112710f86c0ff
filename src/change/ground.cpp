#include "change/ground.hpp"

namespace portico::change {
namespace {

base::Value value_of(const base::Cell& cell) {
  switch (cell.kind) {
    case base::Cell::Kind::Null:
      return {};
    case base::Cell::Kind::Integer:
      return cell.integer;
    case base::Cell::Kind::Real:
      return cell.real;
    case base::Cell::Kind::Text:
      return std::string(cell.text);
  }
  return {};
}

}  // namespace

plan::TableRow table_row(std::span<const base::Cell> cells) {
  plan::TableRow row;
  row.reserve(cells.size());
  for (const base::Cell& cell : cells) row.push_back(value_of(cell));
  return row;
}

std::string name_of(const model::Resource& resource, const plan::TableRow& row) {
  std::string name;
  for (const std::size_t leaf : resource.key_named) {
    if (!name.empty()) name += ',';
    if (const auto* integer = std::get_if<std::int64_t>(&row[leaf])) name += std::to_string(*integer);
    if (const auto* text = std::get_if<std::string>(&row[leaf])) name += *text;
  }
  return name;
}

}  // namespace portico::change
