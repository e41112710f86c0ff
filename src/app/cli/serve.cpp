#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/extension_side.hpp"
#include "app/metrics_listener.hpp"
#include "app/secret_source.hpp"
#include "app/store_location.hpp"
#include "contract/negotiate.hpp"
#include "deliver/courier.hpp"
#include "http/server.hpp"
#include "server/body_room.hpp"
#include "server/handle_request.hpp"
#include "store/migrations.hpp"
#include "store/postgres_connection.hpp"
#include "store/postgres_store.hpp"
#include "store/schema.hpp"
#include "store/sqlite_store.hpp"

namespace portico::app {
namespace {

/// Where the request log goes, and its closing.
class LogTarget {
 public:
  explicit LogTarget(const std::string& name) : name_(name), descriptor_(open(name)) {}
  ~LogTarget() {
    if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
  }
  /// After the file was renamed away: what is written from now on goes into a new one of its name. Throws
  /// std::runtime_error.
  void reopen() {
    if (descriptor_ <= STDERR_FILENO) return;
    const int opened = open(name_);
    const int placed = ::dup3(opened, descriptor_, O_CLOEXEC);  // in one step: the log's thread may be writing
    const int reason = errno;
    ::close(opened);
    if (placed < 0) throw std::runtime_error("--log " + name_ + ": " + std::strerror(reason));
  }
  LogTarget(const LogTarget&) = delete;
  LogTarget& operator=(const LogTarget&) = delete;
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  static int open(const std::string& name) {
    if (name == "none") return -1;
    if (name == "-") return STDOUT_FILENO;
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (descriptor < 0) throw std::runtime_error("--log " + name + ": " + std::strerror(errno));
    return descriptor;
  }
  const std::string name_;
  const int descriptor_;
};

/// A reference to all threads of stores ever made, so that neither a loop nor one of them has the last one: they end
/// here, on the main thread.
class Workforce {
 public:
  Workforce() = default;
  ~Workforce() {
    for (const auto& writers : writers_) writers->stop();
    for (const auto& workers : workers_) workers->stop();
  }
  Workforce(const Workforce&) = delete;
  Workforce& operator=(const Workforce&) = delete;

  void add(const store::SqliteThreads& threads) {
    workers_.push_back(threads.workers);
    if (threads.writers != nullptr) writers_.push_back(threads.writers);
  }
  /// Ends those that nobody else holds; nobody can come to hold them again.
  void end_idle() {
    const auto is_idle = [](const auto& threads) { return threads.use_count() == 1; };
    std::erase_if(writers_, is_idle);
    std::erase_if(workers_, is_idle);
  }

 private:
  std::vector<std::shared_ptr<store::SqliteWorkers>> workers_;
  std::vector<std::shared_ptr<store::SqliteWriters>> writers_;
};

/// As many descriptors as the system lets us have; says so where that is fewer than the connections allowed.
void raise_descriptor_limit(std::size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  if (limit.rlim_cur >= connections) return;
  std::cerr << "portico: the system allows " << limit.rlim_cur << " open files, fewer than the " << connections
            << " connections that `connections:` allows on all loops; raise `ulimit -Hn`, or lower it\n";
}

/// How long a server that is just starting is waited for.
constexpr std::chrono::seconds postgres_start_most{10};
constexpr std::chrono::milliseconds between_attempts{200};

/// Whether a server may take later what it refuses now: it starts, restarts, or cannot be reached. What it says of a
/// password, a role or a database stays so.
bool may_pass(const std::string& words) {
  if (words.find("FATAL") == std::string::npos) return words.find("invalid") == std::string::npos;
  constexpr std::array<std::string_view, 4> passing = {"starting up", "shutting down", "recovery", "too many"};
  return std::any_of(passing.begin(), passing.end(),
                     [&](std::string_view each) { return words.find(each) != std::string::npos; });
}

/// Machines that start together have no order: a database that comes up a little later is waited for.
void await_postgres(const StoreLocation& location) {
  const auto* address = std::get_if<store::PostgresAddress>(&location);
  if (address == nullptr) return;
  const auto deadline = std::chrono::steady_clock::now() + postgres_start_most;
  for (;;) {
    try {
      const store::PostgresConnection reached(address->text, store::SessionAccess::ReadOnly);
      return;
    } catch (const store::PostgresError& error) {
      if (!may_pass(error.what()) || std::chrono::steady_clock::now() >= deadline) {
        throw std::runtime_error("--store " + shown_store(address->text) + ": " + error.what());
      }
    }
    std::this_thread::sleep_for(between_attempts);
  }
}

/// What a description becomes before the loops take it over.
struct Edition {
  std::shared_ptr<const model::Api> api;
  std::shared_ptr<const server::Publication> publication;
  std::shared_ptr<const platform::Site> site;  // null: no extensions
  StoreLocation location;
  store::SqliteThreads threads;  // no workers: PostgreSQL
};

/// The server's objects, made in order, and the way a new description reaches the loops.
class Deployment {
 public:
  explicit Deployment(const ServeOptions& options)
      : options_(options),
        log_target_(options.log),
        log_(log_target_.descriptor(), options.metrics.empty() ? nullptr : &traffic_),
        extension_side_(log_),
        edition_(first_edition()),
        server_(server_options(),
                [this](std::size_t, http::LoopHandle loop) { return make_application(std::move(loop)); }) {
    quotas_ = std::make_unique<access::Quotas>(edition_.api->limits.rates_remembered);
    if (!options.metrics.empty())
      metrics_.emplace(options.metrics, edition_.api->limits, [this] { return write_metrics(); });
  }

