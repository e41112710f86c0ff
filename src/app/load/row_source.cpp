#include "app/load/row_source.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "app/cli/terminal.hpp"
#include "app/load/csv_reader.hpp"
#include "app/misuse.hpp"
#include "base/text.hpp"
#include "operation/form_body.hpp"
#include "operation/json_body.hpp"
#include "operation/text_place.hpp"
#include "plan/match_members.hpp"

namespace portico::app {
namespace {

using base::Document;
using model::Field;
using model::FieldType;
using operation::Writing;

using Steps = std::vector<std::string>;

/// A column of the table.
struct Column {
  std::string written;           // as the heading has it
  Steps steps;                   // `articles`, `0`, `price`
  std::string name;              // the same as a form writes it: `articles[0][price]`
  const Field* field = nullptr;  // where it ends; null: within json, or the owner's column
};

/// A name of the file's, for a message on a terminal.
std::string shown(std::string_view name) {
  return printable(operation::shown_name(name));
}

/// What is wrong with JSON that is no body of a request, and no text of many lines.
std::string words_of(const base::Error& error) {
  constexpr std::string_view body = "The body";
  constexpr std::string_view first_line = "line 1, ";
  std::string words = error.message;
  if (words.starts_with(body)) words.replace(0, body.size(), "It");
  if (const std::size_t at = words.find(first_line); at != std::string::npos) words.erase(at, first_line.size());
  return words;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `customer.email` and `customer[email]` alike.
Steps steps_of(std::string_view written) {
  const char between = written.find('[') == std::string_view::npos ? '.' : '[';
  Steps steps(1);
  for (const char c : written) {
    if (c == between) {
      steps.emplace_back();
    } else if (c != ']' || between == '.') {
      steps.back() += c;
    }
  }
  return steps;
}

std::string form_name(const Steps& steps) {
  std::string name = steps.front();
  for (std::size_t i = 1; i < steps.size(); ++i) name.append("[").append(steps[i]).append("]");
  return name;
}

/// What may stand in an object, or in the items of a list.
const std::vector<Field>& members_of(const Field& field) {
  return field.type == FieldType::List ? field.item.front().fields : field.fields;
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name, int version) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) {
    return plan::is_shown(field, version, plan::Source::Load) && field.name_in(version) == name;
  });
  return found == fields.end() ? nullptr : &*found;
}

bool holds_structure(FieldType type) {
  return type == FieldType::List || type == FieldType::Object || type == FieldType::Json;
}

/// JSON in the place of a form's part: its values as a form writes them, but within json, which is as it is. `field`:
/// what the document is for; null: nobody knows.
void write_as_form(Document& document, const Field* field, int version) {
  if (field != nullptr && field->type == FieldType::Json) return;
  using Kind = Document::Kind;
  if (document.kind == Kind::Boolean) document.text = document.boolean ? "true" : "false";
  if (document.kind == Kind::Integer && document.text.empty()) document.text = std::to_string(document.integer);
  if (document.kind == Kind::Boolean || document.kind == Kind::Integer || document.kind == Kind::Number)
    document.kind = Kind::Text;
  const bool is_list = field != nullptr && field->type == FieldType::List;
  for (Document& item : document.items) write_as_form(item, is_list ? &field->item.front() : nullptr, version);
  for (base::Member& member : document.members)
    write_as_form(member.value, field == nullptr ? nullptr : find_field(field->fields, member.name, version),
                  version);
}

class CsvRows final : public RowSource {
 public:
  CsvRows(std::istream& in, const RowSourceOptions& options)
      : view_(options.view),
        owner_(options.owner),
        limits_(options.limits),
        reader_(in, options.separator, options.limits.body_bytes) {
    read_heading(options.separator);
  }

  bool next(SourceRow& row) override {
    if (!reader_.next(record_)) return false;
    row = {.line = record_.line, .raw = record_.raw, .is_long = record_.is_long, .is_last = record_.is_last};
    if (!record_.fault.empty()) {
      row.faults.push_back({.path = {}, .message = record_.fault});
    } else if (record_.cells.size() != columns_.size()) {
      row.faults.push_back({.path = {},
                            .message = "It has " + std::to_string(record_.cells.size()) +
                                       (record_.cells.size() == 1 ? " cell" : " cells") + " where the heading has " +
                                       std::to_string(columns_.size()) + "."});
    } else {
      read_cells(row);
    }
    return true;
  }

