#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/edition.hpp"

namespace portico::reference {

/// Which way an object goes: all that an answer shows; what a body of POST and PUT may say, and must; or of PATCH,
/// where nothing must be said (RFC 7396).
enum class Side : std::uint8_t { Answer, Body, Patch };

/// JSON Schema (2020-12) of one value of a field that is not an object, null aside.
[[nodiscard]] base::Document value_schema(const model::Field& field, Side side);

/// JSON Schema of a row, or of a body, as one version has it.
[[nodiscard]] base::Document row_schema(const model::View& view, Side side);

/// Whether a body of it could say anything.
[[nodiscard]] bool takes_fields(const model::View& view);
/// Whether a body of it must say something.
[[nodiscard]] bool needs_fields(const model::View& view);

/// JSON Schema of what an action or a computed resource answers.
[[nodiscard]] base::Document answer_schema(const std::vector<model::AnswerField>& fields);

/// In an answer of the dialect: `{"code": 0, "data": DATA}`, or DATA itself.
[[nodiscard]] base::Document enveloped(const Edition& edition, base::Document data);
/// In the envelope, where there is nothing else to say: `{"code": 0}`.
[[nodiscard]] base::Document done_schema();
/// A page of rows (P10), or in the envelope with `pagination`.
[[nodiscard]] base::Document page_schema(const Edition& edition, base::Document row);
/// What an error's answer holds.
[[nodiscard]] base::Document error_schema(const Edition& edition);

}  // namespace portico::reference
