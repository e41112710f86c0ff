#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "http/held_answers.hpp"
#include "http/response_writer.hpp"
#include "http/server.hpp"

namespace portico::http {

class Session;

/// While draining: how long a new connection's first request is waited for.
constexpr std::chrono::seconds drain_patience{1};

/// What the sessions of one loop share; touched on its thread only. Outlives them, or they have been abandoned.
struct LoopState {
  base::Limits limits = {};
  Application application = {};
  RequestIds request_ids = {};
  std::string date = {};     ///< for `Date`, once renew_date() was called
  std::int64_t dated = -1;   ///< the second that `date` is of, since 1970
  std::uint64_t second = 0;  ///< counts up each second; what deadlines are measured in
  bool draining = false;
  std::vector<std::shared_ptr<Session>> sessions = {};  ///< open, or with a request under way
  std::function<void()> session_gone = {};              ///< called after one left `sessions`
  std::atomic<std::size_t>* connections = nullptr;      ///< counts the sessions of all loops; null: nobody does
  HeldAnswers held_answers = HeldAnswers();
  std::size_t large_bodies_bytes = 0;  ///< promised to bodies over Limits::body_bytes that are coming, or worked on
  std::string spare_body = {};  ///< empty; its room is for the next answer, whoever's: what is still in the cache
  std::array<char, 65536> scratch = {};  ///< where bytes go that nobody reads

  /// Now: an answer must not be dated before what it speaks of.
  void renew_date();
};

}  // namespace portico::http
