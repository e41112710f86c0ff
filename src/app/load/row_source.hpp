#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "base/document.hpp"
#include "base/error.hpp"
#include "base/limits.hpp"
#include "model/api.hpp"
#include "operation/parse_body.hpp"

namespace portico::app {

/// A row as a file has it.
struct SourceRow {
  std::uint64_t line = 0;  ///< that it begins on; the first is 1
  base::Document document;
  std::string raw;                       ///< as it stands there, without its end
  bool is_long = false;                  ///< longer than it may be: `raw` is how it begins
  bool is_last = false;                  ///< all that follows in the file stands in it, by mistake
  std::vector<base::Fault> faults = {};  ///< why there is no document
};

/// The rows of a file, one after the other. One thread.
class RowSource {
 public:
  virtual ~RowSource() = default;
  RowSource(const RowSource&) = delete;
  RowSource& operator=(const RowSource&) = delete;

  /// False: there is none any more.
  virtual bool next(SourceRow& row) = 0;
  [[nodiscard]] virtual operation::Writing writing() const = 0;
  [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
  /// Whether a row may say something under that path.
  [[nodiscard]] virtual bool may_say(const std::vector<std::string>& /*path*/) const { return true; }
  /// What stands before the first row, without its end; empty: nothing does.
  [[nodiscard]] virtual std::string heading() const { return {}; }

 protected:
  RowSource() = default;
};

enum class RowFormat : std::uint8_t {
  Csv,        ///< CsvReader's: the first record names the fields, `customer.email` or `customer[email]`
  JsonLines,  ///< an object on each line
};

struct RowSourceOptions {
  RowFormat format = RowFormat::Csv;
  char separator = ',';            ///< Csv
  const model::View& view;         ///< whose names the fields have
  std::vector<std::string> owner;  ///< where a row says whose it is: a field, or another name; empty: nowhere
  const base::Limits& limits;
};

/// `in` and what the options refer to must live as long.
/// Csv: an empty cell says nothing, `""` the empty text; cells of json, and those of lists and objects, are JSON; all
/// else is as in a form. Throws MisuseError where the first record is none, or
/// names what is no field.
[[nodiscard]] std::unique_ptr<RowSource> open_rows(std::istream& in, const RowSourceOptions& options);

}  // namespace portico::app
