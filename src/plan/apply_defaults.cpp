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

}  // namespace

base::Status apply_defaults(const Defaults& defaults, TableRow& row) {
  const model::Resource& resource = *defaults.view.resource;
  base::Error refusal{.code = base::ErrorCode::InvalidData};
  for (std::size_t leaf = 0; leaf < row.size(); ++leaf) {
    if (!defaults.left_out[leaf]) continue;
    const model::Leaf& column = resource.leaves[leaf];
    const model::Field& field = *column.field;
    if (field.initial) {
      auto value = evaluate(*field.initial, defaults.around);
      if (!value) {
        refusal.faults.push_back({path_of(defaults.view, leaf), value.error().message});
        continue;
      }
      row[leaf] = *std::move(value);
      const bool is_missing = base::is_null(row[leaf]) && !field.nullable;
      if (is_missing && !column.read_only && !column.hidden) {
        refusal.faults.push_back({path_of(defaults.view, leaf), std::string(required_message)});
      }
    } else if (resource.key.size() == 1 && resource.key.front() == leaf && field.type == model::FieldType::Id) {
      row[leaf] = base::make_id();
    }
  }
  if (!refusal.faults.empty()) return refusal;
  return base::ok();
}

}  // namespace portico::plan
