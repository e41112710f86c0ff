#include "model/load_field.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "model/check_field.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

constexpr std::size_t fields_max = 20'000;  // named types in named types grow exponentially
constexpr std::int64_t pattern_memory_bytes = 1024 * 1024;
constexpr std::size_t depth_max = 24;  // of objects and lists in each other

std::size_t size_of(const Field& field) {
  std::size_t size = 1;
  for (const Field& member : field.fields) size += size_of(member);
  for (const Field& item : field.item) size += size_of(item);
  return size;
}

bool is_built_in(std::string_view type) {
  return type == reference_type_name || type == rows_type_name || find_field_type(type).has_value();
}

}  // namespace

FieldLoader::FieldLoader(std::vector<int> versions, Maker maker, MistakeList& mistakes)
    : versions_(std::move(versions)), maker_(maker), mistakes_(mistakes) {}

bool FieldLoader::is_untyped(const Field& field) const {
  return untyped_.contains(as_number(field.position));
}

const ReferencePlaces* FieldLoader::reference_places(const Field& field) const {
  const auto found = reference_places_.find(as_number(field.position));
  return found == reference_places_.end() ? nullptr : &found->second;
}

const FieldPromise* FieldLoader::promise(const Field& field) const {
  const auto found = promises_.find(as_number(field.position));
  return found == promises_.end() ? nullptr : &found->second;
}

void FieldLoader::mark_untyped(const Field& field) {
  untyped_.insert(as_number(field.position));
}

std::vector<std::string> FieldLoader::type_names() const {
  std::vector<std::string> names = names_of(every_type);
  for (const Entry& entry : type_entries_) names.push_back(entry.name);
  return names;
}

void FieldLoader::load_types(const YamlNode& types) {
  type_entries_ = read_entries(types, mistakes_);
  for (const Entry& entry : type_entries_) {
    check_dashed_name({.name = entry.name, .position = entry.position, .what = "type"}, mistakes_);
    if (is_built_in(entry.name)) {
      mistakes_.add(entry.position, "there is a type " + quoted(entry.name) + " already", "choose another name");
    }
    types_[entry.name].entry = &entry;
  }
  for (const Entry& entry : type_entries_) {
    NamedType& type = types_[entry.name];
    if (type.state != NamedType::State::Unread) continue;
    Field unused{.name = {}, .position = entry.position};
    use_named_type(type, *entry.value, unused);
  }
}

std::vector<Field> FieldLoader::load_fields(const YamlNode& fields) {
  std::vector<Field> loaded;
  for (const Entry& entry : read_entries(fields, mistakes_)) {
    check_field_name({.name = entry.name, .position = entry.position, .what = "field"}, mistakes_);
    loaded.push_back(load_field({.name = entry.name, .position = entry.position, .node = *entry.value}));
  }
  if (fields.items.empty()) mistakes_.add(fields.position, "no fields", "at least one field: {name: {type: string}}");
  return loaded;
}

Field FieldLoader::load_field(const Origin& origin) {
  Field field{.name = origin.name, .position = origin.position};
  if (depth_ == depth_max) {
    mistakes_.add(origin.position, "too deep", "objects and lists in each other: at most 24 levels");
    return field;
  }
  if (!has_room(1, origin.position)) return field;
  const auto keys = read_keys({.node = origin.node,
                               .position = origin.position,
                               .what = "a field",
                               .keys = field_keys(),
                               .shape_hint = "{type: string}, or {} for the same"},
                              mistakes_);
  if (!keys) {
    mark_untyped(field);
    return field;
  }
  ++depth_;
  apply_type(*keys, field);
  if (!is_untyped(field)) check_keys_fit(*keys, field);
  apply_flags(*keys, field);
  apply_promises(*keys, field);
  apply_column(*keys, field);
  apply_versions(*keys, field);
  apply_bounds(*keys, field);
  if (!is_untyped(field)) apply_structure(*keys, field);
  --depth_;
  check_field(field, *keys, mistakes_);
  return field;
}

