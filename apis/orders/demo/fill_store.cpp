#include "fill_store.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "batch_queue.hpp"
#include "load_rows.hpp"

namespace portico::demo {
namespace {

constexpr std::size_t batch_rows = 256;

/// Gathers rows into batches for the queue, one for each resource; the generating thread's.
class QueueSink : public RowSink {
 public:
  explicit QueueSink(BatchQueue& queue) : queue_(queue) {}

  store::Rows& rows(const model::Resource& resource) override {
    const auto is_of = [&](const Batch& batch) { return batch.resource == &resource; };
    const auto found = std::find_if(batches_.begin(), batches_.end(), is_of);
    current_ = static_cast<std::size_t>(found - batches_.begin());
    if (found == batches_.end()) batches_.push_back(begun(resource));
    return batches_[current_].rows;
  }

  bool added(std::string_view owner) override {
    Batch& batch = batches_[current_];
    batch.owners.push_back(owner);
    if (batch.owners.size() == batch_rows) {
      const model::Resource& resource = *batch.resource;
      wanted_ = queue_.push(std::exchange(batch, {}));
      batch = begun(resource);
    }
    return wanted_;
  }

  void flush() {
    for (Batch& batch : batches_) {
      if (!batch.owners.empty()) wanted_ = queue_.push(std::move(batch));
    }
    batches_.clear();
  }

 private:
  [[nodiscard]] Batch begun(const model::Resource& resource) {
    Batch batch = queue_.reuse();
    batch.resource = &resource;
    batch.rows.clear(resource.leaves.size());
    batch.owners.clear();
    return batch;
  }

  BatchQueue& queue_;
  std::vector<Batch> batches_;
  std::size_t current_ = 0;
  bool wanted_ = true;
};

/// The thread that generates. Ends when all is generated, or nobody takes any more.
class GeneratingThread {
 public:
  GeneratingThread(const model::Api& api, const Volume& volume, BatchQueue& queue)
      : queue_(queue), thread_([this, &api, volume] { run(api, volume); }) {}
  ~GeneratingThread() { join(); }
  GeneratingThread(const GeneratingThread&) = delete;
  GeneratingThread& operator=(const GeneratingThread&) = delete;

  /// Waits for the end; throws what generating threw.
  void finish() {
    join();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void run(const model::Api& api, const Volume& volume) {
    try {
      QueueSink sink(queue_);
      generate(api, volume, sink);
      sink.flush();
    } catch (...) {
      failure_ = std::current_exception();
    }
    queue_.end();
  }

  void join() {
    queue_.stop();
    if (thread_.joinable()) thread_.join();
  }

  BatchQueue& queue_;
  std::exception_ptr failure_;
  std::thread thread_;  // last: it uses the others
};

}  // namespace

StoreFiller::StoreFiller(const model::Api& api, const store::SchemaTarget& target, app::Talk talk)
    : api_(api), talk_(talk), loader_(store::make_bulk_loader(api, target)) {}

void StoreFiller::generate_into(const Volume& volume) {
  BatchQueue queue;
  GeneratingThread thread(api_, volume, queue);
  app::Progress progress(talk_, {.heading = std::string(model::name_of(volume.mode)), .what = "rows"});
  while (auto batch = queue.pop()) {
    for (std::size_t row = 0; row < batch->rows.size(); ++row) {
      loader_->add({.mode = volume.mode,
                    .resource = *batch->resource,
                    .owner = batch->owners[row],
                    .cells = batch->rows.row(row)});
    }
    row_count(volume.mode) += batch->rows.size();
    progress.at(row_count(volume.mode));
    queue.give_back(std::move(*batch));
  }
  thread.finish();
}

void StoreFiller::load_into(const std::filesystem::path& rows_file) {
  app::Progress progress(talk_, {.heading = rows_file.filename().string(), .what = "rows"});
  load_rows(api_, rows_file, [&](const LoadedRow& row) {
    loader_->add({.mode = row.mode, .resource = *row.resource, .owner = row.owner, .cells = row.cells->row(0)});
    ++row_count(row.mode);
    progress.at(rows(model::Mode::Production) + rows(model::Mode::Sandbox));
  });
}

void StoreFiller::finish() {
  std::unique_ptr<app::Progress> progress;
  loader_->finish([&](model::Mode mode, std::size_t done, std::size_t all) {
    if (done == 0) {
      progress.reset();  // the last one's line ends before the next one's begins
      progress = std::make_unique<app::Progress>(
          talk_, app::Progress::Work{.heading = std::string(model::name_of(mode)), .what = "indexes", .all = all});
    }
    progress->at(done);
  });
}

}  // namespace portico::demo
