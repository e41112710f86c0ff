#include <algorithm>

#include "model/load_writes.hpp"

namespace portico::model {
namespace {

constexpr OperationSet reading = operation_bit(OperationKind::List) | operation_bit(OperationKind::Retrieve);

class WritesCheck {
 public:
  WritesCheck(const ResourceDraft& draft, const ResourceSetting& setting, MistakeList& mistakes)
      : resource_(*draft.resource), keys_(*draft.keys), setting_(setting), mistakes_(mistakes) {}

  void check() {
    const bool writes = (resource_.operations & ~reading) != 0;
    check_files();
    if (setting_.maker == Maker::Others) return check_others();
    if (resource_.is_keyless && !resource_.actions.empty()) {
      mistakes_.add(resource_.actions.front()->position, "an action on rows without a key",
                    "a row is named by its key: key: …");
    }
    if (setting_.tenants == Tenants::Rows && resource_.name == setting_.accounts) check_accounts();
    if (!writes) return;
    for (std::size_t leaf = 0; leaf < resource_.leaves.size(); ++leaf) check_leaf(leaf);
  }

 private:
  // Tables that others made are never written to.
  void check_others() {
    const Entry* operations = keys_.find("operations");
    if (operations != nullptr && (resource_.operations & ~reading) != 0) {
      mistakes_.add(operations->position, "a database that others made is never written to",
                    "operations: [list, retrieve]");
    }
    for (const std::string_view key :
         {"on", "checks", "actions", "wrapped_in", "bulk", "unknown_fields", "webhooks"}) {
      if (const Entry* entry = keys_.find(key)) {
        mistakes_.add(entry->position, quoted(key) + " in a database that others made",
                      "it is never written to; take the key away");
      }
    }
  }

  void check_files() {
    for (const Leaf& leaf : resource_.leaves) {
      if (leaf.field->type != FieldType::File || leaf.join != 0) continue;
      if (setting_.maker == Maker::Others) {
        mistakes_.add(leaf.field->position, "a file in a database that others made",
                      "files lie in a table of Portico's own; take the field away");
      } else if (resource_.is_keyless) {
        mistakes_.add(leaf.field->position, "a file of rows without a key", "a row is named by its key: key: …");
      }
    }
  }

  void check_accounts() {
    for (const OperationKind kind : {OperationKind::Create, OperationKind::Delete, OperationKind::Clear}) {
      if (!contains(resource_.operations, kind)) continue;
      const bool creates = kind == OperationKind::Create;
      mistakes_.add(keys_.find("operations")->position,
                    std::string("accounts are not ") + (creates ? "created" : "deleted") + " through the API",
                    creates ? "a new account would be nobody's; add its row in the database"
                            : "its keys and rows would be left behind");
    }
  }

  void check_leaf(std::size_t index) {
    const Leaf& leaf = resource_.leaves[index];
    if (leaf.join != 0) return;
    const bool is_parent = std::any_of(resource_.parents.begin(), resource_.parents.end(),
                                       [index](const Parent& parent) { return parent.leaf == index; });
    const bool is_key = std::find(resource_.key.begin(), resource_.key.end(), index) != resource_.key.end();
    const bool is_owner = leaf.column == resource_.owner_column;
    const bool is_written_by_us = is_parent || (is_owner && !is_key);
    if (is_written_by_us && !leaf.read_only && !leaf.hidden) {
      mistakes_.add(leaf.field->position,
                    quoted(leaf.path) + (is_parent ? " is said by the path" : " says whose row it is"),
                    "hidden: true, or read_only: true");
    }
    if (is_owner && !is_key && leaf.nullable) {
      mistakes_.add(leaf.field->position, quoted(leaf.path) + " may be null", "every row has an owner: without null");
    }
    if (is_owner && !contains(text_types, leaf.field->type)) {
      mistakes_.add(
          leaf.field->position,
          quoted(leaf.path) + " says whose row it is, but is of type " + std::string(name_of(leaf.field->type)),
          "an account is named by a text: type: id");
    }
    if (is_written_by_us && leaf.field->initial) {
      mistakes_.add(leaf.field->position,
                    "a default for " + quoted(leaf.path) +
                        (is_parent ? ", which the path says" : ", which says whose row it is"),
                    "leave it out");
    }
    const bool is_new_id = is_key && leaf.field->type == FieldType::Id && leaf.field->refers.empty();
    if (!contains(resource_.operations, OperationKind::Create) || is_written_by_us || is_new_id) return;
    const bool is_out_of_reach = leaf.read_only || leaf.hidden;
    if (!is_out_of_reach || leaf.nullable || leaf.field->initial || is_set_on_create(index)) return;
    mistakes_.add(leaf.field->position,
                  "nothing gives a new row its " + quoted(leaf.path) + ", which clients cannot write",
                  "a default, or null: yes");
  }

  [[nodiscard]] bool is_set_on_create(std::size_t leaf) const {
    const auto& effects = resource_.rules_of(OperationKind::Create).effects;
    return std::any_of(effects.begin(), effects.end(),
                       [leaf](const Effect& effect) { return !effect.through && effect.leaf == leaf; });
  }

  const Resource& resource_;
  const KeyValues& keys_;
  const ResourceSetting& setting_;
  MistakeList& mistakes_;
};

}  // namespace

void check_writes(const ResourceDraft& draft, const ResourceSetting& setting, MistakeList& mistakes) {
  if (!draft.keys || draft.resource->fields.empty()) return;
  WritesCheck(draft, setting, mistakes).check();
}

}  // namespace portico::model
