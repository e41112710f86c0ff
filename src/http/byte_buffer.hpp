#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace portico::http {

/// Bytes that came and were not used yet, with room behind them. Unlike a string it never fills room it is about to
/// read into, and it takes bytes off its front without moving the rest.
class ByteBuffer {
 public:
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  /// How many bytes fit behind the front without moving it.
  [[nodiscard]] std::size_t reach() const noexcept { return capacity_ - begin_; }
  [[nodiscard]] std::span<char> room() noexcept { return {bytes_.get() + end_, capacity_ - end_}; }

  void commit(std::size_t count) noexcept { end_ += count; }
  void take(std::size_t count) noexcept {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  /// Keeps the first `count` bytes only.
  void truncate(std::size_t count) noexcept { end_ = begin_ + count; }
  void clear() noexcept { begin_ = end_ = 0; }

  /// Room for at least `count` more bytes; views into the buffer die. Grows to the double, as long as that is not
  /// over `capacity_max` or what is needed.
  void make_room(std::size_t count, std::size_t capacity_max) {
    if (capacity_ - end_ >= count) return;
    const std::size_t needed = size() + count;
    if (needed > capacity_) {
      move_to(std::max(needed, std::min(capacity_ * 2, capacity_max)));
    } else {
      std::memmove(bytes_.get(), bytes_.get() + begin_, size());
      end_ -= begin_;
      begin_ = 0;
    }
  }

  void append(std::string_view text, std::size_t capacity_max) {
    if (text.empty()) return;
    make_room(text.size(), capacity_max);
    std::memcpy(bytes_.get() + end_, text.data(), text.size());
    end_ += text.size();
  }

  /// An empty buffer of another size; 0 gives all room back.
  void reset(std::size_t capacity) {
    if (capacity != capacity_) bytes_ = capacity == 0 ? nullptr : std::make_unique_for_overwrite<char[]>(capacity);
    capacity_ = capacity;
    clear();
  }

 private:
  void move_to(std::size_t capacity) {
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (!empty()) std::memcpy(bytes.get(), bytes_.get() + begin_, size());
    bytes_ = std::move(bytes);
    capacity_ = capacity;
    end_ -= begin_;
    begin_ = 0;
  }

  std::unique_ptr<char[]> bytes_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace portico::http