bool FieldLoader::has_room(std::size_t fields, SourcePosition position) {
  const bool had_room = fields_made_ <= fields_max;
  fields_made_ += fields;
  if (fields_made_ <= fields_max) return true;
  if (had_room) {
    mistakes_.add(position, "too many fields",
                  "at most " + std::to_string(fields_max) + ", named types counted wherever they are used");
  }
  fields_made_ = fields_max + 1;
  return false;
}

void FieldLoader::apply_type(const KeyValues& keys, Field& field) {
  const Entry* entry = keys.find("type");
  if (entry == nullptr) {
    if (keys.names("type")) mark_untyped(field);
    return;
  }
  const std::string& name = entry->value->text;
  if (name == reference_type_name) {
    field.type = FieldType::Object;
    field.reference.emplace();
    return;
  }
  if (name == rows_type_name) return begin_rows(field);
  if (const auto built_in = find_field_type(name)) {
    field.type = *built_in;
    return;
  }
  const auto named = types_.find(name);
  if (named != types_.end()) {
    use_named_type(named->second, *entry->value, field);
    return;
  }
  mistakes_.add_unknown({.position = entry->value->position, .what = "type", .name = name}, type_names());
  mark_untyped(field);
}

void FieldLoader::use_named_type(NamedType& type, const YamlNode& use, Field& field) {
  if (type.state == NamedType::State::BeingRead) {
    mistakes_.add(use.position, "the type " + quoted(type.entry->name) + " contains itself",
                  "a list of objects, or an object, ends somewhere");
    mark_untyped(field);
    return;
  }
  if (type.state == NamedType::State::Unread) {
    type.state = NamedType::State::BeingRead;
    const std::size_t depth_of_use = std::exchange(depth_, 0);
    type.field = load_field({.name = {}, .position = type.entry->position, .node = *type.entry->value});
    depth_ = depth_of_use;
    if (!type.field.former_names.empty()) {
      mistakes_.add(type.field.position, "a type has no name of its own to change",
                    "put 'was' on the fields that use it");
    }
    type.size = size_of(type.field);
    type.state = NamedType::State::Read;
  }
  if (is_untyped(type.field)) mark_untyped(field);
  if (!has_room(type.size, use.position)) return;
  std::string name = std::move(field.name);
  const SourcePosition position = field.position;
  if (const ReferencePlaces* places = reference_places(type.field)) {
    reference_places_.insert_or_assign(as_number(field.position), ReferencePlaces(*places));
  }
  if (const RowsPlaces* places = rows_places(type.field)) {
    rows_places_.insert_or_assign(as_number(field.position), RowsPlaces(*places));
  }
  if (const FieldPromise* promised = promise(type.field)) {
    promises_.insert_or_assign(as_number(field.position), FieldPromise(*promised));
  }
  field = type.field;
  field.name = std::move(name);
  field.position = position;
}

void FieldLoader::check_keys_fit(const KeyValues& keys, const Field& field) {
  for (const Entry& entry : keys.all()) {
    const auto key = std::find_if(field_keys().begin(), field_keys().end(),
                                  [&entry](const Key& row) { return row.name == entry.name; });
    if ((key->types & type_bit(field)) != 0) continue;
    mistakes_.add(entry.position, quoted(entry.name) + " does not fit the type " + std::string(type_name(field)),
                  "it fits " + base::enumerated(names_of(key->types)));
  }
}

void FieldLoader::apply_flags(const KeyValues& keys, Field& field) {
  field.nullable = keys.boolean("null").value_or(field.nullable);
  field.required = keys.boolean("required").value_or(field.required);
  field.read_only = keys.boolean("read_only").value_or(field.read_only);
  field.hidden = keys.boolean("hidden").value_or(field.hidden);
  field.unique = keys.boolean("unique").value_or(field.unique);
  field.indexed = keys.boolean("index").value_or(field.indexed);
  if (const auto description = keys.text("description")) field.description = *description;
}

