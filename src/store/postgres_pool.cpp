#include "store/postgres_pool.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace portico::store {
namespace {

using base::Error;
using base::ErrorCode;

/// Between attempts to connect: the first pause, and the longest.
constexpr std::chrono::milliseconds first_pause{50};
constexpr std::chrono::milliseconds longest_pause{1'000};
/// SQLSTATEs, or their classes, that pass: the database is not to be had now, or not for this statement.
constexpr std::array<std::string_view, 8> passing = {
    "08",     // connections
    "25P0",   // a transaction that has failed or was idle for too long
    "40",     // conflicts: on a standby, with what it recovers
    "53",     // no room: connections, memory, disk
    "55P03",  // a lock
    "57014",  // statement_timeout, or cancelled
    "57P",    // shutting down, starting up
    "58",     // the server's system
};
/// Of statements that would succeed if sent once more: cancelled in another's place, in conflict with a standby's
/// recovery, or prepared before the table was altered.
constexpr std::array<std::string_view, 4> worth_another_try = {"57014", "40", "26000", "0A000"};

/// A statement that fails a second time, or loses its connection, is given up: it may be what breaks the server.
/// Where the server said that it ends, that is known not to be so; but somebody may want to end just that statement.
constexpr unsigned failures_most = 1;
constexpr unsigned failures_most_announced = 3;
constexpr std::string_view operator_intervention = "57P";
/// A server that shuts down ends its connections one after the other; requests must not be driven from one to the
/// next of them.
constexpr std::chrono::milliseconds rest{100};

/// How long a statement takes at most that others wait behind.
constexpr std::chrono::milliseconds quick_most{300};
constexpr std::string_view statement_ended = "57014";

template <std::size_t count>
bool begins_with_one_of(const std::string& sqlstate, const std::array<std::string_view, count>& states) {
  return std::any_of(states.begin(), states.end(),
                     [&](std::string_view state) { return sqlstate.starts_with(state); });
}

Error unavailable(std::string detail) {
  return {.code = ErrorCode::Unavailable, .detail = std::move(detail)};
}

}  // namespace

Error error_of(const PostgresFailure& failure) {
  const std::string words =
      "PostgreSQL: " + failure.words + (failure.sqlstate.empty() ? "" : " (SQLSTATE " + failure.sqlstate + ")");
  if (failure.sqlstate.empty() || begins_with_one_of(failure.sqlstate, passing)) return unavailable(words);
  return {.code = ErrorCode::Internal, .message = words, .detail = words};
}

PostgresPool::PostgresPool(boost::asio::io_context& io, PostgresTarget target, const base::Limits& limits,
                           std::function<void(const PostgresSession::Server&)> met)
    : io_(io),
      target_(std::move(target)),
      limits_(limits),
      met_(std::move(met)),
      hosts_(target_.hosts()),
      lanes_{{{.work = PostgresWork::Bounded,
               .statements_most = std::max<std::size_t>(limits.postgres_pipeline, 1),
               .sessions_most = limits.postgres_connections,
               .waiting_most = limits.queries_waiting},
              {.work = PostgresWork::Growing,
               .sessions_most = limits.postgres_connections,
               .waiting_most = limits.queries_waiting},
              {.work = PostgresWork::Change,
               .sessions_most = limits.postgres_writers,
               .waiting_most = limits.writes_waiting}}},
      random_(static_cast<std::minstd_rand::result_type>(Clock::now().time_since_epoch().count())),
      timer_(std::in_place, io.get_executor()) {}

PostgresPool::~PostgresPool() {
  close();
}

void PostgresPool::start(std::weak_ptr<void> life) {
  life_ = std::move(life);
  open_where_needed(bounded());
  keep_ticking();
}

void PostgresPool::close() {
  if (std::exchange(closed_, true)) return;
  timer_.reset();
  failing_.clear();
  cancelled_.clear();
  for (Lane& lane : lanes_) {
    lane.waiting.clear();
    for (const Session& session : lane.sessions) session->close();
    lane.sessions.clear();
  }
  end_probe();
}

// --- Requests

void PostgresPool::submit(PostgresRequest& request, PostgresWork work) {
  request.work_ = work;
  if (request.deadline_ == Clock::time_point()) request.deadline_ = Clock::now() + limits_.query_timeout;
  Lane& lane = lane_of(request);
  if (closed_) return request.fail(unavailable("the server is ending"));
  if (auto status = health_of(lane); !status) return request.fail(std::move(status).error());
  keep_ticking();
  if (give(request, lane)) return;
  if (lane.waiting.size() >= lane.waiting_most) {
    return request.fail(
        {.code = ErrorCode::Unavailable,
         .message = work == PostgresWork::Change ? "Too many changes are waiting; try again in a few seconds." : "",
         .detail = std::to_string(lane.waiting.size()) + " requests wait for PostgreSQL already"});
  }
  lane.waiting.push_back(&request);
  open_where_needed(lane);
}

void PostgresPool::submit_again(PostgresRequest& request) {
  Lane& lane = lane_of(request);
  if (closed_) return request.fail(unavailable("the server is ending"));
  keep_ticking();
  if (give(request, lane)) return;
  lane.waiting.push_front(&request);
  open_where_needed(lane);
}

/// At once, where nobody waits and a session has room.
bool PostgresPool::give(PostgresRequest& request, Lane& lane) {
  PostgresSession* const session = lane.waiting.empty() ? session_with_room(lane) : nullptr;
  if (session == nullptr) return false;
  request.take(*session);
  open_where_needed(lane);
  return true;
}

void PostgresPool::withdraw(PostgresRequest& request) {
  std::erase_if(failing_, [&](const Failing& failing) { return failing.request == &request; });
  Lane& lane = lane_of(request);
  std::erase(lane.waiting, &request);
  for (const Session& session : lane.sessions) {
    const bool runs = session->running() == &request;
    session->drop(request);
    if (runs && request.work_ != PostgresWork::Bounded) cancel(*session);
  }
}

/// The first that does not carry enough already, so that few are busy and the others at rest: each is a process of
/// the server's, and one after the other costs less than in turns. Else the one with the least to do, if it has room.
PostgresSession* PostgresPool::session_with_room(Lane& lane) {
  if (lane.rests) return nullptr;
  PostgresSession* best = nullptr;
  for (const Session& session : lane.sessions) {
    if (!session->is_open() || session->is_held() || session->in_flight() >= lane.statements_most) continue;
    if (session->in_flight() < lane.statements_enough()) return session.get();
    if (best == nullptr || session->in_flight() < best->in_flight()) best = session.get();
  }
  return best;
}

void PostgresPool::serve(Lane& lane) {
  while (!lane.waiting.empty()) {
    PostgresSession* const session = session_with_room(lane);
    if (session == nullptr) return;
    PostgresRequest& request = *lane.waiting.front();
    lane.waiting.pop_front();
    request.take(*session);
  }
}

void PostgresPool::has_room(PostgresSession& session) {
  if (Lane* const lane = lane_with(session)) serve(*lane);
}

void PostgresPool::refused(PostgresSession& session, PostgresRequest& request, const PostgresFailure& failure) {
  if (request.take_failure(session, failure)) return;
  if (failure.sqlstate == statement_ended && request.work_ == PostgresWork::Bounded &&
      Clock::now() < request.deadline_) {
    return submit(request, PostgresWork::Growing);
  }
  if (begins_with_one_of(failure.sqlstate, worth_another_try)) {
    try_again(request, failure, failures_most);
    fail_failing();
    return serve(lane_of(request));
  }
  request.fail(error_of(failure));
}

/// Statements only read, or their transaction is gone: what was not answered can be sent again, unless the request
/// says otherwise.
void PostgresPool::try_again(PostgresRequest& request, const PostgresFailure& failure, unsigned failures_most_now) {
  if (!request.may_start_again() || ++request.failures_ > failures_most_now || Clock::now() >= request.deadline_) {
    return fail_later(request, error_of(failure));
  }
  lane_of(request).waiting.push_front(&request);
}

void PostgresPool::fail_later(PostgresRequest& request, Error error) {
  failing_.push_back({.request = &request, .error = std::move(error)});
}

void PostgresPool::fail_all(Lane& lane) {
  const std::string words = words_of_failure(lane);
  for (PostgresRequest* const request : std::exchange(lane.waiting, {})) fail_later(*request, unavailable(words));
  for (const Session& session : lane.sessions) {
    for (PostgresRequest* const request : session->requests()) {
      session->drop(*request);
      fail_later(*request, unavailable(words));
    }
  }
}

/// One by one: each call may submit, withdraw or close.
void PostgresPool::fail_failing() {
  if (std::exchange(is_failing_, true)) return;
  while (!failing_.empty()) {
    Failing next = std::move(failing_.front());
    failing_.pop_front();
    next.request->fail(std::move(next.error));
  }
  is_failing_ = false;
}

// --- Connections

PostgresPool::Lane* PostgresPool::lane_with(const PostgresSession& session) {
  for (Lane& lane : lanes_) {
    for (const Session& own : lane.sessions) {
      if (own.get() == &session) return &lane;
    }
  }
  return nullptr;
}

bool PostgresPool::needs_session(const Lane& lane) const {
  std::size_t open = 0;
  for (const Session& session : lane.sessions) {
    if (!session->is_open()) return false;  // one attempt at a time
    ++open;
  }
  if (open == 0) return lane.work == PostgresWork::Bounded || lane.failing_since || !lane.waiting.empty();
  if (open >= lane.sessions_most) return false;
  if (!lane.waiting.empty()) return true;
  // Several statements on one connection are cheap, but they wait for each other.
  return std::all_of(lane.sessions.begin(), lane.sessions.end(), [&](const Session& session) {
    return lane.statements_most > 1 && session->in_flight() > lane.statements_enough();
  });
}

void PostgresPool::open_where_needed(Lane& lane) {
  if (closed_ || !needs_session(lane) || Clock::now() < lane.next_attempt) return;
  open_session(lane);
}

PostgresPool::Session PostgresPool::make_session(const Lane& lane) {
  const std::chrono::milliseconds all{limits_.query_timeout};
  return std::make_shared<PostgresSession>(
      io_, *this, life_,
      PostgresSession::Settings{
          .access = lane.work == PostgresWork::Change ? SessionAccess::ReadWrite : SessionAccess::ReadOnly,
          .statement_timeout = lane.work == PostgresWork::Bounded ? std::min(quick_most, all) : all,
          .statements_prepared = limits_.statements_prepared});
}

void PostgresPool::open_session(Lane& lane) {
  lane.sessions.push_back(make_session(lane));
  const Session session = lane.sessions.back();
  session->open(target_, hosts_);
  keep_ticking();
}

void PostgresPool::opened(PostgresSession& session) {
  heard();
  if (probe_.get() == &session) return end_probe();
  Lane* const lane = lane_with(session);
  if (lane == nullptr) return;
  met_(session.server());
  found_again(*lane);
  serve(*lane);
  for (Lane& own : lanes_) open_where_needed(own);
}

void PostgresPool::lost(PostgresSession& session, const PostgresFailure& failure,
                        const PostgresSession::Unanswered& unanswered) {
  if (probe_.get() == &session) return end_probe();
  Lane* const lane = lane_with(session);
  if (lane == nullptr) return;
  std::erase_if(lane->sessions, [&](const Session& own) { return own.get() == &session; });
  if (session.process_id() != 0) met_({});
  note_failure(*lane, failure.words);
  if (std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& own) { return own.sessions.empty(); })) {
    silent_since_.reset();  // not silent any more: away
  }
  // The first that was sent is the first to be sent again. What had not begun is not to blame.
  const auto& others = unanswered.others;
  for (auto request = others.rbegin(); request != others.rend(); ++request) {
    if ((*request)->may_start_again()) {
      lane->waiting.push_front(*request);
    } else {
      fail_later(**request, error_of(failure));
    }
  }
  if (unanswered.running != nullptr) {
    const bool announced = failure.sqlstate.starts_with(operator_intervention);
    if (announced) {
      lane->rests = true;
      lane->rests_until = Clock::now() + rest;
    }
    try_again(*unanswered.running, failure, announced ? failures_most_announced : failures_most);
  }
  keep_ticking();
  serve(*lane);
  open_where_needed(*lane);
  fail_failing();
}

