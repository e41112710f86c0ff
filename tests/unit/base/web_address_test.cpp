#include "base/web_address.hpp"

#include <gtest/gtest.h>

namespace portico::base {
namespace {

TEST(WebAddress, OfHttpAndHttpsAlone) {
  const auto shown = [](std::string_view url) {
    const auto address = parse_web_address(url);
    return address ? address->authority() + " " + address->host_field() + " " + address->target : "none";
  };
  EXPECT_EQ(shown("http://Example.com"), "example.com:80 example.com /");
  EXPECT_EQ(shown("HTTPS://a_b.example:8443/x?y=1#z"), "a_b.example:8443 a_b.example:8443 /x?y=1");
  EXPECT_EQ(shown("https://example.com?q"), "example.com:443 example.com /?q");
  EXPECT_EQ(shown("http://[::1]:81/"), "[::1]:81 [::1]:81 /");
  EXPECT_EQ(shown("http://example.com/ñ"), "example.com:80 example.com /%C3%B1");
  EXPECT_EQ(shown("https://España.es/aviso"), "xn--espaa-rta.es:443 xn--espaa-rta.es /aviso");
  EXPECT_EQ(shown("http://straße.localhost:81"), "xn--strae-oqa.localhost:81 xn--strae-oqa.localhost:81 /");
  for (const std::string url :
       {"", "example.com", "ftp://example.com", "http://", "http:///x", "http://a@example.com",
        "http://example.com:0", "http://example.com:65536", "http://example.com:x", "http://exa mple.com",
        "http://example.com/a b", "http://example.com/\r\nX: y", "http://[::1", "http://[::g]",
        "http://a.ñ\u200B\uFFFD", "file:///etc/passwd", "http://a:b@example.com/", "http://[fe80::1%25eth0]/"}) {
    EXPECT_EQ(shown(url), "none") << url;
  }
  EXPECT_EQ(shown("http://example.com/" + std::string(8'192, 'a')), "none");
}

}  // namespace
}  // namespace portico::base
