#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portico::base {

/// Whether `text` is well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text);

/// `text` with each ill-formed sequence replaced by U+FFFD (one per maximal subpart, Unicode §3.9).
[[nodiscard]] std::string repaired_utf8(std::string_view text);

/// Unicode's full case folding (CaseFolding.txt, C + F): what every lookup with an `i` compares (P16). `Straße` and
/// `STRASSE` fold alike; accents stay; nothing is normalised. Ill-formed bytes stay as they are.
[[nodiscard]] std::string folded(std::string_view text);

/// The same into `out`, whose room is reused; for the hot path.
void fold_into(std::string_view text, std::string& out);

/// Whether folded(`text`) contains `folded_needle`, without building the folded text when all is ASCII (P16).
[[nodiscard]] bool contains_folded(std::string_view text, std::string_view folded_needle);

/// `text` folded and freed of accents (canonical decomposition, marks stripped): what `search` compares (P18).
[[nodiscard]] std::string folded_plain(std::string_view text);

/// The words of a `search` value: runs of letters and digits, folded_plain (P18). `"Ap  ñu-9"` gives {"ap","nu","9"}.
[[nodiscard]] std::vector<std::string> search_words(std::string_view value);

/// P18: whether every one of `words` (from search_words) starts a word part of `text`. A part begins where a run of
/// letters and digits begins, where upper case follows lower case, and where digits meet letters: `AplaZame2` has the
/// parts `AplaZame2`, `Zame2` and `2`, each reaching to the end of its run.
[[nodiscard]] bool starts_word_parts(std::string_view text, std::span<const std::string> words);

/// The terms of `q`: split at commas and white space, empty ones left out, folded (P15).
[[nodiscard]] std::vector<std::string> query_terms(std::string_view value);

/// The entry of `known` most like `word`, if one is near enough to be meant (edit distance, swaps counted once).
[[nodiscard]] std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string> known);

/// "a", "a and b", "a, b and c"; for messages.
[[nodiscard]] std::string enumerated(std::span<const std::string> items);

/// The items with `separator` between them.
[[nodiscard]] std::string joined(std::span<const std::string> items, std::string_view separator);

/// Appends `name` as SQL writes a table's or a column's: in double quotes, each one inside doubled.
void append_sql_quoted(std::string& out, std::string_view name);

/// Percent-decodes; `+` becomes a space where `plus` says so. Nothing where a `%` is not followed by two hex digits.
enum class Plus : bool { Literal, Space };
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text, Plus plus);

/// Percent-encodes all but RFC 3986's unreserved characters.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// A 64-bit integer written as digits with an optional minus, nothing else, or nothing.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace portico::base
