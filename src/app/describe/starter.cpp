#include "app/describe/starter.hpp"

namespace portico::app {

std::string starter_description(std::string_view vendor) {
  std::string text =
      R"(# A first API: one resource, to be changed into yours. `portico check` names every mistake in this file,
# `portico check --schema` prints its JSON Schema for editors.

vendor: )";
  text += vendor;
  text += R"(             # in media types: application/vnd.VENDOR.v1+json
versions: [1]               # who asks for none gets the last; fields come and go: since, until, was
apis:
  partner: {base: /, dialect: media-type}
accounts: none              # an account is only a name; or the resource whose rows are the tenants

resources:
  orders:                   # GET /orders and GET /orders/{id}
    owner: account          # the column that holds whose a row is: no account sees another's
    names: [id, number]     # either serves in /orders/{…}
    operations: [list, retrieve]
    ordering: {default: [-created], allowed: [created, total_amount]}
    search: [number, customer-email]   # ?q=
    fields:
      id: {type: id}        # 32 hex digits
      number: {type: string, max_length: 64, unique: yes, filter: [string]}            # ?number-startswith=A
      status: {type: choice, of: [pending, ok, ko], filter: [choices]}                 # ?status=ok
      total_amount: {type: money, filter: [range]}                                     # 1250 is 12.50: ?total_amount-gt=1000
      created: {type: timestamp, filter: [range, date]}                                # ?created-year=2025
      paid: {type: timestamp, "null": yes, filter: [isnull, range]}                    # ?paid-isnull=yes
      customer:             # an object; its members are columns of the same table
        type: object
        fields:
          email: {type: email, filter: [string]}                                       # ?customer-email=…
          phone: {type: string, "null": yes}
      lines:                # a list is one column, read as a whole
        type: list
        of: {type: object, fields: {name: {type: string}, price: {type: money}, quantity: {type: integer}}}
)";
  return text;
}

}  // namespace portico::app
