#pragma once

#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
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
  void add_copy(const base::Cell& cell);                        ///< of whatever kind; a text is copied

  /// The next cell, null, to be filled in its place; valid until the next is added.
  [[nodiscard]] base::Cell& add_cell() { return cells_.emplace_back(); }
  /// A whole row at once: columns() cells, null, to be filled before the next is added. Texts by keep().
  [[nodiscard]] std::span<base::Cell> add_row() {
    cells_.resize(cells_.size() + columns_);
    return {cells_.data() + cells_.size() - columns_, columns_};
  }
  /// Makes room for so many rows at once.
  void expect(std::size_t rows) { cells_.reserve(rows * columns_); }
  /// Cells point at texts of `owner` without a copy: it lives until clear(), or as long as the rows.
  void hold(std::shared_ptr<const void> owner) { held_ = std::move(owner); }

  /// A copy of `text` that lives as long as the rows.
  [[nodiscard]] std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* const bytes = room(text.size());
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

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
  char* room(std::size_t bytes) {
    if (block_ < blocks_.size() && blocks_[block_].size - blocks_[block_].used >= bytes) {
      Block& block = blocks_[block_];
      char* const place = block.bytes.get() + block.used;
      block.used += bytes;
      return place;
    }
    return room_further(bytes);
  }
  char* room_further(std::size_t bytes);

  std::size_t columns_ = 0;
  std::vector<base::Cell> cells_;
  std::shared_ptr<const void> held_;
  std::vector<Block> blocks_;  // text never moves once written: cells point into it
  std::size_t block_ = 0;      // the one being filled
};

}  // namespace portico::store
