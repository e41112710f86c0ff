#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "contract/contract.hpp"
#include "contract/locate.hpp"

namespace portico::contract {

/// One media range of an `Accept` field (RFC 9110 §12.5.1). Views point into the field's value.
struct MediaRange {
  std::string_view type;     ///< `application`, `*`
  std::string_view subtype;  ///< `vnd.aplazame.v1+json`, `*`
  int quality = 1000;        ///< q in thousandths; 0: not acceptable
};

/// The ranges of an `Accept` value in their order, parameters other than `q` dropped. What follows no grammar is
/// passed over while something is left that does; NotAcceptable, saying what is wrong, where nothing is, and where
/// there are more than Limits::accept_ranges.
[[nodiscard]] base::Result<std::vector<MediaRange>> parse_accept(std::string_view value, const base::Limits& limits);

/// Agrees on version, mode and format (P3, P4, P5). `accept` is the joined value of the Accept fields; empty: none.
/// NotAcceptable lists in `alternatives` what is available. A dialect that knows only JSON (E4) ignores `accept`.
[[nodiscard]] base::Result<Contract> negotiate(const model::Api& api, const Location& location,
                                               std::string_view accept);

/// What an answer takes before, or instead of, an agreement: the latest version, production, JSON.
[[nodiscard]] Contract fallback_contract(const model::Api& api, const model::Surface& surface);

/// `aplazame.v1`, `aplazame.sandbox.v1`: what the media-type header of an answer reads (P1, P5).
[[nodiscard]] std::string media_type_name(const model::Api& api, const Contract& contract);

/// `X-Aplazame-Media-Type`, from the configured vendor (P1).
[[nodiscard]] std::string media_type_header(const model::Api& api);

}  // namespace portico::contract
