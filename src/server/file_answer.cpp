#include "server/file_answer.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/calendar.hpp"
#include "base/time.hpp"
#include "http/response_writer.hpp"
#include "operation/parse_operation.hpp"
#include "plan/file_statements.hpp"
#include "server/byte_range.hpp"
#include "server/conditions.hpp"
#include "server/list_field.hpp"

namespace portico::server {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using Next = Result<std::optional<plan::Plan>>;

/// How often a file may be replaced while it is read.
constexpr unsigned attempts_most = 3;

std::string quoted(const std::string& tag) {
  return '"' + tag + '"';
}

Error range_not_satisfiable(std::uint64_t size) {
  return {.code = ErrorCode::RangeNotSatisfiable,
          .message = "The file has " + std::to_string(size) + " bytes; no part of the range lies in it.",
          .alternatives = {"bytes */" + std::to_string(size)}};
}

}  // namespace

Result<plan::Plan> FileAnswer::begin(const plan::Planner& planner, const plan::Scope& scope) {
  record_.reset();
  return planner.make_plan(operation_, scope);
}

Next FileAnswer::take(const store::Answer& answer, const Asked& asked, http::Response& response) {
  return record_ ? send(answer, asked, response) : judge(answer, asked, response);
}

/// RFC 9110 §13.2.2, for a representation of which only the column is read yet.
Next FileAnswer::judge(const store::Answer& answer, const Asked& asked, http::Response& response) {
  const model::Resource& resource = *operation_.resource;
  if (answer.rows.size() == 0) {
    return Error{.code = ErrorCode::NotFound,
                 .faults = {{{resource.singular + "__id"}, operation_.name.value_or("me")}}};
  }
  const base::Cell& cell = answer.rows.row(0)[0];
  const model::Field& field = *resource.leaves[*operation_.file].field;
  if (cell.is_null()) {
    return Error{.code = ErrorCode::NotFound, .message = "This " + resource.singular + " has no " + field.name + "."};
  }
  column_ = cell.text;
  record_ = plan::read_file_record(column_);
  if (!record_) {
    return Error{.message = "the column " + resource.leaves[*operation_.file].column + " says nothing of a file"};
  }
  switch (
      judge_conditions(asked.request, {.entity_tag = quoted(record_->entity_tag), .modified = record_->modified})) {
    case Verdict::Failed:
      return Error{.code = ErrorCode::PreconditionFailed};
    case Verdict::NotModified:
      response.status = 304;
      add_head(asked, response);
      return std::optional<plan::Plan>();
    case Verdict::Send:
      break;
  }
  auto wanted = choose_bytes(asked.request);
  if (!wanted) return std::move(wanted).error();
  response.status = *wanted ? 206 : 200;
  if (asked.request.method == http::Method::Head) {
    response.announced_bytes = record_->size;
    add_head(asked, response);
    return std::optional<plan::Plan>();
  }
  const plan::FileParts parts{.column = column_,
                              .file = record_->id,
                              .first = first_ / plan::file_part_bytes,
                              .last = last_ / plan::file_part_bytes};
  return std::optional<plan::Plan>(
      plan::plan_file_parts(asked.form.publication.planner(), operation_, asked.scope, parts));
}

/// Whether it is a part. Ranges are for GET alone (RFC 9110 §14.2).
Result<bool> FileAnswer::choose_bytes(const http::Request& request) {
  first_ = 0;
  last_ = record_->size - 1;
  std::string joined;
  const std::string_view range = list_field(request, "Range", joined);
  const Validators validators{.entity_tag = quoted(record_->entity_tag), .modified = record_->modified};
  if (request.method != http::Method::Get || range.data() == nullptr || !range_holds(request, validators))
    return false;
  const RangeWish wish = read_range(range, record_->size);
  switch (wish.kind) {
    case RangeWish::Kind::Whole:
      return false;
    case RangeWish::Kind::Unsatisfiable:
      return range_not_satisfiable(record_->size);
    case RangeWish::Kind::Part:
      break;
  }
  first_ = wish.first;
  last_ = wish.last;
  return true;
}

Next FileAnswer::send(const store::Answer& answer, const Asked& asked, http::Response& response) {
  const std::uint64_t first_part = first_ / plan::file_part_bytes;
  const std::uint64_t parts = last_ / plan::file_part_bytes - first_part + 1;
  const plan::Planner& planner = asked.form.publication.planner();
  if (answer.rows.size() != parts) {  // it was replaced, or deleted
    if (++attempts_ == attempts_most) {
      return Error{.code = ErrorCode::Unavailable, .detail = "a file was replaced again and again, or lacks parts"};
    }
    auto again = begin(planner, asked.scope);
    if (!again) return std::move(again).error();
    return std::optional<plan::Plan>(std::move(*again));
  }
  response.body.reserve(parts * plan::file_part_bytes);
  for (std::size_t i = 0; i < parts; ++i) {
    if (plan::append_file_part(planner.flavor(), answer.rows.row(i)[0].text, response.body)) continue;
    return Error{.message = "a part of a file is none"};
  }
  const std::uint64_t before = first_ - first_part * plan::file_part_bytes;
  if (response.body.size() < before + (last_ - first_ + 1)) return Error{.message = "a file's parts are too short"};
  response.body.erase(0, before);
  response.body.resize(last_ - first_ + 1);
  add_head(asked, response);
  return std::optional<plan::Plan>();
}

void FileAnswer::add_head(const Asked& asked, http::Response& response) const {
  if (response.status != 304) {
    response.add("Content-Type", name_of(record_->type));
    response.add("Accept-Ranges", "bytes");
  }
  if (response.status == 206) {
    response.add("Content-Range", "bytes " + std::to_string(first_) + "-" + std::to_string(last_) + "/" +
                                      std::to_string(record_->size));
  }
  response.add("ETag", quoted(record_->entity_tag));
  // Another host's clock may have been ahead of ours.
  const std::int64_t now = base::floor_divide(base::now(), base::microseconds_per_second);
  response.add("Last-Modified", http::http_date(std::min(record_->modified, now)));
  response.add("Cache-Control", "private");
  add_common_fields(asked.form, response);
}

std::optional<FileAnswer> file_answer_of(const operation::Operation& operation) {
  const auto* retrieve = std::get_if<operation::Retrieve>(&operation);
  if (retrieve == nullptr || !retrieve->file) return std::nullopt;
  return FileAnswer(*retrieve);
}

bool asks_for_file(const model::Api& api, const contract::Location& location, std::string_view accept) {
  if (accept.find("vnd.") != std::string_view::npos) return false;
  const auto target = operation::find_target(api, location, location.url_version.value_or(api.latest_version()));
  return target && target->file;
}

}  // namespace portico::server
