#pragma once

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "contract/contract.hpp"
#include "model/api.hpp"
#include "plan/make_plan.hpp"
#include "render/template.hpp"
#include "server/links.hpp"
#include "server/reference_page.hpp"

namespace portico::server {

/// A description and all that is worked out of it once, at load. Immutable; shared by all loops.
class Publication {
 public:
  /// `flavor`: what the store speaks that will serve it. `public_url`: in place of the description's, unless empty.
  Publication(std::shared_ptr<const model::Api> api, plan::SqlFlavor flavor, std::string_view public_url = {});

  [[nodiscard]] const model::Api& api() const noexcept { return *api_; }
  [[nodiscard]] const plan::Planner& planner() const noexcept { return planner_; }
  [[nodiscard]] const render::Template& row_template(const model::View& view, contract::Format format) const;
  /// The name of P1's header: `X-Aplazame-Media-Type`.
  [[nodiscard]] const std::string& media_type_header() const noexcept { return media_type_header_; }
  /// Where clients reach the API, without a trailing slash; empty: where their requests say (P12).
  [[nodiscard]] const std::string& public_url() const noexcept { return public_url_; }
  /// Whether the health page is at `/health`: not where that is the path of a resource or of an API.
  [[nodiscard]] bool has_health_page() const noexcept { return has_health_page_; }
  [[nodiscard]] const References& references() const noexcept { return references_; }
  /// The scopes that extensions may have, sorted: what places in model::scopes_of are called.
  [[nodiscard]] const std::vector<std::string>& scope_names() const noexcept { return scope_names_; }
  [[nodiscard]] const TrustedProxies& trusted_proxies() const noexcept { return trusted_proxies_; }

 private:
  void add_templates(const std::vector<model::View>& views);

  std::shared_ptr<const model::Api> api_;
  plan::Planner planner_;
  std::string media_type_header_;
  std::string public_url_;
  References references_;
  TrustedProxies trusted_proxies_;
  std::vector<std::string> scope_names_;
  bool has_health_page_;
  std::unordered_map<const model::View*, std::array<render::Template, 2>> templates_;  // by Format
};

}  // namespace portico::server
