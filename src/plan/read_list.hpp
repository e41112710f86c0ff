#pragma once

#include <string>
#include <string_view>

#include "base/document.hpp"
#include "model/api.hpp"
#include "plan/fault_list.hpp"
#include "plan/match_members.hpp"
#include "plan/read_value.hpp"

namespace portico::plan {

/// What reading a list depends on.
struct ListRules {
  const BodyRules& body;
  Naming naming = Naming::Version;
  bool ignores_unknown = false;
};

/// Appends a list as its column holds it, the way that render/stored_match shows fastest: compact JSON, an item's
/// members under their latest names and in the order of the description, those that the version has and the body does
/// not as null; timestamps as render shows them. Adds a fault for everything that is wrong, items by index; `out` is
/// then of no use.
void read_list(const model::Field& list, const base::Document& document, const ListRules& rules, FaultList& faults,
               std::string& out);

/// Whether a body repeats what a column of type list or json holds, as far as this version shows it.
[[nodiscard]] bool repeats_stored(const model::Field& field, const base::Document& document, std::string_view stored,
                                  const BodyRules& rules);

}  // namespace portico::plan
