#include "model/field_formats.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/web_address.hpp"

namespace portico::model {
namespace {

TEST(Email, TakesWhatMailServersTake) {
  for (const char* good :
       {"a@b.es", "a.b+c@example.com", "o'neil@sub.example.org", "dev@aplazame.com", "a@localhost", "ñandú@correo.es",
        "info@peña.es", "用户@例子.公司", "a..b@docomo.ne.jp", "a@1.es", "a/b=c@example.com"}) {
    EXPECT_TRUE(is_email(good)) << good;
  }
}

TEST(Email, RefusesTheRest) {
  for (const char* bad : {"",
                          "a",
                          "@b.es",
                          "a@",
                          "a@@b.es",
                          "a b@c.es",
                          "a@b .es",
                          "a@-b.es",
                          "a@b-.es",
                          "a@b..es",
                          "a@.es",
                          "a@b.",
                          "a@b_c.es",
                          "<a@b.es>",
                          "\"a b\"@c.es",
                          "a@[127.0.0.1]",
                          "a,b@c.es",
                          "a@b.es\n",
                          "a\u00A0b@c.es",
                          "a@b\u200B.es",
                          "a@b\u3000.es",
                          "a\xFF@b.es"}) {
    EXPECT_FALSE(is_email(bad)) << bad;
  }
  EXPECT_FALSE(is_email(std::string("a\0@b.es", 7)));
}

TEST(Email, IsOfBoundedLength) {
  EXPECT_TRUE(is_email(std::string(64, 'a') + "@b.es"));
  EXPECT_FALSE(is_email(std::string(65, 'a') + "@b.es"));
  EXPECT_TRUE(is_email("a@" + std::string(63, 'b') + ".es"));
  EXPECT_FALSE(is_email("a@" + std::string(64, 'b') + ".es"));
  std::string host;
  for (int i = 0; i < 62; ++i) host += "abc.";
  EXPECT_TRUE(is_email("ab@" + host + "com"));  // 254 bytes
  EXPECT_FALSE(is_email("abc@" + host + "com"));
}

TEST(Url, IsHttpWithAHost) {
  for (const char* good :
       {"http://a.es", "https://a.es/", "HTTPS://A.es/x?y=z#f", "https://a.es:8080/p?q={id}|x", "http://localhost:1",
        "http://127.0.0.1/", "http://[::1]:8080/x", "http://[2001:db8::7]", "https://peña.es/ñandú",
        "https://my_shop.example.com", "https://a.es.", "https://a.es?x", "https://a.es#x", "https://a.es/100%",
        "https://xn--pea-8ma.es/a@b:c", "https://España.es/"}) {
    EXPECT_TRUE(is_url(good)) << good;
  }
}

TEST(Url, IsAsLongAsWhatCanBeSentTo) {
  const std::string start = "http://a.es/";
  EXPECT_TRUE(is_url(start + std::string(base::web_address_bytes_max - start.size(), 'x')));
  EXPECT_FALSE(is_url(start + std::string(base::web_address_bytes_max - start.size() + 1, 'x')));
}

TEST(Url, RefusesTheRest) {
  for (const char* bad : {"",
                          "a.es",
                          "//a.es",
                          "/x",
                          "ftp://a.es",
                          "javascript:alert(1)",
                          "http:/a.es",
                          "http://",
                          "https:///x",
                          "http://a es",
                          "http://a.es/a b",
                          "http://a.es/\n",
                          "http://a.es/\x7F",
                          "http://a.es\\x",
                          "http://a.es/<b>",
                          "http://a.es/\"",
                          "http://-a.es",
                          "http://a..es",
                          "http://a.es:0",
                          "http://a.es:65536",
                          "http://a.es:",
                          "http://a.es:8x",
                          "http://a.es:+8",
                          "http://user@a.es",
                          "http://user:secret@a.es",
                          "http://1.2.3",
                          "http://256.1.1.1",
                          "http://1.2.3.4.5",
                          "http://[::1",
                          "http://[1.2.3.4]",
                          "http://[]",
                          "http://[::1]x",
                          "http://a.es/\u00A0",
                          "http://a\u200B.es",
                          "http://a.es/\xC3",
                          "http://a%41.es"}) {
    EXPECT_FALSE(is_url(bad)) << bad;
  }
}

}  // namespace
}  // namespace portico::model
