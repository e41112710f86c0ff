#pragma once

#include <memory>
#include <string>

#include "store/bulk_loader.hpp"

namespace portico::store {

/// Fills the schemas of a PostgreSQL database with COPY, in one transaction: nobody sees anything of it before its
/// end.
class PostgresLoader final : public BulkLoader {
 public:
  /// Makes the schemas where they are missing, and their tables. Throws PostgresError, or std::runtime_error where
  /// one of the tables is there.
  PostgresLoader(const model::Api& api, const std::string& address);
  ~PostgresLoader() override;

  void add(const LoadRow& row) override;
  void finish(const Progress& progress) override;
  [[nodiscard]] Made made(model::Mode mode) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace portico::store
