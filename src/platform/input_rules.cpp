#include "platform/input_rules.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/seen_text.hpp"
#include "base/text.hpp"
#include "base/web_address.hpp"

namespace portico::platform {
namespace {

constexpr std::array<std::string_view, 2> locales = {"en", "es"};
constexpr std::size_t name_characters_min = 3;
constexpr std::size_t name_characters_max = 40;
constexpr std::string_view wildcard = "*.";

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Of UTF-8.
std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_control(char c, Lines lines) {
  const auto byte = static_cast<unsigned char>(c);
  const bool parts_lines = c == '\n' || c == '\r' || c == '\t';
  if (lines == Lines::Many && parts_lines) return false;
  return byte < 0x20U || byte == 0x7FU;
}

void add_fault(std::vector<base::Fault>& faults, std::vector<std::string> path, std::string message) {
  faults.push_back({.path = std::move(path), .message = std::move(message)});
}

std::string length_words(const TextRule& rule) {
  if (rule.least <= 1) return "It may have " + std::to_string(rule.most) + " characters at most.";
  return "It must have " + std::to_string(rule.least) + " to " + std::to_string(rule.most) + " characters.";
}

/// Empty: all of it is seen. A title that turns the direction of reading looks like another one.
std::string unseen_words(std::string_view text) {
  const std::string unseen = base::find_unseen(text);
  return unseen.empty() ? "" : "It may not hold characters that are not seen (" + unseen + ").";
}

bool is_local(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" || host == "::1";
}

bool is_number(std::string_view label) {
  return std::all_of(label.begin(), label.end(), is_digit);
}

struct Origin {
  std::string text;   ///< in its own form; empty: it is none
  std::string fault;  ///< why
};

/// What stands behind the scheme holds nothing but a host's name or address, a port and one wildcard.
bool is_bare(std::string_view authority) {
  return !authority.empty() && std::all_of(authority.begin(), authority.end(), [](char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || std::string_view(".-:[]*").find(c) < 6;
  });
}

// origin = "https://" [ "*." ] host [ ":" port ] | "http://" local [ ":" port ]
//   https://*.tiles.example.com
Origin origin_of(std::string_view written) {
  constexpr std::string_view wanted =
      "Write an origin, such as https://tiles.example.com, without a path; `https://*.example.com` is all below one.";
  const std::size_t scheme_end = written.find("://");
  if (scheme_end == std::string_view::npos) return {.text = {}, .fault = std::string(wanted)};
  const std::string_view scheme = written.substr(0, scheme_end + 3);
  std::string_view authority = written.substr(scheme_end + 3);
  if (!is_bare(authority)) return {.text = {}, .fault = std::string(wanted)};
  const bool is_wild = authority.starts_with(wildcard);
  if (is_wild) authority.remove_prefix(wildcard.size());
  const auto address = base::parse_web_address(std::string(scheme).append(authority));
  if (!address || authority.find('*') != std::string_view::npos || address->host.ends_with('.')) {
    return {.text = {}, .fault = std::string(wanted)};
  }
  if (!address->is_secure && (is_wild || !is_local(address->host))) {
    return {.text = {}, .fault = "Only https; http is for localhost alone."};
  }
  const std::size_t last_dot = address->host.rfind('.');
  if (is_wild && (last_dot == std::string::npos || is_number(address->host.substr(last_dot + 1)))) {
    return {.text = {}, .fault = "A wildcard stands below a domain, such as https://*.example.com."};
  }
  std::string text(address->is_secure ? "https://" : "http://");
  if (is_wild) text += wildcard;
  return {.text = text + address->host_field(), .fault = {}};
}

std::vector<std::string> sorted(std::vector<std::string> items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

}  // namespace

bool is_extension_name(std::string_view text) {
  if (text.size() < name_characters_min || text.size() > name_characters_max) return false;
  const bool of_signs =
      std::all_of(text.begin(), text.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
  return of_signs && is_lower(text.front()) && text.back() != '-' && text.find("--") == std::string_view::npos;
}

void check_text(std::string_view text, const TextRule& rule, std::vector<base::Fault>& faults) {
  if (!base::is_utf8(text)) return add_fault(faults, {rule.field}, "It must be UTF-8.");
  if (std::any_of(text.begin(), text.end(), [&](char c) { return is_control(c, rule.lines); })) {
    return add_fault(faults, {rule.field}, "It may not hold control characters.");
  }
  if (rule.least > 0 && base::is_blank(text)) return add_fault(faults, {rule.field}, "This field is required.");
  if (std::string words = unseen_words(text); !words.empty())
    return add_fault(faults, {rule.field}, std::move(words));
  const std::size_t characters = characters_of(text);
  if (characters < rule.least || characters > rule.most) add_fault(faults, {rule.field}, length_words(rule));
}

std::string label_fault(std::string_view label) {
  if (!base::is_utf8(label)) return "It must be UTF-8.";
  if (std::any_of(label.begin(), label.end(), [](char c) { return is_control(c, Lines::One); })) {
    return "It may not hold control characters.";
  }
  if (base::is_blank(label)) return "It may not be blank.";
  if (std::string words = unseen_words(label); !words.empty()) return words;
  if (label.size() <= label_bytes_max) return {};
  return "Must not be longer than " + std::to_string(label_bytes_max) + " bytes.";
}

void check_email(std::string_view email, std::vector<base::Fault>& faults) {
  const std::size_t before = faults.size();
  check_text(email, {.field = "email", .least = 1, .most = email_characters_max}, faults);
  if (faults.size() > before) return;
  const std::size_t at = email.find('@');
  const std::string_view host = at == std::string_view::npos ? std::string_view() : email.substr(at + 1);
  if (at == 0 || host.empty() || host.find('@') != std::string_view::npos || host.front() == '.' ||
      host.back() == '.' || email.find(' ') != std::string_view::npos) {
    add_fault(faults, {"email"}, "It must be an e-mail address, such as ana@example.com.");
  }
}

void check_password(std::string_view password, std::string_view field, std::size_t least,
                    std::vector<base::Fault>& faults) {
  const std::vector<std::string> path = {std::string(field)};
  if (!base::is_utf8(password) || password.find('\0') != std::string_view::npos) {
    return add_fault(faults, path, "It must be UTF-8.");
  }
  if (password.size() > password_bytes_max) {
    return add_fault(faults, path, "It may have " + std::to_string(password_bytes_max) + " bytes at most.");
  }
  if (characters_of(password) < least) {
    add_fault(faults, path, "It must have " + std::to_string(least) + " characters at least.");
  }
}

void check_person(std::string_view name, std::vector<base::Fault>& faults) {
  check_text(name, {.field = "name", .least = 1, .most = person_characters_max}, faults);
}

void check_locale(std::string_view locale, std::vector<base::Fault>& faults) {
  if (std::find(locales.begin(), locales.end(), locale) != locales.end()) return;
  add_fault(faults, {"locale"}, "It must be en or es.");
}

std::vector<std::string> checked_scopes(const std::vector<std::string>& scopes, const std::vector<std::string>& known,
                                        std::vector<base::Fault>& faults) {
  for (std::size_t at = 0; at < scopes.size(); ++at) {
    if (std::binary_search(known.begin(), known.end(), scopes[at])) continue;
    std::string message = "There is no such scope";
    if (known.empty()) {
      message += "; this API has none.";
    } else if (const auto meant = base::did_you_mean(scopes[at], known)) {
      message.append("; did you mean ").append(*meant).append("?");
    } else {
      message += ".";
    }
    add_fault(faults, {"scopes", std::to_string(at)}, std::move(message));
  }
  return sorted(scopes);
}

std::vector<std::string> checked_hosts(const std::vector<std::string>& hosts, std::vector<base::Fault>& faults) {
  if (hosts.size() > hosts_max) {
    add_fault(faults, {"hosts"}, "There may be " + std::to_string(hosts_max) + " at most.");
    return {};
  }
  std::vector<std::string> origins;
  for (std::size_t at = 0; at < hosts.size(); ++at) {
    Origin origin = origin_of(hosts[at]);
    if (!origin.fault.empty()) add_fault(faults, {"hosts", std::to_string(at)}, std::move(origin.fault));
    origins.push_back(std::move(origin.text));
  }
  return sorted(std::move(origins));
}

}  // namespace portico::platform
