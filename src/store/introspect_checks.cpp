#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.hpp"
#include "store/introspect.hpp"

namespace portico::store {
namespace {

/// A word, a value or a sign of SQL.
struct Token {
  enum class Kind : std::uint8_t { Word, Name, Text, Number, Sign };
  Kind kind = Kind::Sign;
  std::string text;     ///< Word: in small letters as far as ASCII goes. Name, Text: without its quotes
  std::size_t end = 0;  ///< where it ends in the SQL
};

bool is_word_byte(char byte) {
  return !base::is_ascii(byte) || std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || byte == '$';
}

/// SQL as both databases write and take it: comments are skipped.
class Tokens {
 public:
  explicit Tokens(std::string_view sql) : sql_(sql) {}

  /// The next one; nothing at the end.
  std::optional<Token> next() {
    skip_space();
    if (at_ >= sql_.size()) return std::nullopt;
    const char first = sql_[at_];
    if (first == '\'') return quoted(Token::Kind::Text, '\'');
    if (first == '"' || first == '`') return quoted(Token::Kind::Name, first);
    if (first == '[' && bracket_is_name()) return quoted(Token::Kind::Name, ']');
    const bool is_negative = first == '-' && at_ + 1 < sql_.size() && is_digit(sql_[at_ + 1]);
    if (is_digit(first) || is_negative) return number();
    if (is_word_byte(first)) return word();
    const std::size_t bytes = sql_.substr(at_).starts_with("::") ? 2 : 1;
    at_ += bytes;
    return Token{.kind = Token::Kind::Sign, .text = std::string(sql_.substr(at_ - bytes, bytes)), .end = at_};
  }

 private:
  static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

