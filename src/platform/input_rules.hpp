#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace portico::platform {

// What texts that people type must be like. Lengths are characters.

inline constexpr std::size_t email_characters_max = 254;  ///< RFC 5321 §4.5.3.1.3
inline constexpr std::size_t person_characters_max = 200;
inline constexpr std::size_t title_characters_max = 100;
inline constexpr std::size_t description_characters_max = 2'000;
inline constexpr std::size_t reason_characters_max = 2'000;
inline constexpr std::size_t message_characters_max = 500;
inline constexpr std::size_t account_characters_max = 200;
inline constexpr std::size_t label_bytes_max = 200;
inline constexpr std::size_t password_bytes_max = 1'024;  ///< so that hashing takes no longer for a longer one
inline constexpr std::size_t hosts_max = 20;

/// [a-z][a-z0-9-]{1,38}[a-z0-9], without `--`, which divides what stands before a name in a host's name.
[[nodiscard]] bool is_extension_name(std::string_view text);

enum class Lines : bool { One, Many };

struct TextRule {
  std::string field;
  std::size_t least = 1;
  std::size_t most = 1;
  Lines lines = Lines::One;
};
/// UTF-8 of that length, without control characters (but line ends and tabs, where there may be many lines). At
/// least one character that is seen, where `least` is not 0. Adds a fault where it is not so.
void check_text(std::string_view text, const TextRule& rule, std::vector<base::Fault>& faults);

/// A key's label tells people which one it is: UTF-8 on one line, without control characters, and not of blanks
/// alone. What is wrong with it, or nothing.
[[nodiscard]] std::string label_fault(std::string_view label);

/// Something before one `@` and a host's name behind it: enough to find mistakes, and no more.
void check_email(std::string_view email, std::vector<base::Fault>& faults);

void check_password(std::string_view password, std::string_view field, std::size_t least,
                    std::vector<base::Fault>& faults);

/// A person's name, at `name`.
void check_person(std::string_view name, std::vector<base::Fault>& faults);

void check_locale(std::string_view locale, std::vector<base::Fault>& faults);

/// The scopes sorted, each once; a fault at `scopes` and its index for one that is none of `known` (sorted).
[[nodiscard]] std::vector<std::string> checked_scopes(const std::vector<std::string>& scopes,
                                                      const std::vector<std::string>& known,
                                                      std::vector<base::Fault>& faults);

/// The origins in their own form, sorted, each once; a fault at `hosts` and its index for what is no origin that
/// pages may call: `https://tiles.example.com`, `https://*.example.com`, `http://localhost:3000`.
[[nodiscard]] std::vector<std::string> checked_hosts(const std::vector<std::string>& hosts,
                                                     std::vector<base::Fault>& faults);

}  // namespace portico::platform
