#include "store/postgres_keys.hpp"

#include <gtest/gtest.h>

#include "access/key.hpp"
#include "store/postgres_access.hpp"
#include "support/postgres_loop.hpp"

namespace portico::store {
namespace {

/// Who asks for a key while it is looked for shares a look with others, but none that began before.
TEST(PostgresKeys, WhoAsksForAKeyAfterItsEndIsToldOfIt) {
  const std::string address = support::PostgresServer::shared().address();
  PostgresKeyRegistry registry(address, "portico");
  const access::NewKey key = access::make_key({.account = "shop-1", .now = 1});
  registry.add(key);
  support::PostgresLoop loop(address);
  std::vector<std::optional<base::Microseconds>> revoked(5, -1);
  std::size_t told = 0;
  const auto look = [&](std::size_t number) {
    loop.store->find_key(key.record.id, Freshness::Now, [&, number](auto record) {
      ++told;
      if (record && *record) revoked[number] = (*record)->revoked;
    });
  };
  look(0);
  ASSERT_TRUE(loop.run_until([&] { return told == 1; }));  // connected and prepared
  look(0);                                                 // the server answers at once, the loop reads it later
  look(1);
  registry.revoke(key.record.id, 7);
  for (std::size_t i = 2; i < revoked.size(); ++i) look(i);
  ASSERT_TRUE(loop.run_until([&] { return told == revoked.size() + 1; }));
  for (std::size_t i = 2; i < revoked.size(); ++i) EXPECT_EQ(revoked[i], 7) << i;
  EXPECT_NE(revoked[1], -1) << "it was found";
}

}  // namespace
}  // namespace portico::store
