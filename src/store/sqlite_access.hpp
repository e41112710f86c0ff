#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/api.hpp"
#include "store/key_registry.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {

/// Where the data are.
struct SqliteFiles {
  std::filesystem::path production;
  std::filesystem::path sandbox;  ///< empty: there is none
};

/// The files inside a store's directory.
[[nodiscard]] SqliteFiles files_in(const std::filesystem::path& directory);
[[nodiscard]] std::filesystem::path database_file(const std::filesystem::path& directory, model::Mode mode);
[[nodiscard]] std::filesystem::path access_file(const std::filesystem::path& directory);

/// The keys in a directory's `access.db`. Creates the file (mode 600) where it is missing, and gives a table of an
/// earlier day what it lacks. Where another file takes
/// its place, reads from it; one that is gone is not made anew. Throws SqliteError, or std::runtime_error where the
/// file cannot be made.
class SqliteKeyRegistry final : public KeyRegistry {
 public:
  explicit SqliteKeyRegistry(const std::filesystem::path& directory);
  ~SqliteKeyRegistry() override;

  [[nodiscard]] base::Status reachable() const override {
    return file_health(file_, "The file of the keys cannot be reached.");
  }
  void add(const access::NewKey& key) override;
  [[nodiscard]] std::optional<access::KeyRecord> find(std::string_view id) const override;
  [[nodiscard]] std::optional<access::Grant> find_grant(std::string_view id) const override;
  [[nodiscard]] std::optional<std::string> find_public(const PublicKeyQuery& query) const override;
  [[nodiscard]] std::vector<access::KeyRecord> list() const override;
  bool revoke(std::string_view id, base::Microseconds when) override;
  bool replace(std::string_view id, const access::NewKey& by) override;
  bool add_token(const access::KeyRecord& token) override;
  [[nodiscard]] access::MaintenanceState maintenance() const override;
  void set_maintenance(access::KeyModes modes, const std::optional<access::Maintenance>& maintenance) override;

 private:
  class Impl;
  const std::filesystem::path file_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace portico::store
