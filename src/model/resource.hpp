#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/field.hpp"

namespace portico::model {

/// What can be done with a resource.
enum class OperationKind : std::uint8_t {
  List,
  Retrieve,
  Create,   ///< POST on the collection
  Replace,  ///< PUT: what the body leaves out gets its default, or null
  Update,   ///< PATCH: RFC 7396
  Delete,
  Clear,  ///< DELETE on the collection: of the rows that filters choose
  Act,    ///< POST on one of Resource::actions
};
using OperationSet = std::uint16_t;
[[nodiscard]] constexpr OperationSet operation_bit(OperationKind kind) {
  return static_cast<OperationSet>(1U << static_cast<unsigned>(kind));
}
[[nodiscard]] constexpr bool contains(OperationSet set, OperationKind kind) {
  return (set & operation_bit(kind)) != 0;
}

/// A row of another table that belongs to each row: `LEFT JOIN table ON its key_column = our column`, and its owner
/// is the asking account where it has one.
struct Join {
  std::string table;
  std::string schema;        ///< PostgreSQL; empty: Api::database's
  std::string key_column;    ///< of `table`; unique
  std::string owner_column;  ///< of `table`; empty: rows of all accounts
  std::string column;        ///< of the resource's own table
  bool operator==(const Join&) const = default;
};

/// A leaf of the field tree: a column, or the rows of a relation. Leaves of all versions, in document order.
struct Leaf {
  static constexpr std::size_t no_table = SIZE_MAX;  ///< `join` of a relation's
  const Field* field = nullptr;
  std::string path;      ///< latest names joined by `-`: `customer-phone-number`
  std::string column;    ///< unquoted column name
  std::size_t join = 0;  ///< whose column: 0 the resource's own table's, n that of Resource::joins[n - 1], no_table
  std::size_t relation = 0;  ///< n: no column at all, but the rows of Resource::relations[n - 1]
  bool nullable = false;     ///< the column may hold null: the field may, or an object that it lies in
  bool read_only = false;    ///< the field is, or an object that it lies in; so are references' members
  bool hidden = false;       ///< the field is, or an object that it lies in

