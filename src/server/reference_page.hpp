#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "model/api.hpp"

namespace portico::server {

/// The references of a description's APIs, one for each version, at `BASE/openapi.json` and `BASE/vN/openapi.json`
/// (E6). No key, always JSON, for pages of every origin. Immutable.
class References {
 public:
  /// `public_url`: see Publication.
  References(const model::Api& api, std::string_view public_url);

  struct Page {
    const model::Surface* surface = nullptr;
    int version = 0;
    std::string text;
    std::string entity_tag;
  };
  /// The one that a path names, or null.
  [[nodiscard]] const Page* find(const model::Api& api, std::string_view path) const;

 private:
  std::vector<Page> pages_;
};

/// 200, or 304; for OPTIONS what is allowed. MethodNotAllowed for anything else but GET and HEAD; PreconditionFailed.
[[nodiscard]] base::Status represent_reference(const http::Request& request, const References::Page& page,
                                               http::Response& response);

}  // namespace portico::server
