#pragma once

#include <filesystem>
#include <memory>

#include "store/own_tables.hpp"

namespace portico::store {

/// The tables of ours in a directory's `access.db`, which is made (mode 600) where it is missing. Where another file
/// takes its place, the next transaction, or statement outside one, is about that.
class SqliteOwnTables final : public OwnTables {
 public:
  /// Throws SqliteError, or std::runtime_error where the file cannot be made.
  explicit SqliteOwnTables(const std::filesystem::path& directory);
  ~SqliteOwnTables() override;

  OwnAnswer run(std::string_view sql, std::span<const OwnValue> binds) override;
  void begin() override;
  void commit() override;
  void roll_back() noexcept override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace portico::store
