#include "plan/apply_defaults.hpp"

#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "plan/read_value.hpp"

namespace portico::plan {
namespace {

/// In the version's names; empty for what it does not show.
std::vector<std::string> path_of(const model::View& view, std::size_t leaf) {
  const auto known =
      std::find_if(view.paths.begin(), view.paths.end(), [leaf](const auto& entry) { return entry.second == leaf; });
  std::vector<std::string> path;
  if (known == view.paths.end()) return path;
  const std::string_view names = known->first;
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t end = std::min(names.find('-', begin), names.size());
    path.emplace_back(names.substr(begin, end - begin));
    begin = end + 1;
  }
  return path;
}

/// Whether the row that one of the leaves refers to was chosen by a default from `first` on.
bool looks_at_chosen(const model::Expression& expression, std::size_t first, const LeafSet& chosen) {
  std::vector<std::size_t> leaves;
  collect_referred(expression, leaves);
  return std::any_of(leaves.begin(), leaves.end(), [&](std::size_t leaf) { return leaf >= first && chosen[leaf]; });
}

/// Whether the server makes the key's value.
bool is_made(const model::Resource& resource, std::size_t leaf) {
  const model::Field& field = *resource.leaves[leaf].field;
  return field.type == model::FieldType::Id && field.refers.empty() && !resource.is_keyless &&
         std::find(resource.key.begin(), resource.key.end(), leaf) != resource.key.end();
}

}  // namespace

base::Status apply_defaults(const Defaults& defaults, TableRow& row) {
  std::size_t next = 0;
  while (next < row.size()) {
    const auto done = apply_defaults_from(next, defaults, row);
    if (!done) return done.error();
    next = *done;
  }
  return base::ok();
}

base::Result<std::size_t> apply_defaults_from(std::size_t first, const Defaults& defaults, TableRow& row) {
  const model::Resource& resource = *defaults.view.resource;
  base::Error refusal{.code = base::ErrorCode::InvalidData};
  LeafSet chosen(row.size());
  std::size_t leaf = first;
  for (; leaf < row.size(); ++leaf) {
    if (!defaults.left_out[leaf]) continue;
    const model::Leaf& column = resource.leaves[leaf];
    const model::Field& field = *column.field;
    if (field.initial) {
      if (looks_at_chosen(*field.initial, first, chosen)) break;
      auto value = evaluate(*field.initial, defaults.around);
      if (!value) {
        refusal.faults.push_back({path_of(defaults.view, leaf), value.error().message});
        continue;
      }
      row[leaf] = *std::move(value);
      chosen[leaf] = !field.refers.empty();
      const bool is_missing = base::is_null(row[leaf]) && !field.nullable;
      if (is_missing && !column.read_only && !column.hidden) {
        refusal.faults.push_back({path_of(defaults.view, leaf), std::string(required_message)});
      }
    } else if (is_made(resource, leaf)) {
      row[leaf] = base::make_row_id(defaults.around.now);
    }
  }
  if (!refusal.faults.empty()) return refusal;
  return leaf;
}

}  // namespace portico::plan
