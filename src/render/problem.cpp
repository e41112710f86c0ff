#include "render/problem.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/text.hpp"
#include "render/fault_tree.hpp"
#include "render/tree_writer.hpp"

namespace portico::render {

namespace {

using base::Error;
using base::ErrorCode;
using contract::Contract;
using contract::Format;
using model::DialectKind;

/// What each dialect makes of a code, by contract.md's tables. The statuses of E6 are the partner API's.
struct Meaning {
  ErrorCode code;
  int status;
  int envelope_code;  ///< E6
  std::string_view type;
  std::string_view message;
};

constexpr std::array<Meaning, base::error_code_count> table = {{
    {ErrorCode::InvalidData, 400, -5, "ApiValidationException", "API validation error"},
    {ErrorCode::MalformedBody, 400, -4, "ApiValidationException", "The body cannot be read"},
    {ErrorCode::MalformedRequest, 400, -1, "ApiValidationException", "The request is malformed"},
    {ErrorCode::NotAuthenticated, 401, -3, "UnauthorizedException", "Authentication credentials were not provided."},
    {ErrorCode::MalformedCredentials, 401, -3, "UnauthorizedException",
     "The Authorization field must read: Bearer, a space, and the key or token."},
    {ErrorCode::InvalidToken, 401, -3, "UnauthorizedException", "The key or token is not valid."},
    {ErrorCode::ExpiredToken, 401, -2, "UnauthorizedException", "The token has expired."},
    {ErrorCode::Forbidden, 403, -1, "ForbiddenException", "You do not have permission to perform this action."},
    {ErrorCode::NotFound, 404, -1, "ObjectNotFoundException", "Not found."},
    {ErrorCode::MethodNotAllowed, 405, -1, "MethodNotAllowedException", "Method not allowed."},
    {ErrorCode::NotAcceptable, 406, -1, "NotAcceptableException",
     "Nothing that the request accepts is available here."},
    {ErrorCode::RequestTimeout, 408, -1, "RequestTimeoutException", "The request did not arrive in time."},
    {ErrorCode::Conflict, 409, -6, "ConflictException", "The request conflicts with the data as it stands."},
    {ErrorCode::BrokenReference, 409, -7, "ConflictException",
     "The request refers to something that is not there, or removes something that is still referred to."},
    {ErrorCode::PreconditionFailed, 412, -6, "PreconditionFailedException",
     "The object is not as the request's conditions want it: it was changed since."},
    {ErrorCode::RangeNotSatisfiable, 416, -1, "RangeNotSatisfiableException",
     "No part of the range lies in what was asked for."},
    {ErrorCode::BodyTooLarge, 413, -1, "PayloadTooLargeException", "The body is too large."},
    {ErrorCode::TargetTooLarge, 414, -1, "UriTooLargeException", "The URL is too long."},
    {ErrorCode::HeadTooLarge, 431, -1, "HeadersTooLargeException", "The header fields are too large."},
    {ErrorCode::UnsupportedMediaType, 415, -4, "UnsupportedMediaTypeException",
     "The body's content type is not supported; send application/json or application/x-www-form-urlencoded."},
    {ErrorCode::TooManyRequests, 429, -1, "TooManyRequestsException", "Too many requests; slow down."},
    {ErrorCode::Internal, 500, -1, "ServerErrorException", "A server error occurred."},
    {ErrorCode::Unavailable, 503, -1, "ServiceUnavailableException", "The service is not available at the moment."},
}};

constexpr bool stands_in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].code != static_cast<ErrorCode>(i)) return false;
  }
  return true;
}
static_assert(stands_in_order());

const Meaning& meaning_of(ErrorCode code) {
  return table[static_cast<std::size_t>(code)];
}

/// A field that refers to what is not there is a fault of the data like any other, but that the code-envelope dialect
/// has a code for it (-7).
const Meaning& meaning_of(const Error& error, DialectKind dialect) {
  const bool is_field = error.code == ErrorCode::BrokenReference && !error.faults.empty();
  return meaning_of(is_field && dialect == DialectKind::MediaType ? ErrorCode::InvalidData : error.code);
}

// When it is worth to try again (RFC 9110 §10.2.3).
constexpr std::chrono::seconds retry_after_too_many{1};
constexpr std::chrono::seconds retry_after_unavailable{5};

constexpr std::string_view json_content_type = "application/json; charset=utf-8";

/// What of an error the client may see, and how.
struct Answer {
  const Meaning& meaning;
  std::string message;
  const std::vector<base::Fault>& faults;
  const std::vector<std::string>& alternatives;
  std::int64_t own_code;  ///< E6; 0: none
};

// Of fields, which the envelope's message names behind it.
constexpr std::string_view missing_reference = "The request refers to something that is not there";

std::string message_of(const Error& error, const Meaning& meaning) {
  const bool is_field = meaning.code == ErrorCode::BrokenReference && !error.faults.empty();
  const std::string usual(is_field ? missing_reference : meaning.message);
  if (error.message.empty() || error.code == ErrorCode::Internal) return usual;
  // Clients tell a 405 by these words.
  if (error.code == ErrorCode::MethodNotAllowed && error.message.find("not allowed") == std::string::npos) {
    return usual + ' ' + error.message;
  }
  return error.message;
}

// E6: the message names what is missing, misnamed or of a wrong type.
constexpr std::size_t faults_named = 5;

