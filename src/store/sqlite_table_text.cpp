#include "store/sqlite_table_text.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/// Walks SQL piece by piece: a quoted text, a comment, or one character.
class Pieces {
 public:
  explicit Pieces(std::string_view sql) : sql_(sql) {}

  /// Empty at the end. Comments and runs of white space come as one space.
  std::string_view next() {
    if (at_ >= sql_.size()) return {};
    const std::size_t begin = at_;
    if (is_space(sql_[at_]) || comment_begins()) {
      while (at_ < sql_.size() && (is_space(sql_[at_]) || comment_begins())) skip_blank();
      return " ";
    }
    constexpr std::array<std::pair<char, char>, 4> quotes = {{{'"', '"'}, {'\'', '\''}, {'`', '`'}, {'[', ']'}}};
    for (const auto& [open, close] : quotes) {
      if (sql_[at_] != open) continue;
      skip_quoted(close);
      return sql_.substr(begin, at_ - begin);
    }
    return sql_.substr(at_++, 1);
  }

 private:
  [[nodiscard]] bool comment_begins() const {
    return sql_.substr(at_).starts_with("--") || sql_.substr(at_).starts_with("/*");
  }
  void skip_blank() {
    if (!comment_begins()) {
      ++at_;
      return;
    }
    const bool line = sql_[at_] == '-';
    const std::size_t end = sql_.find(line ? "\n" : "*/", at_ + 2);
    at_ = end == std::string_view::npos ? sql_.size() : end + (line ? 1 : 2);
  }
  /// A doubled quote is one inside.
  void skip_quoted(char close) {
    for (++at_; at_ < sql_.size(); ++at_) {
      if (sql_[at_] != close) continue;
      const bool doubled = close != ']' && at_ + 1 < sql_.size() && sql_[at_ + 1] == close;
      if (!doubled) break;
      ++at_;
    }
    at_ = std::min(at_ + 1, sql_.size());
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_quote(char c) {
  return c == '"' || c == '`' || c == '[' || c == '\'';
}

std::string unquoted(std::string_view quoted) {
  const char close = quoted.back();
  std::string name;
  for (std::size_t at = 1; at + 1 < quoted.size(); ++at) {
    name += quoted[at];
    if (close != ']' && quoted[at] == close) ++at;
  }
  return name;
}

SqliteDefinition taken_apart(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return {};
  if (is_quote(text.front())) {
    const std::string_view name = Pieces(text).next();
    return {.name = unquoted(name), .rest = std::string(trimmed(text.substr(name.size())))};
  }
  const auto end =
      std::find_if(text.begin(), text.end(), [](char c) { return is_space(c) || c == '(' || is_quote(c); });
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  for (const std::string_view constraint : {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}) {
    if (same_name(plan::SqlFlavor::Sqlite, word, constraint)) return {.name = {}, .rest = std::string(text)};
  }
  return {.name = std::string(word), .rest = std::string(trimmed(text.substr(word.size())))};
}

constexpr std::array<ColumnType, 6> sqlite_types = {ColumnType::Boolean, ColumnType::Json,      ColumnType::Integer,
                                                    ColumnType::Text,    ColumnType::Timestamp, ColumnType::Bytes};

}  // namespace

std::optional<SqliteTableText> parse_table_text(std::string_view sql) {
  Pieces pieces(sql);
  SqliteTableText text;
  std::string current;
  int depth = 0;
  bool listed = false;
  const auto end_definition = [&] {
    text.definitions.push_back(taken_apart(current));
    current.clear();
  };
  for (std::string_view piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
    if (listed) {
      text.options += piece;
      continue;
    }
    if (piece == "(" && ++depth == 1) {
      current.clear();  // the head
      continue;
    }
    if (piece == ")" && --depth == 0) {
      end_definition();
      listed = true;
      continue;
    }
    if (piece == "," && depth == 1) {
      end_definition();
      continue;
    }
    current += piece;
  }
  if (!listed) return std::nullopt;
  text.options = std::string(trimmed(text.options));
  return text;
}

SqliteDefinition* SqliteTableText::find(std::string_view column) {
  const auto found = std::find_if(definitions.begin(), definitions.end(), [&](const SqliteDefinition& definition) {
    return !definition.name.empty() && same_name(plan::SqlFlavor::Sqlite, definition.name, column);
  });
  return found == definitions.end() ? nullptr : &*found;
}

std::string SqliteTableText::create(std::string_view name) const {
  std::string sql = "CREATE TABLE " + quoted_name(name) + " (";
  std::string_view separator = "\n  ";
  for (const SqliteDefinition& definition : definitions) {
    sql += separator;
    if (!definition.name.empty()) sql += quoted_name(definition.name) + (definition.rest.empty() ? "" : " ");
    sql += definition.rest;
    separator = ",\n  ";
  }
  sql += "\n)";
  return options.empty() ? sql : sql + " " + options;
}

std::string sqlite_definition(const WantedColumn& column) {
  const ColumnType type = stored_type(column.type, plan::SqlFlavor::Sqlite);
  const bool is_number = type == ColumnType::Integer || type == ColumnType::Boolean;
  std::string sql = is_number ? "INTEGER" : type == ColumnType::Bytes ? "BLOB" : "TEXT";
  if (column.type == ColumnType::Timestamp) sql += " CONSTRAINT timestamp";  // earlier versions did not write it
  if (!column.nullable) sql += " NOT NULL";
  if (type == ColumnType::Boolean) sql += " CHECK (" + quoted_name(column.name) + " IN (0, 1))";
  const std::string json = "json_valid(" + quoted_name(column.name) + ")";
  // To SQLite before 3.45 null is no JSON, and others write to the table with the SQLite that they have.
  const bool tells_null = type == ColumnType::Json && column.nullable;
  if (tells_null) sql += " CHECK (" + quoted_name(column.name) + " IS NULL OR " + json + ")";
  if (type == ColumnType::Json && !column.nullable) sql += " CHECK (" + json + ")";
  return sql;
}

std::optional<OwnDefinition> own_definition(const SqliteDefinition& definition) {
  const std::string earlier = "TEXT CHECK (json_valid(" + quoted_name(definition.name) + "))";
  if (definition.rest == earlier) return OwnDefinition{ColumnType::Json, true, ""};
  for (const ColumnType type : sqlite_types) {  // those with a check first: the others' text begins theirs
    for (const bool nullable : {false, true}) {
      const std::string own = sqlite_definition({.name = definition.name, .type = type, .nullable = nullable});
      if (!definition.rest.starts_with(own)) continue;
      const std::string behind = definition.rest.substr(own.size());
      if (behind.empty() || behind.starts_with(" DEFAULT ")) return OwnDefinition{type, nullable, behind};
    }
  }
  return std::nullopt;
}

}  // namespace portico::store
