#pragma once

#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/value.hpp"

namespace portico::store {

/// Rows as read, cell by cell. Owns the text. Moves; its room is reused after clear().
class Rows {
 public:
  /// Forgets all rows; each row from now on has `columns` cells.
  void clear(std::size_t columns);

  void add(const base::Cell& cell) { cells_.push_back(cell); }  ///< a cell without text
  void add_text(std::string_view text);                         ///< copies

  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
  [[nodiscard]] std::size_t size() const noexcept { return columns_ == 0 ? 0 : cells_.size() / columns_; }
  [[nodiscard]] std::span<const base::Cell> row(std::size_t index) const {
    return {cells_.data() + index * columns_, columns_};
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t used = 0;
  };
  char* room(std::size_t bytes);

  std::size_t columns_ = 0;
  std::vector<base::Cell> cells_;
  std::vector<Block> blocks_;  // text never moves once written: cells point into it
  std::size_t block_ = 0;      // the one being filled
};

}  // namespace portico::store
