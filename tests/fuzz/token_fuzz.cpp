// Credentials: the Authorization field's value and the token in it, and the field that answers a refusal.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "access/authenticate.hpp"

namespace {

namespace access = portico::access;
namespace base = portico::base;
namespace model = portico::model;

void require(bool holds) {
  if (!holds) std::abort();
}

// The value must be one quoted parameter after the other, in printable ASCII.
void check_challenge(const base::Error& error, std::string_view realm) {
  const std::string value = access::www_authenticate(error, realm);
  require(std::all_of(value.begin(), value.end(), [](char letter) { return letter >= 0x20 && letter <= 0x7E; }));
  require(value.find('\\') == std::string::npos);
  const auto quotes = std::count(value.begin(), value.end(), '"');
  require(quotes == 2 || quotes == 4 || quotes == 6);
}

void check_token(std::string_view text) {
  const auto token = access::parse_token(text);
  if (!token) return;
  std::string again(access::name_of(token->kind));
  again.append("_").append(token->id).append("_").append(token->secret);
  require(again == text);
  access::KeyRecord record = {.id = std::string(token->id), .secret_hash = std::string(32, '\0'), .account = "a"};
  require(!access::matches(*token, record));
  require(!access::authenticate(token, record, model::Mode::Production, 0).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  check_token(input);
  const auto bearer = access::bearer_token(input);
  if (bearer) {
    require(!bearer->empty() && input.ends_with(*bearer));
    check_token(*bearer);
  } else {
    check_challenge(bearer.error(), "portico");
  }
  for (std::size_t code = 0; code < base::error_code_count; ++code) {
    check_challenge(base::Error{static_cast<base::ErrorCode>(code), input}, input);
  }
  return 0;
}
