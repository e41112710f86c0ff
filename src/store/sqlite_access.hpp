#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/key.hpp"
#include "model/api.hpp"

namespace portico::store {

/// The file names inside a store's directory.
[[nodiscard]] std::filesystem::path database_file(const std::filesystem::path& directory, model::Mode mode);
[[nodiscard]] std::filesystem::path access_file(const std::filesystem::path& directory);

/// The keys of a store directory, for the commands that manage them; a running server sees each change at its next
/// request. Creates the file (mode 600) where it is missing. Throws std::runtime_error where it cannot be used.
class KeyRegistry {
 public:
  explicit KeyRegistry(const std::filesystem::path& directory);
  ~KeyRegistry();
  KeyRegistry(const KeyRegistry&) = delete;
  KeyRegistry& operator=(const KeyRegistry&) = delete;

  void add(const access::KeyRecord& record);
  [[nodiscard]] std::optional<access::KeyRecord> find(std::string_view id) const;
  [[nodiscard]] std::vector<access::KeyRecord> list() const;  ///< all, revoked ones too, oldest first
  /// Whether the key was there and not yet revoked; durable when it returns.
  bool revoke(std::string_view id, base::Microseconds when);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace portico::store