void PostgresPool::note_failure(Lane& lane, const std::string& words) {
  const Clock::time_point now = Clock::now();
  last_words_ = words;
  const bool any_open =
      std::any_of(lane.sessions.begin(), lane.sessions.end(), [](const Session& own) { return own->is_open(); });
  if (!any_open && !lane.failing_since) lane.failing_since = silent_since_.value_or(now);
  lane.pause = lane.pause.count() == 0 ? first_pause : std::min(lane.pause * 2, longest_pause);
  // Many loops of many servers must not come back in step: up to a quarter less.
  std::uniform_int_distribution<std::int64_t> less(0, lane.pause.count() / 4);
  lane.next_attempt = now + lane.pause - std::chrono::milliseconds(less(random_));
}

/// What one kind of work has found, the others need not look for until their own pauses have passed. That it can be
/// reached does not say that it takes changes.
void PostgresPool::found_again(const Lane& by) {
  for (Lane& lane : lanes_) {
    lane.pause = {};
    lane.next_attempt = {};
    if (lane.work == by.work || lane.work != PostgresWork::Change) lane.failing_since.reset();
  }
}

/// A host that does not answer is tried last the next time: libpq itself would wait for it each time.
void PostgresPool::turn_hosts(const PostgresSession& session) {
  const auto tried = session.host_tried();
  if (!tried || hosts_.size() < 2) return;
  const auto hung = std::find_if(hosts_.begin(), hosts_.end(), [&](const PostgresHost& host) {
    const bool same_name = host.host.empty() ? host.hostaddr == tried->hostaddr : host.host == tried->host;
    return same_name && (host.port.empty() || host.port == tried->port);
  });
  if (hung != hosts_.end()) std::rotate(hosts_.begin(), hung + 1, hosts_.end());
}

}  // namespace portico::store
