#include "store/waiting_store.hpp"

#include <future>
#include <optional>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "store/postgres_store.hpp"
#include "store/sqlite_writer.hpp"

namespace portico::store {
namespace {

class WaitingSqlite final : public WaitingStore {
 public:
  WaitingSqlite(std::shared_ptr<const model::Api> api, const SqliteFiles& files)
      : api_(std::move(api)), writers_(files, {.time_zone = api_->time_zone, .limits = api_->limits}) {}

  base::Status change(std::shared_ptr<Mutation> mutation, model::Mode mode) override {
    SqliteWriter* const writer = writers_.find(mode);
    if (writer == nullptr)
      return base::Error{.code = base::ErrorCode::Unavailable, .message = "There is no sandbox."};
    const auto ended = std::make_shared<std::promise<base::Status>>();  // the writer's too, until it has let go of it
    base::Status sent = writer->submit(std::move(mutation), nullptr, [ended](base::Status status, const auto&) {
      ended->set_value(std::move(status));
    });
    return sent ? ended->get_future().get() : std::move(sent);
  }

 private:
  std::shared_ptr<const model::Api> api_;
  SqliteWriters writers_;
};

class WaitingPostgres final : public WaitingStore {
 public:
  WaitingPostgres(std::shared_ptr<const model::Api> api, const PostgresAddress& address)
      : store_(io_, {.address = address.text, .api = std::move(api)}, nullptr) {}

  base::Status change(std::shared_ptr<Mutation> mutation, model::Mode mode) override {
    std::optional<base::Status> ended;
    store_.change(std::move(mutation), mode, [&ended](base::Status status) { ended.emplace(std::move(status)); });
    while (!ended) io_.run_one();
    return std::move(*ended);
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> working_ =
      boost::asio::make_work_guard(io_);
  PostgresStore store_;
};

}  // namespace

std::unique_ptr<WaitingStore> open_waiting_store(std::shared_ptr<const model::Api> api, const DataPlace& place) {
  if (const auto* files = std::get_if<SqliteFiles>(&place))
    return std::make_unique<WaitingSqlite>(std::move(api), *files);
  return std::make_unique<WaitingPostgres>(std::move(api), std::get<PostgresAddress>(place));
}

}  // namespace portico::store
