#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace portico::plan {

/// Collects a body's faults at the place that is being read, the first `most` of them; the rest are counted. Appends
/// to a list of faults, whose earlier ones count too. Names must live as long as the reader is within them.
class FaultList {
 public:
  struct Rules {
    std::size_t most = 0;
    const std::vector<std::string>& path;  ///< what every fault's path begins with
  };
  FaultList(std::vector<base::Fault>& faults, const Rules& rules) : faults_(faults), rules_(rules) {}

  /// Blames the place.
  void add(std::string message);
  /// Blames the member of that name at the place.
  void add_at(std::string_view name, std::string message);
  /// Blames what has that path below the place.
  void add_below(const std::vector<std::string>& path, std::string message);
  /// Whether further messages are of no use: they would be counted only.
  [[nodiscard]] bool is_full() const { return faults_.size() >= rules_.most; }
  /// The last word: how many were not told.
  void finish();

  /// While it lives, the place is the member of that name, or the item of that index.
  class Within {
   public:
    Within(FaultList& list, std::string_view name) : list_(list) { list_.steps_.push_back({.name = name}); }
    Within(FaultList& list, std::size_t index) : list_(list) { list_.steps_.push_back({.index = index}); }
    ~Within() { list_.steps_.pop_back(); }
    Within(const Within&) = delete;
    Within& operator=(const Within&) = delete;

   private:
    FaultList& list_;
  };

 private:
  struct Step {
    std::string_view name = {};  ///< null: it is an index
    std::size_t index = 0;
  };
  [[nodiscard]] std::vector<std::string> path() const;

  std::vector<base::Fault>& faults_;
  Rules rules_;
  std::vector<Step> steps_;
  std::size_t untold_ = 0;
};

}  // namespace portico::plan
