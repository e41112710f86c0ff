#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/describe/draft.hpp"
#include "store/introspect.hpp"

namespace portico::app {

struct DescribeOptions;

/// Whose rows are whose: what an owner column makes of a catalog. Points into both of its arguments.
class Ownership {
 public:
  /// Throws DescribeError where no table has the column, or a table named as shared is not there.
  Ownership(const store::Catalog& catalog, const DescribeOptions& options);

  /// Why an account might see others' rows in it; nothing where it cannot, or may.
  [[nodiscard]] std::optional<std::string> reason_to_leave_out(const store::Table& table) const;

  /// Precondition: it is not left out.
  [[nodiscard]] ResourceDraft::Owner owner_of(const store::Table& table) const;

  /// What the description says of it at its top.
  [[nodiscard]] std::vector<std::string> heading() const;

 private:
  void find_accounts();
  void check_owner() const;
  void check_shared() const;
  [[nodiscard]] bool is_shared(const store::Table& table) const;

  const store::Catalog& catalog_;
  const DescribeOptions& options_;
  const store::Table* accounts_ = nullptr;  ///< the table that the owner column refers to
};

}  // namespace portico::app
