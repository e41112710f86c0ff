// What a PostgresPool does as time passes: deadlines, cancelling, silence, health.
#include <algorithm>
#include <utility>

#include "store/postgres_pool.hpp"

namespace portico::store {
namespace {

using base::Error;
using base::ErrorCode;

/// One look at all that waits, instead of a timer for each.
constexpr std::chrono::milliseconds tick_length{50};
/// Where only connections without work are waited for, until they have been so for long enough.
constexpr std::chrono::milliseconds slow_tick_length{1'000};
/// For how long requests wait for a database that cannot be reached: a restart should cost no client its answer.
constexpr std::chrono::seconds patience{5};
/// Where the server says nothing for so long to what runs, it is asked on a connection that is idle; and where it
/// says nothing to that either, after as long again, on a new connection.
constexpr std::chrono::seconds quiet_most{1};
/// Then it has so long to answer.
constexpr std::chrono::seconds probe_most{1};
/// A cancelled statement that has not ended after so long costs its connection.
constexpr std::chrono::seconds cancel_most{1};

constexpr const char* cancel_sql = "SELECT pg_cancel_backend($1::integer)";
constexpr const char* ping_sql = "SELECT 1";

Error unavailable(std::string detail) {
  return {.code = ErrorCode::Unavailable, .detail = std::move(detail)};
}

std::string since_text(PostgresPool::Clock::duration duration) {
  return "for " + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) + " s";
}

}  // namespace

void PostgresPool::tick_at(Pace pace) {
  if (pace_ >= pace || closed_) return;
  pace_ = pace;
  timer_->expires_after(pace == Pace::Quick ? tick_length : slow_tick_length);  // and not at the slower pace any more
  timer_->async_wait([this, weak = life_](const boost::system::error_code& error) {
    const auto life = weak.lock();
    if (error || life == nullptr || closed_) return;
    pace_ = Pace::None;
    tick();
  });
}

void PostgresPool::tick() {
  for (Lane& lane : lanes_) {
    lane.rests = lane.rests && Clock::now() < lane.rests_until;
    end_late_attempts(lane);
    end_late_requests(lane);
    end_impatience(lane);
  }
  end_cancelled();
  look_for_silence();
  fail_failing();
  for (Lane& lane : lanes_) {
    serve(lane);
    open_where_needed(lane);
    close_idle_sessions(lane);
  }
  if (needs_ticks()) return keep_ticking();
  if (has_spare_sessions()) tick_at(Pace::Slow);
}

bool PostgresPool::has_spare_sessions() const {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [](const Lane& lane) { return lane.sessions.size() > lane.sessions_kept(); });
}

/// The last ones first: requests go to the first that has room.
void PostgresPool::close_idle_sessions(Lane& lane) {
  const Clock::time_point idle_before = Clock::now() - limits_.postgres_idle_time;
  for (auto next = lane.sessions.end();
       next != lane.sessions.begin() && lane.sessions.size() > lane.sessions_kept();) {
    --next;
    const auto since = (*next)->idle_since();
    if (!since || *since > idle_before) continue;
    (*next)->close();
    next = lane.sessions.erase(next);
  }
}

bool PostgresPool::needs_ticks() const {
  const auto is_busy = [](const Lane& lane) {
    const bool must_open =
        lane.work == PostgresWork::Bounded ? lane.sessions.empty() : lane.failing_since.has_value();
    return must_open || !lane.waiting.empty() ||
           std::any_of(lane.sessions.begin(), lane.sessions.end(),
                       [](const Session& own) { return !own->is_open() || own->in_flight() > 0; });
  };
  return std::any_of(lanes_.begin(), lanes_.end(), is_busy) || probe_ != nullptr || silent_since_ ||
         !cancelled_.empty() || !failing_.empty();
}

void PostgresPool::end_late_attempts(Lane& lane) {
  const Clock::time_point began_before = Clock::now() - target_.connect_timeout();
  const std::vector<Session> sessions = lane.sessions;
  for (const Session& session : sessions) {
    if (session->is_open() || session->is_closed() || session->began() > began_before) continue;
    turn_hosts(*session);
    session->lose(
        {.sqlstate = "", .words = "no answer to an attempt to connect " + since_text(target_.connect_timeout())});
    lane.next_attempt = {};  // it has waited long enough
  }
}

void PostgresPool::end_late_requests(Lane& lane) {
  const Clock::time_point now = Clock::now();
  const auto late = [&](PostgresRequest* request) {
    if (request->deadline_ > now) return false;
    const auto took = now - request->deadline_ + limits_.query_timeout;
    fail_later(*request, unavailable("PostgreSQL has not answered a query " + since_text(took)));
    return true;
  };
  std::erase_if(lane.waiting, late);
  for (const Session& session : lane.sessions) {
    for (PostgresRequest* const request : session->requests()) {
      if (!late(request)) continue;
      const bool runs = session->running() == request;
      session->drop(*request);
      if (runs) cancel(*session);
    }
  }
}

void PostgresPool::end_impatience(Lane& lane) {
  if (lane.waiting.empty() || health_of(lane)) return;
  for (PostgresRequest* const request : std::exchange(lane.waiting, {})) {
    fail_later(*request, unavailable(words_of_failure(lane)));
  }
}

