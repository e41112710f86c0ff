#include "server/traffic.hpp"

#include <algorithm>
#include <atomic>

namespace portico::server {
namespace {

constexpr std::array<std::string_view, 7> known_methods = {"GET",   "HEAD",   "POST",   "PUT",
                                                           "PATCH", "DELETE", "OPTIONS"};

std::string_view name_of_method(std::string_view sent) {
  const auto* const found = std::find(known_methods.begin(), known_methods.end(), sent);
  return found == known_methods.end() ? "other" : *found;
}

std::size_t class_of(std::chrono::microseconds took) {
  return static_cast<std::size_t>(std::lower_bound(Traffic::bounds.begin(), Traffic::bounds.end(), took) -
                                  Traffic::bounds.begin());
}

/// What is there under a name, made where there is nothing yet.
template <typename Map, typename View>
auto& at(Map& map, const View& name) {
  const auto found = map.find(name);
  return found != map.end() ? found->second : map[typename Map::key_type(name)];
}

void add_up(Traffic::Answers& sum, const Traffic::Answers& more) {
  for (const auto& [status, count] : more.by_status) sum.by_status[status] += count;
  for (std::size_t i = 0; i < sum.by_time.size(); ++i) sum.by_time.at(i) += more.by_time.at(i);
  sum.time += more.time;
  sum.body_bytes += more.body_bytes;
}

}  // namespace

Traffic::Part& Traffic::part_of_thread() {
  static std::atomic<std::size_t> threads = 0;
  thread_local const std::size_t part = threads.fetch_add(1, std::memory_order_relaxed) % part_count;
  return parts_.at(part);
}

void Traffic::add_answer(std::string_view contract, std::string_view method, int status, std::size_t body_bytes,
                         std::chrono::microseconds took) {
  const NameView name(contract, name_of_method(method));
  Part& part = part_of_thread();
  const std::lock_guard lock(part.mutex);
  Answers& answers = at(part.totals.answers, name);
  ++answers.by_status[status];
  ++answers.by_time.at(class_of(took));
  answers.time += took;
  answers.body_bytes += body_bytes;
}

void Traffic::add_try(std::string_view result, std::chrono::microseconds took) {
  Part& part = part_of_thread();
  const std::lock_guard lock(part.mutex);
  Tries& tries = at(part.totals.tries, result);
  ++tries.count;
  tries.time += took;
}

void Traffic::add_cut() {
  Part& part = part_of_thread();
  const std::lock_guard lock(part.mutex);
  ++part.totals.cut;
}

void Traffic::add_line_dropped() {
  Part& part = part_of_thread();
  const std::lock_guard lock(part.mutex);
  ++part.totals.lines_dropped;
}

Traffic::Totals Traffic::totals() const {
  Totals sum;
  for (Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    for (const auto& [name, answers] : part.totals.answers) add_up(sum.answers[name], answers);
    for (const auto& [result, tries] : part.totals.tries) {
      sum.tries[result].count += tries.count;
      sum.tries[result].time += tries.time;
    }
    sum.cut += part.totals.cut;
    sum.lines_dropped += part.totals.lines_dropped;
  }
  return sum;
}

}  // namespace portico::server
