#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/load_yaml.hpp"

namespace portico::model {

/// A description without mistakes, 11 lines long: tests append line 12, in the fields of `orders` or further out.
inline constexpr std::string_view small_description = R"(vendor: acme
versions: [1, 2, 3]
apis: {partner: {base: /, dialect: media-type}}
accounts: shops
resources:
  shops: {operations: [], fields: {id: {type: id}}}
  orders:
    owner: shop
    operations: [list]
    fields:
      id: {type: id}
)";

/// One whose orders can be written, 16 lines long: tests append line 17, in the fields of `orders` or further out.
inline constexpr std::string_view writable_description = R"(vendor: acme
versions: [1, 2, 3]
apis: {partner: {base: /, dialect: media-type}}
accounts: shops
resources:
  shops: {operations: [list], fields: {id: {type: id}}}
  orders:
    owner: shop
    operations: [list, retrieve, create, replace, update, delete]
    fields:
      id: {type: id, read_only: yes}
      total: {type: money}
      status: {type: choice, of: [new, ok], read_only: yes, default: "'new'"}
      paid: {type: timestamp, "null": yes, read_only: yes}
      articles: {type: list, of: {type: object, fields: {price: {type: money}, name: {}}}}
      customer: {type: object, fields: {email: {type: email}}}
)";

struct AppendedRow {
  std::string name;
  std::string appended;
  std::vector<std::string> mistakes;  ///< `LINE:COLUMN: message (hint)`
};

struct ReplacedRow {
  std::string name;
  std::string original;
  std::string replacement;
  std::vector<std::string> mistakes;
};

inline std::vector<std::string> mistakes_of(std::string_view text) {
  constexpr std::size_t file_length = 2;  // "f:"
  std::vector<std::string> lines;
  const auto loaded = load_yaml(text);
  if (const auto* mistakes = std::get_if<Mistakes>(&loaded)) {
    for (const Mistake& mistake : *mistakes) lines.push_back(format_mistake("f", mistake).substr(file_length));
  }
  return lines;
}

/// The first place where `original` stands. An original that is not there leaves no description at all.
inline std::string replaced(std::string text, std::string_view original, std::string_view replacement) {
  const std::size_t at = text.find(original);
  if (at == std::string::npos) return {};
  return text.replace(at, original.size(), replacement);
}

/// The description that `text` is; null, with its mistakes printed by the caller's EXPECT, where it has some.
inline std::shared_ptr<const Api> api_of(std::string_view text) {
  auto loaded = load_yaml(text);
  if (auto* api = std::get_if<std::shared_ptr<const Api>>(&loaded)) return *api;
  return nullptr;
}

}  // namespace portico::model
