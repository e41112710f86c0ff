#include "model/load_resource.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "model/check_resource.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

constexpr std::int64_t page_size_max = 10'000;

std::string singular_of(const std::string& name) {
  return name.size() > 1 && name.ends_with('s') ? name.substr(0, name.size() - 1) : name;
}

}  // namespace

ResourceLoader::ResourceLoader(const ResourceSetting& setting, FieldLoader& fields, MistakeList& mistakes)
    : setting_(setting), fields_(fields), mistakes_(mistakes) {}

std::unique_ptr<Resource> ResourceLoader::load(const Entry& entry) {
  auto resource = std::make_unique<Resource>();
  resource->name = entry.name;
  resource->position = entry.position;
  const auto keys = read_keys(
      {.node = *entry.value, .position = entry.position, .what = "a resource", .keys = resource_keys()}, mistakes_);
  if (!keys) return resource;
  if (const Entry* fields = keys->find("fields")) resource->fields = fields_.load_fields(*fields->value);
  index_leaves(*resource);
  leaf_by_path_.clear();
  for (std::size_t i = 0; i < resource->leaves.size(); ++i) leaf_by_path_.emplace(resource->leaves[i].path, i);
  load_table(*keys, *resource);
  load_operations(*keys, *resource);
  if (const Entry* page_size = keys->find("page_size")) load_page_size(*page_size, *resource);
  if (!resource->leaves.empty()) {
    load_key(*keys, *resource);
    load_owner(*keys, *resource);
    load_names(*keys, *resource);
    load_ordering(*keys, *resource);
    if (const Entry* search = keys->find("search")) load_search(*search, *resource);
    check_resource(*resource, setting_.versions, mistakes_);
  }
  // With mistakes nobody will ask for the views, and a list may lack its item.
  if (mistakes_.empty()) {
    for (const int version : setting_.versions) resource->views.push_back(make_view(*resource, version));
  }
  return resource;
}

void ResourceLoader::load_table(const KeyValues& keys, Resource& resource) {
  resource.description = keys.text("description").value_or("");
  resource.singular = keys.text("singular").value_or(singular_of(resource.name));
  if (const Entry* singular = keys.find("singular")) {
    check_dashed_name({.name = resource.singular, .position = singular->value->position, .what = "row"}, mistakes_);
  }
  resource.table = keys.text("table").value_or(resource.name);
  const Entry* table = keys.find("table");
  check_database_name({.name = resource.table,
                       .position = table != nullptr ? table->value->position : resource.position,
                       .what = "table"},
                      mistakes_);
}

void ResourceLoader::load_owner(const KeyValues& keys, Resource& resource) {
  const bool is_accounts = resource.name == setting_.accounts;
  if (const Entry* owner = keys.find("owner")) {
    resource.owner_column = owner->value->text;
    check_database_name({.name = resource.owner_column, .position = owner->value->position, .what = "column"},
                        mistakes_);
  } else if (is_accounts) {
    resource.owner_column = resource.leaves[resource.key.front()].column;
  } else if (!keys.names("owner") && !setting_.accounts.empty()) {
    mistakes_.add(resource.position, "the resource " + quoted(resource.name) + " needs the key 'owner'",
                  "the column that holds the owning account's id; only the accounts do without");
  }
}

OperationSet ResourceLoader::operation_set(const Entry& list) {
  OperationSet set = 0;
  const std::span<const std::string> names = operation_names();
  for (const TextItem& item : read_texts(list, mistakes_)) {
    const auto found = std::find(names.begin(), names.end(), item.text);
    if (found == names.end()) {
      mistakes_.add_unknown({.position = item.position, .what = "operation", .name = item.text}, names);
      continue;
    }
    set |= operation_bit(static_cast<OperationKind>(found - names.begin()));
  }
  return set;
}

void ResourceLoader::load_operations(const KeyValues& keys, Resource& resource) {
  if (const Entry* operations = keys.find("operations")) resource.operations = operation_set(*operations);
  const Entry* public_key = keys.find("public_key");
  if (public_key == nullptr) return;
  resource.public_operations = operation_set(*public_key);
  if (keys.find("operations") == nullptr) return;
  if ((resource.public_operations & ~resource.operations) != 0) {
    mistakes_.add(public_key->position, "a public key may do more than there is to do",
                  "public_key lists some of the resource's operations");
  }
}

void ResourceLoader::load_page_size(const Entry& entry, Resource& resource) {
  const auto keys = read_keys(
      {.node = *entry.value, .position = entry.position, .what = "page_size", .keys = page_size_keys()}, mistakes_);
  const PageSize usual;
  resource.page_size.max = keys->integer("max").value_or(usual.max);
  resource.page_size.usual = keys->integer("default").value_or(std::min(usual.usual, resource.page_size.max));
  for (const std::string_view key : {"default", "max"}) {
    const auto value = keys->integer(key);
    if (!value || (*value >= 1 && *value <= page_size_max)) continue;
    mistakes_.add(keys->find(key)->value->position, "a page of " + std::to_string(*value) + " rows",
                  "1 to " + std::to_string(page_size_max));
    return;
  }
  if (resource.page_size.usual > resource.page_size.max) {
    mistakes_.add(keys->find("default")->value->position,
                  "default is " + std::to_string(resource.page_size.usual) + " and max " +
                      std::to_string(resource.page_size.max),
                  "default is at most max (100 where it is left out)");
  }
}

bool ResourceLoader::leads_into_untyped(std::string_view path, const std::vector<Field>& fields) const {
  const std::string_view step = path.substr(0, path.find('-'));
  for (const Field& field : fields) {
    if (field.name != step) continue;
    if (fields_.is_untyped(field)) return true;
    return step.size() < path.size() && leads_into_untyped(path.substr(step.size() + 1), field.fields);
  }
  return false;
}

