#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace portico::server {

/// What was answered since the start, counted: what `--metrics` shows. Thread-safe; a thread counts in a part that it
/// shares with few others or none, so that loops do not wait for each other.
class Traffic {
 public:
  /// Upper bounds of the classes of how long answers took; one more class has none.
  static constexpr std::array<std::chrono::microseconds, 14> bounds{
      std::chrono::microseconds(500), std::chrono::milliseconds(1),   std::chrono::microseconds(2'500),
      std::chrono::milliseconds(5),   std::chrono::milliseconds(10),  std::chrono::milliseconds(25),
      std::chrono::milliseconds(50),  std::chrono::milliseconds(100), std::chrono::milliseconds(250),
      std::chrono::milliseconds(500), std::chrono::seconds(1),        std::chrono::milliseconds(2'500),
      std::chrono::seconds(5),        std::chrono::seconds(10)};

  /// Answers to requests of one contract and method.
  struct Answers {
    std::map<int, std::uint64_t> by_status = {};
    std::array<std::uint64_t, bounds.size() + 1> by_time = {};  ///< each answer in one class alone
    std::chrono::microseconds time{0};                          ///< of all of them
    std::uint64_t body_bytes = 0;
  };
  /// Tries to deliver messages that ended in the same way.
  struct Tries {
    std::uint64_t count = 0;
    std::chrono::microseconds time{0};
  };
  /// Contract and method: `aplazame.v4`, `GET`. Methods that HTTP does not define are `other`, for clients choose
  /// them.
  using Name = std::pair<std::string, std::string>;
  using NameView = std::pair<std::string_view, std::string_view>;
  struct NameOrder {
    using is_transparent = void;
    bool operator()(const NameView& a, const NameView& b) const { return a < b; }
  };
  struct Totals {
    std::map<Name, Answers, NameOrder> answers = {};
    std::map<std::string, Tries, std::less<>> tries = {};  ///< by result
    std::uint64_t cut = 0;                                 ///< answers that their clients did not get whole
    std::uint64_t lines_dropped = 0;                       ///< of the request log
  };

  void add_answer(std::string_view contract, std::string_view method, int status, std::size_t body_bytes,
                  std::chrono::microseconds took);
  void add_try(std::string_view result, std::chrono::microseconds took);
  void add_cut();
  void add_line_dropped();

  /// Of one moment for each thread, not for all of them together.
  [[nodiscard]] Totals totals() const;

 private:
  struct alignas(64) Part {
    std::mutex mutex = {};
    Totals totals = {};  // guarded by mutex
  };
  static constexpr std::size_t part_count = 32;

  [[nodiscard]] Part& part_of_thread();

  mutable std::array<Part, part_count> parts_ = {};
};

}  // namespace portico::server
