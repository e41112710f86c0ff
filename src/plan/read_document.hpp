#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/document.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "model/api.hpp"
#include "operation/parse_body.hpp"
#include "plan/fault_list.hpp"
#include "plan/match_members.hpp"
#include "plan/table_row.hpp"

namespace portico::plan {

/// How many faults of a request's bodies are told, each with its place (FaultList::Rules::most); one more says how
/// many there are beyond.
inline constexpr std::size_t faults_max = 100;

/// For each of Resource::leaves, whether it is in the set.
using LeafSet = std::vector<bool>;

/// What taking a document in depends on.
struct DocumentRules {
  const model::Api& api;
  const model::View& view;                                   ///< the version whose names and fields the body has
  model::OperationKind kind = model::OperationKind::Create;  ///< Create, Replace, Update; Act: of an action's input
  operation::Writing writing = operation::Writing::Json;
  Source source = Source::Client;
  /// The URL of a row's file, by its leaf: what a body may repeat. Empty: there is none yet.
  std::function<std::string(std::size_t leaf, const TableRow& row)> file_url = {};
};

/// Takes a body's document into `row`, and adds a fault for everything in it that is wrong, all at once, each with
/// the path as the client wrote it (list items by index): unknown fields (with the nearest name, unless
/// Resource::ignores_unknown), fields of other versions (unknown), read-only ones that differ from what is there,
/// what is required and missing, null where it may not be, wrong types (P7, P8, P9), lengths, ranges, choices,
/// patterns, e-mail, URL, ISO codes, counts of items. What must not be null and has no default is required, said or
/// not.
/// - Create, Act: `row` is all null. Fields left out stay so; their defaults come later (apply_defaults).
/// - Replace: `row` is as stored; what the body leaves out and clients may write becomes null, and defaults come
/// later.
///   The key stays where it is left out, and fields that are not in this version stay as they are.
/// - Update (RFC 7396): `row` is as stored; what the body leaves out stays, a null empties, an object is merged, a
///   list is replaced. An object is complete afterwards, or its missing members are faults.
/// An object that is null, or that Create and Replace find left out and may be null, is null in all versions; one
/// that was null and is given is new, as all is in Create. The owner's column and the leaves of Resource::parents are
/// the server's: a body may repeat what `row` has there, as with read-only fields, and the URL of a
/// file. A load says read-only and hidden fields and the leaves of Resource::parents like any others; those that it
/// leaves out get their defaults. Members of references (other rows)
/// may be repeated too, and are not looked at, except by Create, which takes none; lists of other rows (Field::rows)
/// are compared with what `row` has there, null being none. The faults' place is where `faults` is: within `3` of a
/// bulk body, `order` of a wrapped one. With a fault in it, `row` is of no use. Returns the leaves that
/// apply_defaults is to fill: what the body left out of what is new or replaced, and what it cannot say there.
/// Precondition: `row` has as many values as the resource has leaves.
LeafSet read_document(const DocumentRules& rules, const base::Document& document, TableRow& row, FaultList& faults);

/// Resource::wrapped_in: the document within `{"order": {…}}`, or itself where it is not wrapped. Adds faults for
/// what stands beside it. Where the result is not `document`, faults of it belong under that name.
[[nodiscard]] const base::Document& unwrapped(const model::Resource& resource, const base::Document& document,
                                              FaultList& faults);

}  // namespace portico::plan