  void skip_space() {
    while (at_ < sql_.size()) {
      const std::string_view rest = sql_.substr(at_);
      if (std::isspace(static_cast<unsigned char>(rest.front())) != 0) {
        ++at_;
      } else if (rest.starts_with("--")) {
        at_ = std::min(sql_.find('\n', at_), sql_.size());
      } else if (rest.starts_with("/*")) {
        const std::size_t end = sql_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? sql_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  /// `[order date]` names a column in SQLite; `ARRAY[1, 2]` and `text[]` are PostgreSQL's.
  [[nodiscard]] bool bracket_is_name() const { return at_ == 0 || !is_word_byte(sql_[at_ - 1]); }

  Token quoted(Token::Kind kind, char end_quote) {
    Token token{.kind = kind, .text = {}};
    for (++at_; at_ < sql_.size(); ++at_) {
      if (sql_[at_] != end_quote) {
        token.text += sql_[at_];
        continue;
      }
      ++at_;
      if (end_quote == ']' || at_ >= sql_.size() || sql_[at_] != end_quote) break;
      token.text += end_quote;
    }
    token.end = at_;
    return token;
  }

  Token number() {
    const std::size_t begin = at_++;
    while (at_ < sql_.size() && (is_word_byte(sql_[at_]) || sql_[at_] == '.')) ++at_;
    return {.kind = Token::Kind::Number, .text = std::string(sql_.substr(begin, at_ - begin)), .end = at_};
  }

  Token word() {
    Token token{.kind = Token::Kind::Word, .text = {}};
    for (; at_ < sql_.size() && is_word_byte(sql_[at_]); ++at_) token.text += base::to_ascii_lower(sql_[at_]);
    token.end = at_;
    return token;
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

bool is_sign(const Token& token, std::string_view sign) {
  return token.kind == Token::Kind::Sign && token.text == sign;
}
bool is_word(const Token& token, std::string_view word) {
  return token.kind == Token::Kind::Word && token.text == word;
}

/// Where a type's name ends that begins at `at`: `character varying(10)[]`.
std::size_t end_of_type(const std::vector<Token>& tokens, std::size_t at) {
  while (at < tokens.size() &&
         (tokens[at].kind == Token::Kind::Word || tokens[at].kind == Token::Kind::Name || is_sign(tokens[at], "."))) {
    ++at;
  }
  const bool has_length = at + 2 < tokens.size() && is_sign(tokens[at], "(") &&
                          tokens[at + 1].kind == Token::Kind::Number && is_sign(tokens[at + 2], ")");
  if (has_length) at += 3;
  while (at + 1 < tokens.size() && is_sign(tokens[at], "[") && is_sign(tokens[at + 1], "]")) at += 2;
  return at;
}

/// What a check says without its casts and parentheses, which PostgreSQL puts wherever it can.
std::vector<Token> bare_tokens(std::string_view check) {
  std::vector<Token> all;
  Tokens reader(check);
  while (auto token = reader.next()) all.push_back(std::move(*token));
  const auto first = std::find_if(all.begin(), all.end(), [](const Token& token) { return is_sign(token, "("); });
  all.erase(all.begin(), first);
  std::vector<Token> bare;
  for (std::size_t i = 0; i < all.size();) {
    if (is_sign(all[i], "::")) {
      i = end_of_type(all, i + 1);
    } else if (is_sign(all[i], "(") || is_sign(all[i], ")")) {
      ++i;
    } else {
      bare.push_back(std::move(all[i++]));
    }
  }
  return bare;
}

/// `check = part ('or' part)* ; part = col 'is' 'null' | col '=' value | col 'in' value (',' value)*
/// | col '=' 'any' 'array' '[' value (',' value)* ']'`
class ListReader {
 public:
  explicit ListReader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::optional<ListedValues> read() {
    do {
      if (!read_part()) return std::nullopt;
    } while (take_word("or"));
    if (at_ != tokens_.size() || listed_.values.size() < 2) return std::nullopt;
    return std::move(listed_);
  }

 private:
  [[nodiscard]] const Token* here() const { return at_ < tokens_.size() ? &tokens_[at_] : nullptr; }

  bool take_word(std::string_view word) {
    if (here() == nullptr || !is_word(*here(), word)) return false;
    ++at_;
    return true;
  }
  bool take_sign(std::string_view sign) {
    if (here() == nullptr || !is_sign(*here(), sign)) return false;
    ++at_;
    return true;
  }

  bool read_part() {
    const Token* column = here();
    if (column == nullptr || (column->kind != Token::Kind::Word && column->kind != Token::Kind::Name)) return false;
    if (listed_.column.empty()) listed_.column = column->text;
    if (listed_.column != column->text) return false;
    ++at_;
    if (take_word("is")) return take_word("null");
    if (take_word("in")) return read_values();
    if (!take_sign("=")) return false;
    if (!take_word("any")) return read_value();
    return take_word("array") && take_sign("[") && read_values() && take_sign("]");
  }

  bool read_values() {
    do {
      if (!read_value()) return false;
    } while (take_sign(","));
    return true;
  }

  bool read_value() {
    const Token* value = here();
    if (value == nullptr || (value->kind != Token::Kind::Text && value->kind != Token::Kind::Number)) return false;
    if (std::find(listed_.values.begin(), listed_.values.end(), value->text) == listed_.values.end()) {
      listed_.values.push_back(value->text);
    }
    ++at_;
    return true;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  ListedValues listed_;
};

}  // namespace

std::optional<ListedValues> listed_values(std::string_view check) {
  return ListReader(bare_tokens(check)).read();
}

std::vector<std::string> checks_in(std::string_view create_table) {
  std::vector<std::string> checks;
  Tokens reader(create_table);
  bool after_check = false;
  std::size_t depth = 0;
  std::size_t begin = 0;
  while (const auto token = reader.next()) {
    const bool opens = is_sign(*token, "(");
    if (depth == 0 && after_check && opens) {
      begin = token->end - 1;
      depth = 1;
    } else if (depth > 0) {
      if (opens) ++depth;
      if (is_sign(*token, ")") && --depth == 0) {
        checks.emplace_back(create_table.substr(begin, token->end - begin));
      }
    }
    after_check = is_word(*token, "check");
  }
  return checks;
}

}  // namespace portico::store
