// What an archive may cost: bombs of all kinds are given up while they are inflated.
#include <gtest/gtest.h>

#include "platform/archive.hpp"
#include "support/made_archive.hpp"

namespace portico::platform {
namespace {

using testing::made_archive;
using testing::MadeEntry;

const MadeEntry page = {.name = "index.html", .bytes = "<!doctype html>"};

std::string refusal(const std::vector<MadeEntry>& entries, const base::Limits& limits) {
  const auto read = read_archive(made_archive(entries), limits);
  if (read) return "taken";
  if (read.error().faults.empty()) return read.error().message;
  return read.error().faults.front().path.back() + ": " + read.error().faults.front().message;
}

/// Digits that hardly deflate.
std::string noise(std::size_t bytes) {
  std::string text;
  for (std::uint32_t number = 1; text.size() < bytes; number = number * 1'664'525U + 1'013'904'223U) {
    text += static_cast<char>('0' + (number >> 24U) % 75U);
  }
  return text;
}

TEST(ArchiveLimits, ItsOwnSize) {
  const std::string zip = made_archive({page});
  EXPECT_TRUE(read_archive(zip, {.upload_bytes = zip.size()}));
  const auto read = read_archive(zip, {.upload_bytes = zip.size() - 1});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, base::ErrorCode::BodyTooLarge);
  EXPECT_EQ(read.error().message, "The archive has " + std::to_string(zip.size()) + " bytes; " +
                                      std::to_string(zip.size() - 1) + " are allowed.");
}

TEST(ArchiveLimits, Files) {
  std::vector<MadeEntry> entries = {page};
  for (int number = 1; number < 10; ++number)
    entries.push_back({.name = std::to_string(number) + ".js", .bytes = ""});
  EXPECT_EQ(refusal(entries, {.upload_files = 10}), "taken");
  entries.push_back({.name = "folder/"});
  EXPECT_EQ(refusal(entries, {.upload_files = 10}), "archive: It holds 11 files and folders; 10 are allowed.");
}

TEST(ArchiveLimits, AFile) {
  const MadeEntry file = {.name = "data.json", .bytes = noise(1'000)};
  EXPECT_EQ(refusal({page, file}, {.upload_file_bytes = 1'000}), "taken");
  EXPECT_EQ(refusal({page, file}, {.upload_file_bytes = 999}),
            "data.json: It inflates to more than 999 bytes, which are allowed for a file.");
}

TEST(ArchiveLimits, AllFiles) {
  const std::vector<MadeEntry> entries = {
      page, {.name = "a.js", .bytes = noise(500)}, {.name = "b.js", .bytes = noise(500)}};
  EXPECT_EQ(refusal(entries, {.upload_total_bytes = 1'000 + page.bytes.size()}), "taken");
  EXPECT_EQ(refusal(entries, {.upload_total_bytes = 999 + page.bytes.size()}),
            "archive: Its files inflate to more than " + std::to_string(999 + page.bytes.size()) +
                " bytes together, which are allowed.");
}

TEST(ArchiveLimits, WhatAByteBecomes) {
  const MadeEntry bomb = {.name = "bomb.txt", .bytes = std::string(std::size_t{4} * 1024 * 1024, ' ')};
  EXPECT_EQ(refusal({page, bomb}, {}), "bomb.txt: It inflates to more than 200 times its packed size, as bombs do.");
  EXPECT_EQ(refusal({page, bomb}, {.upload_ratio = 2'000}), "taken");
  EXPECT_EQ(refusal({page, {.name = "blank.txt", .bytes = std::string(60'000, ' ')}}, {}), "taken");
}

/// The directory says 5 bytes, both times; what comes out is counted.
TEST(ArchiveLimits, SizesThatTheArchiveTellsAreNotBelieved) {
  const std::string bytes(100'000, 'a');
  std::string zip = made_archive({page, {.name = "liar.txt", .bytes = bytes}});
  const std::string told("\xA0\x86\x01\x00", 4);
  for (std::size_t at = 0; (at = zip.find(told, at)) != std::string::npos; at += 4)
    zip.replace(at, 4, "\x05\0\0\0", 4);
  const auto read = read_archive(zip, {.upload_file_bytes = 50'000});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().faults.front().path.back(), "liar.txt");
}

/// Many entries, one packed text: what is packed cannot be more than there is.
TEST(ArchiveLimits, FilesDoNotLieOverEachOther) {
  std::string zip =
      made_archive({page, {.name = "aaaa.js", .bytes = noise(4'000)}, {.name = "bbbb.js", .bytes = "1"}});
  // The second record is made to name the first one's bytes: place, sizes and checksum.
  const std::size_t first = zip.find("PK\x01\x02", zip.find("PK\x01\x02") + 4);
  const std::size_t second = zip.find("PK\x01\x02", first + 4);
  zip.replace(second + 10, 20, zip.substr(first + 10, 20));
  zip.replace(second + 42, 4, zip.substr(first + 42, 4));
  const auto read = read_archive(zip, {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().faults.front().message,
            "Its files lie over each other: they are packed in more bytes than it has.");
}

TEST(ArchiveLimits, Paths) {
  EXPECT_EQ(refusal({page, {.name = "a/b/c.js", .bytes = ""}}, {.upload_path_depth = 3}), "taken");
  EXPECT_EQ(refusal({page, {.name = "a/b/c.js", .bytes = ""}}, {.upload_path_depth = 2}),
            "a/b/c.js: It lies 3 names deep; 2 are allowed.");
  EXPECT_EQ(refusal({page, {.name = "a/b/c/d.js", .bytes = ""}}, {.upload_path_bytes = 10}), "taken");
  EXPECT_EQ(refusal({page, {.name = "a/b/c/d.js", .bytes = ""}}, {.upload_path_bytes = 9}),
            "index.html: It has a path of 10 bytes; 9 are allowed.");
}

TEST(ArchiveLimits, TheFirstFaultsAreTold) {
  std::vector<MadeEntry> entries = {page};
  for (int number = 0; number < 100; ++number)
    entries.push_back({.name = std::to_string(number) + ".php", .bytes = ""});
  const auto read = read_archive(made_archive(entries), {});
  ASSERT_FALSE(read);
  ASSERT_EQ(read.error().faults.size(), 21U);
  EXPECT_EQ(read.error().faults.back().message, "There is more wrong with it: 80 faults are not told.");
}

TEST(CheckFiles, JudgesWhatComesWithoutAnArchive) {
  const auto fault = [](std::vector<UploadedFile> files, const base::Limits& limits) -> std::string {
    const auto checked = check_files(std::move(files), limits);
    return checked ? "taken" : checked.error().faults.front().message;
  };
  EXPECT_EQ(fault({{"index.html", "x"}, {"a.js", "1"}}, {}), "taken");
  EXPECT_EQ(fault({{"index.html", "x"}, {"../a.js", "1"}}, {}), "It has `..` in its path, which leads elsewhere.");
  EXPECT_EQ(fault({{"index.html", "xx"}}, {.upload_file_bytes = 1}), "It has 2 bytes; 1 are allowed.");
  EXPECT_EQ(fault({{"index.html", "xx"}, {"a.js", "1"}}, {.upload_total_bytes = 2}),
            "Its files have 3 bytes together; 2 are allowed.");
  EXPECT_EQ(fault({{"index.html", "x"}, {"a.js", "1"}}, {.upload_files = 1}), "It holds 2 files; 1 are allowed.");
  EXPECT_EQ(fault({}, {}), "It holds no files.");
  const auto stripped = check_files({{"site/index.html", "x"}, {"site/.DS_Store", "x"}}, {});
  ASSERT_TRUE(stripped);
  ASSERT_EQ(stripped->size(), 1U);
  EXPECT_EQ(stripped->front().path, "index.html");
}

}  // namespace
}  // namespace portico::platform
