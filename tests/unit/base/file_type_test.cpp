#include "base/file_type.hpp"

#include <gtest/gtest.h>

namespace portico::base {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view png = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0"sv;
constexpr std::string_view avif =
    "\0\0\0\x1C"
    "ftypmif1\0\0\0\0mif1avifmiaf"sv;

TEST(FileType, IsToldFromTheFirstBytes) {
  EXPECT_EQ(sniff_file_type(png), FileType::Png);
  EXPECT_EQ(sniff_file_type("\xFF\xD8\xFF\xE0\0\x10JFIF\0"sv), FileType::Jpeg);
  EXPECT_EQ(sniff_file_type("GIF87a\1\0"sv), FileType::Gif);
  EXPECT_EQ(sniff_file_type("GIF89a\1\0"sv), FileType::Gif);
  EXPECT_EQ(sniff_file_type("RIFF\x24\0\0\0WEBPVP8 "sv), FileType::Webp);
  EXPECT_EQ(sniff_file_type("%PDF-1.7\n"sv), FileType::Pdf);
  EXPECT_EQ(sniff_file_type("\0\0\0\x20"
                            "ftypavif\0\0\0\0"sv),
            FileType::Avif);
  EXPECT_EQ(sniff_file_type("\0\0\0\x20"
                            "ftypavis\0\0\0\0"sv),
            FileType::Avif);
  EXPECT_EQ(sniff_file_type(avif), FileType::Avif);
}

TEST(FileType, WhatOnlyBeginsAlikeIsNone) {
  for (const std::string_view bytes :
       {""sv, "\x89PNG"sv, "\x89PNG\r\n\x1A\n\0\0\0\rIDAT"sv, "\xFF\xD8"sv, "GIF88a"sv, "RIFF\x24\0\0\0WAVEfmt "sv,
        "<svg xmlns='http://www.w3.org/2000/svg'/>"sv, "<!doctype html>"sv, " %PDF-1.7"sv, "{}"sv,
        "\0\0\0\x18"
        "ftypisom\0\0\0\0isomiso2"sv,
        "\0\0\0\x1C"
        "ftypmif1\0\0\0"sv}) {
    EXPECT_EQ(sniff_file_type(bytes), std::nullopt) << bytes;
  }
}

TEST(FileType, BrandsBehindTheBoxDoNotCount) {
  EXPECT_EQ(sniff_file_type("\0\0\0\x14"
                            "ftypmif1\0\0\0\0mif1avif"sv),
            std::nullopt);
}

TEST(FileType, NamesAreFoundInAnyCase) {
  for (std::size_t i = 0; i < file_type_names.size(); ++i) {
    EXPECT_EQ(find_file_type(file_type_names[i]), static_cast<FileType>(i));
    EXPECT_EQ(name_of(static_cast<FileType>(i)), file_type_names[i]);
  }
  EXPECT_EQ(find_file_type("Image/PNG"), FileType::Png);
  for (const std::string_view name : {"", "image", "image/", "image/pngs", "image/svg+xml", "image/*"}) {
    EXPECT_EQ(find_file_type(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace portico::base
