#include "server/token_request.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <sodium.h>

#include "base/document.hpp"
#include "base/text.hpp"
#include "operation/parse_body.hpp"
#include "server/list_field.hpp"

namespace portico::server {
namespace {

constexpr std::string_view grant = "client_credentials";
constexpr std::string_view basic = "Basic";

struct Client {
  std::string id;
  std::string secret;
};

TokenRefusal invalid_request(std::string description) {
  return {.error = "invalid_request", .description = std::move(description)};
}

TokenRefusal invalid_client(std::string description) {
  return {.status = 401, .error = "invalid_client", .description = std::move(description)};
}

/// basic-credentials = base64 of `id:secret` (RFC 7617 §2), each form-encoded before (RFC 6749 §2.3.1).
std::optional<Client> basic_credentials(std::string_view text) {
  std::vector<unsigned char> bytes(text.size());
  std::size_t length = 0;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &length, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  const std::string pair(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
  const std::size_t colon = pair.find(':');
  if (colon == std::string::npos) return std::nullopt;
  auto id = base::percent_decoded(std::string_view(pair).substr(0, colon), base::Plus::Space);
  auto secret = base::percent_decoded(std::string_view(pair).substr(colon + 1), base::Plus::Space);
  if (!id || !secret) return std::nullopt;
  return Client{.id = std::move(*id), .secret = std::move(*secret)};
}

/// What the Authorization field says; nothing where there is none.
std::variant<std::optional<Client>, TokenRefusal> client_in_head(const http::Request& request) {
  std::string joined;
  const std::string_view value = list_field(request, "Authorization", joined);
  if (value.data() == nullptr) return std::optional<Client>();
  const std::size_t space = value.find(' ');
  const std::size_t begin = value.find_first_not_of(' ', std::min(space, value.size()));
  if (!http::same_name(value.substr(0, space), basic) || begin == std::string_view::npos) {
    return invalid_client("The Authorization field must be 'Basic' and the base64 of 'client_id:client_secret'.");
  }
  auto client = basic_credentials(value.substr(begin));
  if (client) return std::optional<Client>(std::move(*client));
  return invalid_client("What follows 'Basic' must be the base64 of 'client_id:client_secret'.");
}

/// The parameters of a form.
class Form {
 public:
  explicit Form(const base::Document& document) : document_(document) {}
  /// The parameter's value; empty: there is none (RFC 6749 §3.2), or one that is no text, which says nothing here.
  [[nodiscard]] std::string_view value(std::string_view name) const {
    const base::Document* const found = document_.find(name);
    return found == nullptr ? std::string_view() : std::string_view(found->text);
  }

 private:
  const base::Document& document_;
};

std::variant<Client, TokenRefusal> client_of(const http::Request& request, const Form& form) {
  auto head = client_in_head(request);
  if (auto* refusal = std::get_if<TokenRefusal>(&head)) return std::move(*refusal);
  auto& in_head = std::get<std::optional<Client>>(head);
  const std::string_view id = form.value("client_id");
  const std::string_view secret = form.value("client_secret");
  if (in_head && !secret.empty()) {
    return invalid_request("The client's secret stands in the Authorization field and in the body; send it once.");
  }
  if (in_head && !id.empty() && id != in_head->id) {
    return invalid_request("client_id is not the one in the Authorization field.");
  }
  if (in_head) return std::move(*in_head);
  if (!id.empty() && !secret.empty()) return Client{.id = std::string(id), .secret = std::string(secret)};
  return invalid_client(
      "No client is named: send client_id, a private key's id, and client_secret, the key, by HTTP Basic or in the "
      "body.");
}

}  // namespace

std::variant<TokenRequest, TokenRefusal> read_token_request(const http::Request& request,
                                                            const base::Limits& limits) {
  const auto body = operation::parse_body(request, limits);
  if (!body) {
    const bool is_type = body.error().code == base::ErrorCode::UnsupportedMediaType;
    return invalid_request(is_type ? "The body must be application/x-www-form-urlencoded." : body.error().message);
  }
  if (!*body || (*body)->writing != operation::Writing::Form) {
    return invalid_request("Send a body in application/x-www-form-urlencoded: grant_type=client_credentials.");
  }
  const Form form((*body)->document);
  auto client = client_of(request, form);
  if (auto* refusal = std::get_if<TokenRefusal>(&client)) return std::move(*refusal);
  const std::string_view wanted = form.value("grant_type");
  if (wanted.empty()) return invalid_request("grant_type is missing; send grant_type=client_credentials.");
  if (wanted != grant) {
    return TokenRefusal{.error = "unsupported_grant_type",
                        .description = "The only grant is client_credentials: grant_type=client_credentials."};
  }
  const auto scope = access::find_scope(form.value("scope"));
  if (!scope) {
    return TokenRefusal{.error = "invalid_scope",
                        .description = "The only scope is 'read'; without one a token may do what its key may."};
  }
  auto& known = std::get<Client>(client);
  return TokenRequest{.client_id = std::move(known.id), .client_secret = std::move(known.secret), .scope = *scope};
}

}  // namespace portico::server
