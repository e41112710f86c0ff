#pragma once

#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <pwd.h>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace portico::support {

/// A PostgreSQL 15 of the test's own, in a temporary folder, on a unix socket and a port of 127.0.0.1 that was free.
/// Runs as the user `postgres` where the test runs as root. Throws std::runtime_error where it cannot be had: a test
/// without it fails.
class PostgresServer {
 public:
  /// The program's one, started when it is first asked for.
  static PostgresServer& shared() {
    static PostgresServer server;
    return server;
  }

  PostgresServer() : folder_(make_folder()), port_(free_port()) {
    give_away(folder_);
    run(tool("initdb") + " -D " + data() + " -U portico -A trust -E UTF8 --locale=C --no-sync", "initdb.log");
    settle(data());
    start();
  }

  /// A second server with the data that `first` has, which is stopped meanwhile; a standby that hears of no primary.
  enum class Standby { OfStopped };
  PostgresServer(PostgresServer& first, Standby /*kind*/) : folder_(make_folder()), port_(free_port()) {
    give_away(folder_);
    first.stop();
    run("cp -a " + first.data() + " " + data(), "copy.log");
    std::ofstream(data() + "/standby.signal").close();
    give_away(data() + "/standby.signal");
    settle(data());
    first.start();
    start();
  }

  ~PostgresServer() {
    try {
      resume();
      stop("immediate");
    } catch (const std::exception&) {  // it was stopped already
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  void start() {
    run(tool("pg_ctl") + " -D " + data() + " -w -t 60 -l " + folder_ + "/server.log start", "start.log");
  }
  void stop(const std::string& mode = "fast") {
    run(tool("pg_ctl") + " -D " + data() + " -w -t 60 -m " + mode + " stop", "stop.log");
  }
  void restart(const std::string& mode = "fast") {
    stop(mode);
    start();
  }

  /// All its processes stop where they are, or go on.
  void suspend() { signal_all(SIGSTOP); }
  void resume() { signal_all(SIGCONT); }

  /// Over its unix socket.
  [[nodiscard]] std::string address(const std::string& database = "postgres") const {
    return "postgresql://portico@/" + database + "?host=" + folder_ + "&port=" + std::to_string(port_);
  }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string data() const { return folder_ + "/data"; }

  /// A certificate for `localhost`, and TLS from the next start on.
  void use_tls() {
    run("openssl req -new -x509 -days 2 -nodes -subj /CN=localhost -keyout " + data() + "/server.key -out " + data() +
            "/server.crt",
        "tls.log");
    std::ofstream(data() + "/postgresql.auto.conf", std::ios::app) << "ssl = on\n";
  }

 private:
  static std::string make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "portico-postgres-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder can be made");
    return pattern;
  }

  /// Below the range of the ports that connections take, so that none takes it before the server does.
  static int free_port() {
    std::random_device random;
    std::uniform_int_distribution<int> ports(10000, 32767);
    for (int attempt = 0; attempt < 1000; ++attempt) {
      const int port = ports(random);
      const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      address.sin_port = htons(static_cast<std::uint16_t>(port));
      const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
      ::close(socket);
      if (bound) return port;
    }
    throw std::runtime_error("no port is free");
  }

  /// PostgreSQL refuses to run as root.
  static void give_away(const std::string& path) {
    if (::geteuid() != 0) return;
    const passwd* const user = ::getpwnam("postgres");
    if (user == nullptr) throw std::runtime_error("there is no user postgres: install Debian's postgresql-15");
    if (::chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("cannot chown " + path);
  }

  static std::string tool(const std::string& name) { return "/usr/lib/postgresql/15/bin/" + name; }

  void settle(const std::string& data) const {
    std::ofstream settings(data + "/postgresql.auto.conf", std::ios::trunc);
    settings << "listen_addresses = '127.0.0.1'\nport = " << port_ << "\nunix_socket_directories = '" << folder_
             << "'\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"
             << "max_connections = 60\nshared_buffers = 16MB\n";
  }

  void run(const std::string& command, const std::string& log) const {
    const std::string as_user =
        ::geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups env HOME=" + folder_ + " " : "";
    const std::string whole = "cd " + folder_ + " && " + as_user + command + " >" + folder_ + "/" + log + " 2>&1";
    if (std::system(whole.c_str()) == 0) return;
    std::ifstream file(folder_ + "/" + log);
    const std::string said((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    throw std::runtime_error(command + " failed: " + said);
  }

  /// The postmaster and its children.
  [[nodiscard]] std::vector<pid_t> processes() const {
    std::ifstream file(data() + "/postmaster.pid");
    pid_t first = 0;
    if (!(file >> first)) return {};
    std::vector<pid_t> all = {first};
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename().string();
      if (std::isdigit(static_cast<unsigned char>(name.front())) == 0) continue;
      std::ifstream stat(entry.path() / "stat");
      std::string line;
      if (!std::getline(stat, line)) continue;
      std::istringstream rest(line.substr(line.rfind(')') + 1));
      std::string state;
      pid_t parent = 0;
      if (rest >> state >> parent && parent == first) all.push_back(std::stoi(name));
    }
    return all;
  }

  /// Again until there is no process that was not there before: one that was just started must not be missed.
  void signal_all(int signal) const {
    std::vector<pid_t> before;
    for (auto now = processes(); now != before; now = processes()) {
      for (const pid_t process : now) ::kill(process, signal);
      before = std::move(now);
    }
  }

  const std::string folder_;
  const int port_;
};

}  // namespace portico::support
