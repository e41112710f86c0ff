#include "base/regex.hpp"

#include <re2/re2.h>

#include "base/text.hpp"

namespace portico::base {

Result<Regex> Regex::compile(std::string_view pattern, Case letters, std::int64_t memory_bytes) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(letters == Case::Sensitive);
  options.set_max_mem(memory_bytes);
  auto compiled = std::make_shared<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (compiled->ok()) return Regex(std::move(compiled));
  if (compiled->error_code() == RE2::ErrorPatternTooLarge) {
    return Error{ErrorCode::InvalidData, "This regular expression is too large: " + compiled->error() +
                                             ". Use fewer or smaller repetitions."};
  }
  return Error{ErrorCode::InvalidData, "This is not a regular expression in RE2 syntax: " + compiled->error() + "."};
}

bool Regex::found_in(std::string_view text) const {
  // The automaton works on bytes and would find matches beside ill-formed ones.
  if (!is_utf8(text)) return false;
  return compiled_->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

}  // namespace portico::base
