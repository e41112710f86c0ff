#include "plan/read_document.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "plan/fault_list.hpp"
#include "plan/match_members.hpp"
#include "plan/read_list.hpp"
#include "plan/read_value.hpp"

namespace portico::plan {
namespace {

using base::Document;
using base::is_null;
using base::Value;
using model::Field;
using model::FieldType;
using model::OperationKind;

constexpr std::string_view read_only_message =
    "This field is read-only; leave it out, or repeat the value that it has.";

bool holds_cell(const Value& value, const base::Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return cell.kind == base::Cell::Kind::Integer && cell.integer == *integer;
  }
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr && cell.kind == base::Cell::Kind::Text && cell.text == *text;
}

/// Walks the fields in the order of Resource::leaves, those of other versions too, so that counting finds each leaf's
/// index.
class DocumentReader {
 public:
  DocumentReader(const DocumentRules& rules, TableRow& row, FaultList& faults)
      : rules_(rules),
        resource_(*rules.view.resource),
        body_{.api = rules.api, .version = rules.view.version, .writing = rules.writing},
        matching_{.api = rules.api,
                  .version = rules.view.version,
                  .ignores_unknown = resource_.ignores_unknown,
                  .source = rules.source},
        row_(row),
        faults_(faults),
        left_out_(resource_.leaves.size()) {}

  LeafSet read(const Document& document) {
    if (document.kind == Document::Kind::Object) {
      read_members(resource_.fields, document, {.state = state_of(rules_.kind)});
    } else {
      faults_.add(expected("an object", document));
    }
    return std::move(left_out_);
  }

 private:
  /// What the row has where an object is read into it.
  enum class State : std::uint8_t {
    New,       ///< nothing
    Replaced,  ///< what goes unless it is given again
    Merged,    ///< what stays unless something else is given
  };
  enum class Place : bool { Row, Inner };
  enum class Access : bool { Written, ReadOnly };
  struct Level {
    State state = State::New;
    Place place = Place::Row;
    Access access = Access::Written;  ///< ReadOnly: an object around it is
  };
  /// What becomes of fields that the body says nothing of.
  enum class Fate : std::uint8_t {
    Stays,
    Null,
    Default,        ///< of each leaf
    DefaultInside,  ///< of each leaf, but objects that clients write and that may be null are null
  };

  static State state_of(OperationKind kind) {
    if (kind == OperationKind::Replace) return State::Replaced;
    return kind == OperationKind::Update ? State::Merged : State::New;
  }

  // Columns that the path and the account fill.
  [[nodiscard]] bool is_servers(std::size_t leaf) const {
    return is_owner(leaf) || (rules_.source == Source::Client && is_parent(leaf));
  }
  [[nodiscard]] bool is_owner(std::size_t leaf) const {
    return !resource_.owner_column.empty() && resource_.leaves[leaf].column == resource_.owner_column;
  }
  [[nodiscard]] bool is_parent(std::size_t leaf) const {
    const auto& parents = resource_.parents;
    return std::any_of(parents.begin(), parents.end(),
                       [leaf](const model::Parent& parent) { return parent.leaf == leaf; });
  }
  [[nodiscard]] bool is_key(std::size_t leaf) const {
    return std::find(resource_.key.begin(), resource_.key.end(), leaf) != resource_.key.end();
  }

  void read_members(const std::vector<Field>& fields, const Document& object, const Level& level) {
    const auto given = match_members(matching_, fields, object, faults_);
    for (std::size_t i = 0; i < fields.size(); ++i) read_field(fields[i], given[i], level);
  }

  void read_field(const Field& field, const Document* given, const Level& level) {
    if (!is_shown(field, body_.version) && given == nullptr) {
      const bool is_ours = level.access == Access::ReadOnly;
      pass(field, level.state != State::New ? Fate::Stays : is_ours ? Fate::Default : Fate::DefaultInside);
      return;
    }
    const FaultList::Within within(faults_, field.name_in(body_.version));
    if (field.reference) {
      read_reference(field, given, level);
    } else if (field.is_leaf()) {
      read_leaf(field, given, level);
    } else {
      read_object(field, given, level);
    }
  }

