#include "store/rows.hpp"

#include <algorithm>

namespace portico::store {

namespace {

// The first block is for what a change is given, one row; those that follow for pages of 25 rows with their text.
// Larger texts get a block of their own.
constexpr std::size_t first_block_bytes = std::size_t{4} * 1024;
constexpr std::size_t block_bytes = std::size_t{64} * 1024;

// What is kept between answers: one answer of unusual size must not hold its room for ever.
constexpr std::size_t kept_bytes = std::size_t{1024} * 1024;

}  // namespace

void Rows::clear(std::size_t columns) {
  columns_ = columns;
  cells_.clear();
  held_.reset();
  block_ = 0;
  std::size_t kept = 0;
  std::erase_if(blocks_, [&kept](const Block& block) {
    if (kept + block.size > kept_bytes) return true;
    kept += block.size;
    return false;
  });
  for (Block& block : blocks_) block.used = 0;
}

void Rows::add_copy(const base::Cell& cell) {
  if (cell.kind == base::Cell::Kind::Text) return add_text(cell.text);
  add(cell);
}

void Rows::add_text(std::string_view text) {
  cells_.push_back({.kind = base::Cell::Kind::Text, .text = keep(text)});
}

char* Rows::room_further(std::size_t bytes) {
  while (block_ < blocks_.size()) {
    Block& block = blocks_[block_];
    if (block.size - block.used >= bytes) {
      char* place = block.bytes.get() + block.used;
      block.used += bytes;
      return place;
    }
    ++block_;
  }
  const std::size_t size = std::max(blocks_.empty() ? first_block_bytes : block_bytes, bytes);
  blocks_.push_back({.bytes = std::make_unique_for_overwrite<char[]>(size), .size = size, .used = bytes});
  block_ = blocks_.size() - 1;
  return blocks_.back().bytes.get();
}

}  // namespace portico::store
