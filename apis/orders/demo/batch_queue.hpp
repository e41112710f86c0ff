#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "model/resource.hpp"
#include "store/rows.hpp"

namespace portico::demo {

/// Rows of one resource on their way to the database.
struct Batch {
  const model::Resource* resource = nullptr;
  store::Rows rows;
  std::vector<std::string_view> owners;  ///< one a row; of the merchants, who stay
};

/// From the thread that makes rows to the one that stores them. Holds few batches, so that neither runs ahead.
class BatchQueue {
 public:
  /// Waits for room. Whether the batch is wanted: not after stop().
  [[nodiscard]] bool push(Batch&& batch);
  /// Waits for a batch; nothing after end(), once all are taken.
  [[nodiscard]] std::optional<Batch> pop();
  /// A batch that was stored, for its room; an empty one where there is none.
  [[nodiscard]] Batch reuse();
  void give_back(Batch&& batch);

  void end();   ///< no more will be pushed
  void stop();  ///< no more will be taken

 private:
  static constexpr std::size_t most = 8;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> waiting_;
  std::vector<Batch> spare_;
  bool ended_ = false;
  bool stopped_ = false;
};

}  // namespace portico::demo
