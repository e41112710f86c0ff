#include "operation/parse_file.hpp"

#include <gtest/gtest.h>

namespace portico::operation {
namespace {

using base::ErrorCode;
using std::string_view_literals::operator""sv;

constexpr std::string_view gif = "GIF89a\1\0\1\0"sv;
constexpr std::string_view pdf = "%PDF-1.4\n"sv;

model::Field image() {
  return {.name = "image",
          .type = model::FieldType::File,
          .file_types = {base::FileType::Png, base::FileType::Gif},
          .max_bytes = 20};
}

base::Result<FileBody> parsed(std::string_view body, std::vector<http::HeaderField> fields = {}) {
  http::Request request;
  request.fields = fields;
  request.body = body;
  return parse_file(request, image());
}

TEST(ParseFile, TheBytesTellWhatTheyAre) {
  for (const std::vector<http::HeaderField>& fields :
       std::vector<std::vector<http::HeaderField>>{{},
                                                   {{"Content-Type", "image/gif"}},
                                                   {{"Content-Type", "IMAGE/Gif; q=x"}},
                                                   {{"Content-Type", "application/octet-stream"}},
                                                   {{"Content-Encoding", "identity"}}}) {
    const auto body = parsed(gif, fields);
    ASSERT_TRUE(body) << body.error().message;
    EXPECT_EQ(body->type, base::FileType::Gif);
    EXPECT_EQ(body->bytes, gif);
  }
}

TEST(ParseFile, RefusesWhatItIsNot) {
  struct Row {
    std::string_view body;
    std::vector<http::HeaderField> fields;
    ErrorCode code;
    std::string_view message;
  };
  for (const Row& row : std::vector<Row>{
           {"", {}, ErrorCode::InvalidData, "The body is empty: it must be the file's bytes. DELETE removes a file."},
           {"GIF89a---------------", {}, ErrorCode::BodyTooLarge, "The file of 21 bytes is longer than 20 bytes."},
           {pdf,
            {},
            ErrorCode::UnsupportedMediaType,
            "These bytes are application/pdf; image takes image/png, image/gif."},
           {"hello",
            {},
            ErrorCode::UnsupportedMediaType,
            "These bytes begin like no type of files that is known here; image takes image/png, image/gif."},
           {gif,
            {{"Content-Type", "image/png"}},
            ErrorCode::MalformedBody,
            "Content-Type is image/png, but these bytes are image/gif."},
           {gif,
            {{"Content-Type", "application/json"}},
            ErrorCode::UnsupportedMediaType,
            "Content-Type is application/json; image takes image/png, image/gif. With application/octet-stream the "
            "bytes themselves tell what they are."},
           {pdf,
            {{"Content-Type", "application/pdf"}},
            ErrorCode::UnsupportedMediaType,
            "Content-Type is application/pdf; image takes image/png, image/gif. With application/octet-stream the "
            "bytes themselves tell what they are."},
           {gif,
            {{"Content-Type", "image/gif"}, {"content-type", "image/png"}},
            ErrorCode::UnsupportedMediaType,
            "A file has one content type: send one Content-Type field, not several."},
           {gif,
            {{"Content-Encoding", "gzip"}},
            ErrorCode::UnsupportedMediaType,
            "A file is sent as it is, without Content-Encoding."}}) {
    const auto body = parsed(row.body, row.fields);
    ASSERT_FALSE(body) << row.message;
    EXPECT_EQ(body.error().code, row.code) << row.message;
    EXPECT_EQ(body.error().message, row.message);
  }
}

}  // namespace
}  // namespace portico::operation
