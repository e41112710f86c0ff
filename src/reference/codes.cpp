#include "reference/codes.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "contract/contract.hpp"
#include "render/problem.hpp"

namespace portico::reference {
namespace {

using base::Document;
using base::ErrorCode;
using model::Guard;
using model::OperationKind;

/// contract.md, "Extension API"
constexpr std::array<std::string_view, 8> meanings = {
    "It worked.",
    "A general error: not found, not allowed, over a limit, or a fault of the server; `msg` says which.",
    "The token has expired.",
    "The token is not valid: there is none, or it is malformed, unknown or revoked.",
    "Data in a wrong format: the body does not parse, or its content type is not read.",
    "Data missing, misnamed or of a wrong type; `msg` names it.",
    "Data integrity: something has to be unique, or was changed meanwhile.",
    "Data integrity: something refers to what is not there, or is still referred to."};

template <typename Visit>
void visit_codes(const Visit& visit) {
  for (std::size_t code = 0; code < base::error_code_count; ++code) visit(static_cast<ErrorCode>(code));
}

std::string response_name(int status) {
  return "Error" + std::to_string(status);
}

Document error_content(const Edition& edition) {
  ObjectWriter content;
  content.add("application/json", json::object({{"schema", reference_to("schemas", error_name)}}));
  if (!edition.is_envelope()) content.add("application/xml", json::object({}));
  return content.take();
}

void add_headers(int status, ObjectWriter& response) {
  if (status == 401) {
    response.add("headers", json::object({{"WWW-Authenticate", header("string", "RFC 6750.")}}));
  } else if (status == 429 || status == 503) {
    response.add("headers",
                 json::object({{"Retry-After", header("integer", "Seconds until it is worth to try again.")}}));
  }
}

Document response(const Edition& edition, int status, std::string_view description) {
  ObjectWriter made;
  made.add("description", description);
  add_headers(status, made);
  return made.add("content", error_content(edition)).take();
}

/// `The order is not confirmed. (code 2)`
std::string words_of(const Edition& edition, const std::vector<const Guard*>& guards) {
  std::vector<std::string> words;
  for (const Guard* guard : guards) {
    const bool has_code = edition.is_envelope() && guard->code != 0;
    std::string line = guard->message + (has_code ? " (code " + std::to_string(guard->code) + ")" : std::string());
    if (std::find(words.begin(), words.end(), line) == words.end()) words.push_back(std::move(line));
  }
  return base::joined(words, " ");
}

/// What a status usually means: the words of all codes that have it.
std::string usual_words(const Edition& edition, int status) {
  std::vector<std::string> words;
  visit_codes([&](ErrorCode code) {
    if (render::status_of(code, edition.surface.dialect) != status) return;
    std::string line(render::usual_message(code));
    if (!line.ends_with('.')) line += '.';
    words.push_back(std::move(line));
  });
  return base::joined(words, " ");
}

}  // namespace

OwnRefusals own_refusals(const operation::PathPattern& pattern, const operation::TargetMethod& method) {
  OwnRefusals own;
  const auto add = [](const std::vector<Guard>& from, std::vector<const Guard*>& to) {
    for (const Guard& guard : from) to.push_back(&guard);
  };
  const OperationKind kind = method.kind;
  if (pattern.file || kind < OperationKind::Create) return own;
  if (kind == OperationKind::Act) {
    add(pattern.action->rules.guards, own.guards);
    add(pattern.action->checks, own.checks);
  } else if (kind <= OperationKind::Delete) {
    add(pattern.resource->rules_of(kind).guards, own.guards);
    if (kind != OperationKind::Delete) add(pattern.resource->checks, own.checks);
  }
  return own;
}

void add_refusals(const Edition& edition, const Refusals& refusals, ObjectWriter& responses) {
  for (const int status : refusals.statuses) {
    const bool is_own =
        (status == 403 && !refusals.own.guards.empty()) || (status == 400 && !refusals.own.checks.empty());
    if (!is_own) {
      responses.add(std::to_string(status), reference_to("responses", response_name(status)));
      continue;
    }
    const auto& guards = status == 403 ? refusals.own.guards : refusals.own.checks;
    responses.add(std::to_string(status),
                  response(edition, status, usual_words(edition, status) + " " + words_of(edition, guards)));
  }
}

Document shared_responses(const Edition& edition) {
  std::set<int> statuses;
  visit_codes([&](ErrorCode code) { statuses.insert(render::status_of(code, edition.surface.dialect)); });
  ObjectWriter responses;
  for (const int status : statuses) {
    responses.add(response_name(status), response(edition, status, usual_words(edition, status)));
  }
  return responses.take();
}

Document code_list(const Edition& edition, const std::vector<OwnCode>& own) {
  const contract::Contract contract{.surface = &edition.surface, .version = edition.version};
  std::map<std::string, std::set<int>> statuses;
  visit_codes([&](ErrorCode code) {
    statuses[render::words_of(contract, {.code = code}).type].insert(
        render::status_of(code, edition.surface.dialect));
  });
  std::vector<Document> list;
  for (std::size_t i = 0; i < meanings.size(); ++i) {
    const std::string code = i == 0 ? "0" : "-" + std::to_string(i);
    std::vector<Document> of_http;
    if (i == 0) of_http.push_back(json::integer(200));
    for (const int status : statuses[code]) of_http.push_back(json::integer(status));
    list.push_back(json::object({{"code", json::integer(-static_cast<std::int64_t>(i))},
                                 {"meaning", json::text(meanings.at(i))},
                                 {"http", json::list(std::move(of_http))}}));
  }
  for (const OwnCode& one : own) {
    list.push_back(json::object({{"code", json::integer(one.guard->code)},
                                 {"meaning", json::text(one.guard->message)},
                                 {"operation", json::text(one.operation)}}));
  }
  return json::list(std::move(list));
}

}  // namespace portico::reference
