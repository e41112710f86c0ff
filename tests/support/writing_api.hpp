#pragma once

#include "support/small_api.hpp"

namespace portico::support {

/// A description that can be written to: nested collections, actions, checks, effects through references, names of
/// several versions.
inline constexpr std::string_view writing_description = R"yaml(
vendor: shop
versions: [1, 2]
apis:
  partner: {base: /, dialect: media-type}
  extension: {base: /api, dialect: code-envelope}
accounts: shops
limits: {bulk_rows: 3}
resources:
  shops:
    operations: [retrieve, update]
    fields:
      id: {type: id, read_only: true}
      name: {type: string, "null": true}
      webhook: {type: url, "null": true}
    actions:
      open: {set: {name: "'open'"}}
  orders:
    owner: shop
    names: [id, mid]
    operations: [list, retrieve, create, replace, update, delete]
    wrapped_in: order
    ordering: {default: [-created], allowed: [created]}
    checks:
      - {that: "discount <= total", field: discount, message: "Must not exceed total."}
      - {that: "due == null || note == null", field: total, message: "Either due or note."}
    on:
      update:
        guard: [{that: "cancelled == null", message: "A cancelled order stays as it is.", code: 7}]
      delete:
        guard: [{that: "confirmed == null", message: "A confirmed order stays."}]
    actions:
      confirm:
        guard: [{that: "confirmed == null", message: "Is confirmed.", code: 3}]
        set: {confirmed: "now()", status: "'ok'"}
      refund:
        get: yes
        public_key: yes
        fields: {amount: {type: money, required: true, min: 1}}
        guard: [{that: "confirmed != null && cancelled == null", message: "Only confirmed orders can be refunded.", code: 2}]
        checks: [{that: "amount <= total - refunded", field: amount, message: "More than what remains."}]
        set: {refunded: "refunded + amount", cancelled: "refunded + amount == total ? now() : cancelled"}
        answer: {remaining: "total - refunded", over: {type: boolean, value: "refunded == total"}, at: "cancelled"}
      ship: {since: 2}
    fields:
      id: {type: id, read_only: true}
      mid: {type: string, unique: true, max_length: 20, "null": true}
      total: {type: money, required: true, min: 0, was: {amount: 1}}
      discount: {type: money, default: "0"}
      status: {type: choice, of: [pending, ok], read_only: true, default: "'pending'"}
      due: {type: date, "null": true}
      gift: {type: boolean, default: "false"}
      tags: {type: list, of: string, "null": true}
      note: {type: json, "null": true}
      zip: {type: string, until: 1, "null": true}
      customer:
        type: object
        "null": true
        fields: {email: {type: email, required: true}, phone: {type: string, "null": true}}
      created: {type: timestamp, read_only: true, default: "now()"}
      confirmed: {type: timestamp, "null": true, read_only: true}
      cancelled: {type: timestamp, "null": true, read_only: true}
      refunded: {type: money, read_only: true, default: "0"}
      captured: {type: money, read_only: true, default: "0"}
  captures:
    path: /orders/{order}/captures
    owner: shop
    operations: [list, retrieve, create, delete]
    bulk: yes
    on:
      create:
        guard:
          - that: "order.confirmed != null && order.captured + amount <= order.total"
            message: "Only confirmed orders, and no more than their total, can be captured."
        set: {order.captured: "order.captured + amount"}
      delete:
        set: {order.captured: "order.captured - amount"}
    fields:
      id: {type: id, read_only: true}
      order: {type: id, refers: orders, hidden: true}
      amount: {type: money, required: true, min: 1}
      code: {type: string, unique: true, "null": true}
  voids:
    path: /orders/{order}/captures/{capture}/voids
    owner: shop
    operations: [list, retrieve, create]
    fields:
      id: {type: id, read_only: true}
      order: {type: id, refers: orders, hidden: true}
      capture: {type: id, refers: captures, hidden: true}
      reason: {type: string, "null": true}
  status:
    path: /orders/{id}/status
    table: orders
    owner: shop
    operations: [retrieve]
    fields:
      id: {type: id, read_only: true}
      status: {type: choice, of: [pending, ok], read_only: true}
  campaigns:
    path: /me/campaigns
    owner: shop
    key: slug
    operations: [list, retrieve, create, replace, update, delete]
    unknown_fields: ignore
    fields:
      slug: {type: string, required: true}
      order: {type: id, refers: orders, "null": true}
      first: {type: date, required: true}
      last: {type: date, "null": true}
    checks:
      - {that: "last == null || last >= first", field: last, message: "Must not lie before first."}
  keys:
    path: /shops/keys
    table: shop_keys
    owner: shop
    operations: [list]
    fields: {id: {type: id}}
)yaml";
inline std::shared_ptr<const model::Api> writing_api() {
  return api_of(writing_description);
}

}  // namespace portico::support
