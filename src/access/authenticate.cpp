#include "access/authenticate.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace portico::access {
namespace {

using base::Error;
using base::ErrorCode;

bool is_letter_or_digit(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

char small(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

// Schemes compare without case (RFC 9110 §11.1).
bool is_bearer(std::string_view scheme) {
  constexpr std::string_view bearer = "bearer";
  return std::equal(scheme.begin(), scheme.end(), bearer.begin(), bearer.end(),
                    [](char sent, char expected) { return small(sent) == expected; });
}

// b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="   (RFC 6750 §2.1)
bool is_b64token(std::string_view text) {
  constexpr std::string_view signs = "-._~+/";
  const std::string_view body = text.substr(0, text.find('='));
  const std::string_view padding = text.substr(body.size());
  return !body.empty() && std::all_of(body.begin(), body.end(), [&](char letter) {
    return is_letter_or_digit(letter) || signs.find(letter) != std::string_view::npos;
  }) && padding.find_first_not_of('=') == std::string_view::npos;
}

// Nobody's: what a token is compared with where no key has its id, so that both take the same time.
const KeyRecord& nobody() {
  static const KeyRecord record = {.id = std::string(16, '0'), .secret_hash = std::string(32, '\0')};
  return record;
}

std::string_view verb_of(model::OperationKind operation) {
  switch (operation) {
    case model::OperationKind::List:
      return "list";
    case model::OperationKind::Retrieve:
      return "retrieve";
    case model::OperationKind::Create:
      return "create";
    case model::OperationKind::Replace:
      return "replace";
    case model::OperationKind::Update:
      return "change";
    case model::OperationKind::Delete:
    case model::OperationKind::Clear:
      return "delete";
    case model::OperationKind::Act:
      return "act on";
  }
  return "use";
}

std::string_view words_for(model::Mode mode) {
  return mode == model::Mode::Sandbox ? "the sandbox" : "production";
}

model::Mode other_mode(model::Mode mode) {
  return mode == model::Mode::Sandbox ? model::Mode::Production : model::Mode::Sandbox;
}

// The error codes of RFC 6750 §3.1. A request without credentials gets none.
constexpr std::array<std::pair<ErrorCode, std::string_view>, 4> bearer_errors = {{
    {ErrorCode::MalformedCredentials, "invalid_request"},
    {ErrorCode::InvalidToken, "invalid_token"},
    {ErrorCode::ExpiredToken, "invalid_token"},
    {ErrorCode::Forbidden, "insufficient_scope"},
}};

// Appends `text` in quotes, with what error_description may not hold (RFC 6750 §3: printable ASCII without `"` and
// `\`) replaced: nothing in it can end the quotes or the field.
void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char letter : text) {
    if (letter == '"') {
      out.push_back('\'');
    } else if (letter >= 0x20 && letter <= 0x7E && letter != '\\') {
      out.push_back(letter);
    } else if ((static_cast<unsigned char>(letter) & 0xC0U) != 0x80U) {  // one for each character, not for each byte
      out.push_back('?');
    }
  }
  out.push_back('"');
}

Error private_only(std::string_view verb, const model::Resource& resource) {
  std::string message = "A public key may not ";
  message.append(verb).append(" ").append(resource.name).append("; use the account's private key.");
  return Error{ErrorCode::Forbidden, std::move(message)};
}

}  // namespace

