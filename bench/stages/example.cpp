#include "example.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <variant>

#include "base/time.hpp"
#include "http/response_writer.hpp"
#include "model/load_yaml.hpp"
#include "operation/parse_query.hpp"
#include "render/document.hpp"
#include "server/links.hpp"

namespace portico::bench {
namespace {

std::shared_ptr<const model::Api> load(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error(file + ": cannot be read");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  auto loaded = model::load_yaml(text);
  if (auto* api = std::get_if<std::shared_ptr<const model::Api>>(&loaded)) return std::move(*api);
  throw std::runtime_error(model::format_mistake(file, std::get<model::Mistakes>(loaded).front()));
}

template <typename Value>
Value taken(base::Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

void require(const base::Status& status) {
  if (!status) throw std::runtime_error(status.error().message);
}

}  // namespace

Site::Site(const std::string& description_file, const std::filesystem::path& store_directory)
    : publication_(std::make_shared<server::Publication>(load(description_file), plan::SqlFlavor::Sqlite)),
      workers_(std::make_shared<store::SqliteWorkers>(
          store::files_in(store_directory),
          store::FunctionRules{.time_zone = api().time_zone, .limits = api().limits}, 1)),
      store_(std::make_unique<store::SqliteStore>(store::SqliteThreads{.workers = workers_},
                                                  std::make_unique<store::SqliteKeyRegistry>(store_directory),
                                                  [this](std::function<void()> work) { post(std::move(work)); })),
      reader_(std::make_unique<store::SqliteReader>(store::database_file(store_directory, model::Mode::Production),
                                                    workers_->rules())) {}

void Site::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void Site::take_back_one() {
  std::function<void()> work;
  {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !posted_.empty(); });
    work = std::move(posted_.front());
    posted_.pop_front();
  }
  work();
}

store::Answer& Site::run(const plan::Plan& plan) {
  bool in_place = true;
  store::Answer* found = nullptr;
  store_->run({.plan = plan}, [&](base::Result<store::Answer*> answer) {
    found = taken(std::move(answer));
    if (in_place) return;
    kept_ = std::move(*found);  // a worker's answer ends with this call
    found = &kept_;
  });
  in_place = false;
  while (found == nullptr) take_back_one();
  return *found;
}

Example::Example(Site& site, const Words& words)
    : site_(site),
      head_bytes_("GET " + words.target + " HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAccept: " + words.accept +
                  "\r\nAuthorization: Bearer " + words.token + "\r\n\r\n"),
      parser_(site.api().limits) {
  read_head();
  agree();
  authenticate();
  understand();
  make_plan();
  const store::Answer& answer = run();
  make_links();
  render(answer);
  write_head();
}

http::Head& Example::read_head() {
  parser_.restart();
  if (parser_.parse(head_bytes_) != http::HeadProgress::Complete) throw std::runtime_error(parser_.error().message);
  return parser_.head();
}

void Example::agree() {
  location_ = taken(contract::locate(site_.api(), request().path));
  contract_ = taken(contract::negotiate(site_.api(), location_, request().field("Accept")));
}

void Example::authenticate() {
  const auto bearer = taken(access::bearer_token(request().field("Authorization")));
  const auto token = access::parse_token(bearer);
  if (!token) throw std::runtime_error("the token is none");
  site_.store().find_key(token->id, store::Freshness::Now, [&](base::Result<std::optional<access::KeyRecord>> found) {
    principal_ = taken(access::authenticate(token, taken(std::move(found)), contract_.mode, base::now()));
  });
}

void Example::understand() {
  const auto target = taken(operation::find_target(site_.api(), location_));
  query_ = operation::parse_query(request().query);
  operation_ = taken(operation::parse_operation(site_.api().limits, target, request().method, query_));
  require(access::permit(principal_, operation::resource_of(*operation_), operation::kind_of(*operation_)));
}

void Example::make_plan() {
  plan_ = taken(site_.planner().make_plan(
      *operation_, {.account = principal_.account, .version = contract_.version, .mode = contract_.mode}));
}

void Example::make_links() {
  const server::Publication& publication = site_.publication();
  if (const auto* list = std::get_if<plan::ListPlan>(&plan_)) {
    const std::string origin = server::origin_of(publication.public_url(), publication.trusted_proxies(), request());
    next_ = server::page_url(origin, contract_, location_, query_, list->number + 1);
  }
  response_.clear();
  response_.add("Content-Type", contract_.content_type);
  response_.add(publication.media_type_header(), contract::media_type_name(site_.api(), contract_));
}

void Example::render(const store::Answer& answer) {
  response_.body.clear();
  if (const auto* list = std::get_if<plan::ListPlan>(&plan_)) {
    return render::write_page(contract_, site_.publication().row_template(*list->view, contract_.format), answer.rows,
                              {.number = list->number, .size = list->size, .count = answer.count, .next = next_},
                              response_.body);
  }
  const auto& row = std::get<plan::RetrievePlan>(plan_);
  if (answer.rows.size() != 1) throw std::runtime_error("there is no object '" + row.name + "'");
  render::write_object(contract_, site_.publication().row_template(*row.view, contract_.format), answer.rows,
                       response_.body);
}

void Example::write_head() {
  written_.clear();
  http::write_head(written_, response_,
                   {.date = "Sun, 06 Nov 1994 08:49:37 GMT", .request_id = "0123456789abcdef0123456789abcdef"});
}

}  // namespace portico::bench
