#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/api.hpp"
#include "store/postgres_session.hpp"
#include "store/procedure.hpp"

namespace portico::store {

/// What PostgreSQL's refusals of rows are about, in the description's tables. One loop's.
class PostgresViolations {
 public:
  explicit PostgresViolations(std::shared_ptr<const model::Api> api) : api_(std::move(api)) {}

  /// Nothing where the failure is not about a constraint. Columns come from the index that we made under the
  /// constraint's name, else from what the server says of it.
  [[nodiscard]] std::optional<Violation> find(const PostgresFailure& failure);

 private:
  [[nodiscard]] std::vector<std::string> columns_of(const PostgresFailure& failure);

  std::shared_ptr<const model::Api> api_;
  /// By the table's name and the index's: the same in production and sandbox. Worked out when it is first needed.
  std::optional<std::map<std::pair<std::string, std::string>, std::vector<std::string>>> columns_;
};

}  // namespace portico::store
