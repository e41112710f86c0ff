#include "server/agree.hpp"

#include <string>
#include <utility>

#include "contract/negotiate.hpp"
#include "server/file_answer.hpp"
#include "server/list_field.hpp"

namespace portico::server {

base::Status agree(const model::Api& api, const http::Request& request, Agreement agreement) {
  auto [location, contract] = agreement;
  auto located = contract::locate(api, request.path);
  location = located ? std::move(*located) : contract::locate_refused(api, request.path);
  contract = contract::fallback_contract(api, *location.surface);
  std::string joined;
  const std::string_view accept = list_field(request, "Accept", joined);
  auto agreed = contract::negotiate(api, location, accept);
  if (!agreed && asks_for_file(api, location, accept)) agreed = contract::negotiate(api, location, {});
  if (agreed) contract = *agreed;
  if (!located) return std::move(located).error();
  if (!agreed) return std::move(agreed).error();
  return base::ok();
}

}  // namespace portico::server
