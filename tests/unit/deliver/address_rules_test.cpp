#include "deliver/address_rules.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace portico::deliver {
namespace {

std::string refusal(const AddressRules& rules, const std::string& address) {
  return rules.refusal(boost::asio::ip::make_address(address));
}

struct Row {
  std::string address;
  std::string what;  ///< empty: it is public
};

const std::vector<Row> rows = {
    {"1.1.1.1", ""},
    {"93.184.216.34", ""},
    {"0.0.0.0", "no host's"},
    {"0.1.2.3", "no host's"},
    {"9.255.255.255", ""},
    {"10.0.0.0", "private"},
    {"10.255.255.255", "private"},
    {"11.0.0.0", ""},
    {"100.63.255.255", ""},
    {"100.64.0.1", "shared by a provider's customers"},
    {"100.127.255.255", "shared by a provider's customers"},
    {"100.128.0.0", ""},
    {"127.0.0.1", "this machine"},
    {"127.255.255.255", "this machine"},
    {"169.254.169.254", "link-local"},
    {"172.15.255.255", ""},
    {"172.16.0.1", "private"},
    {"172.31.255.255", "private"},
    {"172.32.0.0", ""},
    {"192.0.0.8", "reserved for protocols"},
    {"192.0.2.1", "for documentation"},
    {"192.88.99.1", "a relay of 6to4"},
    {"192.168.1.1", "private"},
    {"198.18.0.1", "for benchmarks"},
    {"198.19.255.255", "for benchmarks"},
    {"198.51.100.7", "for documentation"},
    {"203.0.113.9", "for documentation"},
    {"224.0.0.1", "multicast"},
    {"239.255.255.255", "multicast"},
    {"240.0.0.1", "reserved"},
    {"255.255.255.255", "reserved"},
    {"2606:4700:4700::1111", ""},
    {"2a00:1450:4001::1", ""},
    {"::", "no host's"},
    {"::1", "this machine"},
    {"::2", "reserved"},
    {"::7f00:1", "reserved"},  // ::127.0.0.1, an old form
    {"::ffff:127.0.0.1", "this machine"},
    {"::ffff:10.1.2.3", "private"},
    {"::ffff:8.8.8.8", ""},
    {"64:ff9b::7f00:1", "this machine"},
    {"64:ff9b::a9fe:a9fe", "link-local"},
    {"64:ff9b::808:808", ""},
    {"64:ff9b:1::1", "reserved"},
    {"2002:7f00:1::", "this machine"},
    {"2002:c0a8:101::1", "private"},
    {"2002:808:808::", ""},
    {"2001::1", "reserved for protocols"},  // Teredo
    {"2001:2::1", "reserved for protocols"},
    {"2001:1ff::", "reserved for protocols"},
    {"2001:200::1", ""},
    {"2001:db8::1", "for documentation"},
    {"3fff::1", "for documentation"},
    {"3fff:1000::1", ""},
    {"fc00::1", "private"},
    {"fdff:ffff::1", "private"},
    {"fe80::1", "link-local"},
    {"febf::1", "link-local"},
    {"fec0::1", "site-local"},
    {"ff02::1", "multicast"},
    {"4000::1", "reserved"},
    {"100::1", "reserved"},
};

TEST(AddressRules, OnlyPublicAddressesAreTargets) {
  const AddressRules rules({});
  for (const Row& row : rows) {
    const std::string words = refusal(rules, row.address);
    const bool ends = words.ends_with(" is " + row.what);
    EXPECT_TRUE(row.what.empty() ? words.empty() : ends) << row.address << ": " << words;
  }
}

TEST(AddressRules, AllowedOnesAreTargetsToo) {
  const AddressRules rules({"127.0.0.0/8", "fd00::/16", "10.1.2.3"});
  for (const std::string address : {"127.0.0.1", "::ffff:127.1.2.3", "64:ff9b::7f00:1", "fd00::7", "10.1.2.3"}) {
    EXPECT_EQ(refusal(rules, address), "") << address;
  }
  for (const std::string address : {"::1", "10.1.2.4", "fd01::1", "128.0.0.0"}) {
    EXPECT_EQ(refusal(rules, address).empty(), address == "128.0.0.0") << address;
  }
}

TEST(AddressRules, AllOfEitherKind) {
  EXPECT_EQ(refusal(AddressRules({"0.0.0.0/0"}), "192.168.1.1"), "");
  EXPECT_NE(refusal(AddressRules({"0.0.0.0/0"}), "fe80::1"), "");
  EXPECT_EQ(refusal(AddressRules({"::/0"}), "fe80::1"), "");
}

TEST(AddressRules, WhatIsNoRangeIsABrokenInvariant) {
  for (const std::string text : {"localhost", "10.0.0.0/33", "::/129", "10.0.0.0/x"}) {
    EXPECT_THROW(const AddressRules rules({text}), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace portico::deliver
