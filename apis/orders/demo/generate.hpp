#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "model/api.hpp"
#include "store/rows.hpp"

namespace portico::demo {

struct Volume {
  model::Mode mode = model::Mode::Production;
  std::uint64_t orders = 0;
  std::uint64_t seed = 0;
};

/// Takes rows of one resource, `owners` one a row. Whether more are wanted.
class RowSink {
 public:
  virtual ~RowSink() = default;
  /// Room for rows of `resource`, from one call to the next of full().
  [[nodiscard]] virtual store::Rows& rows(const model::Resource& resource) = 0;
  /// A row was added to rows(), owned by `owner`, whose text stays. Whether more are wanted.
  [[nodiscard]] virtual bool added(std::string_view owner) = 0;

 protected:
  RowSink() = default;
};

/// Makes merchants, catalogues, orders in the order of their creation, and customers: the same rows for the same
/// volume and description, always. Production orders end as orders do; the sandbox's come to every outcome in turn.
/// Throws std::runtime_error where the description and the demo's data do not fit, before the first row.
void generate(const model::Api& api, const Volume& volume, RowSink& sink);

}  // namespace portico::demo