// credentials = "Bearer" 1*SP b64token
//   Bearer private_0123456789abcdef_…
base::Result<std::string_view> bearer_token(std::string_view authorization) {
  if (authorization.data() == nullptr) {
    return Error{ErrorCode::NotAuthenticated, "Authentication credentials were not provided."};
  }
  // What was sent is not repeated: a key without its scheme would end up in logs.
  const std::size_t scheme_end = std::min(authorization.find(' '), authorization.size());
  if (!is_bearer(authorization.substr(0, scheme_end))) {
    return Error{ErrorCode::MalformedCredentials,
                 "The Authorization field must use the Bearer scheme: 'Authorization: Bearer KEY'."};
  }
  const std::size_t token_begin = authorization.find_first_not_of(' ', scheme_end);
  if (token_begin == std::string_view::npos) {
    return Error{ErrorCode::MalformedCredentials,
                 "No key follows the Bearer scheme; expected 'Authorization: Bearer KEY'."};
  }
  const std::string_view token = authorization.substr(token_begin);
  if (is_b64token(token)) return token;
  if (token.find(", ") != std::string_view::npos) {
    return Error{ErrorCode::MalformedCredentials,
                 "More than one key was sent; send one Authorization field, with one."};
  }
  if (token.find_first_of(" \t") != std::string_view::npos) {
    return Error{ErrorCode::MalformedCredentials, "A bearer token holds no white space, and nothing may follow it."};
  }
  return Error{
      ErrorCode::MalformedCredentials,
      "A bearer token consists of letters, digits and the signs '-', '.', '_', '~', '+' and '/', with '=' at "
      "its end only."};
}

base::Result<Principal> authenticate(const std::optional<TokenParts>& token, const std::optional<KeyRecord>& found,
                                     model::Mode mode, base::Microseconds now) {
  const KeyRecord& record = found ? *found : nobody();
  const bool matching = token && matches(*token, record);
  if (!matching || !found || record.revoked) {
    return Error{ErrorCode::InvalidToken, "The token is not valid: it is unknown or was revoked."};
  }
  if (record.expires && *record.expires <= now) {
    return Error{ErrorCode::ExpiredToken, "The token expired at " + base::format_timestamp(*record.expires) + "."};
  }
  if (!works_in(record.modes, mode)) {
    std::string message = "This key is for ";
    message.append(words_for(other_mode(mode)))
        .append(" only; the request is for ")
        .append(words_for(mode))
        .append(".");
    return Error{ErrorCode::Forbidden, std::move(message)};
  }
  return Principal{.account = record.account,
                   .kind = record.kind,
                   .key_id = record.id,
                   .parent = record.parent,
                   .scope = record.scope};
}

base::Status permit(const Principal& principal, const model::Resource& resource, model::OperationKind operation) {
  if (principal.kind != KeyKind::Public || model::contains(resource.public_operations, operation)) return base::ok();
  return private_only(verb_of(operation), resource);
}

base::Status permit_summary(const Principal& principal, const model::Resource& resource) {
  if (principal.kind != KeyKind::Public || resource.summary->is_public) return base::ok();
  return private_only("sum up", resource);
}

base::Status permit(const Principal& principal, const model::Resource& resource, const model::Action& action) {
  if (principal.kind != KeyKind::Public || action.is_public) return base::ok();
  return private_only(action.name, resource);
}

base::Status permit_scope(const Principal& principal, std::size_t scope, std::span<const std::string> names) {
  if (principal.scopes.contains(scope)) return base::ok();
  std::string message = "The token lacks the scope '";
  message.append(names[scope])
      .append(
          "': the extension's version has to ask for it, the user to agree to it, and to have it for this account.");
  return Error{ErrorCode::Forbidden, std::move(message)};
}

base::Status permit(const Principal& principal, Safety safety) {
  if (safety == Safety::Safe || principal.scope == Scope::Everything) return base::ok();
  return Error{ErrorCode::Forbidden, "This access token was issued with the scope 'read': GET and HEAD only."};
}

std::string www_authenticate(const base::Error& error, std::string_view realm) {
  std::string value = "Bearer realm=";
  append_quoted(value, realm);
  const auto* const named = std::find_if(bearer_errors.begin(), bearer_errors.end(),
                                         [&](const auto& entry) { return entry.first == error.code; });
  if (named == bearer_errors.end()) return value;
  value.append(", error=");
  append_quoted(value, named->second);
  if (error.message.empty()) return value;
  value.append(", error_description=");
  append_quoted(value, error.message);
  return value;
}

}  // namespace portico::access