void FieldLoader::apply_promises(const KeyValues& keys, Field& field) {
  const Entry* initial = keys.find("default");
  const Entry* refers = keys.find("refers");
  if (initial != nullptr || refers != nullptr) {
    FieldPromise& promised = promises_[as_number(field.position)];
    if (initial != nullptr) {
      promised.initial = initial->value;
      promised.initial_key = initial->position;
    }
    if (refers != nullptr) {
      field.refers = refers->value->text;
      promised.refers = refers->value->position;
    }
  }
  if (const Entry* pattern = keys.find("pattern")) apply_pattern(*pattern, field);
}

void FieldLoader::apply_pattern(const Entry& pattern, Field& field) {
  field.pattern = pattern.value->text;
  // Alone first: in a group, what is unbalanced could close it.
  auto alone = base::Regex::compile(field.pattern, base::Case::Sensitive, pattern_memory_bytes);
  if (!alone) {
    mistakes_.add(pattern.value->position, quoted(field.pattern) + " is no pattern", alone.error().message);
    return;
  }
  auto whole = base::Regex::compile("\\A(?:" + field.pattern + ")\\z", base::Case::Sensitive, pattern_memory_bytes);
  if (whole) field.matcher = *std::move(whole);
}

void FieldLoader::apply_column(const KeyValues& keys, Field& field) {
  if (const Entry* column = keys.find("column")) {
    check_database_name({.name = column->value->text, .position = column->value->position, .what = "column"}, maker_,
                        mistakes_);
    (field.reference ? field.reference->column : field.column) = column->value->text;
  }
  const Entry* stored = keys.find("stored");
  if (stored == nullptr) return;
  const auto storage = find_storage(stored->value->text);
  if (!storage) {
    mistakes_.add_unknown({.position = stored->value->position, .what = "storage", .name = stored->value->text},
                          storage_names());
  } else if (maker_ == Maker::Portico) {
    mistakes_.add(stored->position, "a table that Portico makes stores its values in its own way",
                  "leave 'stored' out; it is for tables of others: database: {existing: true}");
  } else {
    field.storage = *storage;
  }
}

bool FieldLoader::is_version(std::int64_t version, const YamlNode& node) {
  if (version >= versions_.front() && version <= versions_.back()) return true;
  mistakes_.add(node.position, "there is no version " + std::to_string(version),
                versions_.size() == 1 ? "the only version is " + std::to_string(versions_.front())
                                      : "the versions are " + std::to_string(versions_.front()) + " to " +
                                            std::to_string(versions_.back()));
  return false;
}

void FieldLoader::apply_versions(const KeyValues& keys, Field& field) {
  const auto since = keys.integer("since");
  const auto until = keys.integer("until");
  if (since && is_version(*since, *keys.find("since")->value)) field.versions.first = static_cast<int>(*since);
  if (until && is_version(*until, *keys.find("until")->value)) field.versions.last = static_cast<int>(*until);
  if (field.versions.first > field.versions.last) {
    const Entry* last = keys.find("until");
    mistakes_.add(last != nullptr ? last->value->position : field.position,
                  "it ends with version " + std::to_string(field.versions.last) + ", but begins with version " +
                      std::to_string(field.versions.first),
                  "until is the last version that has it, since the first");
    field.versions = {};
  }
  if (const Entry* was = keys.find("was")) apply_former_names(*was, field);
}

void FieldLoader::apply_former_names(const Entry& was, Field& field) {
  field.former_names.clear();
  for (const Entry& former : read_entries(*was.value, mistakes_)) {
    check_field_name({.name = former.name, .position = former.position, .what = "field"}, mistakes_);
    const auto until = integer_of(*former.value);
    if (!until) {
      add_shape_mistake(*former.value, "the last version of this name", mistakes_);
      continue;
    }
    if (!is_version(*until, *former.value)) continue;
    const auto same = [&until](const FormerName& other) { return other.until == *until; };
    if (std::any_of(field.former_names.begin(), field.former_names.end(), same)) {
      mistakes_.add(former.value->position, "two names until version " + std::to_string(*until),
                    "each former name ends with a version of its own");
    } else if (*until < field.versions.first || *until >= std::min(field.versions.last, versions_.back())) {
      mistakes_.add(former.value->position, "the name " + quoted(former.name) + " or the one after it is never used",
                    "a former name ends with a version that has the field, and that is not its last");
    } else {
      field.former_names.push_back({.name = former.name, .until = static_cast<int>(*until)});
    }
  }
  std::sort(field.former_names.begin(), field.former_names.end(),
            [](const FormerName& left, const FormerName& right) { return left.until < right.until; });
}

