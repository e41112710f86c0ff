#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/load/row_source.hpp"
#include "model/api.hpp"
#include "plan/make_plan.hpp"
#include "store/accounts.hpp"
#include "store/waiting_store.hpp"

namespace portico::app {

struct RowLoaderOptions {
  std::shared_ptr<const model::Api> api;
  const model::View& view;  ///< of the resource that the rows are of
  const store::DataPlace& place;
  plan::SqlFlavor flavor;
  model::Mode mode = model::Mode::Production;
  std::string account;  ///< id, that all rows belong to; empty: each says it itself
  operation::Writing writing = operation::Writing::Form;
};

/// Where a row says whose it is: in the field that shows the owner's column, else under the column's own name. Empty:
/// rows belong to nobody, or nothing can say it, since that name is another field's.
[[nodiscard]] std::vector<std::string> owner_path(const model::View& view);

/// Puts rows of one resource into a store that may be in use, many in a transaction. What is wrong with a row keeps
/// no other one out. One thread; throws std::runtime_error where the store itself fails: what was loaded before
/// stays.
class RowLoader {
 public:
  using Refused = std::function<void(const SourceRow& row, const std::vector<base::Fault>& faults)>;

  /// `refused` is told of each row that is not taken, by add() or finish(), in no order. What the options refer to
  /// must live as long.
  RowLoader(RowLoaderOptions options, Refused refused);
  ~RowLoader();
  RowLoader(const RowLoader&) = delete;
  RowLoader& operator=(const RowLoader&) = delete;

  void add(SourceRow row);
  void finish();
  [[nodiscard]] std::uint64_t loaded() const noexcept { return loaded_; }

 private:
  class Report;
  using Batch = std::vector<SourceRow>;

  /// Whose the row is, taken out of its document; nothing: it was refused.
  std::optional<std::string> take_owner(SourceRow& row);
  std::optional<std::string> account_of(const base::Document& said, SourceRow& row);
  void blame_owner(const SourceRow& row, std::string words);
  bool is_account(const std::string& account);
  void load(const std::string& account, Batch& batch, std::size_t from, std::size_t to);
  /// Why the rows are not taken; nothing: they are.
  std::optional<base::Error> attempt(const std::string& account, Batch& batch, std::size_t from, std::size_t to);

  const RowLoaderOptions options_;
  const Refused refused_;
  const model::Resource& resource_;
  const std::vector<std::string> owner_path_;
  const model::Leaf* const owner_leaf_;  // null: the column is no field's
  plan::Planner planner_;
  std::unique_ptr<store::WaitingStore> store_;
  std::map<std::string, bool> known_accounts_;
  std::map<std::string, Batch> waiting_;  // by account
  std::size_t waiting_rows_ = 0;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t loaded_ = 0;
};

}  // namespace portico::app
