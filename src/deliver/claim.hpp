#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "change/make_settlement.hpp"
#include "store/procedure.hpp"

namespace portico::deliver {

/// Which messages are wanted.
struct ClaimWish {
  std::shared_ptr<const plan::Planner> planner;
  model::Mode mode = model::Mode::Production;
  base::Microseconds now = 0;
  base::Microseconds until = 0;             ///< nobody else claims them before
  std::size_t room = 0;                     ///< how many, at least 1
  std::size_t room_per_host = 0;            ///< tries to one host at once
  std::map<std::string, std::size_t> busy;  ///< tries under way, by host
};

/// Claims messages whose time has come, those that wait longest first, as many as there is room for in all and for
/// each host: a slow host never takes the room of others. Several servers share the work.
class Claim : public store::Mutation {
 public:
  /// After the store has completed it without an error.
  [[nodiscard]] virtual const std::vector<change::Message>& messages() const = 0;
  /// Whether more are waiting for room.
  [[nodiscard]] virtual bool leaves_some() const = 0;
};
[[nodiscard]] std::shared_ptr<Claim> make_claim(ClaimWish wish);

/// Forgets some messages that have been done or given up since before `oldest`.
struct SweepWish {
  std::shared_ptr<const plan::Planner> planner;
  model::Mode mode = model::Mode::Production;
  base::Microseconds oldest = 0;
};
[[nodiscard]] std::shared_ptr<store::Mutation> make_sweep(SweepWish wish);

}  // namespace portico::deliver