  /// Whether it is a column of one of Resource::joins.
  [[nodiscard]] bool is_joined() const noexcept { return join != 0 && join != no_table; }
};

/// Sorting by one column; null is the largest value (P14).
enum class Direction : bool { Ascending, Descending };
struct OrderTerm {
  std::size_t leaf = 0;  ///< index into Resource::leaves
  Direction direction = Direction::Ascending;
};

/// Another name for a filter, as clients write it. It is known in every version that shows the leaf.
struct FilterName {
  std::string name;
  std::size_t relation = 0;  ///< n: the leaf is that of the rows of Resource::relations[n - 1]; 0: of ours
  std::size_t leaf = 0;
  std::optional<Lookup> lookup;  ///< nothing: lookups may follow the name, as they do behind a path
};

struct PageSize {
  std::int64_t usual = 25;  ///< where the client asks for none
  std::int64_t max = 100;
};

/// A field as one version shows it.
struct ViewNode {
  std::string name;
  const Field* field = nullptr;
  std::size_t position = 0;            ///< leaves: the place in View::leaves, which is the select list's
  std::vector<ViewNode> members = {};  ///< Object: its members. List of objects: the members of an item
};

/// A file as one version shows it.
struct ViewFile {
  std::size_t leaf = 0;      ///< index into Resource::leaves
  std::size_t position = 0;  ///< the place in View::leaves
};

/// A resource as one version shows it.
struct View {
  const struct Resource* resource = nullptr;
  int version = 0;
  std::vector<ViewNode> nodes;      ///< in the order of the answer
  std::vector<std::size_t> leaves;  ///< indexes into Resource::leaves, in select order; behind those of `nodes` what
                                    ///< the links of `files` are made of and no node shows
  std::vector<ViewFile> files;      ///< in the order of `nodes`
  std::unordered_map<std::string, std::size_t> paths;  ///< this version's path -> index into Resource::leaves
  std::vector<std::size_t> foreign_scopes;  ///< of scopes_of: to read the other resources whose rows it shows, or is
                                            ///< filtered by: references and lists of rows
};

/// A condition that must hold, and what the client reads where it does not.
struct Guard {
  Expression condition;
  std::string message;                  ///< for people; ends with a period
  std::vector<std::string> field = {};  ///< a check's: the path to blame, latest names
  std::int64_t code = 0;                ///< a positive code of the code-envelope dialect (E6); 0: none of its own
};

/// A leaf gets a value: of the row itself, or of the row that one of its leaves refers to.
struct Effect {
  std::size_t leaf = 0;                     ///< of Resource::leaves, or with `through` of the resource referred to
  std::optional<std::size_t> through = {};  ///< the leaf that refers (Field::refers)
  Expression value;
};

/// A name that a resource's expressions may use for an expression on its rows; each of them has a copy of it.
struct Formula {
  std::string name;
  Expression value;
};

/// What a change of one row is answered with.
enum class ChangeAnswer : std::uint8_t {
  None,  ///< 204
  Row,   ///< the row as GET shows it: 201 of a new one, else 200
};

/// What a declared operation does beside taking the body in. `on:` in the description.
struct OperationRules {
  ChangeAnswer answer = ChangeAnswer::None;  ///< Create, unless it says otherwise: Row
  int status = 0;                            ///< of the answer Row to a Create: 200; 0: as the dialect has it, 201
  std::vector<Guard> guards;    ///< judged on the row as it was, with Create as it will be: else Forbidden
  std::vector<Effect> effects;  ///< all values are those before the first effect, and of the body
};

/// One field of an answer: of an action's, or of a computed resource's.
struct AnswerField {
  std::string name;
  FieldType type = FieldType::Integer;    ///< how it is shown: Integer, Boolean, String, Timestamp; Object, List
  Expression value = {};                  ///< of the row as the effects left it; of an object and a list none
  std::vector<AnswerField> members = {};  ///< Object: its fields. List: its items, each an Object without a name
};

/// One field of a summary: what is worked out of all rows.
struct Aggregate {
  enum class Function : std::uint8_t {
    Rows,      ///< count(): how many rows there are
    Values,    ///< count(field): how many have a value
    Sum,       ///< of those that have one; 0 where none has
    Least,     ///< of those that have one; null where none has
    Greatest,  ///< the same
  };
  Function function = Function::Rows;
  std::size_t leaf = 0;  ///< of Resource::leaves; Rows: none
};

/// GET /orders/summary: aggregates over the rows that the list's filters leave.
struct Summary {
  std::unique_ptr<const struct Resource> shape;  ///< its `fields`, `leaves` and `views`: a field for each aggregate
  std::vector<Aggregate> aggregates;             ///< of each of the shape's leaves
  bool is_public = false;                        ///< a public key may see it
  std::string description;
  SourcePosition position;
};

/// What makes a resource a computed one: no rows, one object that is worked out of parameters.
struct Computation {
  std::vector<AnswerField> answer;  ///< Expression::Kind::Input stands for a parameter, a leaf of the resource
  bool asks_public_key = false;     ///< something of it is public_key()
};

/// POST /orders/{id}/NAME, and perhaps GET.
struct Action {
  std::string name;
  std::unique_ptr<const struct Resource>
      input;  ///< its `fields`, `leaves` and `views`; without fields: takes no body but `{}`
  OperationRules rules;
  std::vector<Guard> checks;        ///< on the body, and the row: else InvalidData that blames `field`
  std::vector<AnswerField> answer;  ///< empty: 204
  bool shows_state = false;         ///< GET answers `answer` of the row as it is
  bool is_public = false;           ///< a public key may do it
  VersionRange versions;
  std::string description;
  SourcePosition position;
};

/// A message about a row, sent to a URL when certain operations have changed it; its text is made in their very
/// transaction. `webhooks:` in the description. All expressions look at the row as the operation left it.
struct Webhook {
  std::string name;
  const struct Resource* resource = nullptr;  ///< whose row it is about; its key is one field
  std::optional<Expression> when;             ///< nothing is sent where it does not hold
  Expression target;                          ///< a URL; nothing is sent where it is null
  std::vector<AnswerField> body;              ///< of the JSON object that is sent
  /// What becomes of the row: `rules` alone count. Judged and set on the row as it is when the answer has come;
  /// where a guard does not hold, nothing is set.
  std::vector<std::unique_ptr<const Action>> answers;  ///< by the `status` of the receiver's JSON answer; none: any
                                                       ///< 2xx will do
  std::unique_ptr<const Action> given_up;              ///< after the last try; null: nothing
  SourcePosition position;

