#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

// What the rest of a description can get wrong.
const std::vector<AppendedRow> rows = {
    {"unknown key", "vendr: a\n", {"12:1: unknown key 'vendr' (did you mean 'vendor'?)"}},
    {"unknown limit", "limits: {head_byte: 1}\n", {"12:10: unknown limit 'head_byte' (did you mean 'head_bytes'?)"}},
    {"limit of nothing", "limits: {head_bytes: 0}\n", {"12:22: expected an integer from 1 to 16777216, found '0'"}},
    {"limit that is no integer",
     "limits: {head_timeout: 10s}\n",
     {"12:24: expected an integer from 1 to 86400, found '10s'"}},
    {"limit too large", "limits: {filter_depth: 101}\n", {"12:24: expected an integer from 1 to 100, found '101'"}},
    {"public_url without a scheme",
     "public_url: api.example.com\n",
     {"12:13: 'api.example.com' is no address of an API (as https://api.example.com)"}},
    {"public_url with a query",
     "public_url: https://api.example.com/?a=b\n",
     {"12:13: 'https://api.example.com/?a=b' is no address of an API (as https://api.example.com)"}},
    {"unknown time zone",
     "time_zone: Mars/Olympus\n",
     {"12:12: unknown time zone 'Mars/Olympus' (an IANA name: UTC, Europe/Madrid)"}},
    {"no address",
     "trusted_proxies: [localhost]\n",
     {"12:19: 'localhost' is no address (as 127.0.0.1, ::1 or 10.0.0.0/8)"}},
    {"no range",
     "trusted_proxies: [\"10.0.0.0/33\"]\n",
     {"12:19: '10.0.0.0/33' is no address (as 127.0.0.1, ::1 or 10.0.0.0/8)"}},
    {"type that contains itself",
     "types: {a: {type: object, fields: {b: {type: a}}}}\n",
     {"12:46: the type 'a' contains itself (a list of objects, or an object, ends somewhere)"}},
    {"types that contain each other",
     "types:\n  a: {type: list, of: b}\n  b: {type: object, fields: {c: {type: a}}}\n",
     {"14:40: the type 'a' contains itself (a list of objects, or an object, ends somewhere)"}},
    {"type of a taken name",
     "types: {money: {type: string}}\n",
     {"12:9: there is a type 'money' already (choose another name)"}},
    {"type with a former name",
     "types: {a: {was: {b: 2}}}\n",
     {"12:9: a type has no name of its own to change (put 'was' on the fields that use it)"}},
    {"type that no name fits",
     "types: {A: {type: string}}\n",
     {"12:9: a type cannot be called 'A' (lower-case letters, digits and single '-' or '_' between them, a letter "
      "first)"}},
    {"types no mapping", "types: [a]\n", {"12:8: expected a mapping: {key: value}, found a list"}},
    {"fields over a named type",
     "types: {a: {type: object, fields: {b: {}}}, c: {type: a, fields: {d: {}}}}\n",
     {"12:58: the type 'a' brings 'fields' itself (leave it out, or name a built-in type)"}},
    {"a tab",
     "\ttypes: {}\n",
     {"12:2: no YAML: end of map not found (look at the indentation here and above; it is made of spaces)"}},
    {"an open bracket", "types: {a\n", {"13:1: no YAML: end of map flow not found (a '}' or a ',' is missing)"}},
    {"an unknown anchor",
     "types: *a\n",
     {"12:8: no YAML: the referenced anchor is not defined (an alias '*name' needs an anchor '&name' above it)"}},
    {"an alias to itself", "types: &a {b: *a}\n", {"12:15: no YAML: an alias inside of what it stands for"}},
    {"a tag", "types: !mine {}\n", {"12:8: no YAML: the tag '!mine' means nothing here"}},
    {"a tag of YAML's own", "types: !!map {}\n", {"12:8: no YAML: the tag '!!map' means nothing here"}},
    {"a tag of YAML's own on a value",
     "types: {a: {type: !!str string}}\n",
     {"12:19: no YAML: the tag '!!str' means nothing here"}},
    {"a second document",
     "---\nvendor: b\n",
     {"12:1: no YAML: a second document begins; a description is one document"}},
    {"a control character", "types: \x04\n", {"12:8: a control character (a description is plain UTF-8 text)"}},
    {"no UTF-8", "# \xFF\n", {"12:1: this line is not UTF-8 (save the file as UTF-8)"}},
    {"columns count characters",
     "types: {ñandú: {type: string}}\n",
     {"12:9: a type cannot be called 'ñandú' (lower-case letters, digits and single '-' or '_' between them, a "
      "letter first)"}},
};

