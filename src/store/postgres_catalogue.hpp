#pragma once

#include <string>
#include <vector>

#include "store/postgres_connection.hpp"
#include "store/present_schema.hpp"

namespace portico::store {

/// What one schema of a PostgreSQL database holds.
class PostgresCatalogue final : public Catalogue {
 public:
  /// `connection` must outlive the catalogue.
  PostgresCatalogue(PostgresConnection& connection, std::string schema)
      : connection_(connection), schema_(std::move(schema)) {}

  [[nodiscard]] PresentSchema read() override;
  [[nodiscard]] bool has_rows(const std::string& table) override;
  [[nodiscard]] std::int64_t nulls(const Columns& columns) override;
  [[nodiscard]] std::int64_t duplicates(const Columns& columns) override;
  /// None: its dates have a type, and making them of texts stops at what is none.
  [[nodiscard]] Strays no_dates(const std::string& /*table*/, const PresentColumn& /*column*/) override { return {}; }

 private:
  void read_columns(PresentSchema& schema);
  void read_indexes(PresentSchema& schema);
  [[nodiscard]] std::int64_t number(const std::string& sql);

  PostgresConnection& connection_;
  const std::string schema_;
};

}  // namespace portico::store