  void start() {
    raise_descriptor_limit(edition_.api->limits.connections * loop_count());
    extension_side_.take(edition_.site, extension_sources(edition_));
    server_.start();
    deliver(edition_, prepare_courier(edition_));
    if (metrics_) {
      metrics_->start();
      std::cerr << "portico: figures at " << metrics_->address() << '\n';
    }
    if (!options_.port_file.empty()) write_port_file();
  }

  [[nodiscard]] std::string address() const {
    const bool bare_ipv6 = options_.address.find(':') != std::string::npos;
    return (options_.certificate.empty() ? "http://" : "https://") +
           (bare_ipv6 ? "[" + options_.address + "]" : options_.address) + ":" + std::to_string(server_.port());
  }

  /// Reads the description again; requests from now on are answered by it. What cannot be used changes nothing: all
  /// that can fail is done before the first loop hears of it.
  void reload() {
    try {
      Edition edition = make_edition(parse_edition());
      std::vector<MakeStore> stores;
      const MakeStore courier_store = prepare_courier(edition);
      for (const Loop& loop : loops_) stores.push_back(prepare_store(edition, loop.handle));
      extension_side_.take(edition.site, extension_sources(edition));
      for (Loop& loop : loops_) {
        if (loop.usage == nullptr) loop.usage = extension_side_.make_usage_ring();
      }
      for (std::size_t i = 0; i < loops_.size(); ++i) {
        server::UsageRing* const usage = edition.site == nullptr ? nullptr : loops_[i].usage;
        loops_[i].handle.post([service = loops_[i].service, side = loops_[i].extension_side, make = stores[i],
                               publication = edition.publication, site = edition.site, usage] {
          const auto current = service.lock();
          const auto current_side = side.lock();
          if (current == nullptr || current_side == nullptr) return;
          current->store = make();
          current->publication = publication;
          current->usage = usage;
          current_side->take(site);
        });
      }
      deliver(edition, courier_store);
      edition_ = std::move(edition);
      ++loads_used_;
      loaded_ = Clock::now();
      std::cerr << "portico: " << options_.target.description << " read again\n";
    } catch (const std::exception& error) {
      ++loads_refused_;
      std::cerr << "portico: the description stays as it was: " << error.what() << '\n';
    }
    workforce_.end_idle();
  }

  void reopen_log() {
    try {
      log_target_.reopen();
    } catch (const std::exception& error) {
      std::cerr << "portico: the request log stays where it was: " << error.what() << '\n';
    }
  }

  /// Requests and deliveries under way end beside each other.
  void drain() {
    const auto began = std::chrono::steady_clock::now();
    if (courier_ != nullptr) courier_->begin_drain();
    server_.drain();
    const auto taken = std::chrono::steady_clock::now() - began;
    const std::chrono::seconds most = edition_.api->limits.drain_timeout;
    if (courier_ != nullptr) courier_->drain(most - std::min(most, std::chrono::ceil<std::chrono::seconds>(taken)));
    metrics_.reset();  // who watches waits for nothing
  }

 private:
  using Clock = std::chrono::system_clock;

  struct Loop {
    std::weak_ptr<server::Service> service;                 // used on the loop's thread only, and ends there
    std::weak_ptr<ExtensionSide::LoopSide> extension_side;  // the same
    http::LoopHandle handle;
    server::UsageRing* usage = nullptr;  // of the extension side
  };
  /// Makes a loop's store, on that loop's thread; once. Nothing of it can fail but for want of memory.
  using MakeStore = std::function<std::shared_ptr<store::Store>()>;