  [[nodiscard]] Writing writing() const override { return Writing::Form; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return reader_.bytes_read(); }
  [[nodiscard]] std::string heading() const override { return heading_; }
  [[nodiscard]] bool may_say(const std::vector<std::string>& path) const override {
    return std::any_of(columns_.begin(), columns_.end(), [&path](const Column& column) {
      const auto steps = static_cast<std::ptrdiff_t>(std::min(column.steps.size(), path.size()));
      return std::equal(path.begin(), path.begin() + steps, column.steps.begin());
    });
  }

 private:
  void read_heading(char separator) {
    CsvReader::Record record;
    if (!reader_.next(record)) throw MisuseError("the file is empty; its first line names the fields");
    if (!record.fault.empty()) throw MisuseError("the heading cannot be read. " + record.fault);
    heading_ = record.raw;
    if (record.cells.size() == 1 && separator == ',' && heading_.find_first_of(";\t") != std::string::npos) {
      throw MisuseError("the heading is one name, " + shown(heading_) +
                        ": give the separator that stands there, `--separator ';'` or `--separator tab`");
    }
    std::vector<operation::FormParameter> parameters;
    for (const CsvReader::Cell& cell : record.cells) columns_.push_back(column_of(cell.text));
    for (const Column& column : columns_) parameters.push_back({.name = column.name, .value = {}});
    const auto tried = operation::read_parameters(parameters, limits_);
    if (tried) return;
    const base::Fault& fault = tried.error().faults.front();
    throw MisuseError("the heading cannot be read: " + shown(fault.path.front()) + ": " + fault.message);
  }

  [[nodiscard]] Column column_of(const std::string& written) const {
    if (!base::is_utf8(written)) throw MisuseError("the heading is not UTF-8");
    Column column{.written = written, .steps = steps_of(written), .name = {}};
    column.name = written.find('[') == std::string::npos ? form_name(column.steps) : written;
    const std::vector<Field>* fields = &view_.resource->fields;
    for (const std::string& step : column.steps) {
      if (column.field != nullptr && column.field->type == FieldType::Json) {
        column.field = nullptr;  // whatever it holds
        break;
      }
      if (column.field != nullptr && column.field->type == FieldType::List && is_digits(step)) continue;
      const Field* const found = find_field(*fields, step, view_.version);
      if (found == nullptr && column.steps == owner_) return column;  // no field shows it
      if (found == nullptr) throw MisuseError(no_such_field(column, step, *fields));
      column.field = found;
      fields = &members_of(*found);
    }
    return column;
  }

  /// Of `column`, which `step` leads on to from a field whose members are `fields`.
  [[nodiscard]] std::string no_such_field(const Column& column, const std::string& step,
                                          const std::vector<Field>& fields) const {
    std::vector<std::string> known;
    for (const Field& field : fields) {
      if (plan::is_shown(field, view_.version, plan::Source::Load)) known.push_back(field.name_in(view_.version));
    }
    if (column.field == nullptr && owner_.size() == 1 && find_field(fields, owner_.front(), view_.version) == nullptr)
      known.push_back(owner_.front());
    std::string above;
    for (const std::string& each : column.steps) {
      if (&each == &step) break;
      above += each + ".";
    }
    const auto meant = base::did_you_mean(step, known);
    for (std::string& name : known) name.insert(0, above);
    std::string words =
        "the heading names " + shown(column.written) + ", which is no field of " + view_.resource->name;
    if (meant) return words + "; did you mean `" + above + *meant + "`?";
    return known.empty() ? words : words + "; there is " + base::enumerated(known);
  }

