#include "plan/match_members.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace portico::plan {
namespace {

using base::Document;
using model::Field;

constexpr std::size_t recognised_bytes_max = 100;  // no field's name is longer (model/name_rules)

class Matcher {
 public:
  Matcher(const MatchRules& rules, const std::vector<Field>& fields) : rules_(rules), fields_(fields) {}

  [[nodiscard]] const std::string& name_of(const Field& field) const {
    return rules_.naming == Naming::Version ? field.name_in(rules_.version) : field.name;
  }

  /// Bodies name fields in the order of the description, mostly: the search begins behind the last one found.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) {
    for (std::size_t step = 0; step < fields_.size(); ++step) {
      const std::size_t index = next_ + step < fields_.size() ? next_ + step : next_ + step - fields_.size();
      if (name_of(fields_[index]) != name || !is_shown(fields_[index], rules_.version, rules_.source)) continue;
      next_ = index + 1 == fields_.size() ? 0 : index + 1;
      return index;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string fault_of_unknown(const std::string& name) const {
    if (name.size() > recognised_bytes_max) return "Unknown field.";
    if (auto elsewhere = known_elsewhere(name)) return *std::move(elsewhere);
    std::vector<std::string> known;
    for (const Field& field : fields_) {
      if (is_shown(field, rules_.version, rules_.source)) known.push_back(name_of(field));
    }
    if (const auto meant = base::did_you_mean(name, known)) return "Unknown field; did you mean '" + *meant + "'?";
    return "Unknown field.";
  }

 private:
  /// What is known of it where another version has a field of that name.
  [[nodiscard]] std::optional<std::string> known_elsewhere(const std::string& name) const {
    const std::string here = "Unknown field in version " + std::to_string(rules_.version);
    for (const Field& field : fields_) {
      std::optional<int> first;
      std::optional<int> last;
      for (const int version : rules_.api.versions) {
        if (!is_shown(field, version) || field.name_in(version) != name) continue;
        if (!first) first = version;
        last = version;
      }
      if (!first) continue;
      if (is_shown(field, rules_.version)) return here + "; it is called '" + name_of(field) + "'.";
      if (*first > rules_.version) return here + "; known since version " + std::to_string(*first) + ".";
      return here + "; known until version " + std::to_string(*last) + ".";
    }
    return std::nullopt;
  }

  const MatchRules& rules_;
  const std::vector<Field>& fields_;
  std::size_t next_ = 0;
};

}  // namespace

bool is_shown(const Field& field, int version, Source source) {
  if ((field.hidden && source == Source::Client) || !field.versions.contains(version)) return false;
  if (field.rows) return is_shown(field.item.front(), version, source);
  return field.is_leaf() || std::any_of(field.fields.begin(), field.fields.end(),
                                        [&](const Field& member) { return is_shown(member, version, source); });
}

bool needs_value(const Field& field, int version) {
  if (!is_shown(field, version) || field.read_only || field.reference) return false;
  if (field.required) return true;
  if (field.nullable || field.initial) return false;
  return field.is_leaf() || std::any_of(field.fields.begin(), field.fields.end(),
                                        [version](const Field& member) { return needs_value(member, version); });
}

std::vector<const Document*> match_members(const MatchRules& rules, const std::vector<Field>& fields,
                                           const Document& object, FaultList& faults) {
  std::vector<const Document*> found(fields.size());
  Matcher matcher(rules, fields);
  for (const base::Member& member : object.members) {
    if (const auto index = matcher.find(member.name)) {
      found[*index] = &member.value;
    } else if (!rules.ignores_unknown) {
      faults.add_at(member.name, faults.is_full() ? std::string() : matcher.fault_of_unknown(member.name));
    }
  }
  return found;
}

}  // namespace portico::plan
