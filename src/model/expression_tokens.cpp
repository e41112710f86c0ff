#include "model/expression_tokens.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "model/mistake_list.hpp"

namespace portico::model {
namespace {

using Kind = ExpressionToken::Kind;

// Longer ones first.
constexpr std::array<std::string_view, 20> operators = {"==", "!=", "<=", ">=", "&&", "||", "+", "-", "*", "/",
                                                        "<",  ">",  "!",  "?",  ":",  "(",  ")", ",", "[", "]"};

/// What people write who think of another language.
struct Habit {
  std::string_view written;
  std::string_view hint;
};
constexpr std::array<Habit, 6> habits = {{
    {"=", "'==' compares"},
    {"&", "'&&' is and"},
    {"|", "'||' is or"},
    {"\"", "texts stand in single quotes: 'pending'"},
    {"%", "there is no remainder; + - * / are there"},
    {".", "a name joins its steps by single dots: customer.email"},
}};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// Upper case is none of a name, but a name with it is told as one.
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool continues_name(char c) {
  return begins_name(c) || is_digit(c);
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::variant<std::vector<ExpressionToken>, ExpressionFault> all() {
    std::vector<ExpressionToken> tokens;
    while (true) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      ExpressionToken token{.offset = at_};
      if (at_ < text_.size()) read(token);
      if (fault_) return *std::move(fault_);
      token.end = at_;
      tokens.push_back(std::move(token));
      if (tokens.back().kind == Kind::End) return tokens;
    }
  }

 private:
  void read(ExpressionToken& token) {
    const char first = text_[at_];
    if (is_digit(first)) return read_integer(token);
    if (first == '\'') return read_text(token);
    if (begins_name(first)) return read_name(token);
    for (const std::string_view symbol : operators) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      token.kind = Kind::Operator;
      token.text = symbol;
      at_ += symbol.size();
      return;
    }
    std::size_t end = at_ + 1;  // whole characters in the message
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) ++end;
    const std::string_view written = text_.substr(at_, end - at_);
    const auto habit =
        std::find_if(habits.begin(), habits.end(), [written](const Habit& row) { return row.written == written; });
    fail(at_, quoted(written) + " means nothing in an expression",
         habit == habits.end() ? std::string() : std::string(habit->hint));
  }

  void read_integer(ExpressionToken& token) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ < text_.size() && (text_[at_] == '.' || continues_name(text_[at_]))) {
      while (at_ < text_.size() && (text_[at_] == '.' || continues_name(text_[at_]))) ++at_;
      fail(begin, quoted(text_.substr(begin, at_ - begin)) + " is no integer",
           "numbers are integers; money and rates are hundredths: 12.50 is 1250");
      return;
    }
    const auto integer = base::parse_integer(text_.substr(begin, at_ - begin));
    if (!integer) {
      fail(begin, quoted(text_.substr(begin, at_ - begin)) + " is too large", "at most 9223372036854775807");
      return;
    }
    token.kind = Kind::Integer;
    token.integer = *integer;
  }

  void read_text(ExpressionToken& token) {
    token.kind = Kind::Text;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\'') {
        const bool is_doubled = at_ + 1 < text_.size() && text_[at_ + 1] == '\'';
        ++at_;
        if (!is_doubled) return;
      }
      token.text.push_back(text_[at_]);
    }
    fail(token.offset, "a text without an end", "it ends with a single quote; one inside is doubled: 'it''s'");
  }

  void read_name(ExpressionToken& token) {
    token.kind = Kind::Name;
    const std::size_t begin = at_;
    while (true) {
      while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
      const bool goes_on = at_ + 1 < text_.size() && text_[at_] == '.' && begins_name(text_[at_ + 1]);
      if (!goes_on) break;
      ++at_;
    }
    token.text = text_.substr(begin, at_ - begin);
  }

  void fail(std::size_t offset, std::string message, std::string hint) {
    fault_ = ExpressionFault{.offset = offset, .message = std::move(message), .hint = std::move(hint)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<ExpressionFault> fault_;
};

}  // namespace

std::variant<std::vector<ExpressionToken>, ExpressionFault> expression_tokens(std::string_view text) {
  return Lexer(text).all();
}

}  // namespace portico::model
