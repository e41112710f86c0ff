#pragma once

#include <memory>
#include <vector>

#include "model/expression_names.hpp"

namespace portico::model {

/// What a summary is read for.
struct SummarySetting {
  const Resource& resource;  ///< its leaves are indexed
  const std::vector<int>& versions;
  const FieldLoader& fields;
};

/// Reads `summary:` of a resource. Null where it is no mapping.
[[nodiscard]] std::unique_ptr<const Summary> load_summary(const Entry& entry, const SummarySetting& setting,
                                                          MistakeList& mistakes);

}  // namespace portico::model
