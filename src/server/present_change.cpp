#include "server/present_change.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "render/document.hpp"
#include "render/entity_tag.hpp"
#include "render/problem.hpp"
#include "server/file_links.hpp"
#include "server/links.hpp"

namespace portico::server {
namespace {

using change::Outcome;

/// The statuses of success: HTTP's own, or 200 for everything, with the result in the body (E5).
struct Statuses {
  int created = 201;
  int done = 204;
  int told = 200;
};
constexpr std::array<Statuses, 2> statuses_by_dialect = {{{}, {.created = 200, .done = 200}}};

base::Cell cell_of(const base::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return {.kind = base::Cell::Kind::Integer, .integer = *integer};
  }
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? base::Cell() : base::Cell{.kind = base::Cell::Kind::Text, .text = *text};
}

class ChangePresenter final : public change::Presenter {
 public:
  ChangePresenter(std::shared_ptr<const Publication> publication, const contract::Contract& contract,
                  std::string target, std::string api)
      : publication_(std::move(publication)), contract_(contract), target_(std::move(target)), api_(std::move(api)) {}

  [[nodiscard]] Outcome created(const model::View& view, const store::Rows& row,
                                std::string_view name) const override {
    http::Response response;
    response.status = created_status(view);
    response.body = representation(view, row);
    response.add("Location", below(target_, name));
    response.add("ETag", entity_tag(view, row));
    return sent(std::move(response));
  }

  [[nodiscard]] Outcome created_unseen(std::string_view name) const override {
    http::Response response;
    response.status = statuses().done;
    response.add("Location", below(target_, name));
    render::write_success(contract_, response.body);
    return sent(std::move(response));
  }

  [[nodiscard]] Outcome altered(const model::View& view, const store::Rows& row) const override {
    http::Response response;
    response.status = statuses().told;
    response.body = representation(view, row);
    response.add("ETag", entity_tag(view, row));
    return sent(std::move(response));
  }

  [[nodiscard]] Outcome created_all(const model::View& view, const store::Rows& rows) const override {
    http::Response response;
    response.status = created_status(view);
    const store::Rows linked = view.files.empty() ? store::Rows() : with_file_links(api_, view, rows);
    render::write_objects(contract_, template_of(view), view.files.empty() ? rows : linked, response.body);
    return sent(std::move(response));
  }

  [[nodiscard]] Outcome done() const override {
    http::Response response;
    response.status = statuses().done;
    render::write_success(contract_, response.body);
    return sent(std::move(response));
  }

  [[nodiscard]] Outcome put(change::Putting putting, std::string_view entity_tag) const override {
    http::Response response;
    const bool is_new = putting == change::Putting::New;
    response.status = is_new ? statuses().created : statuses().done;
    render::write_success(contract_, response.body);
    if (is_new) response.add("Location", target_);
    response.add("ETag", entity_tag);
    return sent(std::move(response));
  }

  [[nodiscard]] Outcome told(const base::Document& answer) const override {
    http::Response response;
    response.status = statuses().told;
    render::write_document(contract_, answer, response.body);
    return sent(std::move(response));
  }

  [[nodiscard]] Outcome refused(const base::Error& error) const override {
    http::Response response;
    represent_error(error, form(), response);
    render::ProblemWords words = render::words_of(contract_, error);
    return {.status = response.status,
            .head = std::move(response.head),
            .body = std::move(response.body),
            .error_type = std::move(words.type),
            .error_message = std::move(words.message),
            .fault = fault_of(error, response.status)};
  }

  [[nodiscard]] std::string entity_tag(const model::View& view, const store::Rows& row) const override {
    return render::entity_tag(representation(view, row) + file_marks(view, row));
  }

  [[nodiscard]] std::string entity_tag(const base::Document& state) const override {
    std::string body;
    render::write_document(contract_, state, body);
    return render::entity_tag(body);
  }

  [[nodiscard]] std::string file_url(const model::View& view, std::size_t leaf,
                                     const plan::TableRow& row) const override {
    std::vector<base::Cell> cells;
    for (const std::size_t shown : view.leaves) cells.push_back(cell_of(row[shown]));
    const auto file = std::find_if(view.files.begin(), view.files.end(),
                                   [leaf](const model::ViewFile& one) { return one.leaf == leaf; });
    return server::file_url(api_, view, *file, cells);
  }

 private:
  [[nodiscard]] Form form() const { return {.publication = *publication_, .contract = contract_}; }
  [[nodiscard]] const Statuses& statuses() const {
    return statuses_by_dialect.at(static_cast<std::size_t>(contract_.surface->dialect));
  }
  [[nodiscard]] int created_status(const model::View& view) const {
    const int own = view.resource->rules_of(model::OperationKind::Create).status;
    return own != 0 && contract_.surface->dialect == model::DialectKind::MediaType ? own : statuses().created;
  }
  [[nodiscard]] const render::Template& template_of(const model::View& view) const {
    return publication_->row_template(view, contract_.format);
  }

  [[nodiscard]] std::string representation(const model::View& view, const store::Rows& row) const {
    std::string body;
    const store::Rows linked = view.files.empty() ? store::Rows() : with_file_links(api_, view, row);
    render::write_object(contract_, template_of(view), view.files.empty() ? row : linked, body);
    return body;
  }

  [[nodiscard]] Outcome sent(http::Response response) const {
    if (!response.body.empty()) response.add("Content-Type", contract_.content_type);
    add_common_fields(form(), response);
    return {.status = response.status, .head = std::move(response.head), .body = std::move(response.body)};
  }

  std::shared_ptr<const Publication> publication_;
  contract::Contract contract_;
  std::string target_;  // the absolute URL that was asked for
  std::string api_;     // the API's
};

}  // namespace

std::shared_ptr<const change::Presenter> make_presenter(std::shared_ptr<const Publication> publication,
                                                        const contract::Contract& contract, const Origin& origin) {
  const std::string base = origin_of(publication->public_url(), publication->trusted_proxies(), origin.request);
  std::string target = target_url(base, contract, origin.location);
  return std::make_shared<ChangePresenter>(std::move(publication), contract, std::move(target),
                                           api_url(base, contract));
}

}  // namespace portico::server