void FieldLoader::apply_bounds(const KeyValues& keys, Field& field) {
  if (const auto min = keys.integer("min")) field.min = min;
  if (const auto max = keys.integer("max")) field.max = max;
  if (const auto max_length = keys.integer("max_length")) field.max_length = max_length;
  apply_max_bytes(keys, field);
  const Entry* filter = keys.find("filter");
  if (filter != nullptr && !is_untyped(field)) apply_filter(*filter, field);
}

void FieldLoader::apply_filter(const Entry& filter, Field& field) {
  field.lookups.reset();
  if (!contains(leaf_types, field.type)) return;  // said by check_keys_fit
  const auto& families = field_types()[static_cast<std::size_t>(field.type)].families;
  const LookupSet fitting = lookups_that_fit(field.type);
  for (const TextItem& item : read_texts(filter, mistakes_)) {
    const auto lookups = find_lookup_family(item.text);
    const bool is_family = !find_lookup(item.text).has_value();
    const bool fits = is_family ? std::find(families.begin(), families.end(), item.text) != families.end()
                                : lookups && (*lookups & ~fitting).none();
    if (!lookups) {
      mistakes_.add_unknown({.position = item.position, .what = "filter", .name = item.text}, filter_names());
    } else if (!fits) {
      mistakes_.add(item.position,
                    "the filter " + quoted(item.text) + " does not fit the type " + std::string(name_of(field.type)),
                    "what fits: " + fitting_filters(field.type));
    } else {
      field.lookups |= *lookups & fitting;
    }
  }
}

bool FieldLoader::has_needed(const KeyValues& keys, const NeededKey& needed, const Field& field) {
  if (keys.names(needed.name)) return keys.find(needed.name) != nullptr;
  mistakes_.add(field.position, "the type " + std::string(type_name(field)) + " needs the key " + quoted(needed.name),
                std::string(needed.example));
  return false;
}

void FieldLoader::apply_structure(const KeyValues& keys, Field& field) {
  const Entry* type = keys.find("type");
  const bool is_named = type != nullptr && !is_built_in(type->value->text);
  if (field.reference) {
    if (!is_named && !has_needed(keys, {"to", "the resource whose row it shows: to: customers"}, field)) {
      mark_untyped(field);
    }
    if (!is_named &&
        !has_needed(keys, {"column", "the column that has the other row's key: column: customer_id"}, field)) {
      mark_untyped(field);
    }
    apply_reference(keys, field);
  }
  if (field.rows) {
    if (!is_named && !has_needed_of_rows(keys, field)) mark_untyped(field);
    apply_rows(keys, field);
  }
  const Entry* of = keys.find("of");
  const Entry* fields = keys.find("fields");
  if (is_named) {
    for (const Entry* entry : {of, fields}) {
      if (entry == nullptr) continue;
      mistakes_.add(entry->position,
                    "the type " + quoted(type->value->text) + " brings " + quoted(entry->name) + " itself",
                    "leave it out, or name a built-in type");
    }
    return;
  }
  if (field.reference || field.rows) return;
  if (field.type == FieldType::Object) {
    if (has_needed(keys, {"fields", "fields: {name: {type: string}}"}, field)) load_members(*fields, field);
  } else if (field.type == FieldType::Choice) {
    if (has_needed(keys, {"of", "its values: of: [first, second]"}, field)) load_choices(*of, field);
  } else if (field.type == FieldType::File) {
    if (has_needed(keys, {"of", "what it may be: of: [image/png, image/jpeg]"}, field)) load_file_types(*of, field);
  } else if (field.type == FieldType::List) {
    if (has_needed(keys, {"of", "the type of its items: of: {type: string}"}, field)) load_item(*of, field);
    if (field.item.empty()) {
      field.item.push_back({.name = {}, .type = FieldType::Json, .position = field.position});
      mark_untyped(field);
    }
  }
}

