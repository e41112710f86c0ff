#include "app/load/row_loader.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "change/make_change.hpp"
#include "change/refusals.hpp"
#include "plan/read_value.hpp"
#include "render/problem.hpp"

namespace portico::app {
namespace {

using base::Document;
using base::Error;
using base::ErrorCode;
using base::Fault;

constexpr std::size_t batch_rows = 500;  // in one transaction
constexpr std::size_t gathered_bytes = 16 * 1024 * 1024;
constexpr std::size_t gathered_rows = 4000;  // among which those of one account are put together

const model::Leaf* find_owner_leaf(const model::Resource& resource) {
  const auto found = std::find_if(resource.leaves.begin(), resource.leaves.end(), [&](const model::Leaf& leaf) {
    return leaf.join == 0 && leaf.relation == 0 && leaf.column == resource.owner_column;
  });
  return resource.owner_column.empty() || found == resource.leaves.end() ? nullptr : &*found;
}

/// What an object says there, taken out of it.
std::optional<Document> taken(Document& object, std::span<const std::string> path) {
  const auto found = std::find_if(object.members.begin(), object.members.end(),
                                  [&path](const base::Member& member) { return member.name == path.front(); });
  if (found == object.members.end()) return std::nullopt;
  if (path.size() > 1) return taken(found->value, path.subspan(1));
  Document value = std::move(found->value);
  object.members.erase(found);
  return value;
}

/// The faults of the row that is item 0 of the body, by the row's own names.
std::vector<Fault> faults_of(const Error& error) {
  std::vector<Fault> faults = error.faults;
  for (Fault& fault : faults) {
    if (!fault.path.empty()) fault.path.erase(fault.path.begin());
  }
  if (!faults.empty()) return faults;
  return {{.path = {},
           .message = error.message.empty() ? std::string(render::usual_message(error.code)) : error.message}};
}

}  // namespace

std::vector<std::string> owner_path(const model::View& view) {
  const model::Resource& resource = *view.resource;
  if (resource.owner_column.empty()) return {};
  if (const model::Leaf* const leaf = find_owner_leaf(resource))
    return change::path_of(view, static_cast<std::size_t>(leaf - resource.leaves.data()));
  const bool is_other = std::any_of(resource.fields.begin(), resource.fields.end(), [&](const model::Field& field) {
    return field.versions.contains(view.version) && field.name_in(view.version) == resource.owner_column;
  });
  return is_other ? std::vector<std::string>() : std::vector<std::string>{resource.owner_column};
}

/// What a change comes to, for who waits for it: nobody shows anything.
class RowLoader::Report final : public change::Presenter {
 public:
  [[nodiscard]] change::Outcome created(const model::View&, const store::Rows&, std::string_view) const override {
    return done();
  }
  [[nodiscard]] change::Outcome created_unseen(std::string_view) const override { return done(); }
  [[nodiscard]] change::Outcome created_all(const model::View&, const store::Rows&) const override { return done(); }
  [[nodiscard]] change::Outcome altered(const model::View&, const store::Rows&) const override { return done(); }
  [[nodiscard]] change::Outcome done() const override {
    refusal_.reset();
    return {};
  }
  [[nodiscard]] change::Outcome put(change::Putting, std::string_view) const override { return done(); }
  [[nodiscard]] change::Outcome told(const Document&) const override { return done(); }
  [[nodiscard]] change::Outcome refused(const Error& error) const override {
    refusal_ = error;
    return {.status = 400};
  }
  [[nodiscard]] std::string entity_tag(const model::View&, const store::Rows&) const override { return {}; }
  [[nodiscard]] std::string entity_tag(const Document&) const override { return {}; }
  [[nodiscard]] std::string file_url(const model::View&, std::size_t, const plan::TableRow&) const override {
    return {};
  }

  /// Once the change has ended.
  [[nodiscard]] std::optional<Error> take() const { return std::exchange(refusal_, std::nullopt); }

