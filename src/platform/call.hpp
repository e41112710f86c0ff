#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/document.hpp"
#include "base/result.hpp"
#include "platform/desk.hpp"
#include "platform/inquiry.hpp"
#include "platform/reply.hpp"
#include "platform/site.hpp"

namespace portico::platform {

/// One request to the developer space's API, as the function that answers it gets it: on a worker, with all that
/// every request is asked for in order.
struct Call {
  const Site& site;
  const Inquiry& inquiry;
  Desk& desk;
  std::vector<std::string> arguments;  ///< what the path's parameters are, in their order
  base::Document body = {};            ///< Body::Json
  Session session = {};                ///< Who::Anyone: none
  User user = {};                      ///< the same

  [[nodiscard]] Registry& registry() const { return *desk.registry; }
  [[nodiscard]] const std::string& actor() const { return user.id; }
  /// The value of that query parameter, which is there once at most.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
  /// An argument that is a number, of a version or a commit; NotFound where it is none.
  [[nodiscard]] base::Result<int> number(std::size_t argument) const;
};

/// The caller's membership of the account that is the first argument; NotFound where there is none, in the words for
/// what is not there.
[[nodiscard]] base::Result<Membership> membership_of(const Call& call);

/// What answers a request.
using Answer = base::Result<Reply> (*)(Call&);

/// NotFound in the words that everything has which is not there.
[[nodiscard]] base::Error nothing_there();

}  // namespace portico::platform