void FieldLoader::apply_reference(const KeyValues& keys, Field& field) {
  ReferencePlaces& places = reference_places_[as_number(field.position)];
  if (const Entry* to = keys.find("to")) {
    field.reference->resource = to->value->text;
    places.to = to->value->position;
  }
  const Entry* show = keys.find("show");
  if (show == nullptr) return;
  field.reference->show.clear();
  places.show.clear();
  for (TextItem& item : read_texts(*show, mistakes_)) {
    field.reference->show.push_back(std::move(item.text));
    places.show.push_back(item.position);
  }
  if (show->value->items.empty()) {
    mistakes_.add(show->value->position, "a reference that shows nothing",
                  "name fields, or leave 'show' out for all of them");
  }
}

void FieldLoader::load_members(const Entry& fields, Field& object) {
  object.fields = load_fields(*fields.value);
  for (const Field& member : object.fields) {
    if (member.versions.first <= object.versions.last && object.versions.first <= member.versions.last) continue;
    mistakes_.add(member.position, "the field " + quoted(member.name) + " is in no version that has its object",
                  "look at since and until of both");
  }
}

void FieldLoader::load_choices(const Entry& of, Field& field) {
  if (of.value->kind != YamlNode::Kind::Sequence || of.value->items.empty()) {
    add_shape_mistake(*of.value, "a list of at least one value: [first, second]", mistakes_);
    return;
  }
  for (const YamlNode* node : of.value->items) {
    if (node->kind != YamlNode::Kind::Scalar) {
      add_shape_mistake(*node, "a text or an integer", mistakes_);
      continue;
    }
    const auto integer = integer_of(*node);
    base::Value value = integer ? base::Value(*integer) : base::Value(node->text);
    if (!field.choices.empty() && field.choices.front().index() != value.index()) {
      mistakes_.add(node->position, "texts and integers together", "all of one kind; quotes make a text: '1'");
    } else if (std::find(field.choices.begin(), field.choices.end(), value) != field.choices.end()) {
      mistakes_.add(node->position, quoted(node->text) + " stands here a second time");
    } else {
      field.choices.push_back(std::move(value));
    }
  }
}

void FieldLoader::load_item(const Entry& of, Field& field) {
  const YamlNode& node = *of.value;
  if (node.kind == YamlNode::Kind::Scalar) {
    // `of: address` is short for `of: {type: address}`.
    YamlNode key{.kind = YamlNode::Kind::Scalar, .position = node.position, .text = "type"};
    const YamlNode map{.kind = YamlNode::Kind::Map, .position = node.position, .items = {&key, &node}};
    field.item.push_back(load_field({.name = {}, .position = node.position, .node = map}));
  } else if (node.kind == YamlNode::Kind::Map) {
    field.item.push_back(load_field({.name = {}, .position = node.position, .node = node}));
  } else {
    add_shape_mistake(node, "an item's type: of: string, or of: {type: object, fields: {…}}", mistakes_);
    return;
  }
  check_item(field.item.front(), mistakes_);
  refuse_promises(field.item.front());
}

// A list is one column: nothing of it is written but by the client.
void FieldLoader::refuse_promises(const Field& inner) {
  const FieldPromise* promised = promise(inner);
  if (promised != nullptr || inner.hidden) {
    mistakes_.add(promised != nullptr && promised->initial != nullptr ? promised->initial_key : inner.position,
                  "inside a list, but with default, refers or hidden",
                  "a list is written as a whole; take the key away");
  }
  for (const Field& member : inner.fields) refuse_promises(member);
}

}  // namespace portico::model