 private:
  mutable std::optional<Error> refusal_;  // the store's thread's until the change has ended
};

RowLoader::RowLoader(RowLoaderOptions options, Refused refused)
    : options_(std::move(options)),
      refused_(std::move(refused)),
      resource_(*options_.view.resource),
      owner_path_(owner_path(options_.view)),
      owner_leaf_(find_owner_leaf(resource_)),
      planner_(options_.api, options_.flavor),
      store_(store::open_waiting_store(options_.api, options_.place)) {}

RowLoader::~RowLoader() = default;

void RowLoader::add(SourceRow row) {
  if (!row.faults.empty()) return refused_(row, row.faults);
  const std::optional<std::string> account = take_owner(row);
  if (!account) return;
  waiting_bytes_ += row.raw.size();
  waiting_[*account].push_back(std::move(row));
  if (++waiting_rows_ == gathered_rows || waiting_bytes_ > gathered_bytes) finish();
}

void RowLoader::finish() {
  for (auto& [account, batch] : waiting_) {
    for (std::size_t from = 0; from < batch.size(); from += batch_rows)
      load(account, batch, from, std::min(batch.size(), from + batch_rows));
  }
  waiting_.clear();
  waiting_rows_ = 0;
  waiting_bytes_ = 0;
}

void RowLoader::blame_owner(const SourceRow& row, std::string words) {
  refused_(row, {{.path = owner_path_, .message = std::move(words)}});
}

std::optional<std::string> RowLoader::take_owner(SourceRow& row) {
  if (owner_path_.empty()) return options_.account;
  const std::optional<Document> said = taken(row.document, owner_path_);
  if (said && said->kind != Document::Kind::Null) return account_of(*said, row);
  if (!options_.account.empty()) return options_.account;
  const bool is_own = &resource_ == options_.api->accounts;
  const bool gets_id = is_own && owner_leaf_ != nullptr && owner_leaf_->field->type == model::FieldType::Id;
  if (gets_id) return base::make_row_id(base::now());
  blame_owner(row, is_own ? std::string(plan::required_message) : "Say whose it is, here or with --account.");
  return std::nullopt;
}

std::optional<std::string> RowLoader::account_of(const Document& said, SourceRow& row) {
  const auto refused = [&](std::string words) {
    blame_owner(row, std::move(words));
    return std::nullopt;
  };
  const model::Api& api = *options_.api;
  std::string account = said.kind == Document::Kind::Integer ? std::to_string(said.integer) : said.text;
  if (owner_leaf_ != nullptr) {
    const plan::ReadValue read = plan::read_value(
        *owner_leaf_->field, said, {.api = api, .version = options_.view.version, .writing = options_.writing});
    if (const auto* fault = std::get_if<std::string>(&read)) return refused(*fault);
    const base::Cell& cell = std::get<base::Cell>(read);
    account = cell.kind == base::Cell::Kind::Integer ? std::to_string(cell.integer) : std::string(cell.text);
  } else if (said.kind != Document::Kind::Integer && said.kind != Document::Kind::Text) {
    return refused("The id of an account is required, not " + std::string(base::words_for(said.kind)) + ".");
  }
  if (account.empty() || account.find('\0') != std::string::npos) return refused("It is no id of an account.");
  if (!options_.account.empty() && account != options_.account)
    return refused("It is another account than that of --account.");
  if (&resource_ != api.accounts && !is_account(account)) return refused("There is no such account.");
  return account;
}

bool RowLoader::is_account(const std::string& account) {
  if (options_.api->accounts == nullptr) return true;  // an account is only a name
  const auto [known, is_new] = known_accounts_.try_emplace(account, false);
  if (is_new) {
    known->second = store::find_account({.api = *options_.api, .place = options_.place, .mode = options_.mode},
                                        account) == account;
  }
  return known->second;
}

/// Halves what is refused until the rows to blame are alone; those that lie between may refer to one another.
void RowLoader::load(const std::string& account, Batch& batch, std::size_t from, std::size_t to) {
  const std::optional<Error> refusal = attempt(account, batch, from, to);
  if (!refusal) {
    loaded_ += to - from;
  } else if (to - from == 1) {
    refused_(batch[from], faults_of(*refusal));
  } else {
    const std::size_t middle = from + (to - from) / 2;
    load(account, batch, from, middle);
    load(account, batch, middle, to);
  }
}

std::optional<Error> RowLoader::attempt(const std::string& account, Batch& batch, std::size_t from, std::size_t to) {
  Document rows{.kind = Document::Kind::Array};
  for (std::size_t i = from; i < to; ++i) rows.items.push_back(batch[i].document);
  const auto report = std::make_shared<Report>();
  operation::Change change{.resource = &resource_, .kind = model::OperationKind::Create};
  change.body = operation::Body{.document = std::move(rows), .writing = options_.writing};
  const auto made = change::make_change({.api = options_.api,
                                         .planner = planner_,
                                         .operation = std::move(change),
                                         .account = account,
                                         .version = options_.view.version,
                                         .mode = options_.mode,
                                         .now = base::now(),
                                         .presenter = report,
                                         .source = plan::Source::Load});
  const base::Status ended = store_->change(made, options_.mode);
  if (!ended && ended.error().code != ErrorCode::Unavailable) return ended.error();
  std::optional<Error> refusal = report->take();
  const Error* const failure = !ended ? &ended.error() : refusal ? &*refusal : nullptr;
  if (failure != nullptr && failure->code == ErrorCode::Unavailable) {
    const std::string& words = failure->message.empty() ? failure->detail : failure->message;
    throw std::runtime_error(words.empty() ? "the store takes no changes" : words);
  }
  return refusal;
}

}  // namespace portico::app