  /// The description, and the store that fits it.
  [[nodiscard]] Edition parse_edition() const {
    auto api = load_description(options_.target.description);
    require_access(keys_location(*api), *api, "serve " + options_.target.description);
    StoreLocation location = existing_store(options_.target.store, *api);
    return {.api = std::move(api), .publication = {}, .site = {}, .location = std::move(location), .threads = {}};
  }

  [[nodiscard]] Edition first_edition() {
    Edition edition = parse_edition();
    await_postgres(edition.location);
    return make_edition(std::move(edition));
  }

  Edition make_edition(Edition edition) {
    const model::Api& api = *edition.api;
    const plan::SqlFlavor flavor = flavor_of(edition.location);
    store::require_schema(api, schema_target(edition.location));
    edition.publication = std::make_shared<server::Publication>(edition.api, flavor, options_.public_url);
    edition.site = ExtensionSide::prepare(extension_sources(edition));
    const store::DataPlace place = data_place(edition.location);
    if (const auto* files = std::get_if<store::SqliteFiles>(&place)) {
      const store::FunctionRules rules{.time_zone = api.time_zone, .limits = api.limits};
      edition.threads.workers = std::make_shared<store::SqliteWorkers>(*files, rules, loop_count());
      if (store::declares_changes(api))
        edition.threads.writers = std::make_shared<store::SqliteWriters>(*files, rules);
      workforce_.add(edition.threads);
    }
    return edition;
  }

  [[nodiscard]] KeysLocation keys_location(const model::Api& api) const {
    return {.store = options_.target.store, .access = options_.target.access, .schema = api.database.schema};
  }

  [[nodiscard]] ExtensionSide::Sources extension_sources(const Edition& edition) const {
    return {.api = edition.api,
            .keys = keys_location(*edition.api),
            .data = data_place(edition.location),
            .public_url = options_.public_url};
  }

  [[nodiscard]] std::size_t loop_count() const {
    return options_.loops > 0 ? options_.loops : std::max(1U, std::thread::hardware_concurrency());
  }

  [[nodiscard]] http::ServerOptions server_options() const {
    return {.address = options_.address,
            .port = options_.port,
            .loops = loop_count(),
            .certificate_file = options_.certificate,
            .private_key_file = options_.key,
            .limits = edition_.api->limits};
  }

  /// All that can fail is done here, on whatever thread.
  [[nodiscard]] MakeStore prepare_store(const Edition& edition, const http::LoopHandle& loop) const {
    const KeysLocation keys = keys_location(*edition.api);
    if (edition.threads.workers != nullptr) {
      auto made =
          std::make_shared<store::SqliteStore>(edition.threads, open_keys(keys, WhenMissing::Fail), loop.post);
      return [made] { return made; };
    }
    // Without --access the keys are in the database itself, and the store asks for them there.
    auto apart = std::make_shared<std::unique_ptr<store::KeyRegistry>>();
    if (!keys.access.empty()) *apart = open_keys(keys, WhenMissing::Fail);
    return [&io = loop.io, apart, api = edition.api, address = std::get<store::PostgresAddress>(edition.location)] {
      return std::make_shared<store::PostgresStore>(io, store::PostgresOptions{.address = address.text, .api = api},
                                                    std::move(*apart));
    };
  }

  /// The courier's store, where there is anything to deliver: all that can fail. Else nothing.
  MakeStore prepare_courier(const Edition& edition) {
    if (courier_ == nullptr && !edition.api->has_webhooks()) return {};
    if (courier_ == nullptr) {
      const auto secrets = std::make_shared<SecretSource>(keys_location(*edition.api));
      courier_ = std::make_unique<deliver::Courier>(deliver::CourierOptions{
          .secret_of = [secrets](const std::string& account) { return secrets->secret_of(account); },
          .report = [this](const deliver::TryReport& report) { log_delivery(report); },
          .authorities_file = options_.webhook_authorities});
      courier_to_wake_ = courier_.get();
    }
    return prepare_store(edition, courier_->loop());
  }

  void deliver(const Edition& edition, const MakeStore& make_store) {
    if (!make_store) return;
    std::string header_prefix = contract::media_type_header(*edition.api);
    header_prefix.resize(header_prefix.size() - std::string_view("Media-Type").size());
    courier_->take({.api = edition.api,
                    .planner = {edition.publication, &edition.publication->planner()},
                    .header_prefix = header_prefix,
                    .make_store = make_store});
  }

