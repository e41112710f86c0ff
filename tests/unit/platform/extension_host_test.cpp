#include "platform/extension_host.hpp"

#include <gtest/gtest.h>

namespace portico::platform {
namespace {

Place::Kind kind_of(std::string_view host) {
  return find_place(host, "ext.localhost").kind;
}

TEST(ExtensionHost, SaysWhichVersionOfWhichExtension) {
  struct Case {
    std::string_view host;
    VersionStatus status;
  };
  for (const Case& each : {Case{"orders-by-week.ext.localhost", VersionStatus::Production},
                           Case{"dev--orders-by-week.ext.localhost", VersionStatus::Development},
                           Case{"rev--orders-by-week.ext.localhost", VersionStatus::Revision},
                           Case{"Orders-By-Week.EXT.localhost:8080", VersionStatus::Production},
                           Case{"DEV--orders-by-week.ext.localhost.:80", VersionStatus::Development}}) {
    const Place place = find_place(each.host, "ext.localhost");
    EXPECT_EQ(place.kind, Place::Kind::Extension) << each.host;
    EXPECT_EQ(place.name, "orders-by-week") << each.host;
    EXPECT_EQ(place.status, each.status) << each.host;
  }
}

TEST(ExtensionHost, IsElsewhere) {
  for (const std::string_view host :
       {"", "localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "text.localhost", "plot.text.localhost",
        "ext.localhost.evil.example", "plotext.localhost"}) {
    EXPECT_EQ(kind_of(host), Place::Kind::Elsewhere) << host;
  }
}

/// Whatever is below the host never gets to the API, even where no extension can be called so.
TEST(ExtensionHost, IsNowhere) {
  for (const std::string_view host :
       {"ext.localhost", "ext.localhost:8080", ".ext.localhost", "a.b.ext.localhost", "dev--.ext.localhost",
        "ab.ext.localhost", "9lives.ext.localhost", "-plot.ext.localhost", "plot-.ext.localhost",
        "plot--two.ext.localhost", "dev--dev--plot.ext.localhost", "tst--plot.ext.localhost", "pl_ot.ext.localhost",
        "a2345678901234567890123456789012345678901.ext.localhost", "pl%6ft.ext.localhost"}) {
    EXPECT_EQ(kind_of(host), Place::Kind::Nowhere) << host;
  }
}

}  // namespace
}  // namespace portico::platform
