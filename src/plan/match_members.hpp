#pragma once

#include <cstdint>
#include <vector>

#include "base/document.hpp"
#include "model/api.hpp"
#include "plan/fault_list.hpp"

namespace portico::plan {

/// Under which names a document has a resource's fields.
enum class Naming : std::uint8_t {
  Version,  ///< a client's: the names that a version has
  Stored,   ///< a list's column: the latest names
};

/// Where a row comes from.
enum class Source : std::uint8_t {
  Client,  ///< who may say what clients write
  Load,    ///< a file of rows that are there already, elsewhere: it may say what is read-only or hidden, too
};

/// How an object's members are looked up.
struct MatchRules {
  const model::Api& api;
  int version = 0;
  Naming naming = Naming::Version;
  bool ignores_unknown = false;
  Source source = Source::Client;
};

/// Whether clients of that version see the field; an object or a list of rows that has nothing to
/// show is not there. A load sees hidden ones, too.
[[nodiscard]] bool is_shown(const model::Field& field, int version, Source source = Source::Client);

/// Whether a new object's body has to say something of the field: it is required, or has no value without the body.
/// Of an object that may not be null: whether one of its members is such. False for what clients cannot write.
[[nodiscard]] bool needs_value(const model::Field& field, int version);

/// For each of `fields` what `object` says of it, null for nothing and for fields that are not in this version.
/// Blames members that are no fields, with the nearest name and what other versions know.
[[nodiscard]] std::vector<const base::Document*> match_members(const MatchRules& rules,
                                                               const std::vector<model::Field>& fields,
                                                               const base::Document& object, FaultList& faults);

}  // namespace portico::plan
