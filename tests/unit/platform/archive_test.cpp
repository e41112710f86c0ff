#include "platform/archive.hpp"

#include <set>

#include <gtest/gtest.h>

#include "support/made_archive.hpp"

namespace portico::platform {
namespace {

using std::string_view_literals::operator""sv;
using testing::made_archive;
using testing::MadeEntry;
using testing::renamed;

const MadeEntry page = {.name = "index.html", .bytes = "<!doctype html><title>Plot</title>"};
constexpr base::Limits usual;
constexpr std::string_view empty_archive = "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv;

/// `plot.js: It is …`; the first fault of what was refused.
std::string refusal(const std::string& zip, const base::Limits& limits = usual) {
  const auto read = read_archive(zip, limits);
  if (read) return "taken";
  if (read.error().faults.empty()) return read.error().message;
  const base::Fault& fault = read.error().faults.front();
  return fault.path.back() + ": " + fault.message;
}

std::string refusal_of(const MadeEntry& entry, const base::Limits& limits = usual) {
  return refusal(made_archive({page, entry}), limits);
}

/// Of a name that takes the place of `plot.js`.
std::string refusal_of_name(std::string_view name) {
  const std::string stand_in = std::string(name.size() - 3, 'x') + ".js";
  return refusal(renamed(made_archive({page, {.name = stand_in, .bytes = "1"}}), stand_in, name));
}

std::vector<std::string> paths_of(const base::Result<std::vector<UploadedFile>>& read) {
  std::vector<std::string> paths;
  if (!read) return {read.error().faults.front().message};
  for (const UploadedFile& file : *read) paths.push_back(file.path);
  return paths;
}

using Paths = std::vector<std::string>;

TEST(Archive, GivesItsFiles) {
  const auto read = read_archive(made_archive({page,
                                               {.name = "js/"},
                                               {.name = "js/plot.js", .bytes = "draw();", .mode = 0100644},
                                               {.name = "ñandú.css", .bytes = "", .method = ZIP_CM_STORE}}),
                                 usual);
  ASSERT_TRUE(read) << refusal(made_archive({page}));
  EXPECT_EQ(paths_of(read), (Paths{"index.html", "js/plot.js", "ñandú.css"}));
  EXPECT_EQ((*read)[0].bytes, page.bytes);
  EXPECT_EQ((*read)[1].bytes, "draw();");
}

TEST(Archive, OneFolderThatHoldsAllIsTakenAway) {
  EXPECT_EQ(paths_of(read_archive(made_archive({{.name = "site/"},
                                                {.name = "site/index.html", .bytes = page.bytes},
                                                {.name = "site/js/a.js", .bytes = "1"}}),
                                  usual)),
            (Paths{"index.html", "js/a.js"}));
  EXPECT_EQ(refusal(made_archive({{.name = "a/index.html", .bytes = "x"}, {.name = "b/index.html", .bytes = "x"}})),
            "archive: It holds no index.html at its top, the page that an extension begins with.");
  EXPECT_EQ(refusal(made_archive({{.name = "a/b/index.html", .bytes = "x"}, {.name = "a/b/c.js", .bytes = "x"}})),
            "archive: It holds no index.html at its top, the page that an extension begins with.");
}

TEST(Archive, WhatFileManagersAddIsLeftOut) {
  EXPECT_EQ(paths_of(read_archive(made_archive({{.name = "__MACOSX/site/._index.html", .bytes = "\0\5\x16\7"},
                                                {.name = "site/.DS_Store", .bytes = "Bud1"},
                                                {.name = "site/Thumbs.db", .bytes = "x"},
                                                {.name = "site/index.html", .bytes = "x"}}),
                                  usual)),
            Paths{"index.html"});
}

TEST(Archive, HoldsSomething) {
  EXPECT_EQ(refusal(std::string(empty_archive)), "archive: It holds no files.");
  EXPECT_EQ(refusal(made_archive({{.name = "folder/"}})), "archive: It holds no files.");
  EXPECT_EQ(refusal(made_archive({{.name = "plot.js", .bytes = "1"}})),
            "archive: It holds no index.html at its top, the page that an extension begins with.");
}

TEST(Archive, IsOne) {
  EXPECT_EQ(refusal(""), "archive: It holds no files.");
  EXPECT_EQ(refusal("<!doctype html>"), "archive: It is no zip archive.");
  const std::string whole = made_archive({page});
  EXPECT_EQ(refusal(whole.substr(0, whole.size() / 2)), "archive: It is no zip archive.");
  EXPECT_TRUE(refusal(renamed(whole, whole.substr(whole.size() - 10, 4), "\xFF\xFF\xFF\x7F"))
                  .starts_with("archive: It is damaged: "));
}

TEST(Archive, SaysWhatIsDamaged) {
  const std::string whole = made_archive({{.name = "index.html", .bytes = "plain", .method = ZIP_CM_STORE}});
  EXPECT_EQ(refusal(renamed(whole, "plain", "plaim")), "index.html: It is damaged: CRC error.");
}

TEST(Archive, IsNotEncrypted) {
  EXPECT_EQ(refusal_of({.name = "plot.js", .bytes = "1", .password = "secret"}), "plot.js: It is encrypted.");
}

TEST(Archive, IsPackedInAWayThatIsRead) {
  EXPECT_EQ(refusal_of({.name = "plot.js", .bytes = "1", .method = ZIP_CM_BZIP2}),
            "plot.js: It is packed in a way that is not read; stored and deflated are.");
}

TEST(Archive, HoldsFilesAlone) {
  EXPECT_EQ(refusal_of({.name = "plot.js", .bytes = "/etc/passwd", .mode = 0120777}),
            "plot.js: It is a symbolic link; only files are taken.");
  for (const std::uint32_t mode : {0010644U, 0020644U, 0060644U, 0140755U}) {
    EXPECT_EQ(refusal_of({.name = "plot.js", .bytes = "", .mode = mode}),
              "plot.js: It is a device, a pipe or a socket; only files are taken.");
  }
  EXPECT_EQ(refusal_of({.name = "plot.js", .bytes = "", .mode = 0040755}),
            "plot.js: It is a folder that is written as a file.");
}

TEST(Archive, StaysInItsFolder) {
  for (const std::string_view name : {"../plot.js", "js/../../plot.js", "js/..", "../../etc/cron.d/x.js"}) {
    EXPECT_EQ(refusal_of_name(name), std::string(name) + ": It has `..` in its path, which leads elsewhere.");
  }
  EXPECT_EQ(refusal_of_name("./plot.js"), "./plot.js: It has `.` in its path, which leads elsewhere.");
  EXPECT_EQ(refusal(made_archive({{.name = "../index.html", .bytes = "x"}})),
            "../index.html: It has `..` in its path, which leads elsewhere.");
  EXPECT_EQ(refusal_of_name("/etc/plot.js"),
            "/etc/plot.js: It has an absolute path; paths begin in the archive's own top folder.");
  EXPECT_EQ(refusal_of_name("C:/plot.js"), "C:/plot.js: It has a colon in its name, which is not allowed.");
  EXPECT_EQ(refusal_of_name("..\\plot.js"),
            "..\\plot.js: It has a backslash in its path; folders are parted by `/`.");
  EXPECT_EQ(refusal_of_name("js//plot.js"), "js//plot.js: It has an empty name between its slashes.");
}

TEST(Archive, NamesAreUtf8) {
  EXPECT_EQ(refusal_of_name("plot\xF1.js"),
            "plot\xEF\xBF\xBD.js: It has a name that is not UTF-8; the archive has to be made with UTF-8 names.");
}

TEST(Archive, NamesAreNormalized) {
  EXPECT_EQ(refusal_of_name("n\xCC\x83.js"),
            "n\xCC\x83.js: It has a name that is not in Unicode's normal form C (NFC).");
  EXPECT_EQ(refusal_of_name("\xC3\xB1.js"), "taken");
}

TEST(Archive, NamesCanBeSeen) {
  for (const std::string_view name : {"pl\not.js", "pl\x7Fot.js", "pl\xC2\x85ot.js", "gnp\xE2\x80\xAEtolp.js",
                                      "pl\xE2\x80\x8Bot.js", "pl\xEF\xBB\xBFot.js", "pl\xEE\x80\x80ot.js"}) {
    EXPECT_NE(refusal_of_name(name).find("It has control characters, or others that are not seen, in its name."),
              std::string::npos)
        << name;
  }
  EXPECT_EQ(refusal_of_name(" plot.js"), " plot.js: It has a name that begins or ends with a space.");
  EXPECT_EQ(refusal_of_name("plot.js\0"sv), "plot.js : It has a name that begins or ends with a space.");
  EXPECT_EQ(refusal_of_name("plot.js."), "plot.js.: It has a name that ends with a dot.");
  EXPECT_EQ(refusal_of_name("pl?t.js"), "pl?t.js: It has `?` in its name, which not every system takes.");
}

TEST(Archive, NamesThatAreReserved) {
  EXPECT_EQ(refusal_of_name(".portico/x.js"), ".portico/x.js: It lies in .portico/, which is reserved.");
  EXPECT_EQ(refusal_of_name(".htaccess"),
            ".htaccess: It has a name that begins with a dot; such files are not taken.");
  EXPECT_EQ(refusal_of_name("js/.git/x.js"),
            "js/.git/x.js: It has a name that begins with a dot; such files are not taken.");
}

TEST(Archive, NoTwoNamesAreOneFile) {
  const std::vector<MadeEntry> both = {page, {.name = "aaaa.js", .bytes = "1"}, {.name = "bbbb.js", .bytes = "2"}};
  const auto clash = [&both](std::string_view one, std::string_view other) {
    return refusal(renamed(renamed(made_archive(both), "aaaa.js", one), "bbbb.js", other));
  };
  EXPECT_EQ(clash("plot.js", "plot.js"), "plot.js: It is there twice.");
  EXPECT_EQ(clash("plot.js", "PLOT.js"),
            "PLOT.js: It differs from `plot.js` only in the case of letters or in how they are composed.");
  EXPECT_EQ(refusal(made_archive({page, {.name = "straße.js", .bytes = "1"}, {.name = "STRASSE.js", .bytes = "2"}})),
            "STRASSE.js: It differs from `straße.js` only in the case of letters or in how they are composed.");
  EXPECT_EQ(refusal(made_archive({page, {.name = "a.js", .bytes = "1"}, {.name = "A.js/b.js", .bytes = "2"}})),
            "A.js/b.js: It lies in `a.js`, which is a file.");
}

TEST(Archive, TellsAllFaultsAtOnce) {
  const auto read = read_archive(made_archive({{.name = "run.exe", .bytes = "MZ"},
                                               {.name = "x:y.html", .bytes = "x"},
                                               {.name = "link.js", .bytes = "/etc/passwd", .mode = 0120777},
                                               {.name = "a.png", .bytes = "no picture"},
                                               {.name = "b.js", .bytes = "1"},
                                               {.name = "B.js", .bytes = "2"}}),
                                 usual);
  ASSERT_FALSE(read);
  std::set<std::string> blamed;
  for (const base::Fault& fault : read.error().faults) blamed.insert(fault.path.back());
  EXPECT_EQ(blamed, (std::set<std::string>{"run.exe", "x:y.html", "link.js", "a.png", "B.js", "archive"}));
}

TEST(Archive, TypesAreTakenByName) {
  for (const std::string_view name :
       {"plot.php", "plot.exe", "plot.wasm", "plot.js.gz", "README", "js/plot.", "plot.xhtml", "plot.zip"}) {
    EXPECT_NE(refusal_of_name(name), "taken") << name;
  }
  EXPECT_TRUE(refusal_of_name("plot.php")
                  .starts_with("plot.php: It is of no type that is taken; these are: .html, .htm, .css, .js, "));
}

TEST(Archive, TypesAreTakenByContent) {
  constexpr std::string_view png = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1"sv;
  EXPECT_EQ(refusal_of({.name = "a.png", .bytes = std::string(png)}), "taken");
  EXPECT_EQ(refusal_of({.name = "a.svg", .bytes = "\xEF\xBB\xBF<?xml version='1.0'?><svg/>"}), "taken");
  EXPECT_EQ(refusal_of({.name = "a.png", .bytes = "<script>1</script>"}), "a.png: It does not hold a PNG picture.");
  EXPECT_EQ(refusal_of({.name = "a.gif", .bytes = std::string(png)}), "a.gif: It does not hold a GIF picture.");
  EXPECT_EQ(refusal_of({.name = "a.png", .bytes = ""}), "a.png: It does not hold a PNG picture.");
  EXPECT_EQ(refusal_of({.name = "a.svg", .bytes = "<html>"}), "a.svg: It does not hold an SVG picture.");
  EXPECT_EQ(refusal_of({.name = "a.woff2", .bytes = "MZ"}), "a.woff2: It does not hold a WOFF2 font.");
  EXPECT_EQ(refusal_of({.name = "a.wav", .bytes = "RIFF1234WEBP"}), "a.wav: It does not hold WAVE sound.");
  EXPECT_EQ(refusal_of({.name = "a.js", .bytes = std::string(png)}),
            "a.js: It is not UTF-8, as all text of an extension has to be.");
  EXPECT_EQ(refusal_of({.name = "a.js", .bytes = std::string("alert(1)\0", 9)}),
            "a.js: It holds control characters, which no text does.");
}

}  // namespace
}  // namespace portico::platform
