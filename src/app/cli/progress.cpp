#include "app/cli/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace portico::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds bar_every{100};
constexpr std::chrono::seconds line_every{3};
constexpr std::size_t bar_width = 30;

std::string drawn_bar(double part) {
  std::string bar;
  const auto full = static_cast<std::size_t>(part * static_cast<double>(bar_width));
  for (std::size_t place = 0; place < bar_width; ++place) bar += place < full ? "█" : "░";
  return bar;
}

}  // namespace

Talk talk_for(Wish wish) {
  if (wish == Wish::Quiet) return Talk::Quiet;
  return ::isatty(STDERR_FILENO) == 1 ? Talk::Bar : Talk::Lines;
}

Progress::Progress(Talk talk, Work work)
    : talk_(talk), work_(std::move(work)), begun_(Clock::now()), shown_(begun_) {}

Progress::~Progress() {
  if (talk_ == Talk::Quiet) return;
  show();
  if (talk_ == Talk::Bar) std::fputc('\n', stderr);
}

void Progress::at(std::uint64_t done) {
  done_ = done;
  if (talk_ == Talk::Quiet) return;
  const auto now = Clock::now();
  if (now - shown_ < (talk_ == Talk::Bar ? Clock::duration(bar_every) : Clock::duration(line_every))) return;
  shown_ = now;
  show();
}

void Progress::show() {
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(done_) / std::max(seconds, 1e-3));
  const double part = work_.all == 0 ? 0 : static_cast<double>(done_) / static_cast<double>(work_.all);
  std::string line = work_.heading + ": ";
  if (talk_ == Talk::Bar && work_.all > 0) line += drawn_bar(std::min(part, 1.0)) + " ";
  line += grouped(done_);
  if (work_.all > 0) line += " of " + grouped(work_.all);
  line += " " + work_.what;
  if (rate > 20) line += ", " + grouped(rate) + "/s";
  if (talk_ == Talk::Bar) {
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
  } else {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  std::fflush(stderr);
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) {
    place -= 3;
    text.insert(place, 1, ',');
  }
  return text;
}

}  // namespace portico::app
