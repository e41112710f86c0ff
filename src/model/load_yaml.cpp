#include "model/load_yaml.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "model/check_surface.hpp"
#include "model/expand_references.hpp"
#include "model/limit_names.hpp"
#include "model/load_access.hpp"
#include "model/load_computed.hpp"
#include "model/load_extensions.hpp"
#include "model/load_path.hpp"
#include "model/load_relations.hpp"
#include "model/load_resource.hpp"
#include "model/load_writes.hpp"
#include "model/name_rules.hpp"
#include "model/scope.hpp"

namespace portico::model {
namespace {

constexpr int version_max = 10'000;
constexpr std::size_t versions_max = 100;
constexpr std::int64_t try_seconds_max = 3'600;
constexpr std::int64_t giving_up_seconds_max = std::int64_t{365} * 86'400;

class ApiLoader {
 public:
  explicit ApiLoader(MistakeList& mistakes) : mistakes_(mistakes) {}

  std::shared_ptr<const Api> load(const YamlNode& root) {
    const auto keys = read_keys(
        {.node = root, .position = {.line = 1, .column = 1}, .what = "a description", .keys = api_keys()}, mistakes_);
    if (!keys) return nullptr;
    load_texts(*keys);
    load_versions(*keys);
    if (const Entry* proxies = keys->find("trusted_proxies")) api_->trusted_proxies = load_ranges(*proxies);
    if (const Entry* limits = keys->find("limits")) load_limits(*limits);
    if (const Entry* rates = keys->find("rates")) api_->rates = load_rates(*rates, mistakes_);
    if (const Entry* database = keys->find("database")) load_database(*database);
    if (const Entry* webhooks = keys->find("webhooks")) load_webhook_rules(*webhooks);
    load_resources(*keys);
    if (const Entry* surfaces = keys->find("apis")) load_surfaces(*surfaces);
    if (const Entry* oauth = keys->find("oauth")) {
      api_->oauth = load_oauth(*oauth, {.surfaces = api_->surfaces, .first_steps = first_steps()}, mistakes_);
    }
    if (const Entry* extensions = keys->find("extensions")) {
      api_->extensions = load_extensions(*extensions, *api_, *keys, mistakes_);
    } else if (const Entry* rates = keys->find("rates")) {
      refuse_rate_of_extensions(*rates, mistakes_);
    }
    if (setting_.tenants == Tenants::Rows) api_->accounts = api_->find_resource(setting_.accounts);
    return mistakes_.empty() ? api_ : nullptr;
  }

 private:
  void load_texts(const KeyValues& keys) {
    api_->description = keys.text("description").value_or("");
    if (const Entry* vendor = keys.find("vendor")) {
      api_->vendor = vendor->value->text;
      check_vendor({.name = api_->vendor, .position = vendor->value->position, .what = "vendor"}, mistakes_);
    }
    if (const Entry* url = keys.find("public_url")) {
      api_->public_url = url->value->text;
      if (!is_public_url(api_->public_url)) {
        mistakes_.add(url->value->position, quoted(api_->public_url) + " is no address of an API",
                      "as https://api.example.com");
      }
      while (api_->public_url.ends_with('/')) api_->public_url.pop_back();
    }
    if (const Entry* zone = keys.find("time_zone")) {
      if (const auto found = base::TimeZone::find(zone->value->text)) {
        api_->time_zone = *found;
      } else {
        mistakes_.add(zone->value->position, "unknown time zone " + quoted(zone->value->text),
                      "an IANA name: UTC, Europe/Madrid");
      }
    }
  }

  void load_versions(const KeyValues& keys) {
    const Entry* list = keys.find("versions");
    std::vector<int>& versions = api_->versions;
    bool is_faulty = list == nullptr;
    if (list != nullptr) {
      for (const YamlNode* node : list->value->items) {
        const auto version = integer_of(*node);
        if (!version || *version < 1 || *version > version_max) {
          add_shape_mistake(*node, "a version: 1 to " + std::to_string(version_max), mistakes_);
          is_faulty = true;
          continue;
        }
        if (!is_faulty && !versions.empty() && *version != versions.back() + 1) {
          mistakes_.add(node->position,
                        "version " + std::to_string(*version) + " after " + std::to_string(versions.back()),
                        "ascending, without gaps: [1, 2, 3]");
          is_faulty = true;
        }
        versions.push_back(static_cast<int>(*version));
      }
      if (list->value->items.empty()) mistakes_.add(list->value->position, "no version", "at least one: [1]");
      if (versions.size() > versions_max) {
        mistakes_.add(list->value->position, "too many versions", "at most " + std::to_string(versions_max));
      }
    }
    // So that what follows is measured by the versions that were meant.
    if (versions.empty()) versions = {1, version_max};
    if (is_faulty)
      versions = {*std::min_element(versions.begin(), versions.end()),
                  *std::max_element(versions.begin(), versions.end())};
  }

