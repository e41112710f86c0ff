#include "usage_history.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "timeline.hpp"

namespace portico::demo {
namespace {

constexpr base::Microseconds minute = 60'000'000;
constexpr base::Microseconds week = 7 * 24 * 60 * minute;
constexpr std::uint64_t visits = 1'600;
constexpr std::uint64_t requests_most = 40;  // of one visit
/// The hour in which the database was slow, and away for moments.
constexpr base::Microseconds bad_hour_ago = 9 * 24 * 60 * minute;

enum class Caller : std::uint8_t { Shop, Page, Extension };

/// Something that is asked, how often (of all that this caller asks), and what came of it. `#` in a path is an id.
struct Kind {
  Caller caller;
  unsigned weight;
  std::string_view method;
  std::string_view path;
  int status;
  std::int64_t usual_microseconds;
  std::string_view type = {};
  std::string_view message = {};
};
constexpr std::array<Kind, 19> kinds = {{
    {Caller::Shop, 380, "GET", "/orders", 200, 1'100},
    {Caller::Shop, 260, "GET", "/orders/#", 200, 240},
    {Caller::Shop, 110, "POST", "/checkout", 201, 4'200},
    {Caller::Shop, 50, "POST", "/orders/#/authorize", 204, 3'900},
    {Caller::Shop, 45, "POST", "/orders/#/captures", 201, 4'400},
    {Caller::Shop, 20, "POST", "/orders/#/refund", 200, 4'600},
    {Caller::Shop, 40, "GET", "/me/operations", 200, 900},
    {Caller::Shop, 14, "GET", "/orders/#", 404, 180, "ObjectNotFoundException", "Not found."},
    {Caller::Shop, 9, "POST", "/checkout", 400, 310, "ApiValidationException", "API validation error"},
    {Caller::Shop, 7, "GET", "/orders", 400, 160, "ApiValidationException", "API validation error"},
    {Caller::Shop, 5, "POST", "/orders/#/refund", 400, 1'900, "ApiValidationException", "API validation error"},
    {Caller::Shop, 2, "DELETE", "/orders", 405, 90, "MethodNotAllowedException", "Method not allowed."},
    {Caller::Shop, 2, "POST", "/checkout", 409, 2'100, "ConflictException",
     "There is an order with this mid already."},
    {Caller::Page, 960, "GET", "/instalment-plan-simulator", 200, 210},
    {Caller::Page, 25, "GET", "/instalment-plan-simulator", 400, 150, "ApiValidationException",
     "API validation error"},
    {Caller::Page, 15, "GET", "/orders", 403, 110, "ForbiddenException",
     "You do not have permission to perform this action."},
    {Caller::Extension, 960, "GET", "/api/orders", 200, 1'900},
    {Caller::Extension, 25, "GET", "/api/orders", 400, 170, "-5",
     "API validation error: page: Must be a number from 1 on."},
    {Caller::Extension, 15, "GET", "/api/customers", 403, 140, "-1",
     "You do not have permission to perform this action."},
}};
constexpr std::string_view away_type = "ServiceUnavailableException";
constexpr std::string_view away_message = "The service is not available at the moment.";

const Kind& draw_kind(Caller caller, Random& random) {
  std::array<unsigned, kinds.size()> weights{};
  for (std::size_t i = 0; i < kinds.size(); ++i) weights[i] = kinds[i].caller == caller ? kinds[i].weight : 0;
  return kinds[random.weighted(weights)];
}

/// Mostly near the usual, now and then far more.
std::int64_t draw_time(std::int64_t usual, Random& random) {
  const double bell = random.fraction() + random.fraction() + random.fraction() - 1.5;
  const double slow = random.chance_in_thousand(12) ? 6.0 : 1.0;
  return static_cast<std::int64_t>(static_cast<double>(usual) * std::exp(bell) * slow);
}

std::string path_of(const Kind& kind, Random& random) {
  std::string path(kind.path);
  if (const std::size_t at = path.find('#'); at != std::string::npos) path.replace(at, 1, random.id());
  return path;
}

class History {
 public:
  History(const UsagePast& past, Random& random) : past_(past), random_(random) {}

  platform::UsageBatch make() {
    const Timeline timeline(past_.until - 4 * week, past_.until - minute);
    for (std::uint64_t visit = 0; visit < visits; ++visit) visit_at(timeline.instant(visit, visits, random_));
    return std::move(batch_);
  }

 private:
  void visit_at(base::Microseconds at) {
    static constexpr std::array<unsigned, 3> callers = {62, 23, 15};
    auto caller = static_cast<Caller>(random_.weighted(callers));
    if (caller == Caller::Extension && past_.extension.empty()) caller = Caller::Shop;
    const std::string run = random_.id();
    const std::uint64_t requests = 1 + random_.below(requests_most);
    for (std::uint64_t i = 0; i < requests; ++i) add(draw_kind(caller, random_), at, run);
  }

  void add(const Kind& kind, base::Microseconds at, const std::string& run) {
    const base::Microseconds bad_hour = past_.until - bad_hour_ago;
    const bool is_bad = at >= bad_hour && at < bad_hour + 60 * minute;
    const bool is_away = is_bad && random_.chance_in_thousand(300);
    const std::string path = path_of(kind, random_);
    const std::string id = random_.id();
    server::UsageEntry entry{.at = at,
                             .took = std::chrono::microseconds(draw_time(kind.usual_microseconds, random_)),
                             .status = is_away ? 503 : kind.status,
                             .account = past_.account,
                             .request_id = id,
                             .method = kind.method,
                             .path = path,
                             .type = is_away ? away_type : kind.type,
                             .message = is_away ? away_message : kind.message};
    if (is_bad) entry.took *= 20;
    switch (kind.caller) {
      case Caller::Shop:
        entry.key_id = past_.private_key;
        entry.kind = "private";
        break;
      case Caller::Page:
        entry.key_id = past_.public_key;
        entry.kind = "public";
        break;
      case Caller::Extension:
        entry.key_id = run;
        entry.kind = "run";
        entry.extension = past_.extension;
        if (is_away) entry.type = "-1";
        break;
    }
    batch_.add(entry);
  }

  const UsagePast& past_;
  Random& random_;
  platform::UsageBatch batch_{past_requests_kept};
};

}  // namespace

platform::UsageBatch usage_history(const UsagePast& past, Random& random) {
  return History(past, random).make();
}

}  // namespace portico::demo