  void log_delivery(const deliver::TryReport& report) {
    log_.add(server::DeliveryEntry{.message_id = report.id,
                                   .resource = report.resource,
                                   .webhook = report.webhook,
                                   .account = report.account,
                                   .mode = model::name_of(report.mode),
                                   .host = report.host,
                                   .tries = report.tries,
                                   .status = report.status,
                                   .took = report.took,
                                   .result = report.result,
                                   .failure = report.failure});
  }

  /// On the thread of the metrics' listener.
  [[nodiscard]] std::string write_metrics() const {
    server::ProcessFigures figures{.version = options_.version,
                                   .connections = server_.connections(),
                                   .loads_used = loads_used_,
                                   .loads_refused = loads_refused_,
                                   .loaded = loaded_,
                                   .started = started_};
    read_process(figures);
    return server::write_metrics(traffic_.totals(), figures);
  }

  void wake_courier() {
    if (deliver::Courier* const courier = courier_to_wake_) courier->wake();
  }

  http::Application make_application(http::LoopHandle loop) {
    server::UsageRing* const usage = extension_side_.make_usage_ring();
    auto service = std::make_shared<server::Service>(server::Service{.publication = edition_.publication,
                                                                     .store = prepare_store(edition_, loop)(),
                                                                     .log = &log_,
                                                                     .messages_written = [this] { wake_courier(); },
                                                                     .usage = usage,
                                                                     .quotas = quotas_.get()});
    auto side = extension_side_.make_loop_side(loop.post);
    side->take(edition_.site);
    {
      const std::lock_guard lock(mutex_);
      loops_.push_back({service, side, std::move(loop), usage});
    }
    return {.handle =
                [service, side](http::Exchange& exchange) {
                  if (side->owns(exchange.request())) return side->answer(exchange);
                  server::handle_request(*service, exchange);
                },
            .refuse =
                [service, side](http::Exchange& exchange, const base::Error& error) {
                  if (side->owns(exchange.request())) return side->refuse(exchange, error);
                  server::refuse_request(*service, exchange, error);
                },
            .body_bytes_max =
                [service, side](const http::Request& request) {
                  if (side->owns(request)) return side->body_bytes_max(request);
                  return server::body_bytes_max(service->publication->api(), request);
                },
            .cut =
                [this](const http::Exchange& exchange, std::string_view why) {
                  log_.add(server::CutEntry{
                      .request_id = exchange.request_id(), .peer = exchange.request().peer_address, .why = why});
                }};
  }

  /// Beside it first and then renamed, so that who waits for the file finds it whole.
  void write_port_file() const {
    const std::string beside = options_.port_file + ".new";
    {
      std::ofstream file(beside);
      file << server_.port() << '\n';
      if (!file.flush()) throw std::runtime_error("--port-file " + options_.port_file + ": cannot be written");
    }
    std::filesystem::rename(beside, options_.port_file);
  }

  const ServeOptions& options_;
  const Clock::time_point started_ = Clock::now();
  std::atomic<std::uint64_t> loads_used_ = 1;
  std::atomic<std::uint64_t> loads_refused_ = 0;
  std::atomic<Clock::time_point> loaded_ = started_;
  LogTarget log_target_;
  server::Traffic traffic_;
  server::RequestLog log_;
  std::unique_ptr<access::Quotas> quotas_;     // outlives all requests; what keys have used stays when SIGHUP comes
  ExtensionSide extension_side_;               // the loops' requests end before its threads
  Workforce workforce_;                        // ends when no loop is left, and what queries still hold with it
  Edition edition_;                            // what the loops start with; then the main thread's alone
  std::unique_ptr<deliver::Courier> courier_;  // null: nothing was ever to be delivered
  std::atomic<deliver::Courier*> courier_to_wake_ = nullptr;  // the same, for the loops
  std::mutex mutex_;
  std::vector<Loop> loops_;  // guarded by mutex_ while they start; then the main thread's alone
  http::Server server_;
  std::optional<MetricsListener> metrics_;  // nothing: nobody watches
};

sigset_t handled_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

}  // namespace

ExitCode serve(const ServeOptions& options) {
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals,
                  nullptr);  // before any thread is made: all inherit it, this one waits for them
  std::signal(SIGPIPE, SIG_IGN);
  Deployment deployment(options);
  deployment.start();
  std::cerr << "portico: serving " << options.target.description << " at " << deployment.address()
            << " (SIGTERM ends it, SIGHUP reads the description again)\n";
  for (int signal = 0;;) {
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) break;
    deployment.reopen_log();
    deployment.reload();
  }
  deployment.drain();
  std::cerr << "portico: ended\n";
  return ExitCode::Done;
}

}  // namespace portico::app