  /// Addresses, and ranges of them.
  std::vector<std::string> load_ranges(const Entry& list) {
    std::vector<std::string> ranges;
    for (TextItem& item : read_texts(list, mistakes_)) {
      if (!is_address_range(item.text)) {
        mistakes_.add(item.position, quoted(item.text) + " is no address", "as 127.0.0.1, ::1 or 10.0.0.0/8");
      }
      ranges.push_back(std::move(item.text));
    }
    return ranges;
  }

  void load_webhook_rules(const Entry& section) {
    const auto keys = read_keys(
        {.node = *section.value, .position = section.position, .what = "webhooks", .keys = webhook_rules_keys()},
        mistakes_);
    WebhookRules& rules = api_->webhooks;
    if (const Entry* allow = keys->find("allow")) rules.allow = load_ranges(*allow);
    rules.timeout = load_seconds(*keys, {.name = "timeout", .usual = rules.timeout, .max = try_seconds_max});
    rules.give_up_after =
        load_seconds(*keys, {.name = "give_up_after", .usual = rules.give_up_after, .max = giving_up_seconds_max});
  }

  struct Seconds {
    std::string_view name;
    std::chrono::seconds usual;
    std::int64_t max = 0;
  };
  std::chrono::seconds load_seconds(const KeyValues& keys, const Seconds& key) {
    const auto value = keys.integer(key.name);
    if (!value) return key.usual;
    if (*value < 1 || *value > key.max) {
      add_shape_mistake(*keys.find(key.name)->value, "an integer from 1 to " + std::to_string(key.max), mistakes_);
    }
    return std::chrono::seconds(*value);
  }

  void load_limits(const Entry& section) {
    std::vector<std::string> names;
    for (const LimitName& limit : limit_names()) names.emplace_back(limit.name);
    for (const Entry& entry : read_entries(*section.value, mistakes_)) {
      const auto found = std::find(names.begin(), names.end(), entry.name);
      if (found == names.end()) {
        mistakes_.add_unknown({.position = entry.position, .what = "limit", .name = entry.name}, names);
        continue;
      }
      const LimitName& limit = limit_names()[static_cast<std::size_t>(found - names.begin())];
      const auto value = integer_of(*entry.value);
      if (!value || *value < 1 || *value > limit.max) {
        add_shape_mistake(*entry.value, "an integer from 1 to " + std::to_string(limit.max), mistakes_);
        continue;
      }
      set_limit(api_->limits, limit, *value);
    }
  }

  void load_resources(const KeyValues& keys) {
    setting_.versions = api_->versions;
    FieldLoader fields(setting_.versions, setting_.maker, mistakes_);
    if (const Entry* types = keys.find("types")) fields.load_types(*types->value);
    const Entry* section = keys.find("resources");
    if (section == nullptr) return;
    resource_entries_ = read_entries(*section->value, mistakes_);
    if (section->value->items.empty()) mistakes_.add(section->position, "no resources", "at least the accounts");
    load_accounts(keys);
    ResourceLoader loader(setting_, fields, mistakes_);
    std::vector<ResourceDraft> drafts;
    std::vector<ResourceDraft> computed;
    for (const Entry& entry : resource_entries_) {
      check_dashed_name({.name = entry.name, .position = entry.position, .what = "resource"}, mistakes_);
      if (entry.name == "me" || is_version_name(entry.name)) {
        mistakes_.add(entry.position, "a resource cannot be called " + quoted(entry.name),
                      "paths that begin so are the calling account's, or a version's");
      }
      if (is_computed(entry)) {
        computed.push_back(load_computed(entry, setting_, fields, mistakes_));
      } else {
        drafts.push_back(loader.begin(entry));
      }
    }
    expand_references(drafts, fields, mistakes_);
    expand_rows(drafts, fields, mistakes_);
    for (ResourceDraft& draft : drafts) loader.finish(draft);
    load_writes(drafts, setting_, fields, mistakes_);
    check_paths(drafts, computed, setting_, mistakes_);
    assign_scopes(drafts, computed);
    for (ResourceDraft& draft : drafts) api_->resources.push_back(std::move(draft.resource));
    for (ResourceDraft& draft : computed) api_->computed.push_back(std::move(draft.resource));
  }

  static bool is_version_name(std::string_view name) {
    return name.starts_with('v') && base::parse_integer(name.substr(1)).has_value();
  }

