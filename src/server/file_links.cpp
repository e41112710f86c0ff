#include "server/file_links.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace portico::server {
namespace {

using model::PathStep;

std::string text_of(const base::Cell& cell) {
  return cell.kind == base::Cell::Kind::Integer ? std::to_string(cell.integer) : std::string(cell.text);
}

/// A row's cells by the resource's leaves.
class RowParts {
 public:
  RowParts(const model::View& view, std::span<const base::Cell> row) : view_(view), row_(row) {}

  [[nodiscard]] std::string of_leaf(std::size_t leaf) const {
    const auto found = std::find(view_.leaves.begin(), view_.leaves.end(), leaf);
    return text_of(row_[static_cast<std::size_t>(found - view_.leaves.begin())]);
  }
  /// As a URL names the row: of several columns with commas.
  [[nodiscard]] std::string name() const {
    std::string name;
    for (const std::size_t leaf : view_.resource->key) {
      if (!name.empty()) name += ',';
      name += of_leaf(leaf);
    }
    return name;
  }

 private:
  const model::View& view_;
  std::span<const base::Cell> row_;
};

}  // namespace

std::string file_url(std::string_view api, const model::View& view, const model::ViewFile& file,
                     std::span<const base::Cell> row) {
  const model::Resource& resource = *view.resource;
  const RowParts parts(view, row);
  std::string url(api);
  std::size_t parent = 0;
  const auto add = [&url](std::string_view step) { url.append(1, '/').append(base::percent_encoded(step)); };
  for (const PathStep& step : resource.path) {
    switch (step.kind) {
      case PathStep::Kind::Fixed:
        add(step.text);
        break;
      case PathStep::Kind::Parent:
        add(parts.of_leaf(resource.parents[parent++].leaf));
        break;
      case PathStep::Kind::Name:
        add(parts.name());
        break;
    }
  }
  if (!resource.is_object_path()) add(parts.name());
  add(resource.leaves[file.leaf].field->name_in(view.version));
  return url;
}

store::Rows with_file_links(std::string_view api, const model::View& view, const store::Rows& rows) {
  store::Rows linked;
  linked.clear(rows.columns());
  linked.expect(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<const base::Cell> from = rows.row(i);
    const std::span<base::Cell> to = linked.add_row();
    std::copy(from.begin(), from.end(), to.begin());
    for (const model::ViewFile& file : view.files) {
      if (to[file.position].is_null()) continue;
      to[file.position] = {.kind = base::Cell::Kind::Text, .text = linked.keep(file_url(api, view, file, from))};
    }
  }
  return linked;
}

std::string file_marks(const model::View& view, const store::Rows& rows) {
  std::string marks;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const model::ViewFile& file : view.files) marks.append(rows.row(i)[file.position].text).append(1, '\n');
  }
  return marks;
}

}  // namespace portico::server
