#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/field.hpp"

namespace portico::app {

/// A field of a description that is being written.
struct FieldDraft {
  std::string name;
  std::string column;           ///< as the database calls it
  std::string type = "string";  ///< as `type:` names it
  std::string stored = {};      ///< as `stored:` names it; empty: leave it out
  bool nullable = false;
  std::vector<std::string> choices = {};
  bool choices_are_integers = false;
  std::optional<std::int64_t> max_length = {};
  std::vector<std::string> filter = {};
  std::string to = {};                 ///< reference: the resource
  std::vector<std::string> show = {};  ///< reference
  std::string description = {};
  std::vector<std::string> remarks = {};  ///< for the comment behind it
  bool is_secret = false;                 ///< its name says so: the whole field is only a comment

  [[nodiscard]] bool is_reference() const noexcept { return !to.empty(); }
};

struct ResourceDraft {
  std::string name;
  std::string table;   ///< as the database calls it
  std::string schema;  ///< empty: that of the whole description
  /// Who sees a row.
  enum class Owner : std::uint8_t {
    Everybody,
    Column,   ///< whom `owner_column` names
    Account,  ///< the rows are the accounts
  };
  Owner owner = Owner::Everybody;
  std::string owner_column = {};
  std::vector<std::string> key = {};  ///< fields; empty: none
  std::vector<std::string> orderable = {};
  std::string description = {};
  std::vector<std::string> remarks = {};  ///< a comment line each, above it
  std::vector<FieldDraft> fields = {};
};

/// A description before it is text.
struct ApiDraft {
  std::vector<std::string> heading;  ///< comment lines
  std::string vendor;
  std::string accounts;  ///< a resource; empty: none
  std::string schema;    ///< empty: none, as in SQLite
  std::vector<ResourceDraft> resources;
  std::vector<std::string> left_out;  ///< comment lines
};

/// The description as YAML, commented.
[[nodiscard]] std::string write_draft(const ApiDraft& draft);

/// `text` as a YAML scalar that reads as that text and nothing else, in a flow list too.
[[nodiscard]] std::string yaml_text(std::string_view text);

}  // namespace portico::app
