#include "store/sqlite_log_state.hpp"

#include <atomic>

#include <sqlite3.h>

namespace portico::store {
namespace {

/// The index of a log is shared in pieces of so many bytes, the first of which begins with the header, twice.
constexpr int piece_bytes = 32'768;

}  // namespace

std::optional<LogState> LogState::look(const SqliteConnection& connection) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
      file == nullptr || file->pMethods == nullptr || file->pMethods->iVersion < 2) {
    return std::nullopt;
  }
  void volatile* piece = nullptr;
  if (file->pMethods->xShmMap(file, 0, piece_bytes, 0, &piece) != SQLITE_OK || piece == nullptr) return std::nullopt;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): whoever commits writes it meanwhile; each word is read
  // once
  auto* const words = static_cast<std::uint64_t*>(const_cast<void*>(piece));
  // The second copy is written first: where both are alike, neither is half-written.
  LogState state;
  std::array<std::uint64_t, 6> second = {};
  for (std::size_t at = 0; at < state.header_.size(); ++at) {
    state.header_.at(at) = std::atomic_ref(words[at]).load(std::memory_order_acquire);
  }
  for (std::size_t at = 0; at < second.size(); ++at) {
    second.at(at) = std::atomic_ref(words[state.header_.size() + at]).load(std::memory_order_acquire);
  }
  if (state.header_ != second) return std::nullopt;
  return state;
}

bool is_in_wal_mode(SqliteConnection& connection) {
  SqliteStatement mode(connection, "PRAGMA journal_mode");
  return mode.step() && mode.cell(0).text == "wal";
}

}  // namespace portico::store
