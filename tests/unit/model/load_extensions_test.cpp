#include <gtest/gtest.h>

#include "model/scope.hpp"
#include "unit/model/description.hpp"

namespace portico::model {
namespace {

const std::string one_api = "media-type}}";
const std::string two_apis = "media-type}, ext: {base: /api, dialect: code-envelope}}";

/// The small description with a second API, and another line: the twelfth.
std::string with(const std::string& appended) {
  return replaced(std::string(small_description), one_api, two_apis) + appended;
}

TEST(LoadExtensions, NoneUnlessTheyAreDeclared) {
  const auto api = api_of(with(""));
  ASSERT_NE(api, nullptr);
  EXPECT_FALSE(api->extensions);
  EXPECT_EQ(api->extension_surface(), nullptr);
}

TEST(LoadExtensions, HaveDefaults) {
  const auto api = api_of(with("extensions: {}\n"));
  ASSERT_NE(api, nullptr);
  ASSERT_TRUE(api->extensions);
  EXPECT_EQ(api->extensions->host, "ext.localhost");
  EXPECT_EQ(api->extensions->run_token.count(), 600);
  EXPECT_EQ(api->extensions->test_token.count(), 86'400);
  EXPECT_EQ(api->extensions->session.count(), 43'200);
  ASSERT_NE(api->extension_surface(), nullptr);
  EXPECT_EQ(api->extension_surface()->base, "/api");
  EXPECT_FALSE(api->is_for_extensions(api->surfaces.front()));
}

TEST(LoadExtensions, OfTheirOwnHostAndTimes) {
  const auto api =
      api_of(with("extensions: {host: x.example.com, run_token: 60, test_token: 61, session: 62}\n"
                  "rates: {extension: {requests: 9}}\n"));
  ASSERT_NE(api, nullptr);
  EXPECT_EQ(api->extensions->host, "x.example.com");
  EXPECT_EQ(api->extensions->run_token.count(), 60);
  EXPECT_EQ(api->extensions->test_token.count(), 61);
  EXPECT_EQ(api->extensions->session.count(), 62);
  EXPECT_EQ(api->rates.extensions.requests, 9);
  EXPECT_TRUE(api->rates.limit_anything());
}

const std::vector<AppendedRow> rows = {
    {"no mapping", "extensions: yes\n", {"12:13: expected a mapping: {key: value}, found 'yes'"}},
    {"an unknown key", "extensions: {hosts: a.b}\n", {"12:14: unknown key 'hosts' (did you mean 'host'?)"}},
    {"a host with a port",
     "extensions: {host: 'ext.localhost:80'}\n",
     {"12:20: 'ext.localhost:80' is no host that names can stand before (as ext.example.com: lower case, without "
      "scheme and port, 207 bytes at most)"}},
    {"an address",
     "extensions: {host: 127.0.0.1}\n",
     {"12:20: '127.0.0.1' is no host that names can stand before (as ext.example.com: lower case, without scheme and "
      "port, 207 bytes at most)"}},
    {"an empty label",
     "extensions: {host: ext..com}\n",
     {"12:20: 'ext..com' is no host that names can stand before (as ext.example.com: lower case, without scheme and "
      "port, 207 bytes at most)"}},
    {"too short a time", "extensions: {run_token: 1}\n", {"12:25: expected an integer from 2 to 86400, found '1'"}},
    {"too long a time",
     "extensions: {test_token: 2592001, session: many}\n",
     {"12:26: expected an integer from 60 to 2592000, found '2592001'", "12:44: expected an integer, found 'many'"}},
    {"a host that the API itself lies under",
     "extensions: {host: example.com}\npublic_url: https://api.example.com/v1\n",
     {"12:20: the API itself, at api.example.com, lies under 'example.com' (a host of their own for pages of "
      "extensions, as ext.example.com)"}},
    {"the API's own host",
     "extensions: {host: example.com}\npublic_url: https://example.com:8443\n",
     {"12:20: the API itself, at example.com, lies under 'example.com' (a host of their own for pages of extensions, "
      "as ext.example.com)"}},
    {"a resource where the developer space is",
     "  developers: {owner: shop, operations: [list], fields: {id: {type: id}}}\nextensions: {}\n",
     {"12:3: the resource 'developers' lies where the developer space is: /developers (another path, or no "
      "`extensions:` (line 13))"}},
    {"one that lies under it",
     "  rows: {path: /developers/rows, owner: shop, operations: [list], fields: {id: {type: id}}}\nextensions: {}\n",
     {"12:3: the resource 'rows' lies where the developer space is: /developers (another path, or no `extensions:` "
      "(line 13))"}},
    {"access tokens from there",
     "oauth: {path: /developers/token}\nextensions: {}\n",
     {"13:1: the path of `oauth:` lies where the developer space is: /developers (another path, or no `extensions:` "
      "(line 13))"}},
    {"a rate of none",
     "rates: {extension: {requests: 9}}\n",
     {"12:9: a rate of extensions, of which there are none (with extensions: {})"}},
};

TEST(ExtensionMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(with(row.appended)), row.mistakes);
  }
}

TEST(ExtensionMistakes, TheyNeedAnApiToCall) {
  EXPECT_EQ(mistakes_of(std::string(small_description) + "extensions: {}\n"),
            std::vector<std::string>{"12:1: extensions without an API that they could call (one in the dialect "
                                     "code-envelope: {extension: {base: /api, dialect: code-envelope}})"});
}

TEST(ExtensionMistakes, AnApiMayNotLieWhereTheDeveloperSpaceIs) {
  const std::string text = replaced(with("extensions: {}\n"), "base: /api", "base: /developers/api");
  EXPECT_EQ(mistakes_of(text),
            std::vector<std::string>{"12:1: the API 'ext' lies where the developer space is: /developers (another "
                                     "path, or no `extensions:` (line 12))"});
}

TEST(ExtensionMistakes, AHostBesideTheApiIsNone) {
  EXPECT_EQ(mistakes_of(with("extensions: {host: ext.example.com}\npublic_url: https://api.example.com\n")),
            std::vector<std::string>());
  EXPECT_EQ(mistakes_of(with("extensions: {host: example.com}\npublic_url: https://api-example.com\n")),
            std::vector<std::string>());
}

constexpr std::string_view shop = R"(vendor: acme
versions: [1, 2]
apis: {ext: {base: /, dialect: code-envelope}}
accounts: shops
extensions: {}
resources:
  shops: {operations: [], fields: {id: {type: id}}}
  orders:
    description: What was bought.
    owner: shop
    operations: [list, retrieve, update]
    summary: {fields: {count: count()}}
    actions:
      cancel: {set: {status: "'gone'"}}
      refund: {get: yes, answer: {left: total}, set: {total: 0}}
    fields:
      id: {type: id, read_only: yes}
      total: {type: money}
      status: {type: string, read_only: yes, default: "''"}
      image: {type: file, of: [image/png], "null": yes}
      customer: {type: reference, to: customers, column: customer_id, since: 2}
      parts: {type: rows, of: captures, by: order, show: []}
  captures:
    path: /orders/{order}/captures
    owner: shop
    operations: [create]
    fields:
      id: {type: id, read_only: yes}
      order: {type: id, refers: orders, hidden: yes}
  customers:
    owner: shop
    operations: [retrieve]
    fields:
      id: {type: id}
      shop_row: {type: reference, to: shops, column: shop}
  now: {computed: yes, answer: {at: now()}}
)";

using Names = std::vector<std::string>;

TEST(Scopes, AreWhatTheDescriptionLetsDo) {
  const auto api = api_of(shop);
  ASSERT_NE(api, nullptr);
  const std::vector<ExtensionScope> scopes = scopes_of(*api);
  Names names;
  for (const ExtensionScope& scope : scopes) names.push_back(scope.name);
  // Shops can neither be read nor written, captures only be made.
  EXPECT_EQ(names, (Names{"captures:write", "customers:read", "now:read", "orders:read", "orders:write"}));

  const ExtensionScope& read = scopes[3];
  EXPECT_EQ(read.operations, (Names{"list", "retrieve", "summary", "files"}));
  EXPECT_EQ(read.actions, Names{"refund"});
  EXPECT_EQ(read.also, Names{"customers:read"});  // captures cannot be read at all
  EXPECT_EQ(read.description, "What was bought.");
  EXPECT_EQ(read.resource, api->find_resource("orders"));
  EXPECT_EQ(read.access, ScopeAccess::Read);

  const ExtensionScope& write = scopes[4];
  EXPECT_EQ(write.operations, (Names{"update", "files"}));
  EXPECT_EQ(write.actions, (Names{"cancel", "refund"}));
  EXPECT_EQ(scopes[0].also, Names{"orders:read"});
}

TEST(Scopes, AreKnownToResourcesAndViews) {
  const auto api = api_of(shop);
  ASSERT_NE(api, nullptr);
  const Resource& orders = *api->find_resource("orders");
  const Resource& shops = *api->find_resource("shops");
  EXPECT_EQ(orders.read_scope, 3U);
  EXPECT_EQ(orders.write_scope, 4U);
  EXPECT_EQ(shops.read_scope, std::nullopt);
  EXPECT_EQ(shops.write_scope, std::nullopt);
  EXPECT_EQ(api->computed.front()->read_scope, 2U);
  EXPECT_EQ(api->computed.front()->write_scope, std::nullopt);
  EXPECT_EQ(api->view(orders, 1).foreign_scopes, std::vector<std::size_t>());
  EXPECT_EQ(api->view(orders, 2).foreign_scopes, std::vector<std::size_t>{1});
}

}  // namespace
}  // namespace portico::model
