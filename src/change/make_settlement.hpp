#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "model/api.hpp"
#include "plan/make_plan.hpp"
#include "store/procedure.hpp"

namespace portico::change {

/// A message on its way, as it was claimed.
struct Message {
  std::string id;
  std::string account;
  std::string resource;
  std::string row;  ///< the key's text
  std::string webhook;
  std::string target;
  std::string body;
  std::int64_t tries = 0;  ///< this one counted
  base::Microseconds expires = 0;
};

/// What a try came to, for its entry and for the row.
enum class Verdict : std::uint8_t {
  Taken,     ///< done; the row stays as it is
  Answered,  ///< done; the row changes as the webhook's `answers` say
  Again,     ///< to be tried again at `next_try`
  Released,  ///< was not tried to its end: as if it had not been claimed
  GivenUp,   ///< no further try; the row changes as `given_up` says
};

struct Settlement {
  std::shared_ptr<const model::Api> api;
  std::shared_ptr<const plan::Planner> planner;
  model::Mode mode = model::Mode::Production;
  Message message;
  Verdict verdict = Verdict::Taken;
  std::string answer = {};  ///< Answered: the name
  base::Microseconds next_try = 0;
  std::string failure = {};  ///< for people; empty: none
  base::Microseconds now = 0;
};

/// A settlement with what came of it.
class RequestedSettlement : public store::Mutation {
 public:
  /// After the store has completed it without an error: why the row could not be changed as it should, and nothing
  /// was settled; empty: all was done, or was not to be any more.
  [[nodiscard]] virtual const std::string& fault() const = 0;
};

/// Settles a try, to be given to store::Store::change: in one transaction the entry moves on and the row changes, if
/// its guards hold. An entry that is no longer waiting, or a failure of one that somebody else tries since, is left
/// alone.
[[nodiscard]] std::shared_ptr<RequestedSettlement> make_settlement(Settlement settlement);

}  // namespace portico::change