  void read_cells(SourceRow& row) {
    std::vector<operation::FormParameter> parameters;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const CsvReader::Cell& cell = record_.cells[i];
      if (cell.text.empty() && !cell.is_quoted) continue;
      if (!base::is_utf8(cell.text)) {
        row.faults.push_back({.path = columns_[i].steps, .message = "Is not UTF-8."});
      } else {
        parameters.push_back({.name = columns_[i].name, .value = cell.text});
      }
    }
    if (!row.faults.empty()) return;
    auto document = operation::read_parameters(parameters, limits_);
    if (!document) {
      row.faults = std::move(document.error().faults);
      return;
    }
    row.document = std::move(*document);
    for (std::size_t i = 0; i < columns_.size(); ++i) read_structure(columns_[i], record_.cells[i].text, row);
  }

  /// What a cell's JSON says takes the place of its text.
  void read_structure(const Column& column, std::string_view text, SourceRow& row) const {
    if (column.field == nullptr || !holds_structure(column.field->type)) return;
    Document* const place = place_of(row.document, column.steps);
    if (place == nullptr) return;
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    const bool is_structure = text.substr(begin).starts_with('[') || text.substr(begin).starts_with('{');
    if (column.field->type != FieldType::Json && !is_structure) return;
    auto value = operation::read_json(text, limits_);
    if (!value) {
      row.faults.push_back({.path = column.steps, .message = words_of(value.error())});
      return;
    }
    write_as_form(*value, column.field, view_.version);
    *place = std::move(*value);
  }

  /// Where a document says something of that; null: it does not.
  static Document* place_of(Document& document, const Steps& steps) {
    Document* place = &document;
    for (const std::string& step : steps) {
      if (place != nullptr) place = below(*place, step);
    }
    return place;
  }

  static Document* below(Document& document, const std::string& step) {
    if (document.kind == Document::Kind::Array) {
      const std::size_t index = std::strtoul(step.c_str(), nullptr, 10);
      return index < document.items.size() ? &document.items[index] : nullptr;
    }
    return const_cast<Document*>(document.find(step));
  }

  const model::View& view_;
  const Steps owner_;
  const base::Limits& limits_;
  CsvReader reader_;
  CsvReader::Record record_;
  std::string heading_;
  std::vector<Column> columns_;
};

class JsonRows final : public RowSource {
 public:
  JsonRows(std::istream& in, const RowSourceOptions& options) : in_(in), limits_(options.limits) {
    skip_byte_order_mark(in);
  }

  bool next(SourceRow& row) override {
    do {
      row = {};
      if (!read_line(row)) return false;
    } while (row.raw.find_first_not_of(" \t") == std::string::npos);
    row.line = line_;
    if (row.is_long) {
      row.faults.push_back({.path = {},
                            .message = "It is longer than " + std::to_string(limits_.body_bytes) +
                                       " bytes (the limit `body_bytes`)."});
      return true;
    }
    auto document = operation::read_json(row.raw, limits_);
    if (!document) {
      row.faults.push_back({.path = {}, .message = words_of(document.error())});
    } else if (document->kind != Document::Kind::Object) {
      row.faults.push_back(
          {.path = {}, .message = "A row is an object, not " + std::string(base::words_for(document->kind)) + "."});
    } else {
      row.document = std::move(*document);
    }
    return true;
  }

  [[nodiscard]] Writing writing() const override { return Writing::Json; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return bytes_; }

 private:
  /// No more of it is kept than a row may have.
  bool read_line(SourceRow& row) {
    constexpr int end = std::istream::traits_type::eof();
    int byte = in_.rdbuf()->sbumpc();
    if (byte == end) return false;
    for (; byte != end && byte != '\n'; byte = in_.rdbuf()->sbumpc()) {
      ++bytes_;
      if (row.raw.size() < limits_.body_bytes) {
        row.raw += static_cast<char>(byte);
      } else if (byte != '\r') {
        row.is_long = true;
      }
    }
    if (byte != end) ++bytes_;
    ++line_;
    if (row.raw.ends_with('\r')) row.raw.pop_back();
    return true;
  }

  std::istream& in_;
  const base::Limits& limits_;
  std::uint64_t line_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::unique_ptr<RowSource> open_rows(std::istream& in, const RowSourceOptions& options) {
  if (options.format == RowFormat::JsonLines) return std::make_unique<JsonRows>(in, options);
  return std::make_unique<CsvRows>(in, options);
}

}  // namespace portico::app
