#pragma once

#include <string>
#include <string_view>

namespace portico::store {

/// What is wrong with a URL as libpq reads it (`postgres://user@host,other:5433/database?sslmode=verify-full`), in
/// words without any part of a password; empty: nothing.
[[nodiscard]] std::string address_mistake(const std::string& url);

/// `text`, which is such a URL or holds one, with every password in it replaced by `***`: for messages.
[[nodiscard]] std::string without_passwords(std::string_view text);

}  // namespace portico::store
