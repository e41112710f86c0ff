#include "server/represent.hpp"

#include <algorithm>
#include <limits>

#include "access/authenticate.hpp"
#include "base/text.hpp"
#include "contract/negotiate.hpp"
#include "render/document.hpp"
#include "render/entity_tag.hpp"
#include "render/problem.hpp"
#include "server/conditions.hpp"
#include "server/file_links.hpp"
#include "server/links.hpp"

namespace portico::server {
namespace {

using base::Error;
using base::ErrorCode;

/// What PATCH takes (RFC 5789 §3.1): a form is read as a merge patch, too.
constexpr std::string_view patch_types =
    "application/merge-patch+json, application/json, application/x-www-form-urlencoded";

/// Rows as they are shown: those of views with files have links in the files' places.
class Shown {
 public:
  template <typename MakeApiUrl>
  Shown(const model::View& view, const store::Rows& rows, const MakeApiUrl& api) : rows_(&rows) {
    if (view.files.empty()) return;
    marks_ = file_marks(view, rows);
    linked_ = with_file_links(api(), view, rows);
    rows_ = &linked_;
  }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;

  [[nodiscard]] const store::Rows& rows() const { return *rows_; }
  [[nodiscard]] std::string_view marks() const { return marks_; }

 private:
  const store::Rows* rows_;
  store::Rows linked_;
  std::string marks_;
};

/// What makes the API's URL, where it is needed.
auto api_of(const Form& form, const Origin& origin) {
  return [&form, &origin] {
    const Publication& publication = form.publication;
    return api_url(origin_of(publication.public_url(), publication.trusted_proxies(), origin.request), form.contract);
  };
}

base::Status represent_page(const plan::ListPlan& plan, const store::Answer& answer, const Form& form,
                            const Origin& origin, http::Response& response) {
  const std::int64_t last = answer.count == 0 ? 1 : (answer.count - 1) / plan.size + 1;
  if (plan.number > last) {
    // Of numbers that no integer holds it is not known which was sent.
    const bool is_known = plan.number != std::numeric_limits<std::int64_t>::max();
    const std::string page = is_known ? "There is no page " + std::to_string(plan.number) : "There is no such page";
    return Error{.code = ErrorCode::NotFound, .message = page + "; the last is " + std::to_string(last) + "."};
  }
  const Publication& publication = form.publication;
  const std::string base = origin_of(publication.public_url(), publication.trusted_proxies(), origin.request);
  const auto url_of = [&](std::int64_t page) {
    return page < 1 || page > last ? std::string()
                                   : page_url(base, form.contract, origin.location, origin.query, page);
  };
  const std::string next = url_of(plan.number + 1);
  const std::string previous = url_of(plan.number - 1);
  const Shown shown(*plan.view, answer.rows, api_of(form, origin));
  render::write_page(
      form.contract, publication.row_template(*plan.view, form.contract.format), shown.rows(),
      {.number = plan.number, .size = plan.size, .count = answer.count, .next = next, .previous = previous},
      response.body);
  return send_body(form, origin.request, response, shown.marks());
}

/// A foreign object and a missing one give the same bytes: no row, and the name as the client wrote it.
base::Status represent_object(const plan::RetrievePlan& plan, const store::Answer& answer, const Form& form,
                              const Origin& origin, http::Response& response) {
  if (answer.rows.size() == 0) {
    const std::string& singular = plan.view->resource->singular;
    return Error{.code = ErrorCode::NotFound, .faults = {{{singular + "__id"}, plan.name}}};
  }
  const Shown shown(*plan.view, answer.rows, api_of(form, origin));
  render::write_object(form.contract, form.publication.row_template(*plan.view, form.contract.format), shown.rows(),
                       response.body);
  return send_body(form, origin.request, response, shown.marks());
}

/// Of no rows there is nothing to say: 204, or where all answers are 200, that it went well (E5).
base::Status represent_nothing(const Form& form, http::Response& response) {
  render::write_success(form.contract, response.body);
  response.status = response.body.empty() ? 204 : 200;
  if (!response.body.empty()) response.add("Content-Type", form.contract.content_type);
  add_common_fields(form, response);
  return base::ok();
}

base::Status represent_summary(const plan::RetrievePlan& plan, const store::Answer& answer, const Form& form,
                               const Origin& origin, http::Response& response) {
  if (answer.rows.size() == 0) return represent_nothing(form, response);
  Error too_large{.code = ErrorCode::InvalidData};
  const auto row = answer.rows.row(0);
  for (std::size_t i = 0; i < plan.summary->aggregates.size(); ++i) {
    if (plan.summary->aggregates[i].function != model::Aggregate::Function::Sum || !row[i].is_null()) continue;
    too_large.faults.push_back({{plan.summary->shape->fields[i].name},
                                "The sum does not fit into 64 bits; ask for fewer rows, with filters."});
  }
  if (!too_large.faults.empty()) return too_large;
  render::write_object(form.contract, form.publication.row_template(*plan.view, form.contract.format), answer.rows,
                       response.body);
  return send_body(form, origin.request, response);
}

}  // namespace

base::Status represent(const plan::Plan& plan, const store::Answer& answer, const Form& form, const Origin& origin,
                       http::Response& response) {
  if (const auto* list = std::get_if<plan::ListPlan>(&plan)) {
    return represent_page(*list, answer, form, origin, response);
  }
  const auto& row = std::get<plan::RetrievePlan>(plan);
  if (row.summary != nullptr) return represent_summary(row, answer, form, origin, response);
  return represent_object(row, answer, form, origin, response);
}

base::Status send_body(const Form& form, const http::Request& request, http::Response& response,
                       std::string_view marks) {
  const std::size_t size = response.body.size();
  response.body.append(marks);
  const std::string tag = render::entity_tag(response.body);
  response.body.resize(size);
  switch (judge_conditions(request, tag)) {
    case Verdict::Failed:
      response.body.clear();
      return Error{.code = ErrorCode::PreconditionFailed};
    case Verdict::NotModified:
      response.body.clear();
      response.status = 304;
      break;
    case Verdict::Send:
      response.status = 200;
      response.add("Content-Type", form.contract.content_type);
      break;
  }
  response.add("ETag", tag);
  add_common_fields(form, response);
  return base::ok();
}

void add_common_fields(const Form& form, http::Response& response) {
  response.add(form.publication.media_type_header(),
               contract::media_type_name(form.publication.api(), form.contract));
  response.head.append("Vary: Accept, Authorization\r\nX-Content-Type-Options: nosniff\r\n");
}

void represent_error(const Error& error, const Form& form, http::Response& response) {
  response.clear();
  render::write_problem(form.contract, error, response);
  if (response.status == 401 || error.code == ErrorCode::Forbidden) {
    response.add("WWW-Authenticate", access::www_authenticate(error, form.publication.api().vendor));
  }
  add_common_fields(form, response);
}

std::string fault_of(const Error& error, int status) {
  if (status < 500) return {};
  return error.code == ErrorCode::Internal ? error.message : error.detail;
}

void represent_methods(const std::vector<std::string>& methods, const Form& form, http::Response& response) {
  response.status = 204;
  response.add("Allow", base::joined(methods, ", "));
  if (std::find(methods.begin(), methods.end(), "PATCH") != methods.end()) response.add("Accept-Patch", patch_types);
  add_common_fields(form, response);
}

}  // namespace portico::server