std::optional<std::size_t> ResourceLoader::find_leaf(const TextItem& path, const Resource& resource) {
  const auto found = leaf_by_path_.find(path.text);
  if (leads_into_untyped(path.text, resource.fields)) return std::nullopt;
  if (found != leaf_by_path_.end()) return found->second;
  std::vector<std::string> known;
  known.reserve(resource.leaves.size());
  for (const Leaf& leaf : resource.leaves) known.push_back(leaf.path);
  mistakes_.add_unknown({.position = path.position, .what = "field", .name = path.text}, known);
  return std::nullopt;
}

void ResourceLoader::load_key(const KeyValues& keys, Resource& resource) {
  const Entry* entry = keys.find("key");
  if (entry == nullptr && !keys.names("key") && !leaf_by_path_.contains("id")) {
    mistakes_.add(resource.position, "the resource " + quoted(resource.name) + " has no field 'id' to be its key",
                  "add id: {type: id}, or say which field it is: key: …");
    return;
  }
  const SourcePosition position = entry != nullptr ? entry->value->position : resource.position;
  const auto leaf = find_leaf({.text = std::string(keys.text("key").value_or("id")), .position = position}, resource);
  if (!leaf) return;
  resource.key = {*leaf};
  constexpr TypeSet key_types = type_bit(FieldType::Id) | type_bit(FieldType::String) | type_bit(FieldType::Integer);
  const Leaf& key = resource.leaves[*leaf];
  if (!contains(key_types, key.field->type)) {
    mistakes_.add(position, "the key " + quoted(key.path) + " is of type " + std::string(name_of(key.field->type)),
                  "a key is of type id, string or integer");
  }
  if (key.nullable) {
    mistakes_.add(position, "the key " + quoted(key.path) + " may be null", "every row has a key");
  }
  const VersionRange& range = key.field->versions;
  if (!range.contains(setting_.versions.front()) || !range.contains(setting_.versions.back())) {
    mistakes_.add(position, "the key " + quoted(key.path) + " is not in every version", "it has no since or until");
  }
}

void ResourceLoader::load_names(const KeyValues& keys, Resource& resource) {
  const Entry* list = keys.find("names");
  if (list == nullptr) {
    resource.names = resource.key;
    return;
  }
  if (list->value->items.empty()) {
    mistakes_.add(list->value->position, "nothing names a row",
                  "names: [" + resource.leaves[resource.key.front()].path + "]");
  }
  for (const TextItem& item : read_texts(*list, mistakes_)) {
    const auto leaf = find_leaf(item, resource);
    if (!leaf) continue;
    const Field& field = *resource.leaves[*leaf].field;
    if (!contains(text_types | type_bit(FieldType::Integer), field.type)) {
      mistakes_.add(item.position,
                    quoted(item.text) + " cannot stand in a URL: it is of type " + std::string(name_of(field.type)),
                    "a name is text or an integer");
    } else if (*leaf != resource.key.front() && !field.unique) {
      mistakes_.add(item.position, quoted(item.text) + " may name several rows", "add unique: true to the field");
    }
    resource.names.push_back(*leaf);
  }
}

void ResourceLoader::load_ordering(const KeyValues& keys, Resource& resource) {
  if (const Entry* entry = keys.find("ordering")) {
    const auto ordering = read_keys(
        {.node = *entry->value, .position = entry->position, .what = "ordering", .keys = ordering_keys()}, mistakes_);
    if (const Entry* usual = ordering->find("default")) load_default_order(*usual, resource);
    if (const Entry* allowed = ordering->find("allowed")) {
      for (const TextItem& item : read_texts(*allowed, mistakes_)) {
        const auto leaf = find_leaf(item, resource);
        if (!leaf) continue;
        if (!contains(scalar_types, resource.leaves[*leaf].field->type)) {
          mistakes_.add(item.position, "nothing can be sorted by " + quoted(item.text),
                        "a field with one plain value, no list and no json");
        }
        resource.orderable.push_back(*leaf);
      }
    }
  }
  if (resource.default_order.empty()) resource.default_order.push_back({.leaf = resource.key.front()});
}

void ResourceLoader::load_default_order(const Entry& list, Resource& resource) {
  for (TextItem& item : read_texts(list, mistakes_)) {
    const bool descends = item.text.starts_with('-');
    if (descends) item.text.erase(0, 1);
    const auto leaf = find_leaf(item, resource);
    if (!leaf) continue;
    const auto same = [&leaf](const OrderTerm& term) { return term.leaf == *leaf; };
    if (std::any_of(resource.default_order.begin(), resource.default_order.end(), same)) {
      mistakes_.add(item.position, quoted(item.text) + " stands here a second time");
    } else if (!contains(scalar_types, resource.leaves[*leaf].field->type)) {
      mistakes_.add(item.position, "nothing can be sorted by " + quoted(item.text),
                    "a field with one plain value, no list and no json");
    }
    resource.default_order.push_back(
        {.leaf = *leaf, .direction = descends ? Direction::Descending : Direction::Ascending});
  }
}

void ResourceLoader::load_search(const Entry& list, Resource& resource) {
  for (const TextItem& item : read_texts(list, mistakes_)) {
    const auto leaf = find_leaf(item, resource);
    if (!leaf) continue;
    const FieldType type = resource.leaves[*leaf].field->type;
    if (!contains(text_types, type)) {
      mistakes_.add(item.position,
                    quoted(item.text) + " cannot be searched: it is of type " + std::string(name_of(type)),
                    "what can be searched is of type " + base::enumerated(names_of(text_types)));
    }
    resource.searched.push_back(*leaf);
  }
}

}  // namespace portico::model