  /// The leaves of a field that is not read.
  void pass(const Field& field, Fate fate) {
    if (field.is_leaf()) {
      const std::size_t leaf = next_++;
      if (fate == Fate::Stays || is_servers(leaf)) return;
      if (fate == Fate::Null) {
        row_[leaf] = std::monostate{};
      } else {
        left_out_[leaf] = true;
      }
      return;
    }
    if (field.reference) fate = Fate::Stays;
    if (fate == Fate::DefaultInside && (field.read_only || field.hidden)) fate = Fate::Default;
    if (fate == Fate::DefaultInside && field.nullable) fate = Fate::Stays;
    for (const Field& member : field.fields) pass(member, fate);
  }

  // The members are another row's: nothing of it is here to compare with.
  void read_reference(const Field& field, const Document* given, const Level& level) {
    const bool says_something = given != nullptr && given->kind != Document::Kind::Null;
    if (says_something && level.state == State::New) faults_.add(std::string(read_only_message));
    pass(field, Fate::Stays);
  }

  void read_file(const Document& given, std::size_t leaf, const Level& level) {
    if (says_null(*resource_.leaves[leaf].field, given, body_.writing) && is_null(row_[leaf])) return;
    const bool has_path = level.state != State::New && rules_.file_url;
    const std::string url = has_path ? rules_.file_url(leaf, row_) : std::string();
    const bool is_there = !is_null(row_[leaf]);
    if (is_there && has_path && given.kind == Document::Kind::Text && given.text == url) return;
    if (!has_path) {
      faults_.add("A file has a path of its own: create the row, and PUT the file's bytes to this name below it.");
    } else {
      faults_.add("A file is not written here: PUT its bytes to " + url + (is_there ? ", or DELETE it there." : "."));
    }
  }

  void read_leaf(const Field& field, const Document* given, const Level& level) {
    const std::size_t leaf = next_++;
    if (field.rows) return read_rows(field, given, row_[leaf]);
    if (field.type == FieldType::File) {
      if (given != nullptr) read_file(*given, leaf, level);
      return;
    }
    const bool is_ours = is_servers(leaf);
    const bool is_read_only = field.read_only || level.access == Access::ReadOnly;
    if (is_ours || (is_read_only && (rules_.source == Source::Client || given == nullptr))) {
      if (given != nullptr && !repeats(field, *given, row_[leaf])) faults_.add(std::string(read_only_message));
      if (level.state == State::New && !is_ours) left_out_[leaf] = true;
    } else if (given == nullptr) {
      leave_out(field, leaf, level);
    } else if (!says_null(field, *given, body_.writing)) {
      read_given(field, *given, row_[leaf]);
    } else if (field.nullable) {
      row_[leaf] = std::monostate{};
    } else {
      faults_.add(std::string(null_message));
    }
  }

  // Nothing of them is ours. A new row has none.
  void read_rows(const Field& field, const Document* given, const Value& value) {
    static const Value none = std::string("[]");
    if (given != nullptr && !repeats(field, *given, is_null(value) ? none : value)) {
      faults_.add(std::string(read_only_message));
    }
  }

  void leave_out(const Field& field, std::size_t leaf, const Level& level) {
    if (level.state == State::Merged) {
      const bool lacks = is_null(row_[leaf]) && needs_value(field, body_.version);
      if (level.place == Place::Inner && lacks) faults_.add(std::string(required_message));
      return;
    }
    if (level.state == State::Replaced && is_key(leaf)) return;
    const bool gets_id = is_key(leaf) && field.type == FieldType::Id && field.refers.empty() && !field.required;
    if (needs_value(field, body_.version) && !gets_id) faults_.add(std::string(required_message));
    row_[leaf] = std::monostate{};
    left_out_[leaf] = true;
  }

  void read_given(const Field& field, const Document& given, Value& value) {
    if (field.type == FieldType::List) {
      std::string json;
      read_list(field, given, {.body = body_, .ignores_unknown = resource_.ignores_unknown}, faults_, json);
      value = std::move(json);
    } else if (field.type == FieldType::Json) {
      if (std::string fault = fault_of_json(given); !fault.empty()) faults_.add(std::move(fault));
      std::string json;
      append_json(given, json);
      value = std::move(json);
    } else {
      ReadValue read = read_value(field, given, body_);
      if (auto* fault = std::get_if<std::string>(&read)) return faults_.add(std::move(*fault));
      const base::Cell& cell = std::get<base::Cell>(read);
      if (cell.kind == base::Cell::Kind::Text) {
        value = std::string(cell.text);
      } else {
        value = cell.integer;
      }
    }
  }

