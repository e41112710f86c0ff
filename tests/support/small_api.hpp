#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "model/api.hpp"
#include "model/load_yaml.hpp"

namespace portico::support {

/// A description with one of everything that unit tests of requests and plans talk about.
inline std::shared_ptr<const model::Api> small_api() {
  auto loaded = model::load_yaml(R"(
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
  if (const auto* mistakes = std::get_if<model::Mistakes>(&loaded)) {
    for (const model::Mistake& mistake : *mistakes) ADD_FAILURE() << model::format_mistake("small_api", mistake);
    throw std::runtime_error("the small API does not load");
  }
  return std::get<std::shared_ptr<const model::Api>>(loaded);
}

}  // namespace portico::support
