#include "server/reference_page.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "contract/locate.hpp"
#include "reference/openapi.hpp"
#include "render/entity_tag.hpp"
#include "server/conditions.hpp"

namespace portico::server {
namespace {

const std::vector<std::string> methods = {"GET", "HEAD", "OPTIONS"};

}  // namespace

References::References(const model::Api& api, std::string_view public_url) {
  for (const model::Surface& surface : api.surfaces) {
    if (!surface.has_reference) continue;
    for (const int version : api.versions) {
      std::string text = reference::openapi({.api = api, .surface = surface, .version = version}, public_url);
      std::string tag = render::entity_tag(text);
      pages_.push_back(
          {.surface = &surface, .version = version, .text = std::move(text), .entity_tag = std::move(tag)});
    }
  }
}

const References::Page* References::find(const model::Api& api, std::string_view path) const {
  if (path.find(model::reference_step) == std::string_view::npos) return nullptr;  // as of nearly every request
  const auto location = contract::locate(api, path);
  if (!location || location->segments.size() != 1 || location->segments.front() != model::reference_step) {
    return nullptr;
  }
  const int version = location->url_version.value_or(api.latest_version());
  const auto found = std::find_if(pages_.begin(), pages_.end(), [&](const Page& page) {
    return page.surface == location->surface && page.version == version;
  });
  return found == pages_.end() ? nullptr : &*found;
}

base::Status represent_reference(const http::Request& request, const References::Page& page,
                                 http::Response& response) {
  using http::Method;
  response.head.append(
      "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: If-None-Match, If-Match\r\n"
      "Access-Control-Expose-Headers: ETag\r\nX-Content-Type-Options: nosniff\r\n");
  if (request.method == Method::Options) {
    response.status = 204;
    response.add("Allow", base::joined(methods, ", "));
    return base::ok();
  }
  if (request.method != Method::Get && request.method != Method::Head) {
    return base::Error{.code = base::ErrorCode::MethodNotAllowed, .alternatives = methods};
  }
  const Verdict verdict = judge_conditions(request, page.entity_tag);
  if (verdict == Verdict::Failed) return base::Error{.code = base::ErrorCode::PreconditionFailed};
  response.head.append("Cache-Control: no-cache\r\n");
  response.add("ETag", page.entity_tag);
  if (verdict == Verdict::NotModified) {
    response.status = 304;
    return base::ok();
  }
  response.add("Content-Type", "application/json; charset=utf-8");
  response.body = page.text;
  return base::ok();
}

}  // namespace portico::server
