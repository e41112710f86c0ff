#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "app/cli/progress.hpp"
#include "generate.hpp"
#include "model/api.hpp"
#include "store/bulk_loader.hpp"

namespace portico::demo {

inline constexpr std::array<model::Mode, 2> modes = {model::Mode::Production, model::Mode::Sandbox};

/// Production and sandbox while they are being made. Both appear in finish(), or neither is left behind.
class StoreFiller {
 public:
  /// Throws std::runtime_error where there are tables already. `api` must live as long.
  StoreFiller(const model::Api& api, const store::SchemaTarget& target, app::Talk talk);

  /// Generates on a thread of its own while this one stores.
  void generate_into(const Volume& volume);
  /// The rows of a file, see load_rows.hpp.
  void load_into(const std::filesystem::path& rows_file);
  /// Builds the indexes and puts all in place.
  void finish();

  /// What was made, after finish().
  [[nodiscard]] store::BulkLoader::Made made(model::Mode mode) { return loader_->made(mode); }
  [[nodiscard]] std::uint64_t rows(model::Mode mode) const { return rows_[static_cast<std::size_t>(mode)]; }

 private:
  [[nodiscard]] std::uint64_t& row_count(model::Mode mode) { return rows_[static_cast<std::size_t>(mode)]; }

  const model::Api& api_;
  app::Talk talk_;
  std::unique_ptr<store::BulkLoader> loader_;
  std::array<std::uint64_t, modes.size()> rows_{};
};

}  // namespace portico::demo
