#include "model/load_resource.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "model/check_resource.hpp"
#include "model/load_versions.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

constexpr std::int64_t page_size_max = 10'000;
constexpr std::size_t writing_kinds = 4;  // Create to Delete

std::string singular_of(const std::string& name) {
  return name.size() > 1 && name.ends_with('s') ? name.substr(0, name.size() - 1) : name;
}

}  // namespace

ResourceLoader::ResourceLoader(const ResourceSetting& setting, FieldLoader& fields, MistakeList& mistakes)
    : setting_(setting), fields_(fields), mistakes_(mistakes) {}

ResourceDraft ResourceLoader::begin(const Entry& entry) {
  ResourceDraft draft{.resource = std::make_unique<Resource>(), .keys = std::nullopt};
  Resource& resource = *draft.resource;
  resource.name = entry.name;
  resource.position = entry.position;
  resource.rules.resize(writing_kinds);
  resource.rules.front().answer = ChangeAnswer::Row;
  draft.keys = read_keys(
      {.node = *entry.value, .position = entry.position, .what = "a resource", .keys = resource_keys()}, mistakes_);
  if (!draft.keys) return draft;
  if (const Entry* fields = draft.keys->find("fields")) resource.fields = fields_.load_fields(*fields->value);
  index(resource);
  resource.versions = load_versions(*draft.keys, setting_.versions, mistakes_);
  load_table(*draft.keys, resource);
  load_operations(*draft.keys, resource);
  if (const Entry* page_size = draft.keys->find("page_size")) load_page_size(*page_size, resource);
  if (!resource.fields.empty()) {
    load_key(*draft.keys, resource);
    load_owner(*draft.keys, resource);
  }
  return draft;
}

void ResourceLoader::finish(ResourceDraft& draft) {
  if (!draft.keys || draft.resource->fields.empty()) return;
  Resource& resource = *draft.resource;
  index(resource);
  if (resource.is_keyless) {
    for (std::size_t leaf = 0; leaf < resource.leaves.size(); ++leaf) {
      if (contains(scalar_types, resource.leaves[leaf].field->type)) resource.key.push_back(leaf);
    }
    if (resource.key.empty() && !resource.leaves.empty()) {
      mistakes_.add(draft.keys->find("key")->value->position, "nothing that its rows could be sorted by",
                    "at least one field with one plain value, no list and no json");
    }
  }
  load_names(*draft.keys, resource);
  load_ordering(*draft.keys, resource);
  if (const Entry* search = draft.keys->find("search")) load_search(*search, resource);
  check_resource(resource, {.versions = setting_.versions, .maker = setting_.maker}, mistakes_);
  // With mistakes nobody will ask for the views, and a list may lack its item.
  if (!mistakes_.empty()) return;
  for (const int version : setting_.versions) resource.views.push_back(make_view(resource, version));
}

void ResourceLoader::index(Resource& resource) {
  std::vector<std::string> key_paths;
  for (const std::size_t leaf : resource.key) key_paths.push_back(resource.leaves[leaf].path);
  index_leaves(resource);
  leaf_by_path_.clear();
  for (std::size_t i = 0; i < resource.leaves.size(); ++i) leaf_by_path_.emplace(resource.leaves[i].path, i);
  resource.key.clear();
  for (const std::string& path : key_paths) resource.key.push_back(leaf_by_path_.at(path));
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
                      setting_.maker, mistakes_);
  const Entry* schema = keys.find("schema");
  if (schema == nullptr) return;
  resource.schema = schema->value->text;
  check_database_name({.name = resource.schema, .position = schema->value->position, .what = "schema"},
                      setting_.maker, mistakes_);
  if (setting_.maker == Maker::Portico) {
    mistakes_.add(schema->position, "tables that Portico makes lie in one schema, and the sandbox's in another",
                  "for all of them: database: {schema: …}");
  }
}

