#include <algorithm>
#include <array>

#include "base/file_type.hpp"
#include "platform/endpoints.hpp"

namespace portico::platform {
namespace {

using base::Error;
using base::ErrorCode;
using base::FileType;
using base::Result;

constexpr std::array<FileType, 3> image_types = {FileType::Png, FileType::Jpeg, FileType::Webp};

/// What the bytes are, which must be what the request says that they are.
Result<FileType> image_type(const Inquiry& inquiry) {
  const auto said = base::find_file_type(inquiry.content_type);
  if (!said || std::find(image_types.begin(), image_types.end(), *said) == image_types.end()) {
    return Error{.code = ErrorCode::UnsupportedMediaType,
                 .message = "An image must be image/png, image/jpeg or image/webp, and Content-Type must say which."};
  }
  if (inquiry.body.empty()) {
    return Error{.code = ErrorCode::MalformedBody, .message = "The body must be the image's bytes, and it is empty."};
  }
  if (base::sniff_file_type(inquiry.body) != said) {
    return Error{.code = ErrorCode::UnsupportedMediaType,
                 .message = "The body is no " + std::string(name_of(*said)) + ", which Content-Type says it is."};
  }
  return *said;
}

}  // namespace

Result<Reply> show_image(Call& call) {
  const auto found = call.registry().find_extension(call.actor(), call.arguments[0]);
  if (!found) return found.error();
  auto image = call.registry().image(found->name);
  if (!image) return Error{.code = ErrorCode::NotFound, .message = "The extension has no image."};
  Reply reply = empty_reply(200);
  reply.response.add("Content-Type", image->first);
  reply.response.body = std::move(image->second);
  return reply;
}

Result<Reply> put_image(Call& call) {
  const auto type = image_type(call.inquiry);
  if (!type) return type.error();
  auto set = call.registry().set_image(call.actor(), call.arguments[0], name_of(*type), call.inquiry.body);
  if (!set) return std::move(set).error();
  return empty_reply(204);
}

Result<Reply> delete_image(Call& call) {
  if (auto set = call.registry().set_image(call.actor(), call.arguments[0], {}, {}); !set) {
    return std::move(set).error();
  }
  return empty_reply(204);
}

}  // namespace portico::platform
