#include "store/introspect_cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <sqlite3.h>

#include "base/ascii.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace portico::store {
namespace {

// Years 1973 to 2106 in seconds and in microseconds: numbers that are hardly anything but times, in a column that is
// declared as one.
constexpr std::int64_t seconds_min = 100'000'000;
constexpr std::int64_t seconds_max = 4'294'967'295;
constexpr std::int64_t per_second = 1'000'000;
constexpr double money_max = 9e15;  // above it a double has no hundredths

std::string lowered(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), base::to_ascii_lower);
  return low;
}

bool names(std::string_view type, std::string_view word) {
  return type.find(word) != std::string_view::npos;
}

/// `2005-05-24 22:53:30`, with a fraction of six digits at most.
bool is_local_timestamp(std::string_view text) {
  constexpr std::string_view form = "0000-00-00 00:00:00";
  if (text.size() < form.size() || !base::is_date(text.substr(0, 10))) return false;
  for (std::size_t i = 10; i < form.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !is_digit : text[i] != form[i]) return false;
  }
  return text.size() <= form.size() + 7 && base::parse_timestamp(text, base::TimeZone::utc()).has_value();
}

bool looks_like_json(std::string_view text) {
  if (text.size() < 2) return false;
  return (text.front() == '{' && text.back() == '}') || (text.front() == '[' && text.back() == ']');
}

bool has_hundredths(double value) {
  if (std::abs(value) > money_max) return false;
  const double hundredths = value * 100;
  return std::abs(hundredths - std::round(hundredths)) < 1e-6 * std::max(1.0, std::abs(value));
}

bool is_money(std::string_view type) {
  return names(type, "money") || names(type, "currency");
}
bool is_time(std::string_view type) {
  return names(type, "date") || names(type, "time");
}

struct DeclaredKind {
  std::string_view word;  ///< in the declared type
  ColumnKind kind;
};
// For columns without values; the first that fits.
constexpr std::array<DeclaredKind, 7> declared_kinds = {{
    {"bool", ColumnKind::Boolean},
    {"datetime", ColumnKind::LocalTimestamp},
    {"timestamp", ColumnKind::LocalTimestamp},
    {"date", ColumnKind::Date},
    {"json", ColumnKind::Json},
    {"money", ColumnKind::Decimal},
    {"currency", ColumnKind::Decimal},
}};

ColumnKind number_kind(std::string_view type) {
  const DeclaredSize size = declared_size(type);
  if (size.first < 0) return ColumnKind::Number;
  return size.second > 0 ? ColumnKind::Decimal : ColumnKind::Integer;
}

ColumnKind declared_kind(std::string_view type) {
  switch (affinity_of(type)) {
    case Affinity::Integer:
      return names(type, "text") || names(type, "char") ? ColumnKind::TextLike : ColumnKind::Integer;
    case Affinity::Text:
      return ColumnKind::Text;
    case Affinity::Blob:
      return type.empty() ? ColumnKind::TextLike : ColumnKind::Binary;
    case Affinity::Real:
      return ColumnKind::Number;
    case Affinity::Numeric:
      break;
  }
  for (const DeclaredKind& row : declared_kinds) {
    if (names(type, row.word)) return row.kind;
  }
  return names(type, "num") || names(type, "dec") ? number_kind(type) : ColumnKind::TextLike;
}

}  // namespace

Affinity affinity_of(std::string_view declared_type) {
  const std::string type = lowered(declared_type);
  if (names(type, "int")) return Affinity::Integer;
  if (names(type, "char") || names(type, "clob") || names(type, "text")) return Affinity::Text;
  if (type.empty() || names(type, "blob")) return Affinity::Blob;
  if (names(type, "real") || names(type, "floa") || names(type, "doub")) return Affinity::Real;
  return Affinity::Numeric;
}

DeclaredSize declared_size(std::string_view declared_type) {
  DeclaredSize size;
  const std::size_t open = declared_type.find('(');
  const std::size_t close = declared_type.find(')', open);
  if (open == std::string_view::npos || close == std::string_view::npos) return size;
  std::string inside(declared_type.substr(open + 1, close - open - 1));
  std::erase(inside, ' ');
  const std::size_t comma = std::min(inside.find(','), inside.size());
  size.first = base::parse_integer(inside.substr(0, comma)).value_or(-1);
  if (comma < inside.size()) size.second = base::parse_integer(inside.substr(comma + 1)).value_or(-1);
  return size;
}

void ColumnEvidence::look(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: {
      const std::int64_t value = sqlite3_column_int64(statement, column);
      ++integers_;
      bits_ += value == 0 || value == 1 ? 1 : 0;
      seconds_ += value >= seconds_min && value <= seconds_max ? 1 : 0;
      microseconds_ += value >= seconds_min * per_second && value <= seconds_max * per_second ? 1 : 0;
      hundredths_ += 1;
      return;
    }
    case SQLITE_FLOAT:
      ++reals_;
      hundredths_ += has_hundredths(sqlite3_column_double(statement, column)) ? 1 : 0;
      return;
    case SQLITE_TEXT: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const std::string_view text(bytes == nullptr ? "" : bytes,
                                  static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
      ++texts_;
      dates_ += base::is_date(text) ? 1 : 0;
      timestamps_ += is_local_timestamp(text) ? 1 : 0;
      documents_ += looks_like_json(text) ? 1 : 0;
      return;
    }
    case SQLITE_BLOB:
      ++blobs_;
      return;
    default:
      return;  // null
  }
}

ColumnKind ColumnEvidence::kind_of_texts(std::string_view type) const {
  if (dates_ == texts_) return ColumnKind::Date;
  if (timestamps_ == texts_) return ColumnKind::LocalTimestamp;
  if (names(type, "json") && documents_ == texts_) return ColumnKind::Json;
  return affinity_of(type) == Affinity::Text ? ColumnKind::Text : ColumnKind::TextLike;
}

ColumnKind ColumnEvidence::kind_of_integers(std::string_view type) const {
  if (names(type, "bool") && bits_ == integers_) return ColumnKind::Boolean;
  if (is_time(type) && seconds_ == integers_) return ColumnKind::EpochSeconds;
  if (is_time(type) && microseconds_ == integers_) return ColumnKind::Instant;
  if (is_money(type)) return ColumnKind::Decimal;
  const Affinity affinity = affinity_of(type);
  if (affinity == Affinity::Integer && (names(type, "text") || names(type, "char"))) return ColumnKind::TextLike;
  const bool has_scale = affinity == Affinity::Numeric && declared_size(type).second > 0;
  return has_scale ? ColumnKind::Decimal : ColumnKind::Integer;
}

ColumnKind ColumnEvidence::kind(std::string_view declared_type) const {
  const std::string type = lowered(declared_type);
  const std::int64_t all = integers_ + reals_ + texts_ + blobs_;
  if (all == 0) return declared_kind(type);
  if (blobs_ > 0) return ColumnKind::Binary;
  if (texts_ == all) return kind_of_texts(type);
  if (texts_ > 0) return ColumnKind::TextLike;
  if (integers_ == all) return kind_of_integers(type);
  const bool has_scale = declared_size(type).second > 0 || is_money(type);
  const bool is_real = affinity_of(type) == Affinity::Real;
  return has_scale && !is_real && hundredths_ == all ? ColumnKind::Decimal : ColumnKind::Number;
}

}  // namespace portico::store
