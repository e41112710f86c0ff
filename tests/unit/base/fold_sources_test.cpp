#include "base/fold_sources.hpp"

#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/code_points.hpp"
#include "base/text.hpp"

namespace portico::base {
namespace {

/// As PostgreSQL's replace(): from left to right, each place once.
std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with(from)) {
      out += to;
      at += from.size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::vector<char32_t> points_of(std::string_view text) {
  std::vector<char32_t> points;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode(text, at);
    EXPECT_TRUE(point.well_formed);
    points.push_back(point.value);
    at += point.bytes;
  }
  return points;
}

/// As PostgreSQL's translate(): characters that `to` lacks are taken out.
std::string translated(std::string_view text, std::string_view from, std::string_view to) {
  const auto sources = points_of(from);
  const auto targets = points_of(to);
  std::string out;
  for (const char32_t point : points_of(text)) {
    const auto found = std::find(sources.begin(), sources.end(), point);
    const auto place = static_cast<std::size_t>(found - sources.begin());
    if (found == sources.end()) {
      out += encoded(point);
    } else if (place < targets.size()) {
      out += encoded(targets[place]);
    }
  }
  return out;
}

std::string folded_for(std::string_view needle, std::string text) {
  const FoldSources sources = fold_sources(needle);
  for (const FoldSources::Expansion& expansion : sources.expansions) {
    text = replaced(text, expansion.from, expansion.to);
  }
  return translated(text, sources.from, sources.to);
}

/// Whether every way of looking finds `needle` in the text as in the folded text.
testing::AssertionResult agrees(const std::string& text, const std::string& needle) {
  const std::string whole = folded(text);
  const std::string part = folded_for(needle, text);
  const auto same = [&](const auto& finds) { return finds(whole) == finds(part); };
  const bool alike = same([&](const std::string& in) { return in == needle; }) &&
                     same([&](const std::string& in) { return in.find(needle) != std::string::npos; }) &&
                     same([&](const std::string& in) { return in.starts_with(needle); }) &&
                     same([&](const std::string& in) { return in.ends_with(needle); });
  if (alike) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << needle << "' in '" << text << "', folded '" << whole << "', but '"
                                     << part << "'";
}

std::vector<char32_t> all_points() {
  std::vector<char32_t> points;
  for (char32_t point = 1; point < 0x110000; ++point) {
    if (point < 0xD800 || point >= 0xE000) points.push_back(point);
  }
  return points;
}

/// Those that fold to something else, and those that they fold to.
std::vector<std::string> touched_by_folding() {
  std::vector<std::string> touched;
  for (const char32_t point : all_points()) {
    const std::string text = encoded(point);
    const std::string to = folded(text);
    if (to == text) continue;
    touched.push_back(text);
    for (const char32_t part : points_of(to)) touched.push_back(encoded(part));
  }
  return touched;
}

TEST(FoldSources, FoldingIsDoneAfterOnce) {
  for (const char32_t point : all_points()) {
    const std::string once = folded(encoded(point));
    ASSERT_FALSE(once.empty());
    ASSERT_EQ(folded(once), once) << static_cast<std::uint32_t>(point);
  }
}

TEST(FoldSources, FindEachCodePointByItsFolding) {
  for (const std::string& text : touched_by_folding()) {
    const std::string needle = folded(text);
    ASSERT_TRUE(agrees(text, needle));
    ASSERT_TRUE(agrees("x" + text + "y", needle));
    for (const char32_t part : points_of(needle)) ASSERT_TRUE(agrees(text, encoded(part)));
  }
}

TEST(FoldSources, AskForNothingWhereNothingFolds) {
  std::set<std::string> touched;
  for (std::string& text : touched_by_folding()) touched.insert(std::move(text));
  std::string others;
  for (const char32_t point : all_points()) {
    if (std::string text = encoded(point); !touched.contains(text)) others += text;
  }
  EXPECT_TRUE(fold_sources(others).changes_nothing());
}

TEST(FoldSources, AgreeOnMixturesOfAllThatFolds) {
  std::vector<std::string> alphabet = touched_by_folding();
  // The letters that expansions are made of meet each other often enough only if they are drawn often.
  const std::vector<std::string> dense = {
      "s", "S", "ß", "ẞ", "ſ", "t", "T",      "ﬅ",      "ﬆ",      "f",      "F",          "i", "I", "l", "ﬀ",
      "ﬁ", "ﬂ", "ﬃ", "ﬄ", "İ", "ı", "\u0307", "ΐ",      "ι",      "ᾳ",      "\u0345",     "ᾼ", "α", "ŉ", "n",
      "ʼ", "ǰ", "j", "և", "ե", "ւ", "K",      "\u212A", "\u0308", "\u0301", "\U00010400", "x", "7"};
  std::mt19937 random(20151002);
  const auto draw = [&](const std::vector<std::string>& from, std::size_t most) {
    std::string text;
    const std::size_t length = random() % (most + 1);
    for (std::size_t i = 0; i < length; ++i) text += from[random() % from.size()];
    return text;
  };
  for (int round = 0; round < 20'000; ++round) {
    const auto& from = round % 3 == 0 ? alphabet : dense;
    const std::string text = draw(from, 7);
    ASSERT_TRUE(agrees(text, folded(draw(from, 3))));
    const std::string whole = folded(text);
    const auto points = points_of(whole);
    if (points.empty()) continue;
    const std::size_t begin = random() % points.size();
    std::string needle;
    for (std::size_t at = begin; at < points.size() && at < begin + 1 + random() % 4; ++at)
      needle += encoded(points[at]);
    ASSERT_TRUE(agrees(text, needle));
  }
}

TEST(FoldSources, AskForNoMoreThanAMatchCanTake) {
  EXPECT_TRUE(fold_sources("").changes_nothing());
  EXPECT_TRUE(fold_sources("2015-7 %_").changes_nothing());
  const FoldSources alice = fold_sources("alce");
  EXPECT_EQ(alice.from, "ACEL");
  EXPECT_EQ(alice.to, "acel");
  EXPECT_TRUE(alice.expansions.empty());
  const FoldSources strasse = fold_sources("strasse");
  EXPECT_EQ(strasse.expansions.size(), 4U);  // ß, ẞ and both ligatures of st
}

}  // namespace
}  // namespace portico::base
