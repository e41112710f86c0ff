#pragma once

#include <string>

#include "base/result.hpp"
#include "change/make_settlement.hpp"
#include "deliver/send.hpp"
#include "model/resource.hpp"

namespace portico::deliver {

/// What a reply means.
struct Judgement {
  change::Verdict verdict = change::Verdict::Taken;
  std::string answer = {};   ///< Answered: the name
  std::string failure = {};  ///< for people; empty where it was taken
};

/// By the webhook that sent it; null: it is no longer declared, and any 2xx will do. 410 gives up (RFC 9110
/// §15.5.11), whatever is no 2xx is to be tried again, and so is a 2xx without one of the answers declared.
[[nodiscard]] Judgement judge_reply(const model::Webhook* webhook, const base::Result<Reply>& reply);

}  // namespace portico::deliver
