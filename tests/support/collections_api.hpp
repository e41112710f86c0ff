#pragma once

#include "support/small_api.hpp"

namespace portico::support {

/// A description whose collections are cleared, have keys that their paths name in part, and other names of filters.
inline std::shared_ptr<const model::Api> collections_api() {
  return api_of(R"yaml(
vendor: shop
versions: [1, 2]
apis: {partner: {base: /, dialect: media-type}}
accounts: shops
resources:
  shops: {operations: [], fields: {id: {type: id}}}
  campaigns:
    path: /me/campaigns
    owner: shop
    names: [id, mid]
    operations: [list, create, delete]
    fields: {id: {type: id}, mid: {type: string, unique: yes}}
  articles:
    path: /me/campaigns/{campaign}/articles
    owner: shop
    key: [campaign, id]
    operations: [list, retrieve, create, delete, clear]
    search: [name]
    filter_names: {article-mid: id-in, mid: id, old: zip}
    fields:
      id: {type: string, filter: [string]}
      campaign: {type: id, refers: campaigns, hidden: true}
      name: {type: string, filter: [string], was: {title: 1}}
      zip: {type: string, until: 1, "null": true, filter: [exact]}
      maker: {type: reference, to: makers, column: maker_id, show: [name], "null": true}
  makers: {owner: shop, operations: [list], fields: {id: {type: id}, name: {type: string, filter: [string]}}}
  tags:
    owner: shop
    operations: [list, clear]
    fields: {id: {type: id}, rank: {type: integer, filter: [range]}}
  seats:
    until: 1
    owner: shop
    key: [row, number]
    operations: [list, retrieve, clear]
    fields: {row: {type: string}, number: {type: integer}}
)yaml");
}

}  // namespace portico::support
