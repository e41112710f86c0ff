#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/store_location.hpp"
#include "http/server.hpp"
#include "server/handle_request.hpp"
#include "store/migrations.hpp"
#include "store/sqlite_store.hpp"

namespace portico::app {
namespace {

/// Where the request log goes, and its closing.
class LogTarget {
 public:
  explicit LogTarget(const std::string& name) : descriptor_(open(name)) {}
  ~LogTarget() {
    if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
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
  int descriptor_;
};

/// What a description becomes before the loops take it over.
struct Edition {
  std::shared_ptr<const server::Publication> publication;
  std::shared_ptr<store::SqliteWorkers> workers;
};

/// The server's objects, made in order, and the way a new description reaches the loops.
class Deployment {
 public:
  explicit Deployment(const ServeOptions& options)
      : options_(options),
        directory_(existing_store(options.target.store)),
        log_target_(options.log),
        log_(log_target_.descriptor()),
        edition_(make_edition()),
        server_(server_options(),
                [this](std::size_t, http::Post post) { return make_application(std::move(post)); }) {}

  void start() {
    server_.start();
    if (!options_.port_file.empty()) write_port_file();
  }

  [[nodiscard]] std::string address() const {
    const bool bare_ipv6 = options_.address.find(':') != std::string::npos;
    return (options_.certificate.empty() ? "http://" : "https://") +
           (bare_ipv6 ? "[" + options_.address + "]" : options_.address) + ":" + std::to_string(server_.port());
  }

  /// Reads the description again; requests from now on are answered by it. What cannot be used changes nothing.
  void reload() {
    try {
      Edition edition = make_edition();
      const std::lock_guard lock(mutex_);
      edition_ = std::move(edition);
      for (const Loop& loop : loops_) {
        loop.post([this, service = loop.service, post = loop.post] { *service = make_service(post); });
      }
      std::cerr << "portico: " << options_.target.description << " read again\n";
    } catch (const std::exception& error) {
      std::cerr << "portico: the description stays as it was: " << error.what() << '\n';
    }
  }

  void drain() { server_.drain(); }

 private:
  struct Loop {
    std::shared_ptr<server::Service> service;  // used on the loop's thread only
    http::Post post;
  };

  Edition make_edition() const {
    auto api = load_description(options_.target.description);
    store::require_schema(*api, directory_);
    const store::FunctionRules rules{.time_zone = api->time_zone, .limits = api->limits};
    return {.publication = std::make_shared<server::Publication>(api, options_.public_url),
            .workers = std::make_shared<store::SqliteWorkers>(directory_, rules, loop_count())};
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
            .limits = edition_.publication->api().limits};
  }

  server::Service make_service(const http::Post& post) {
    Edition edition;
    {
      const std::lock_guard lock(mutex_);
      edition = edition_;
    }
    return {.publication = edition.publication,
            .store = std::make_shared<store::SqliteStore>(directory_, edition.workers, post),
            .log = &log_};
  }

  http::Application make_application(http::Post post) {
    auto service = std::make_shared<server::Service>(make_service(post));
    {
      const std::lock_guard lock(mutex_);
      loops_.push_back({service, std::move(post)});
    }
    return {.handle = [service](http::Exchange& exchange) { server::handle_request(*service, exchange); },
            .refuse = [service](http::Exchange& exchange,
                                const base::Error& error) { server::refuse_request(*service, exchange, error); },
            .answered = {}};
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
  const std::filesystem::path directory_;
  LogTarget log_target_;
  server::RequestLog log_;
  std::mutex mutex_;
  Edition edition_;          // guarded by mutex_ once the loops run
  std::vector<Loop> loops_;  // guarded by mutex_
  http::Server server_;
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
    deployment.reload();
  }
  deployment.drain();
  std::cerr << "portico: ended\n";
  return ExitCode::Done;
}

}  // namespace portico::app
