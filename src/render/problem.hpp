#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "contract/contract.hpp"
#include "http/response.hpp"

namespace portico::render {

/// The HTTP status of a code in a dialect (contract.md, "Errors").
[[nodiscard]] int status_of(base::ErrorCode code, model::DialectKind dialect);

/// The name that the media-type dialect gives a code: `ApiValidationException`.
[[nodiscard]] std::string_view type_of(base::ErrorCode code);

/// What an answer says where the error brings no words of its own: `API validation error`.
[[nodiscard]] std::string_view usual_message(base::ErrorCode code);

/// What the answer to an error tells, as its body names it: the type, or in the other dialect the code, and the
/// words, with the first faults behind them.
struct ProblemWords {
  std::string type;
  std::string message;
};
[[nodiscard]] ProblemWords words_of(const contract::Contract& contract, const base::Error& error);

/// Writes status and body of an error in the contract's dialect and format; a NotAcceptable always in JSON (P4).
/// Internal says nothing of its message. Fields of the head that depend on the error (`Allow`) are written too; those
/// that every answer carries are not.
void write_problem(const contract::Contract& contract, const base::Error& error, http::Response& response);

}  // namespace portico::render
