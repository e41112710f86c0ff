#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/endpoints.hpp"
#include "platform/json.hpp"
#include "platform/usage_tables.hpp"

namespace portico::platform {
namespace {

using base::Document;
using base::Error;
using base::ErrorCode;
using base::Result;

constexpr base::Microseconds second = 1'000'000;
constexpr std::int64_t least_step = 60;  // what is kept is by the minute
constexpr std::int64_t steps_most = 2'000;
constexpr std::int64_t day = 86'400;
constexpr std::int64_t usual_steps = 24 * 60;

/// What `status` may be, beside nothing.
struct StatusClass {
  std::string_view name;
  int from;
  int to;
};
constexpr std::array<StatusClass, 4> status_classes = {
    {{"2xx", 200, 300}, {"3xx", 300, 400}, {"4xx", 400, 500}, {"5xx", 500, 600}}};

std::optional<base::Microseconds> instant_of(const Call& call, std::string_view name, base::Microseconds usual,
                                             std::vector<base::Fault>& faults) {
  const auto text = call.parameter(name);
  if (!text) return usual;
  const auto instant = base::parse_timestamp(*text, base::TimeZone::utc());
  if (!instant) faults.push_back({{std::string(name)}, "Must be a moment, such as 2030-01-31T00:00:00Z."});
  return instant;
}

Error invalid(std::vector<base::Fault> faults) {
  return {.code = ErrorCode::InvalidData, .faults = std::move(faults)};
}

/// A step of a minute or more, in which the time asked for has no more parts than a plot has room for.
Result<UsageQuestion> question_of(const Call& call) {
  std::vector<base::Fault> faults;
  const base::Microseconds now = base::now();
  const auto until = instant_of(call, "until", now + second, faults);
  const auto since = instant_of(call, "since", until.value_or(now) - day * second, faults);
  const auto written = call.parameter("step");
  const auto step = base::parse_integer(written.value_or(std::to_string(least_step)));
  if (!step || *step < least_step || *step % least_step != 0 || *step > usual_steps * day) {
    faults.push_back({{"step"}, "Must be a number of seconds: a multiple of 60."});
  }
  if (!faults.empty()) return invalid(std::move(faults));
  if (*since >= *until) return invalid({{{"until"}, "Must come after since."}});
  if ((*until - *since) / second / *step > steps_most) {
    return invalid(
        {{{"step"},
          "Must be longer: from since to until there are more than " + std::to_string(steps_most) + " steps."}});
  }
  return UsageQuestion{
      .account = call.arguments[0], .since = *since, .until = *until, .step = std::chrono::seconds(*step)};
}

Document microseconds(const std::optional<std::int64_t>& value) {
  return value ? json::integer(*value) : json::null();
}

Document shown(const UsagePoint& point) {
  const Latencies& latencies = point.usage.latencies;
  return json::object({{"at", json::instant(point.at)},
                       {"requests", json::integer(point.usage.requests)},
                       {"errors", json::integer(point.usage.errors)},
                       {"p50_microseconds", microseconds(percentile(latencies, 50))},
                       {"p95_microseconds", microseconds(percentile(latencies, 95))},
                       {"p99_microseconds", microseconds(percentile(latencies, 99))}});
}

/// What is empty is not there.
Document optional_text(const std::string& text) {
  return text.empty() ? json::null() : json::text(text);
}

Document shown(const LoggedRequest& request) {
  return json::object({{"at", json::instant(request.at)},
                       {"request_id", json::text(request.request_id)},
                       {"method", json::text(request.method)},
                       {"path", json::text(request.path)},
                       {"status", json::integer(request.status)},
                       {"type", optional_text(request.type)},
                       {"message", optional_text(request.message)},
                       {"microseconds", json::integer(request.microseconds)},
                       {"key", optional_text(request.key)},
                       {"kind", optional_text(request.kind)},
                       {"extension", optional_text(request.extension)}});
}

Result<RequestsQuestion> requests_question_of(const Call& call) {
  RequestsQuestion question{.account = call.arguments[0]};
  std::vector<base::Fault> faults;
  if (const auto status = call.parameter("status"); status && !status->empty()) {
    const auto* known = std::find_if(status_classes.begin(), status_classes.end(),
                                     [&](const StatusClass& each) { return each.name == *status; });
    const auto exact = base::parse_integer(*status);
    if (known != status_classes.end()) {
      question.status_from = known->from;
      question.status_to = known->to;
    } else if (exact && *exact >= 100 && *exact < 600) {
      question.status_from = static_cast<int>(*exact);
      question.status_to = question.status_from + 1;
    } else {
      faults.push_back({{"status"}, "Must be 2xx, 3xx, 4xx, 5xx or one status, such as 404."});
    }
  }
  const auto page = base::parse_integer(call.parameter("page").value_or("1"));
  constexpr std::int64_t pages_most = 1'000'000;
  if (!page || *page < 1 || *page > pages_most) faults.push_back({{"page"}, "Must be a number from 1 on."});
  if (!faults.empty()) return invalid(std::move(faults));
  question.page = *page;
  return question;
}

void bring_up_to_date(const Call& call) {
  if (call.desk.bring_usage_up_to_date) call.desk.bring_usage_up_to_date();
}

}  // namespace

Result<Reply> show_usage(Call& call) {
  if (const auto membership = membership_of(call); !membership) return membership.error();
  const auto question = question_of(call);
  if (!question) return question.error();
  bring_up_to_date(call);
  std::vector<Document> points;
  for (const UsagePoint& point : read_usage(*call.desk.tables, *question)) points.push_back(shown(point));
  return with_document(200, json::object({{"results", json::list(std::move(points))},
                                          {"step", json::integer(question->step.count())}}));
}

/// A page past the end is empty: what is kept changes from moment to moment.
Result<Reply> list_requests(Call& call) {
  if (const auto membership = membership_of(call); !membership) return membership.error();
  const auto question = requests_question_of(call);
  if (!question) return question.error();
  bring_up_to_date(call);
  const RequestsPage page = read_requests(*call.desk.tables, *question);
  std::vector<Document> requests;
  for (const LoggedRequest& request : page.requests) requests.push_back(shown(request));
  const std::int64_t pages = std::max<std::int64_t>((page.count + requests_on_page - 1) / requests_on_page, 1);
  return with_document(200, json::object({{"results", json::list(std::move(requests))},
                                          {"page", json::integer(question->page)},
                                          {"pages", json::integer(pages)},
                                          {"count", json::integer(page.count)}}));
}

}  // namespace portico::platform