  /// The transition of that answer, or null.
  [[nodiscard]] const Action* find_answer(std::string_view status) const;
};

/// An operation of a resource that a webhook is sent for; of its own, or one that shares its table.
struct WebhookTrigger {
  OperationKind kind = OperationKind::Create;  ///< Create to Act
  std::string action;                          ///< Act: its name
  const Webhook* webhook = nullptr;
};

/// A parameter of Resource::path: the row of another resource that rows lie under, `{order}` in
/// `/orders/{order}/captures`.
struct Parent {
  std::size_t leaf = 0;                       ///< of ours, `refers` to that resource, and holds its key
  const struct Resource* resource = nullptr;  ///< whose names serve in the URL (P9)
};

/// The rows of another resource that refer to each row of ours: what a field of type `rows` shows, and is filtered
/// by.
struct Relation {
  std::size_t leaf = 0;                       ///< of ours: the field
  const struct Resource* resource = nullptr;  ///< whose rows
  std::size_t by = 0;                         ///< of that resource's leaves: holds our key
  std::vector<OrderTerm> order = {};          ///< of that resource's leaves; ends with the key: a total order
};

/// One step of a path.
struct PathStep {
  enum class Kind : std::uint8_t { Fixed, Parent, Name };
  Kind kind = Kind::Fixed;
  std::string text = {};  ///< Fixed
};

/// A collection of rows, and what may be done with it. Immutable once loaded; views point into it, so it never moves.
struct Resource {
  std::string name;      ///< `orders`: the path, and the key in the description
  std::string singular;  ///< `order`; names the object in a 404: `order__id`
  std::string table;
  std::string schema;        ///< PostgreSQL; empty: Api::database's
  std::string owner_column;  ///< the column that holds the owning account's id; for the accounts themselves the key;
                             ///< empty: every account sees all rows (`owner: none`)
  std::vector<std::size_t> key;  ///< leaves of the primary key; never empty once loaded. Several: a composite key,
                                 ///< named in a URL with commas, `/film-actors/1,23`. All of the own table, not null,
                                 ///< of type id, string (and its family), integer or choice; but see is_keyless
  bool is_keyless = false;       ///< `key: none`: nothing is known to be unique and nothing is retrieved. `key` is
                                 ///< then every leaf that can be ordered by, so that the order is total as far as
                                 ///< anyone can see; these may be null, and of joins too
  std::vector<std::size_t> key_named;  ///< what a URL's last step says of the key, in its order: all but what `path`
                                       ///< names already
  std::vector<std::size_t> names;  ///< leaves that name an object in a URL, tried in this order (P9); empty where the
                                   ///< key is composite, and where there is none
  std::vector<Join> joins;         ///< each differs from the others; fields that refer by the same column share one
  std::vector<Relation> relations;  ///< of fields of type `rows`, in the order of their leaves
  std::vector<PathStep>
      path;  ///< of the collection: `/orders/{order}/captures`; or, with a Name in it, of one object:
             ///< `/checkout/{id}/status`. Fixed steps are tried before parameters
  std::vector<Parent> parents;  ///< of the Parent steps, in their order
  OperationSet operations = 0;
  OperationSet public_operations = 0;  ///< what a public key may do (P2)
  PageSize page_size;
  std::vector<OrderTerm> default_order;
  std::vector<std::size_t> orderable;  ///< leaves that `ordering` may name
  std::vector<std::size_t> searched;   ///< leaves that `q` searches (P15)
  std::vector<FilterName> filter_names;
  VersionRange versions;                   ///< in others its paths are not there
  std::optional<std::size_t> read_scope;   ///< of scopes_of; nothing: nothing of it can be read
  std::optional<std::size_t> write_scope;  ///< the same: nothing can be written, or done
  std::string wrapped_in;                  ///< `order`: bodies may come as `{"order": {…}}`; empty: they do not
  bool is_bulk = false;                    ///< Create takes an array of bodies too: all or nothing
  bool ignores_unknown = false;            ///< fields of a body that are none: `unknown_fields: ignore`
  std::vector<Formula> formulas;           ///< in document order; each may use those before it
  std::vector<Guard> checks;               ///< of every row that a client wrote: else InvalidData that blames `field`
  std::vector<OperationRules> rules;       ///< by OperationKind, Create to Delete; see rules_of
  std::vector<std::unique_ptr<const Action>> actions;
  std::vector<std::unique_ptr<const Webhook>> webhooks;  ///< about its rows
  std::vector<WebhookTrigger> triggers;                  ///< of its operations
  std::unique_ptr<const Summary> summary;                ///< null: there is none
  std::unique_ptr<const Computation>
      computation;  ///< of Api::computed alone: `fields`, `leaves` and `views` are then
                    ///< parameters, and there is no table; null: a collection of rows
  std::vector<Field> fields;
  std::vector<Leaf> leaves;
  std::vector<std::size_t> files;  ///< leaves of type File that clients can reach: `/articles/{id}/image`
  std::vector<View> views;         ///< one for each of Api::versions, in that order
  std::string description;
  SourcePosition position;

  /// Precondition: Create, Replace, Update or Delete.
  [[nodiscard]] const OperationRules& rules_of(OperationKind kind) const {
    return rules.at(static_cast<std::size_t>(kind) - static_cast<std::size_t>(OperationKind::Create));
  }
  /// The action of that name, or null.
  [[nodiscard]] const Action* find_action(std::string_view action) const;
  /// The webhook of that name, or null.
  [[nodiscard]] const Webhook* find_webhook(std::string_view webhook) const;
  /// Whether the path is that of one object, and not of a collection.
  [[nodiscard]] bool is_object_path() const;

  Resource() = default;
  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;
};

/// Fills `leaves` from `fields`, and `files`: document order, all versions. For the loader: once `fields` is final,
/// and before, without the members of references.
void index_leaves(Resource& resource);

/// The resource as `version` shows it. Precondition: index_leaves was called.
[[nodiscard]] View make_view(const Resource& resource, int version);

/// Adds to the views that show files what the links to those are made of: the key, and the parents that the path
/// names. For the loader: once the path is known.
void complete_views(Resource& resource);

}  // namespace portico::model
