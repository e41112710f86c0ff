#include "app/load/csv_reader.hpp"

#include <string_view>

namespace portico::app {
namespace {

void blame(CsvReader::Record& record, std::string_view what) {
  if (record.fault.empty()) record.fault = what;
}

}  // namespace

CsvReader::CsvReader(std::istream& in, char separator, std::size_t bytes_max)
    : in_(in), separator_(separator), bytes_max_(bytes_max) {
  skip_byte_order_mark(in);
}

int CsvReader::take() {
  const int byte = in_.rdbuf()->sbumpc();
  if (byte == std::istream::traits_type::eof()) return end;
  ++bytes_;
  if (byte == '\n') ++line_;
  return byte;
}

void skip_byte_order_mark(std::istream& in) {
  for (const int byte : {0xef, 0xbb, 0xbf}) {
    if (in.rdbuf()->sgetc() != byte) return;
    in.rdbuf()->sbumpc();
  }
}

/// Whether something comes behind them.
bool CsvReader::skip_empty_lines() {
  while (look() == '\n' || look() == '\r') take();
  return look() != std::istream::traits_type::eof();
}

bool CsvReader::next(Record& record) {
  if (!skip_empty_lines()) return false;
  record = {.line = line_};
  read_record(record);
  return true;
}

void CsvReader::read_record(Record& record) {
  record.cells.emplace_back();
  Place place = Place::CellStart;
  for (;;) {
    const int byte = take();
    const bool is_line_end = byte == '\n' || (byte == '\r' && look() == '\n');
    if (place != Place::Quoted && (byte == end || is_line_end)) {
      if (byte == '\r') take();
      return;
    }
    if (byte == end) {
      record.is_last = true;
      record.fault = "A quote opens in it that never closes, so that all behind it belongs to it.";
      return;
    }
    if (record.raw.size() == bytes_max_) {
      record.is_long = true;
      record.cells.resize(1);  // which takes what there is more, as its kind counts alone
      record.cells.front().text.clear();
      blame(record, "It is longer than " + std::to_string(bytes_max_) + " bytes (the limit `body_bytes`).");
    } else {
      record.raw += static_cast<char>(byte);
    }
    add(byte, place, record);
  }
}

void CsvReader::add(int byte, Place& place, Record& record) const {
  const char c = static_cast<char>(byte);
  if (place == Place::Quoted) {
    if (c == '"') {
      place = Place::BehindQuote;
    } else {
      record.cells.back().text += c;
    }
  } else if (c == separator_) {
    record.cells.emplace_back();
    place = Place::CellStart;
  } else if (c == '"' && place == Place::CellStart) {
    record.cells.back().is_quoted = true;
    place = Place::Quoted;
  } else if (c == '"' && place == Place::BehindQuote) {
    record.cells.back().text += c;
    place = Place::Quoted;
  } else {
    if (c == '"') blame(record, "A quote stands within a cell that does not begin with one.");
    if (c == '\r') blame(record, "A carriage return stands in it without a line feed behind it.");
    if (place == Place::BehindQuote)
      blame(record, "A cell goes on behind the quote that closes it; a quote within one is doubled.");
    if (place == Place::CellStart) place = Place::Bare;
    record.cells.back().text += c;
  }
}

}  // namespace portico::app
