#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/api.hpp"
#include "model/load_field.hpp"

namespace portico::model {

/// Who the tenants are.
enum class Tenants : std::uint8_t {
  Rows,     ///< of the resource that `accounts:` names
  Names,    ///< `accounts: none`
  Unknown,  ///< `accounts:` has a mistake, told already
};

/// What a resource shares with the rest of the description.
struct ResourceSetting {
  std::vector<int> versions;
  std::string_view accounts;  ///< Tenants::Rows: the name of their resource
  Tenants tenants = Tenants::Unknown;
  Maker maker = Maker::Portico;
};

/// A resource that is being loaded, and the keys that say what it is; none where that is no mapping.
struct ResourceDraft {
  std::unique_ptr<Resource> resource;
  std::optional<KeyValues> keys;
};

/// Reads resources, in two steps: what references from other resources need of them, and, once the members of all
/// references are known (expand_references), the rest. Not for use after a mistake, except to find more of them.
class ResourceLoader {
 public:
  ResourceLoader(const ResourceSetting& setting, FieldLoader& fields, MistakeList& mistakes);

  /// Fields, operations, table, owner, and the key, unless it is none. The leaves are there without those of
  /// references.
  [[nodiscard]] ResourceDraft begin(const Entry& entry);

  /// All the rest, with leaves and views.
  void finish(ResourceDraft& draft);

 private:
  void load_table(const KeyValues& keys, Resource& resource);
  void load_owner(const KeyValues& keys, Resource& resource);
  void load_operations(const KeyValues& keys, Resource& resource);
  void load_page_size(const Entry& entry, Resource& resource);
  void load_key(const KeyValues& keys, Resource& resource);
  void load_no_key(const Entry& entry, Resource& resource);
  void load_key_field(const TextItem& item, Resource& resource);
  void load_names(const KeyValues& keys, Resource& resource);
  void load_ordering(const KeyValues& keys, Resource& resource);
  void load_default_order(const Entry& list, Resource& resource);
  void load_search(const Entry& list, Resource& resource);
  [[nodiscard]] OperationSet operation_set(const Entry& list);

  /// Leaves, and their paths; the key keeps meaning the same leaves.
  void index(Resource& resource);
  /// The leaf that a path names; a mistake, or silence where the path leads into a field that is one, gives nothing.
  [[nodiscard]] std::optional<std::size_t> find_leaf(const TextItem& path, const Resource& resource);
  [[nodiscard]] bool leads_into_untyped(std::string_view path, const std::vector<Field>& fields) const;

  const ResourceSetting& setting_;
  FieldLoader& fields_;
  MistakeList& mistakes_;
  std::unordered_map<std::string_view, std::size_t> leaf_by_path_;  ///< of the resource being loaded
};

}  // namespace portico::model
