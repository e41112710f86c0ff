#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace portico::app {

enum class Talk : std::uint8_t {
  Quiet,
  Lines,  ///< a plain line every few seconds: for logs
  Bar,    ///< one line that is written over: for terminals
};

/// Quiet if asked for, else as standard error is a terminal or not.
enum class Wish : std::uint8_t { Usual, Quiet };
[[nodiscard]] Talk talk_for(Wish wish);

/// How far long work has come, on standard error.
class Progress {
 public:
  /// `all` steps of `what` ("rows") under a heading ("production").
  struct Work {
    std::string heading;
    std::string what;
    std::uint64_t all = 0;  ///< 0: not known before
  };
  Progress(Talk talk, Work work);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::uint64_t done);

 private:
  void show();
  Talk talk_;
  Work work_;
  std::uint64_t done_ = 0;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point shown_;
};

/// 1234567 as `1,234,567`.
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace portico::app
