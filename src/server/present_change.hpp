#pragma once

#include <memory>

#include "change/make_change.hpp"
#include "contract/contract.hpp"
#include "server/publication.hpp"
#include "server/represent.hpp"

namespace portico::server {

/// How what comes of that request's change is answered. Copies what it needs of the request, keeps the publication,
/// and changes nothing, so any thread may ask it.
[[nodiscard]] std::shared_ptr<const change::Presenter> make_presenter(std::shared_ptr<const Publication> publication,
                                                                      const contract::Contract& contract,
                                                                      const Origin& origin);

}  // namespace portico::server
