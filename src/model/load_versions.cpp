#include "model/load_versions.hpp"

namespace portico::model {

VersionRange load_versions(const KeyValues& keys, const std::vector<int>& versions, MistakeList& mistakes) {
  VersionRange range;
  for (const std::string_view key : {"since", "until"}) {
    const auto version = keys.integer(key);
    if (!version) continue;
    if (*version < versions.front() || *version > versions.back()) {
      mistakes.add(keys.find(key)->value->position, "there is no version " + std::to_string(*version),
                   "the versions are " + std::to_string(versions.front()) + " to " + std::to_string(versions.back()));
      continue;
    }
    (key == "since" ? range.first : range.last) = static_cast<int>(*version);
  }
  if (range.first <= range.last) return range;
  mistakes.add(keys.find("until")->value->position,
               "it ends with version " + std::to_string(range.last) + ", but begins with version " +
                   std::to_string(range.first),
               "until is the last version that has it, since the first");
  return range;
}

}  // namespace portico::model