  /// How a form shows null, whatever the type.
  [[nodiscard]] bool is_empty_in_form(const Document& given) const {
    return body_.writing == operation::Writing::Form && given.kind == Document::Kind::Text && given.text.empty();
  }

  [[nodiscard]] bool repeats(const Field& field, const Document& given, const Value& value) const {
    if (says_null(field, given, body_.writing)) return is_null(value);
    if (is_null(value) && is_empty_in_form(given)) return true;
    BodyRules body = body_;
    body.checks = Checks::TypeOnly;
    if (field.type == FieldType::List || field.type == FieldType::Json) {
      const auto* stored = std::get_if<std::string>(&value);
      return stored != nullptr && repeats_stored(field, given, *stored, body);
    }
    const ReadValue read = read_value(field, given, body);
    const auto* cell = std::get_if<base::Cell>(&read);
    return cell != nullptr && holds_cell(value, *cell);
  }

  void read_object(const Field& field, const Document* given, Level level) {
    if (field.read_only) level.access = Access::ReadOnly;
    if (given == nullptr) return leave_object_out(field, level);
    if (says_null(field, *given, body_.writing)) return empty_object(field, level);
    if (given->kind != Document::Kind::Object) {
      faults_.add(expected("an object", *given));
      pass(field, Fate::Stays);
      return;
    }
    if (level.state != State::New && field.nullable && is_all_null(field)) level.state = State::New;
    level.place = Place::Inner;
    read_members(field.fields, *given, level);
  }

  void leave_object_out(const Field& field, const Level& level) {
    if (level.access == Access::ReadOnly) {
      pass(field, level.state == State::New ? Fate::Default : Fate::Stays);
    } else if (level.state == State::Merged) {
      pass(field, Fate::Stays);
    } else if (needs_value(field, body_.version)) {
      faults_.add(std::string(required_message));
      pass(field, Fate::Stays);
    } else if (field.nullable) {
      pass(field, Fate::Null);
    } else {
      static const Document nothing{.kind = Document::Kind::Object};
      read_members(field.fields, nothing, {.state = level.state, .place = Place::Inner, .access = level.access});
    }
  }

  void empty_object(const Field& field, const Level& level) {
    if (level.access == Access::ReadOnly && rules_.source == Source::Client) {
      if (!is_all_null(field)) faults_.add(std::string(read_only_message));
      pass(field, level.state == State::New ? Fate::Default : Fate::Stays);
      return;
    }
    if (!field.nullable) faults_.add(std::string(null_message));
    pass(field, Fate::Null);
  }

  /// Of the object whose first leaf is next.
  [[nodiscard]] bool is_all_null(const Field& object) const {
    const auto first = row_.begin() + static_cast<std::ptrdiff_t>(next_);
    return std::all_of(first, first + static_cast<std::ptrdiff_t>(leaf_count(object)), is_null);
  }
  [[nodiscard]] static std::size_t leaf_count(const Field& field) {
    if (field.is_leaf()) return 1;
    std::size_t count = 0;
    for (const Field& member : field.fields) count += leaf_count(member);
    return count;
  }

  const DocumentRules& rules_;
  const model::Resource& resource_;
  const BodyRules body_;
  const MatchRules matching_;
  TableRow& row_;
  FaultList& faults_;
  LeafSet left_out_;
  std::size_t next_ = 0;
};

}  // namespace

LeafSet read_document(const DocumentRules& rules, const Document& document, TableRow& row, FaultList& faults) {
  return DocumentReader(rules, row, faults).read(document);
}

const Document& unwrapped(const model::Resource& resource, const Document& document, FaultList& faults) {
  if (resource.wrapped_in.empty()) return document;
  const Document* inner = document.find(resource.wrapped_in);
  if (inner == nullptr) return document;
  for (const base::Member& member : document.members) {
    if (&member.value == inner || resource.ignores_unknown) continue;
    faults.add_at(member.name, "Unknown field beside '" + resource.wrapped_in + "', which holds them all.");
  }
  return *inner;
}

}  // namespace portico::plan