void ResourceLoader::load_owner(const KeyValues& keys, Resource& resource) {
  const bool is_accounts = setting_.tenants == Tenants::Rows && resource.name == setting_.accounts;
  const Entry* owner = keys.find("owner");
  if (owner != nullptr && is_none(*owner)) {
    if (!is_accounts) return;
    mistakes_.add(owner->value->position, "an account's own row is nobody else's",
                  "leave 'owner' out: it is the key");
  } else if (owner != nullptr) {
    resource.owner_column = owner->value->text;
    check_database_name({.name = resource.owner_column, .position = owner->value->position, .what = "column"},
                        setting_.maker, mistakes_);
  } else if (is_accounts) {
    if (!resource.key.empty()) resource.owner_column = resource.leaves[resource.key.front()].column;
  } else if (!keys.names("owner") && setting_.tenants != Tenants::Unknown) {
    mistakes_.add(resource.position, "the resource " + quoted(resource.name) + " needs the key 'owner'",
                  setting_.tenants == Tenants::Names
                      ? "the column that holds the owning account's name, or none: all accounts see its rows"
                      : "the column that holds the owning account's id, or none: all accounts see its rows; only the "
                        "accounts do without");
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
  const bool is_accounts = setting_.tenants == Tenants::Rows && resource.name == setting_.accounts;
  if (entry == nullptr) {
    if (keys.names("key")) return;
    if (leaf_by_path_.contains("id")) {
      load_key_field({.text = "id", .position = resource.position}, resource);
    } else {
      mistakes_.add(resource.position, "the resource " + quoted(resource.name) + " has no field 'id' to be its key",
                    "add id: {type: id}, or say which field it is: key: …");
    }
    return;
  }
  if (is_none(*entry)) {
    load_no_key(*entry, resource);
  } else {
    for (const TextItem& item : read_texts(*entry, mistakes_)) load_key_field(item, resource);
    if (entry->value->kind == YamlNode::Kind::Sequence && entry->value->items.empty()) {
      mistakes_.add(entry->value->position, "a key of no fields", "key: [a, b]; or key: none, where rows have none");
    }
  }
  if (is_accounts && (resource.is_keyless || resource.key.size() > 1)) {
    mistakes_.add(entry->value->position, "the accounts have no key of one field",
                  "owner columns hold it, so it is one: key: id");
  }
}

void ResourceLoader::load_no_key(const Entry& entry, Resource& resource) {
  resource.is_keyless = true;
  if ((resource.operations & ~(operation_bit(OperationKind::List) | operation_bit(OperationKind::Retrieve))) != 0) {
    mistakes_.add(entry.value->position, "rows without a key cannot be written",
                  "operations: [list], or the fields of their key: key: [a, b]");
    return;
  }
  if (!contains(resource.operations, OperationKind::Retrieve)) return;
  mistakes_.add(entry.value->position, "rows without a key cannot be retrieved",
                "operations: [list], or the fields of their key: key: [a, b]");
}

void ResourceLoader::load_key_field(const TextItem& item, Resource& resource) {
  const auto leaf = find_leaf(item, resource);
  if (!leaf) return;
  resource.key.push_back(*leaf);
  const Leaf& key = resource.leaves[*leaf];
  if (!contains(naming_types, key.field->type)) {
    mistakes_.add(
        item.position, "the key " + quoted(key.path) + " is of type " + std::string(name_of(key.field->type)),
        "a key is text, an integer or a choice: what a URL writes in one way; or key: none, where no row is "
        "retrieved");
  }
  if (key.nullable) {
    mistakes_.add(item.position, "the key " + quoted(key.path) + " may be null", "every row has a key");
  }
  const VersionRange& range = key.field->versions;
  if (!range.contains(std::max(setting_.versions.front(), resource.versions.first)) ||
      !range.contains(std::min(setting_.versions.back(), resource.versions.last))) {
    mistakes_.add(item.position, "the key " + quoted(key.path) + " is not in every version",
                  "it has no since or until");
  }
}

void ResourceLoader::load_names(const KeyValues& keys, Resource& resource) {
  const Entry* list = keys.find("names");
  if (list == nullptr) {
    if (!resource.is_keyless && resource.key.size() == 1) resource.names = resource.key;
    return;
  }
  if (resource.is_keyless || resource.key.size() > 1) {
    mistakes_.add(list->position,
                  resource.is_keyless ? "names of rows that have no key" : "names beside a key of several fields",
                  resource.is_keyless ? "leave 'names' out; such rows are not retrieved"
                                      : "leave 'names' out; the key is the only name");
    return;
  }
  if (list->value->items.empty()) {
    const std::string example = resource.key.empty() ? "id" : resource.leaves[resource.key.front()].path;
    mistakes_.add(list->value->position, "nothing names a row", "names: [" + example + "]");
  }
  for (const TextItem& item : read_texts(*list, mistakes_)) {
    const auto leaf = find_leaf(item, resource);
    if (!leaf) continue;
    const Field& field = *resource.leaves[*leaf].field;
    if (resource.leaves[*leaf].join != 0) {
      mistakes_.add(item.position, quoted(item.text) + " is a field of another resource's row",
                    "a name is a field of the resource's own");
    } else if (!contains(naming_types, field.type)) {
      mistakes_.add(item.position,
                    quoted(item.text) + " cannot stand in a URL: it is of type " + std::string(name_of(field.type)),
                    "a name is text, an integer or a choice");
    } else if (!resource.key.empty() && *leaf != resource.key.front() && !field.unique) {
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
        if (resource.leaves[*leaf].hidden) {
          mistakes_.add(item.position, quoted(item.text) + " is hidden",
                        "clients cannot ask for what they do not see");
        } else if (!contains(scalar_types, resource.leaves[*leaf].field->type)) {
          mistakes_.add(item.position, "nothing can be sorted by " + quoted(item.text),
                        "a field with one plain value, no list and no json");
        }
        resource.orderable.push_back(*leaf);
      }
    }
  }
  if (!resource.default_order.empty()) return;
  for (const std::size_t leaf : resource.key) resource.default_order.push_back({.leaf = leaf});
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
    if (resource.leaves[*leaf].hidden) {
      mistakes_.add(item.position, quoted(item.text) + " is hidden", "clients cannot ask for what they do not see");
    } else if (!contains(text_types, type)) {
      mistakes_.add(item.position,
                    quoted(item.text) + " cannot be searched: it is of type " + std::string(name_of(type)),
                    "what can be searched is of type " + base::enumerated(names_of(text_types)));
    }
    resource.searched.push_back(*leaf);
  }
}

}  // namespace portico::model
