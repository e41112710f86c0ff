#pragma once

#include <memory>
#include <stdexcept>
#include <string_view>

#include <gtest/gtest.h>

#include "model/api.hpp"
#include "model/load_yaml.hpp"

namespace portico::support {

/// The description that `text` is; throws, and tells its mistakes to the test, where it has some.
inline std::shared_ptr<const model::Api> api_of(std::string_view text) {
  auto loaded = model::load_yaml(text);
  if (const auto* mistakes = std::get_if<model::Mistakes>(&loaded)) {
    for (const model::Mistake& mistake : *mistakes) ADD_FAILURE() << model::format_mistake("api", mistake);
    throw std::runtime_error("the description of a test does not load");
  }
  return std::get<std::shared_ptr<const model::Api>>(loaded);
}

/// A description over a database that others made: no table of accounts, keys of several fields and none,
/// references, storages of all kinds, another schema.
inline constexpr std::string_view existing_description = R"(
vendor: films
versions: [1, 2]
apis: {partner: {base: /, dialect: media-type}}
accounts: none
database: {existing: true, schema: public}
resources:
  languages:
    owner: none
    table: language
    key: language_id
    operations: [list, retrieve]
    fields:
      language_id: {type: integer, filter: [range]}
      name: {type: string, stored: text, filter: [string]}
      last_update: {type: timestamp, stored: timestamp, filter: [date, range], since: 2}
  films:
    owner: none
    table: film
    key: film_id
    operations: [list, retrieve]
    ordering: {default: [title], allowed: [title, language-name, original-name]}
    search: [title, language-name]
    fields:
      film_id: {type: integer, filter: [range]}
      title: {type: string, filter: [string]}
      language_id: {type: integer, filter: [range]}
      language: {type: reference, to: languages, column: language_id}
      original: {type: reference, to: languages, column: original_language_id, show: [name], "null": true}
      sequel: {type: reference, to: films, column: Sequel Of, show: [title, language_id], "null": true}
      rental_rate: {type: money, stored: decimal, filter: [range]}
      replacement: {type: integer, stored: decimal, "null": true, filter: [range]}
      rating: {type: choice, of: [G, PG, R], stored: text, filter: [choices]}
      released: {type: date, stored: timestamp, "null": true, filter: [date, range]}
      seen: {type: timestamp, stored: seconds, "null": true, filter: [date, range, isnull]}
      active: {type: boolean, stored: integer, filter: [choices]}
  film-actors:
    owner: none
    table: film_actor
    key: [actor_id, film_id]
    operations: [list, retrieve]
    fields:
      actor_id: {type: integer, filter: [range]}
      film_id: {type: integer, filter: [range]}
      film: {type: reference, to: films, column: film_id, show: [title, rating]}
  payments:
    owner: customer
    schema: accounting
    table: Payments "paid"
    key: [kind, code]
    operations: [list, retrieve]
    ordering: {default: [-amount], allowed: [amount]}
    fields:
      kind: {type: choice, of: [cash, card], stored: text}
      code: {type: string, column: "No.", filter: [string]}
      amount: {type: money, stored: decimal, filter: [range]}
  notes:
    owner: customer
    key: id
    operations: [list, retrieve]
    fields:
      id: {type: integer}
      film: {type: reference, to: films, column: film_id, show: [title]}
      reply_to: {type: reference, to: notes, column: parent, "null": true}
  sales:
    owner: none
    table: sales_by_store
    key: none
    operations: [list]
    fields:
      store: {type: string, "null": true, filter: [string]}
      total: {type: money, stored: decimal, "null": true, filter: [range]}
      detail: {type: json, "null": true}
      language: {type: reference, to: languages, column: language_id, show: [name]}
)";
inline std::shared_ptr<const model::Api> existing_api() {
  return api_of(existing_description);
}

/// A description with one of everything that unit tests of requests and plans talk about.
inline std::shared_ptr<const model::Api> small_api() {
  return api_of(R"(
vendor: shop
versions: [1, 2, 3]
apis:
  partner: {base: /, dialect: media-type}
  extension: {base: /api, dialect: code-envelope}
accounts: shops
resources:
  shops:
    operations: [retrieve]
    fields:
      id: {type: id}
      name: {type: string}
  orders:
    owner: shop
    names: [id, mid]
    operations: [list, retrieve]
    page_size: {default: 2, max: 5}
    ordering: {default: [-created], allowed: [created, total, paid]}
    search: [mid, customer-email]
    fields:
      id: {type: id, filter: [string]}
      mid: {type: string, unique: true, filter: [string]}
      total: {type: money, filter: [range]}
      status: {type: choice, of: [pending, ok, ko], filter: [choices]}
      gift: {type: boolean, filter: [exact]}
      created: {type: timestamp, filter: [date, range]}
      paid: {type: timestamp, "null": true, filter: [isnull, date, range]}
      due: {type: date, "null": true, filter: [date, range]}
      zip: {type: string, until: 2, filter: [exact]}
      customer:
        type: object
        fields:
          email: {type: email, filter: [string]}
          phone: {type: object, fields: {number: {type: string, filter: [string]}}}
  quiet:
    owner: shop
    operations: [retrieve]
    fields:
      id: {type: id}
)");
}

}  // namespace portico::support
