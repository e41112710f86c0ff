// Text: folding, searching and repairing agree with each other on any bytes. Input: a needle, a zero byte, a text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace {

namespace base = portico::base;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_folding(std::string_view text, std::string_view needle) {
  const std::string folded = base::folded(text);
  const std::string folded_needle = base::folded(needle);
  require(base::folded(folded) == folded);
  require(folded.size() <= 3 * text.size());
  std::string reused(needle);
  base::fold_into(text, reused);
  require(reused == folded);
  // Any needle, folded or not: the function promises no more of it.
  require(base::contains_folded(text, needle) == (folded.find(needle) != std::string::npos));
  require(base::contains_folded(text, folded_needle) == (folded.find(folded_needle) != std::string::npos));
  require(base::is_utf8(folded) == base::is_utf8(text));
}

void check_repair(std::string_view text) {
  const std::string repaired = base::repaired_utf8(text);
  require(base::is_utf8(repaired));
  require((repaired == text) == base::is_utf8(text));
}

void check_words(std::string_view text, std::string_view needle) {
  const auto words = base::search_words(text);
  require(base::starts_word_parts(text, words));  // every text has its own words
  const std::string plain = base::folded_plain(text);
  for (const std::string& word : words) require(!word.empty() && plain.find(word) != std::string::npos);
  static_cast<void>(base::starts_word_parts(text, base::search_words(needle)));
  for (const std::string& term : base::query_terms(text)) {
    require(!term.empty() && term.find_first_of(", \t\r\n") == std::string::npos &&
            base::contains_folded(text, term));
  }
}

void check_percent(std::string_view text) {
  require(base::percent_decoded(base::percent_encoded(text), base::Plus::Space) == text);
  const auto decoded = base::percent_decoded(text, base::Plus::Literal);
  require(!decoded || decoded->size() <= text.size());
  const auto number = base::parse_integer(text);
  require(!number || base::parse_integer(std::to_string(*number)) == number);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  const std::size_t cut = input.find('\0');
  const std::string_view needle = std::string_view(input).substr(0, cut);
  const std::string_view text =
      cut == std::string::npos ? std::string_view() : std::string_view(input).substr(cut + 1);
  check_folding(text, needle);
  check_folding(needle, text);
  check_repair(text);
  check_words(text, needle);
  check_percent(text);
  return 0;
}