/// By a statement on another connection to the same server, where there is one. Where there is none, or it does not
/// help, the connection is given up: a server ends the statement of a client that has gone.
void PostgresPool::cancel(PostgresSession& session) {
  cancelled_.push_back(
      {.session = session.weak_from_this(), .answered = session.answered(), .until = Clock::now() + cancel_most});
  for (const Lane& lane : lanes_) {
    for (const Session& other : lane.sessions) {
      if (other.get() == &session || !other->is_open() || other->is_held() ||
          other->in_flight() > lane.statements_most || other->server().identity != session.server().identity) {
        continue;
      }
      const auto process = static_cast<std::int64_t>(session.process_id());
      return other->send_unasked({.sql = cancel_sql, .binds = {process}});
    }
  }
}

void PostgresPool::end_cancelled() {
  const Clock::time_point now = Clock::now();
  std::vector<Session> stuck;
  std::erase_if(cancelled_, [&](const Cancelled& cancelled) {
    const Session session = cancelled.session.lock();
    if (session == nullptr || session->is_closed() || session->answered() != cancelled.answered) return true;
    if (cancelled.until > now) return false;
    stuck.push_back(session);
    return true;
  });
  for (const Session& session : stuck) {
    session->lose({.sqlstate = "", .words = "a cancelled statement did not end " + since_text(cancel_most)});
  }
}

// --- Silence

void PostgresPool::heard() {
  heard_at_ = Clock::now();
  if (!silent_since_) return;
  silent_since_.reset();
  for (Lane& lane : lanes_) {
    lane.failing_since.reset();
    lane.next_attempt = {};
    lane.pause = {};
  }
}

/// A statement may be long, and a lock may keep it waiting: only a server that answers nobody, not even a newcomer,
/// is taken for one that hangs.
void PostgresPool::look_for_silence() {
  const Clock::time_point now = Clock::now();
  if (probe_ != nullptr) {
    if (now - probe_->began() < probe_most) return;
    end_probe();
    fall_silent();
    return begin_probe();
  }
  if (silent_since_) {
    if (now >= next_probe_) begin_probe();
    return;
  }
  if (now - heard_at_ < quiet_most) return;
  bool quiet = false;
  bool very_quiet = false;
  for (const Lane& lane : lanes_) {
    for (const Session& session : lane.sessions) {
      const auto since = session->quiet_since();
      quiet = quiet || (since && now - *since >= quiet_most);
      very_quiet = very_quiet || (since && now - *since >= 2 * quiet_most);
    }
  }
  if (very_quiet && now - heard_at_ >= 2 * quiet_most && now >= next_probe_) return begin_probe();
  if (quiet) ping();
}

void PostgresPool::fall_silent() {
  if (silent_since_) return;
  silent_since_ = std::max(heard_at_, Clock::now() - std::chrono::hours(24));
  last_words_ = "the server accepts connections but does not answer";
  for (const Lane& lane : lanes_) {
    if (lane.work == PostgresWork::Bounded) continue;
    for (const Session& session : lane.sessions) {
      if (session->in_flight() > 0) cancel(*session);
    }
  }
  for (Lane& lane : lanes_) fail_all(lane);
}

/// On a connection that is idle: where it is answered, the server is there, whatever the others wait for.
void PostgresPool::ping() {
  for (const Lane& lane : lanes_) {
    for (const Session& session : lane.sessions) {
      if (!session->is_open() || session->is_held() || session->in_flight() > 0) continue;
      keep_ticking();
      return session->send_unasked({.sql = ping_sql, .binds = {}});
    }
  }
}

void PostgresPool::begin_probe() {
  next_probe_ = Clock::now() + probe_most;
  probe_ = make_session(bounded());
  const Session probe = probe_;  // it may be lost at once
  probe->open(target_, hosts_);
}

void PostgresPool::end_probe() {
  if (probe_ == nullptr) return;
  probe_->close();
  probe_.reset();
}

// --- Health

std::string PostgresPool::words_of_failure(const Lane& lane) const {
  const Clock::time_point now = Clock::now();
  if (silent_since_) {
    return "PostgreSQL has been silent " + since_text(now - *silent_since_) + ": " + last_words_;
  }
  if (lane.failing_since) {
    return "PostgreSQL cannot be reached " + since_text(now - *lane.failing_since) + ": " + last_words_;
  }
  return "PostgreSQL has not been reached yet";
}

base::Status PostgresPool::health_of(const Lane& lane) const {
  if (silent_since_) return unavailable(words_of_failure(lane));
  if (!lane.failing_since || Clock::now() - *lane.failing_since < patience) return base::ok();
  return unavailable(words_of_failure(lane));
}

base::Status PostgresPool::health_of_changes() const {
  return health_of(lanes_[static_cast<std::size_t>(PostgresWork::Change)]);
}

base::Status PostgresPool::health() {
  if (closed_) return unavailable("the server is ending");
  if (!silent_since_ && Clock::now() - heard_at_ > quiet_most) ping();
  const Lane& lane = bounded();
  const bool reached = std::any_of(lane.sessions.begin(), lane.sessions.end(),
                                   [](const Session& session) { return session->is_open(); });
  if (silent_since_ || !reached) return unavailable(words_of_failure(lane));
  return base::ok();
}

}  // namespace portico::store