std::string naming_faults(std::string message, const std::vector<base::Fault>& faults) {
  const std::size_t named = std::min(faults.size(), faults_named);
  std::string_view separator = message.ends_with('.') ? " " : ": ";
  for (std::size_t i = 0; i < named; ++i) {
    message += std::exchange(separator, "; ");
    const std::string path = base::joined(faults[i].path, ".");
    if (!path.empty()) message += path + ": ";
    message += faults[i].message;
  }
  if (faults.size() > named) message += "; and " + std::to_string(faults.size() - named) + " more";
  return message;
}

void write_fields(const Answer& answer, TreeWriter& writer) {
  if (answer.faults.empty()) return;
  const FaultForm form = answer.meaning.code == ErrorCode::NotFound ? FaultForm::Text : FaultForm::List;
  writer.member("fields", [&] { FaultTree(answer.faults).write(form, writer); });
}

void write_available(const Answer& answer, TreeWriter& writer) {
  if (answer.meaning.code != ErrorCode::NotAcceptable || answer.alternatives.empty()) return;
  writer.member("available", [&] {
    writer.open_list();
    for (const std::string& name : answer.alternatives) {
      writer.open_item();
      writer.text(name);
      writer.close_item();
    }
    writer.close_list();
  });
}

void write_media_type_body(const Answer& answer, TreeWriter& writer) {
  writer.open_object();
  writer.member("error", [&] {
    writer.open_object();
    writer.member("type", [&] { writer.text(answer.meaning.type); });
    writer.member("message", [&] { writer.text(answer.message); });
    write_fields(answer, writer);
    write_available(answer, writer);
    writer.close_object();
  });
  writer.close_object();
}

std::int64_t code_of(const Answer& answer) {
  return answer.own_code != 0 ? answer.own_code : answer.meaning.envelope_code;
}

std::string msg_of(const Answer& answer) {
  const bool names =
      answer.meaning.code == ErrorCode::InvalidData || answer.meaning.code == ErrorCode::BrokenReference;
  return names ? naming_faults(answer.message, answer.faults) : answer.message;
}

void write_envelope_body(const Answer& answer, TreeWriter& writer) {
  writer.open_object();
  writer.member("code", [&] { writer.integer(code_of(answer)); });
  writer.member("msg", [&] { writer.text(msg_of(answer)); });
  write_fields(answer, writer);
  write_available(answer, writer);
  writer.close_object();
}

void add_fields(const Error& error, http::Response& response) {
  const auto add_retry = [&](std::chrono::seconds usual) {
    response.add("Retry-After", std::to_string(error.retry_after > 0 ? error.retry_after : usual.count()));
  };
  // RFC 9110 §15.5.6: always there, though it be empty.
  if (error.code == ErrorCode::MethodNotAllowed) response.add("Allow", base::joined(error.alternatives, ", "));
  if (error.code == ErrorCode::RangeNotSatisfiable) {  // RFC 9110 §14.4
    response.add("Content-Range", base::joined(error.alternatives, ", "));
  }
  if (error.code == ErrorCode::TooManyRequests) add_retry(retry_after_too_many);
  if (error.code == ErrorCode::Unavailable) add_retry(retry_after_unavailable);
}

DialectKind dialect_of(const Contract& contract) {
  return contract.surface == nullptr ? DialectKind::MediaType : contract.surface->dialect;
}

Answer answer_to(const Error& error, DialectKind dialect) {
  static const std::vector<base::Fault> no_faults;
  const Meaning& meaning = meaning_of(error, dialect);
  return {.meaning = meaning,
          .message = message_of(error, meaning),
          .faults = error.code == ErrorCode::Internal ? no_faults : error.faults,
          .alternatives = error.alternatives,
          .own_code = error.own_code};
}

}  // namespace

int status_of(ErrorCode code, DialectKind dialect) {
  switch (dialect) {
    case DialectKind::MediaType:
    case DialectKind::CodeEnvelope:
      break;
  }
  return meaning_of(code).status;
}

std::string_view type_of(ErrorCode code) {
  return meaning_of(code).type;
}

std::string_view usual_message(ErrorCode code) {
  return meaning_of(code).message;
}

ProblemWords words_of(const Contract& contract, const Error& error) {
  const DialectKind dialect = dialect_of(contract);
  const Answer answer = answer_to(error, dialect);
  switch (dialect) {
    case DialectKind::MediaType:
      break;
    case DialectKind::CodeEnvelope:
      return {.type = std::to_string(code_of(answer)), .message = msg_of(answer)};
  }
  return {.type = std::string(answer.meaning.type), .message = naming_faults(answer.message, answer.faults)};
}

void write_problem(const Contract& contract, const Error& error, http::Response& response) {
  const DialectKind dialect = dialect_of(contract);
  // P4: a client that asked for what is not there gets JSON; E4: the other dialect knows nothing else.
  const bool json_only = error.code == ErrorCode::NotAcceptable || dialect == DialectKind::CodeEnvelope;
  const Format format = json_only ? Format::Json : contract.format;
  const Answer answer = answer_to(error, dialect);
  response.status = answer.meaning.status;
  response.add("Content-Type", json_only ? json_content_type : contract.content_type);
  add_fields(error, response);
  response.body.clear();
  Sink sink(response.body);
  TreeWriter writer(format, sink);
  writer.open_document();
  switch (dialect) {
    case DialectKind::MediaType:
      write_media_type_body(answer, writer);
      break;
    case DialectKind::CodeEnvelope:
      write_envelope_body(answer, writer);
      break;
  }
  writer.close_document();
  sink.finish();
}

}  // namespace portico::render
