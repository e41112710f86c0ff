#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.hpp"
#include "model/resource.hpp"
#include "store/rows.hpp"

namespace portico::demo {

/// What a source gives; the description's field must be of a type that holds it.
enum class Form : std::uint8_t { Text, Date, Integer, Boolean, Timestamp, List };

/// Where one leaf's cells come from.
template <typename Record>
struct Source {
  std::string path;  ///< as Leaf::path
  Form form = Form::Text;
  std::function<base::Cell(const Record&)> read;
};

inline constexpr std::size_t no_source = SIZE_MAX;

/// The leaf that is the resource's owner column; no_source where that is no field.
[[nodiscard]] std::size_t owner_leaf(const model::Resource& resource);

/// For each leaf of `resource` the source that has its path; no_source for the owner's and for a nullable leaf that
/// has none. Throws
/// std::runtime_error that names each path the description lacks, leaf that nothing fills, and type that does not
/// fit.
[[nodiscard]] std::vector<std::size_t> match_sources(const model::Resource& resource,
                                                     std::span<const std::pair<std::string_view, Form>> sources);

/// Throws std::runtime_error unless the items of the list `path` have the fields `names`, all of them and no others
/// that may not be null.
void match_items(const model::Resource& resource, std::string_view path, std::span<const std::string_view> names);

/// How records become rows of a resource.
template <typename Record>
class RowShape {
 public:
  /// `resource` must live as long. Throws as match_sources does.
  RowShape(const model::Resource& resource, std::vector<Source<Record>> sources)
      : resource_(resource), sources_(std::move(sources)) {
    std::vector<std::pair<std::string_view, Form>> named;
    for (const auto& source : sources_) named.emplace_back(source.path, source.form);
    source_of_leaf_ = match_sources(resource, named);
    owner_leaf_ = owner_leaf(resource);
  }

  [[nodiscard]] const model::Resource& resource() const noexcept { return resource_; }

  /// Adds one row, of `owner`; `rows` copies the text.
  void add(const Record& record, std::string_view owner, store::Rows& rows) const {
    const base::Cell owner_cell{.kind = base::Cell::Kind::Text, .text = owner};
    for (std::size_t leaf = 0; leaf < source_of_leaf_.size(); ++leaf) {
      const std::size_t source = source_of_leaf_[leaf];
      const base::Cell none = leaf == owner_leaf_ ? owner_cell : base::Cell{};
      const base::Cell cell = source == no_source ? none : sources_[source].read(record);
      if (cell.kind == base::Cell::Kind::Text) {
        rows.add_text(cell.text);
      } else {
        rows.add(cell);
      }
    }
  }

 private:
  const model::Resource& resource_;
  std::vector<Source<Record>> sources_;
  std::vector<std::size_t> source_of_leaf_;
  std::size_t owner_leaf_ = no_source;
};

}  // namespace portico::demo
