#include "contract/negotiate.hpp"

#include <algorithm>
#include <array>
#include <strings.h>

#include "base/text.hpp"

namespace portico::contract {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

constexpr std::string_view json_type = "application/json; charset=utf-8";
constexpr std::string_view xml_type = "application/xml; charset=utf-8";
constexpr std::string_view text_xml_type = "text/xml; charset=utf-8";

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// Takes `prefix` off `text`, compared without case.
bool take(std::string_view& text, std::string_view prefix) {
  if (!same(text.substr(0, prefix.size()), prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// What one range asks for by name; the rest is left to the defaults.
struct Wish {
  std::optional<int> version;
  model::Mode mode = model::Mode::Production;
  Format format = Format::Json;
};

/// vendor-type = "application/vnd." VENDOR [ ".sandbox" ] [ ".v" N ] "+" ( "json" / "xml" )   (P3, P5):
/// `application/vnd.aplazame.sandbox.v1+json`.
std::optional<Wish> parse_vendor_type(const MediaRange& range, std::string_view vendor) {
  std::string_view text = range.subtype;
  if (!same(range.type, "application") || !take(text, "vnd.") || !take(text, vendor)) return std::nullopt;
  Wish wish;
  const std::size_t plus = text.rfind('+');
  if (plus == std::string_view::npos) return std::nullopt;
  const std::string_view suffix = text.substr(plus + 1);
  if (!same(suffix, "json") && !same(suffix, "xml")) return std::nullopt;
  wish.format = same(suffix, "json") ? Format::Json : Format::Xml;
  text = text.substr(0, plus);
  if (take(text, ".sandbox")) wish.mode = model::Mode::Sandbox;
  if (text.empty()) return wish;
  if (!take(text, ".v")) return std::nullopt;
  wish.version = parse_version(text);
  return wish.version ? std::optional(wish) : std::nullopt;
}

/// A generic type that is served without naming the vendor (P4), what it gives, and which ranges reach it.
struct Offer {
  std::string_view type;
  std::string_view subtype;
  Format format;
  std::string_view content_type;
};
constexpr std::array<Offer, 3> generic_offers = {{
    {"application", "json", Format::Json, json_type},
    {"application", "xml", Format::Xml, xml_type},
    {"text", "xml", Format::Xml, text_xml_type},
}};

/// How closely a range names an offer: 0 not at all, 1 `*/*`, 2 `application/*`, 3 by name.
int closeness(const MediaRange& range, const Offer& offer) {
  if (range.type == "*") return 1;
  if (!same(range.type, offer.type)) return 0;
  if (range.subtype == "*") return 2;
  return same(range.subtype, offer.subtype) ? 3 : 0;
}

/// The range that names an offer most closely, whose quality is the offer's (RFC 9110 §12.5.1); end() where none
/// does.
auto closest_range(const Offer& offer, const std::vector<MediaRange>& ranges) {
  const auto best = std::max_element(ranges.begin(), ranges.end(), [&](const MediaRange& a, const MediaRange& b) {
    return closeness(a, offer) < closeness(b, offer);
  });
  return best != ranges.end() && closeness(*best, offer) > 0 ? best : ranges.end();
}

bool serves(const model::Api& api, int version) {
  return std::binary_search(api.versions.begin(), api.versions.end(), version);
}

/// The modes whose types are listed: those that ranges name together with the vendor, else production.
std::vector<model::Mode> wanted_modes(const model::Api& api, std::string_view accept) {
  const auto ranges = parse_accept(accept, api.limits);
  bool production = false;
  bool sandbox = false;
  for (const MediaRange& range : ranges ? *ranges : std::vector<MediaRange>()) {
    const auto wish = parse_vendor_type(range, api.vendor);
    if (wish) (wish->mode == model::Mode::Sandbox ? sandbox : production) = true;
  }
  if (!sandbox || !api.has_sandbox()) return {model::Mode::Production};
  if (!production) return {model::Mode::Sandbox};
  return {model::Mode::Production, model::Mode::Sandbox};
}

/// What is to be had, as media types. The other dialect has one, which nobody asks for.
std::vector<std::string> available(const model::Api& api, const Location& location, std::string_view accept) {
  std::vector<std::string> types;
  if (location.surface->dialect == model::DialectKind::CodeEnvelope) return types;
  const std::vector<model::Mode> modes = wanted_modes(api, accept);
  for (const model::Mode mode : modes) {
    for (const int version : api.versions) {
      const auto& url_version = location.url_version;
      if (url_version && serves(api, *url_version) && version != *url_version) continue;
      const Contract contract{.version = version, .mode = mode};
      for (const std::string_view suffix : {"+json", "+xml"}) {
        types.push_back("application/vnd." + media_type_name(api, contract) + std::string(suffix));
      }
    }
  }
  // These name no mode, and so mean production.
  if (modes.front() == model::Mode::Sandbox) return types;
  for (const std::string_view type : {"application/json", "application/xml", "text/xml"}) types.emplace_back(type);
  return types;
}

Error not_acceptable(const model::Api& api, const Location& location, std::string_view accept, std::string message) {
  return Error{.code = ErrorCode::NotAcceptable,
               .message = std::move(message),
               .alternatives = available(api, location, accept)};
}

std::string versions_text(const model::Api& api) {
  std::vector<std::string> names;
  for (const int version : api.versions) names.push_back("v" + std::to_string(version));
  return base::enumerated(names);
}

std::string no_such_version(const model::Api& api, int version) {
  const std::string there_are = "; there are " + versions_text(api) + ".";
  if (version == misspelt_version) return "Versions are written without leading zeros" + there_are;
  return "Version " + std::to_string(version) + " does not exist" + there_are;
}

/// Something that could be served, and how much the client wants it. Of equal quality the lower rank wins.
struct Candidate {
  Wish wish;
  std::string_view content_type;
  int quality = 0;
  std::size_t rank = 0;
};

/// Why a vendor range cannot be served; empty where it can.
std::string refusal_of(const model::Api& api, const Location& location, const Wish& wish) {
  if (wish.version && !serves(api, *wish.version)) {
    return no_such_version(api, *wish.version);
  }
  if (wish.mode == model::Mode::Sandbox && !api.has_sandbox()) {
    return "There is no sandbox: this API reads a database that others keep; leave '.sandbox' out.";
  }
  if (wish.version && location.url_version && *wish.version != *location.url_version) {
    return "The URL names version " + std::to_string(*location.url_version) + ", the Accept header version " +
           std::to_string(*wish.version) + "; name one of them.";
  }
  return {};
}

/// All that the ranges reach. Ranges that name the vendor come before generic ones of the same quality, then the
/// order of the header decides; where one range reaches JSON and XML, JSON. `refusal` keeps why the first was none.
std::vector<Candidate> candidates_of(const model::Api& api, const Location& location,
                                     const std::vector<MediaRange>& ranges, std::string& refusal) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto wish = parse_vendor_type(ranges[i], api.vendor);
    if (!wish) continue;
    std::string why_not = refusal_of(api, location, *wish);
    if (why_not.empty()) {
      candidates.push_back({*wish, wish->format == Format::Json ? json_type : xml_type, ranges[i].quality, i});
    } else if (refusal.empty()) {
      refusal = std::move(why_not);
    }
  }
  for (const Offer& offer : generic_offers) {
    const auto range = closest_range(offer, ranges);
    if (range == ranges.end()) continue;
    const auto rank = ranges.size() + static_cast<std::size_t>(range - ranges.begin());
    candidates.push_back({Wish{.format = offer.format}, offer.content_type, range->quality, rank});
  }
  return candidates;
}

}  // namespace

Result<Contract> negotiate(const model::Api& api, const Location& location, std::string_view accept) {
  if (location.url_version && !serves(api, *location.url_version)) {
    return not_acceptable(api, location, accept, no_such_version(api, *location.url_version));
  }
  Contract agreed = fallback_contract(api, *location.surface);
  if (location.url_version) {
    agreed.version = *location.url_version;
    agreed.version_style = VersionStyle::Url;
  }
  if (location.surface->dialect == model::DialectKind::CodeEnvelope) return agreed;  // E4: JSON, whatever is asked
  auto ranges = parse_accept(accept, api.limits);
  if (!ranges) {
    ranges.error().alternatives = available(api, location, accept);
    return std::move(ranges).error();
  }
  if (ranges->empty()) return agreed;
  std::string refusal;
  const std::vector<Candidate> candidates = candidates_of(api, location, *ranges, refusal);
  const auto best =
      std::min_element(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.quality != b.quality ? a.quality > b.quality : a.rank < b.rank;
      });
  if (best == candidates.end() || best->quality == 0) {
    if (refusal.empty()) {
      refusal = "Nothing that the Accept header names is available; ask for application/vnd." + api.vendor + ".v" +
                std::to_string(agreed.version) + "+json.";
    }
    return not_acceptable(api, location, accept, std::move(refusal));
  }
  agreed.version = best->wish.version.value_or(agreed.version);
  agreed.mode = best->wish.mode;
  agreed.format = best->wish.format;
  agreed.content_type = best->content_type;
  return agreed;
}

Contract fallback_contract(const model::Api& api, const model::Surface& surface) {
  return Contract{.surface = &surface, .version = api.latest_version(), .content_type = json_type};
}

std::string media_type_name(const model::Api& api, const Contract& contract) {
  return api.vendor + (contract.mode == model::Mode::Sandbox ? ".sandbox.v" : ".v") +
         std::to_string(contract.version);
}

std::string media_type_header(const model::Api& api) {
  std::string name = "X-";
  bool upper = true;
  for (const char c : api.vendor) {
    const bool letter = c >= 'a' && c <= 'z';
    name += upper && letter ? static_cast<char>(c - 'a' + 'A') : (c == '.' ? '-' : c);
    upper = !letter && !(c >= '0' && c <= '9');
  }
  return name + "-Media-Type";
}

}  // namespace portico::contract
