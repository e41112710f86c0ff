// Files of rows: whatever a table or lines of JSON hold, each row is read or blamed in words, on lines that go up;
// what is read of a table says the same once it is written anew.
#include <cstdint>
#include <sstream>
#include <string_view>

#include "app/load/csv_reader.hpp"
#include "app/load/row_source.hpp"
#include "app/misuse.hpp"
#include "body_promises.hpp"
#include "shipped_api.hpp"

namespace {

using namespace portico;

const base::Limits limits{.body_bytes = 4096, .body_depth = 12, .body_values = 200};

struct Table {
  std::vector<std::vector<app::CsvReader::Cell>> records;
  bool is_whole = true;
};

Table read_table(const std::string& text) {
  std::istringstream in(text);
  app::CsvReader reader(in, ',', limits.body_bytes);
  Table table;
  std::uint64_t line = 0;
  for (app::CsvReader::Record record; reader.next(record);) {
    fuzz::require(record.line > line && record.raw.size() <= limits.body_bytes);
    line = record.line;
    if (record.fault.empty()) {
      fuzz::require(!record.cells.empty());
      table.records.push_back(record.cells);
    } else {
      fuzz::require(record.fault.size() > 20);
      table.is_whole = false;
    }
  }
  fuzz::require(reader.bytes_read() <= text.size());
  return table;
}

std::string written(const Table& table) {
  std::string text;
  for (const auto& record : table.records) {
    for (std::size_t i = 0; i < record.size(); ++i) {
      text += i > 0 ? ",\"" : "\"";
      for (const char c : record[i].text) text.append(c == '"' ? 2 : 1, c);
      text += '"';
    }
    text += '\n';
  }
  return text;
}

void check_table(const std::string& text) {
  const Table table = read_table(text);
  const std::string again = written(table);
  if (again.size() > limits.body_bytes) return;
  const Table same = read_table(again);
  fuzz::require(same.is_whole && same.records.size() == table.records.size());
  for (std::size_t i = 0; i < table.records.size(); ++i) {
    fuzz::require(same.records[i].size() == table.records[i].size());
    for (std::size_t j = 0; j < table.records[i].size(); ++j)
      fuzz::require(same.records[i][j].text == table.records[i][j].text);
  }
}

void check_rows(const std::string& text, app::RowFormat format) {
  const model::Api& api = fuzz::shipped_api();
  const model::Resource& resource = *api.find_resource("orders");
  std::istringstream in(text);
  try {
    const auto source = app::open_rows(in, {.format = format,
                                            .view = api.view(resource, api.latest_version()),
                                            .owner = {"merchant"},
                                            .limits = limits});
    for (app::SourceRow row; source->next(row);) {
      for (const base::Fault& fault : row.faults) fuzz::require(!fault.message.empty());
      if (row.faults.empty()) fuzz::require(row.document.kind == base::Document::Kind::Object);
    }
  } catch (const app::MisuseError& error) {
    fuzz::require(format == app::RowFormat::Csv && std::string_view(error.what()).size() > 20);
  }
}

}  // namespace

/// The first byte says what kind of file it is; a table of rows gets a heading, so that its rows are looked at.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      check_table(text);
      break;
    case 1:
      check_rows(text, app::RowFormat::JsonLines);
      break;
    case 2:
      check_rows(text, app::RowFormat::Csv);
      break;
    default:
      check_rows("mid,total_amount,customer.email,articles,articles[0].x,articles.1.name\n" + text,
                 app::RowFormat::Csv);
      check_rows("mid,customer.email,articles,confirmed\n" + text, app::RowFormat::Csv);
  }
  return 0;
}