  void load_surfaces(const Entry& section) {
    std::vector<SurfacePlace> places;
    for (const Entry& entry : read_entries(*section.value, mistakes_)) {
      check_dashed_name({.name = entry.name, .position = entry.position, .what = "API"}, mistakes_);
      const auto keys = read_keys(
          {.node = *entry.value, .position = entry.position, .what = "an API", .keys = surface_keys()}, mistakes_);
      if (!keys) continue;
      SurfacePlace place{.surface = {.name = entry.name}, .base_position = entry.position};
      if (const Entry* dialect = keys->find("dialect")) load_dialect(*dialect, place.surface);
      place.surface.has_reference = keys->boolean("reference").value_or(true);
      const Entry* base = keys->find("base");
      if (base == nullptr) continue;
      place.surface.base = base->value->text;
      place.base_position = base->value->position;
      check_base(place.surface.base, place.base_position, mistakes_);
      places.push_back(std::move(place));
    }
    if (section.value->items.empty()) {
      mistakes_.add(section.position, "no API", "at least one: {partner: {base: /, dialect: media-type}}");
    }
    check_bases(places, first_steps(), mistakes_);
    for (SurfacePlace& place : places) api_->surfaces.push_back(std::move(place.surface));
  }

  [[nodiscard]] std::vector<std::string> first_steps() const {
    std::vector<std::string> steps;
    for (const auto* resources : {&api_->resources, &api_->computed}) {
      for (const auto& resource : *resources) {
        if (!resource->path.empty()) steps.push_back(resource->path.front().text);
      }
    }
    return steps;
  }

  void load_dialect(const Entry& entry, Surface& surface) {
    const std::span<const std::string> names = dialect_names();
    const auto found = std::find(names.begin(), names.end(), entry.value->text);
    if (found == names.end()) {
      mistakes_.add_unknown({.position = entry.value->position, .what = "dialect", .name = entry.value->text}, names);
      return;
    }
    surface.dialect = static_cast<DialectKind>(found - names.begin());
  }

  void load_database(const Entry& section) {
    const auto keys = read_keys(
        {.node = *section.value, .position = section.position, .what = "a database", .keys = database_keys()},
        mistakes_);
    Database& database = api_->database;
    database.existing = keys->boolean("existing").value_or(database.existing);
    if (database.existing) {
      setting_.maker = Maker::Others;
      database.schema = "public";
    }
    const Entry* schema = keys->find("schema");
    if (schema == nullptr) return;
    database.schema = schema->value->text;
    check_schema({.name = database.schema, .position = schema->value->position, .what = "schema"}, setting_.maker,
                 mistakes_);
  }

  /// Whose rows, or names, the tenants are. A resource that is not there is a mistake.
  void load_accounts(const KeyValues& keys) {
    const Entry* accounts = keys.find("accounts");
    if (accounts == nullptr) return;
    if (is_none(*accounts)) {
      setting_.tenants = Tenants::Names;
      return;
    }
    const std::string& name = accounts->value->text;
    std::vector<std::string> names;
    for (const Entry& entry : resource_entries_) {
      if (!is_computed(entry)) names.push_back(entry.name);
    }
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      setting_.tenants = Tenants::Rows;
      setting_.accounts = name;
      return;
    }
    mistakes_.add_unknown({.position = accounts->value->position, .what = "resource", .name = name}, names);
  }

  MistakeList& mistakes_;
  std::shared_ptr<Api> api_ = std::make_shared<Api>();
  ResourceSetting setting_;
  std::vector<Entry> resource_entries_;
};

}  // namespace

std::variant<std::shared_ptr<const Api>, Mistakes> load_yaml(std::string_view text) {
  MistakeList list;
  std::shared_ptr<const Api> api;
  // Declared out here: the entries that the loader holds point into the tree.
  const std::variant<YamlTree, Mistake> parsed = parse_yaml(text);
  if (const auto* tree = std::get_if<YamlTree>(&parsed)) {
    if (tree->root == nullptr) {
      list.add({.line = 1, .column = 1}, "the description is empty", "it begins with vendor: NAME");
    } else {
      api = ApiLoader(list).load(*tree->root);
    }
  } else {
    const Mistake& mistake = std::get<Mistake>(parsed);
    list.add(mistake.position, mistake.message, mistake.hint);
  }
  if (list.empty()) return api;
  Mistakes mistakes = std::move(list).sorted();
  count_columns_in_characters(text, mistakes);
  return mistakes;
}

std::string format_mistake(std::string_view file, const Mistake& mistake) {
  std::string text(file);
  text += ':' + std::to_string(mistake.position.line) + ':' + std::to_string(mistake.position.column) + ": ";
  text += mistake.message;
  if (!mistake.hint.empty()) text += " (" + mistake.hint + ")";
  return text;
}

}  // namespace portico::model
