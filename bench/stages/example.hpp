#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "access/authenticate.hpp"
#include "contract/locate.hpp"
#include "contract/negotiate.hpp"
#include "http/head_parser.hpp"
#include "http/response.hpp"
#include "operation/parse_operation.hpp"
#include "plan/make_plan.hpp"
#include "server/publication.hpp"
#include "store/sqlite_store.hpp"

namespace portico::bench {

/// What the stages need of a running server: description, store, and a loop that takes back what workers did.
class Site {
 public:
  /// Throws where the description or the databases cannot be used.
  Site(const std::string& description_file, const std::filesystem::path& store_directory);

  [[nodiscard]] const model::Api& api() const { return publication_->api(); }
  [[nodiscard]] const plan::Planner& planner() const { return publication_->planner(); }
  [[nodiscard]] const server::Publication& publication() const { return *publication_; }
  [[nodiscard]] store::SqliteStore& store() { return *store_; }
  /// A connection of its own beside the store's.
  [[nodiscard]] store::SqliteReader& reader() { return *reader_; }

  /// Runs a plan to its end; waits for a worker where it takes one. Throws what the store refuses.
  store::Answer& run(const plan::Plan& plan);

 private:
  void post(std::function<void()> work);
  void take_back_one();

  std::shared_ptr<const server::Publication> publication_;
  std::shared_ptr<store::SqliteWorkers> workers_;
  std::unique_ptr<store::SqliteStore> store_;
  std::unique_ptr<store::SqliteReader> reader_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> posted_;  // guarded by mutex_
  store::Answer kept_;                        // what a worker read
};

/// One request, taken through all stages once, with what each stage made of it. Each function is one stage and may be
/// called again and again. Every one throws where the request is refused: examples are good.
class Example {
 public:
  struct Words {
    std::string target;  ///< `/orders?page=2`
    std::string accept;
    std::string token;
  };
  Example(Site& site, const Words& words);

  http::Head& read_head();
  void agree();
  void authenticate();
  void understand();
  void make_plan();
  store::Answer& run() { return site_.run(plan_); }
  void make_links();
  void render(const store::Answer& answer);
  void write_head();

  [[nodiscard]] const plan::Plan& plan() const { return plan_; }
  [[nodiscard]] const http::Response& response() const { return response_; }
  [[nodiscard]] const http::Request& request() const { return parser_.head().request; }
  [[nodiscard]] const contract::Contract& contract() const { return contract_; }
  [[nodiscard]] const access::Principal& principal() const { return principal_; }

 private:
  Site& site_;
  std::string head_bytes_;
  http::HeadParser parser_;
  contract::Location location_;
  contract::Contract contract_;
  access::Principal principal_;
  operation::Query query_;
  std::optional<operation::Operation> operation_;
  plan::Plan plan_;
  std::string next_;
  http::Response response_;
  std::string written_;
};

}  // namespace portico::bench
