#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace portico::app {

/// What a name stands for; decides what it must not be.
enum class NameUse : std::uint8_t { Resource, Field };

/// A name of a table or a column as an API's: `InvoiceLine` and `Invoice Line` become `invoice_line`, `Größe`
/// `grosse`, `2015` `n2015`, and `page`, which every list takes as a parameter, `page_value`.
[[nodiscard]] std::string api_name(std::string_view name, NameUse use);

/// A database's name as a vendor's: what stands in media types.
[[nodiscard]] std::string vendor_name(std::string_view name);

/// `order` for `orders`, `category` for `categories`; the name itself where it seems to be none of several.
[[nodiscard]] std::string singular_name(const std::string& name);

/// Whether a column's name says that it holds what nobody but its program should see: a password, a token.
[[nodiscard]] bool names_secret(std::string_view column);

/// Names that are taken.
class NameBook {
 public:
  /// `name`, or the first of `name_2`, `name_3` … that is free; taken from now on.
  std::string take(const std::string& name);
  [[nodiscard]] bool has(const std::string& name) const { return taken_.contains(name); }

 private:
  std::unordered_set<std::string> taken_;
};

}  // namespace portico::app
