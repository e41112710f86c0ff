#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/load_field.hpp"

namespace portico::model {

/// What a resource shares with the rest of the description.
struct ResourceSetting {
  std::vector<int> versions;
  std::string_view accounts;  ///< the name of the accounts' resource; empty if that is not known
};

/// Reads one resource, with its leaves and views. Not for use after a mistake, except to find more of them.
class ResourceLoader {
 public:
  ResourceLoader(const ResourceSetting& setting, FieldLoader& fields, MistakeList& mistakes);

  [[nodiscard]] std::unique_ptr<Resource> load(const Entry& entry);

 private:
  void load_table(const KeyValues& keys, Resource& resource);
  void load_owner(const KeyValues& keys, Resource& resource);
  void load_operations(const KeyValues& keys, Resource& resource);
  void load_page_size(const Entry& entry, Resource& resource);
  void load_key(const KeyValues& keys, Resource& resource);
  void load_names(const KeyValues& keys, Resource& resource);
  void load_ordering(const KeyValues& keys, Resource& resource);
  void load_default_order(const Entry& list, Resource& resource);
  void load_search(const Entry& list, Resource& resource);
  [[nodiscard]] OperationSet operation_set(const Entry& list);

  /// The leaf that a path names; a mistake, or silence where the path leads into a field that is one, gives nothing.
  [[nodiscard]] std::optional<std::size_t> find_leaf(const TextItem& path, const Resource& resource);
  [[nodiscard]] bool leads_into_untyped(std::string_view path, const std::vector<Field>& fields) const;

  const ResourceSetting& setting_;
  FieldLoader& fields_;
  MistakeList& mistakes_;
  std::unordered_map<std::string_view, std::size_t> leaf_by_path_;  ///< of the resource being loaded
};

}  // namespace portico::model
