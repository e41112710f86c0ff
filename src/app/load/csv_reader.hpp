#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace portico::app {

/// Reads comma-separated values (RFC 4180), and no more leniently: cells with the separator, quotes or line ends in
/// them stand in quotes, and a quote within is doubled. Lines end with CRLF or LF; empty ones are passed over, and so
/// is a byte order mark before the first. A tab or another separator may stand in the comma's place.
class CsvReader {
 public:
  struct Cell {
    std::string text;
    bool is_quoted = false;
  };
  struct Record {
    std::uint64_t line = 0;  ///< that it begins on; the first is 1
    std::vector<Cell> cells;
    std::string raw;       ///< as it stands there, without its end; of one that is too long, how it begins
    std::string fault;     ///< why it cannot be read; empty: it can
    bool is_long = false;  ///< longer than it may be
    bool is_last = false;  ///< a quote opens in it that never closes: all that follows stands in it
  };

  /// `bytes_max`: how long a record may be. The stream must live as long.
  CsvReader(std::istream& in, char separator, std::size_t bytes_max);

  /// The next record; false: there is none. With a fault its cells are of no use; what follows can be read.
  bool next(Record& record);
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_; }

 private:
  enum class Place : std::uint8_t { CellStart, Bare, Quoted, BehindQuote };
  static constexpr int end = -1;

  /// The next byte, or `end`.
  int take();
  [[nodiscard]] int look() { return in_.rdbuf()->sgetc(); }
  bool skip_empty_lines();
  void read_record(Record& record);
  void add(int byte, Place& place, Record& record) const;

  std::istream& in_;
  const char separator_;
  const std::size_t bytes_max_;
  std::uint64_t line_ = 1;  // of the next byte
  std::uint64_t bytes_ = 0;
};

/// U+FEFF, as spreadsheets and other programs write it at the beginning of a file.
void skip_byte_order_mark(std::istream& in);

}  // namespace portico::app
