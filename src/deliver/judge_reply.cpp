#include "deliver/judge_reply.hpp"

#include "base/document.hpp"
#include "base/limits.hpp"
#include "operation/json_body.hpp"

namespace portico::deliver {
namespace {

using change::Verdict;

constexpr int gone = 410;

/// The `status` of a JSON object; empty where there is none.
std::string status_of(const std::string& body) {
  const auto document = operation::read_json(body, base::Limits());
  if (!document) return {};
  const base::Document* status = document->find("status");
  return status != nullptr && status->kind == base::Document::Kind::Text ? status->text : std::string();
}

}  // namespace

Judgement judge_reply(const model::Webhook* webhook, const base::Result<Reply>& reply) {
  if (!reply) return {.verdict = Verdict::Again, .failure = reply.error().detail};
  const std::string status = "status " + std::to_string(reply->status);
  if (reply->status == gone) return {.verdict = Verdict::GivenUp, .failure = status};
  if (reply->status < 200 || reply->status > 299) return {.verdict = Verdict::Again, .failure = status};
  if (webhook == nullptr || webhook->answers.empty()) return {};
  const std::string answer = status_of(reply->body);
  if (webhook->find_answer(answer) != nullptr) return {.verdict = Verdict::Answered, .answer = answer};
  return {.verdict = Verdict::Again, .failure = status + " without one of the answers declared"};
}

}  // namespace portico::deliver
