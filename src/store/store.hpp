#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "access/key.hpp"
#include "base/result.hpp"
#include "model/api.hpp"
#include "plan/plan.hpp"
#include "store/rows.hpp"

namespace portico::store {

/// What a plan gave.
struct Answer {
  Rows rows;
  std::int64_t count = 0;  ///< ListPlan: all rows of the list, exact (P12)
};

/// One loop's way to the data. Every call and every completion happens on the loop's thread; a completion is called
/// exactly once, perhaps before the call returns. Two implementations are meant: SQLite and PostgreSQL.
class Store {
 public:
  using KeyFound = std::function<void(base::Result<std::optional<access::KeyRecord>>)>;
  using Answered = std::function<void(base::Result<Answer*>)>;

  virtual ~Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// The key whose public part is `id`, as it stands now. Internal or Unavailable where it cannot be read.
  virtual void find_key(std::string_view id, KeyFound done) = 0;

  /// Runs a plan, all its statements on one snapshot. `plan` must live until the completion; the answer lives until
  /// the completion returns, and is the store's to reuse after. Unavailable: overload, query_timeout, or no database.
  virtual void run(const plan::Plan& plan, model::Mode mode, Answered done) = 0;

 protected:
  Store() = default;
};

}  // namespace portico::store
