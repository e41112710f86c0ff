#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/expression_names.hpp"

namespace portico::model {

/// When effects happen: a row that goes has no fields to set.
enum class EffectTime : std::uint8_t { RowStays, RowGoes };

/// Reads what stands under `guard:`, `checks:` and `set:`.
class RulesLoader {
 public:
  RulesLoader(const ExpressionScope& scope, MistakeList& mistakes) : scope_(scope), mistakes_(mistakes) {}

  [[nodiscard]] std::vector<Guard> load_guards(const Entry& list);

  /// `blamed` has the fields that may be blamed: an action's body, or a resource's row.
  [[nodiscard]] std::vector<Guard> load_checks(const Entry& list, const Resource& blamed);

  /// Precondition: scope.row is the resource whose rows are written.
  [[nodiscard]] std::vector<Effect> load_effects(const Entry& map, EffectTime time);

 private:
  /// A leaf that an effect names.
  struct EffectTarget {
    std::size_t leaf = 0;
    std::optional<std::size_t> through;
    const Resource* resource = nullptr;
  };

  [[nodiscard]] std::int64_t load_code(const KeyValues& keys);
  [[nodiscard]] std::string load_message(const KeyValues& keys);
  [[nodiscard]] std::vector<std::string> load_blamed(const Entry& field, const Resource& blamed);
  [[nodiscard]] std::optional<EffectTarget> find_target(const Entry& entry);
  [[nodiscard]] bool may_set(const Entry& entry, const EffectTarget& target, EffectTime time);
  void add_unknown_target(const Entry& entry);

  const ExpressionScope& scope_;
  MistakeList& mistakes_;
};

}  // namespace portico::model