TEST(ApiMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(small_description) + row.appended), row.mistakes);
  }
}

// The same for what stands in the small description already.
const std::vector<ReplacedRow> replaced_rows = {
    {"no vendor",
     "vendor: acme\n",
     "",
     {"1:1: a description needs the key 'vendor' (The name in media types (application/vnd.VENDOR.v1+json) and in "
      "X-VENDOR-Media-Type.)"}},
    {"vendor in upper case",
     "acme",
     "Acme",
     {"1:9: a vendor cannot be called 'Acme' (lower-case letters, digits and single '.' or '-' between them, a "
      "letter first)"}},
    {"vendor that reads as a mode",
     "acme",
     "acme.sandbox",
     {"1:9: a vendor cannot be called 'acme.sandbox' (no part of it may read as a mode or a version: 'sandbox')"}},
    {"vendor that reads as a version",
     "acme",
     "acme.v1",
     {"1:9: a vendor cannot be called 'acme.v1' (no part of it may read as a mode or a version: 'v1')"}},
    {"no versions",
     "versions: [1, 2, 3]\n",
     "",
     {"1:1: a description needs the key 'versions' (The versions served, ascending, without gaps. No version asked "
      "for: the last.)"}},
    {"empty versions", "[1, 2, 3]", "[]", {"2:11: no version (at least one: [1])"}},
    {"versions that are none", "[1, 2, 3]", "1", {"2:11: expected a list of integers: [1, 2], found '1'"}},
    {"version that is none", "[1, 2, 3]", "[1, two, 3]", {"2:15: expected a version: 1 to 10000, found 'two'"}},
    {"versions with a gap", "[1, 2, 3]", "[1, 3]", {"2:15: version 3 after 1 (ascending, without gaps: [1, 2, 3])"}},
    {"versions falling", "[1, 2, 3]", "[3, 2]", {"2:15: version 2 after 3 (ascending, without gaps: [1, 2, 3])"}},
    {"no API",
     "{partner: {base: /, dialect: media-type}}",
     "{}",
     {"3:1: no API (at least one: {partner: {base: /, dialect: media-type}})"}},
    {"API without a base",
     "base: /, ",
     "",
     {"3:8: an API needs the key 'base' (The path it is served under: `/`, or `/api`.)"}},
    {"API with a base that is none",
     "base: /,",
     "base: api/,",
     {"3:24: no API can be served under 'api/' ('/', or a path as '/api': lower case, a slash first and none at the "
      "end)"}},
    {"unknown dialect",
     "media-type",
     "media",
     {"3:36: unknown dialect 'media' (there is 'media-type' and 'code-envelope')"}},
    {"one base twice",
     "media-type}}",
     "media-type}, b: {base: /, dialect: code-envelope}}",
     {"3:59: 'partner' is served under '/' too (each API has a base of its own)"}},
    {"base on a resource",
     "media-type}}",
     "media-type}, b: {base: /orders, dialect: code-envelope}}",
     {"3:59: '/orders' lies where 'partner' serves 'orders' (choose another base)"}},
    {"base on the calling account",
     "media-type}}",
     "media-type}, b: {base: /me/x, dialect: code-envelope}}",
     {"3:59: '/me/x' lies where 'partner' serves 'me' (choose another base)"}},
    {"base on a version",
     "media-type}}",
     "media-type}, b: {base: /v1, dialect: code-envelope}}",
     {"3:59: '/v1' lies where 'partner' serves 'v1' (choose another base)"}},
    {"unknown accounts",
     "accounts: shops",
     "accounts: shop",
     {"4:11: unknown resource 'shop' (did you mean 'shops'?)"}},
    {"no accounts",
     "accounts: shops\n",
     "",
     {"1:1: a description needs the key 'accounts' (The resource whose rows are the tenants; none: an "
      "account is only a name.)"}},
    {"no resources",
     "resources:\n",
     "resorces:\n",
     {"1:1: a description needs the key 'resources' (The collections of rows that are served, by name.)",
      "5:1: unknown key 'resorces' (did you mean 'resources'?)"}},
};

TEST(ApiMistakes, WhatStandsThereAlreadyToo) {
  for (const ReplacedRow& row : replaced_rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(replaced(std::string(small_description), row.original, row.replacement)), row.mistakes);
  }
}

}  // namespace
}  // namespace portico::model
