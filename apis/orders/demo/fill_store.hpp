#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "generate.hpp"
#include "model/api.hpp"
#include "progress.hpp"
#include "store/bulk_loader.hpp"

namespace portico::demo {

inline constexpr std::array<model::Mode, 2> modes = {model::Mode::Production, model::Mode::Sandbox};

/// The databases of a store directory while they are being made. Both appear in finish(), or neither is left behind.
class StoreFiller {
 public:
  /// Makes the directory where it is missing. Throws std::runtime_error where a database is there already.
  StoreFiller(const model::Api& api, const std::filesystem::path& directory, Talk talk);

  /// Generates on a thread of its own while this one stores.
  void generate_into(const Volume& volume);
  /// The rows of a file, see load_rows.hpp.
  void load_into(const std::filesystem::path& rows_file);
  /// Builds the indexes and puts the files in place.
  void finish();

  [[nodiscard]] std::uint64_t rows(model::Mode mode) const { return rows_[static_cast<std::size_t>(mode)]; }

 private:
  [[nodiscard]] store::BulkLoader& loader(model::Mode mode) { return *loaders_[static_cast<std::size_t>(mode)]; }
  [[nodiscard]] std::uint64_t& row_count(model::Mode mode) { return rows_[static_cast<std::size_t>(mode)]; }

  const model::Api& api_;
  Talk talk_;
  std::array<std::unique_ptr<store::BulkLoader>, modes.size()> loaders_;
  std::array<std::uint64_t, modes.size()> rows_{};
};

}  // namespace portico::demo
