#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <utility>

#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/cli/progress.hpp"
#include "app/cli/terminal.hpp"
#include "app/load/row_loader.hpp"
#include "app/load/row_source.hpp"
#include "app/misuse.hpp"
#include "app/store_location.hpp"
#include "base/ascii.hpp"
#include "base/text.hpp"

namespace portico::app {
namespace {

constexpr std::size_t shown_rows = 20;     // refused ones, for people
constexpr std::size_t listed_rows = 1000;  // the same with --json

struct Refusal {
  std::uint64_t line = 0;
  std::vector<base::Fault> faults;
};

/// `customer.email`
std::string name_of(const std::vector<std::string>& path) {
  return base::joined(path, ".");
}

std::string words_of(const base::Fault& fault) {
  const std::string name = name_of(fault.path);
  return printable(name.empty() ? fault.message : name + ": " + fault.message);
}

std::string json_of(const Refusal& refusal) {
  std::map<std::string, std::vector<std::string>> fields;
  std::vector<std::string> others;
  for (const base::Fault& fault : refusal.faults) {
    (fault.path.empty() ? others : fields[name_of(fault.path)]).push_back(fault.message);
  }
  std::string text = "{\"line\":" + std::to_string(refusal.line) + ",\"fields\":{";
  for (bool first = true; const auto& [name, messages] : fields) {
    if (!std::exchange(first, false)) text += ',';
    text += json_text(name) + ":" + json_list(messages);
  }
  return text + "},\"messages\":" + json_list(others) + "}";
}

/// The formats that a file's name tells.
struct KnownEnd {
  std::string_view end;
  RowFormat format;
  char separator;
};
constexpr std::array<KnownEnd, 4> known_ends = {{{".csv", RowFormat::Csv, ','},
                                                 {".tsv", RowFormat::Csv, '\t'},
                                                 {".jsonl", RowFormat::JsonLines, ','},
                                                 {".ndjson", RowFormat::JsonLines, ','}}};

const KnownEnd& format_of(const ImportOptions& options) {
  std::string end =
      options.format.empty() ? std::filesystem::path(options.file).extension().string() : "." + options.format;
  for (char& c : end) c = base::to_ascii_lower(c);
  for (const KnownEnd& known : known_ends) {
    if (known.end == end) return known;
  }
  throw MisuseError(options.format.empty()
                        ? options.file + ": its name tells no format; --format is csv, tsv or jsonl"
                        : "--format " + options.format + ": it is csv, tsv or jsonl");
}

char separator_of(const ImportOptions& options, const KnownEnd& format) {
  if (options.separator.empty()) return format.separator;
  if (format.format != RowFormat::Csv) throw MisuseError("--separator is for tables; lines of JSON have none");
  if (options.separator == "tab") return '\t';
  const char c = options.separator.front();
  if (options.separator.size() == 1 && c > ' ' && c < 0x7f && c != '"') return c;
  throw MisuseError("--separator " + options.separator + ": one character, such as ';' or '|', or the word tab");
}

const model::Resource& resource_of(const ImportOptions& options, const model::Api& api) {
  const std::string name =
      options.resource.empty() ? std::filesystem::path(options.file).stem().string() : options.resource;
  if (const model::Resource* found = api.find_resource(name)) return *found;
  std::vector<std::string> names;
  for (const auto& resource : api.resources) names.push_back(resource->name);
  const std::string given = options.resource.empty()
                                ? options.file + " is not named as a resource: --resource says which it is of, "
                                : "--resource " + name + ": there is no such resource; ";
  const auto meant = base::did_you_mean(name, names);
  throw MisuseError(given + (meant ? "did you mean `" + *meant + "`?" : "there is " + base::enumerated(names)));
}

/// By the names of the latest version that has the resource.
const model::View& view_of(const model::Api& api, const model::Resource& resource) {
  for (auto version = api.versions.rbegin(); version != api.versions.rend(); ++version) {
    if (resource.versions.contains(*version)) return api.view(resource, *version);
  }
  throw std::runtime_error("no version has the resource " + resource.name);
}

/// Whose rows they are; empty: each says it.
std::string account_of(const ImportOptions& options, const store::AccountsPlace& place,
                       const model::Resource& resource) {
  if (options.account.empty()) return {};
  if (resource.owner_column.empty()) throw MisuseError("--account: rows of " + resource.name + " belong to nobody");
  if (&resource == place.api.accounts)
    throw MisuseError("--account: rows of " + resource.name + " are accounts themselves");
  if (place.api.accounts == nullptr) {  // an account is only a name
    if (base::is_utf8(options.account)) return options.account;
    throw MisuseError("--account: it is not UTF-8");
  }
  const std::optional<std::string> found = store::find_account(place, options.account);
  if (found) return *found;
  throw std::runtime_error("there is no row '" + options.account + "' in " + place.api.accounts->name + " of " +
                           std::string(model::name_of(place.mode)) + "; an account is named by the id of one");
}

/// Where no row of the file could say whose it is.
void require_owner(const RowSource& source, const model::Api& api, const model::View& view,
                   const std::string& account) {
  const std::vector<std::string> path = owner_path(view);
  const bool is_anybodys = view.resource->owner_column.empty();
  if (is_anybodys || !account.empty() || view.resource == api.accounts || (!path.empty() && source.may_say(path)))
    return;
  throw MisuseError("rows of " + view.resource->name + " belong to accounts: give --account ID" +
                    (path.empty() ? std::string() : ", or a column `" + name_of(path) + "`"));
}

/// The rows that were not taken, as they stand in the file, to be mended there and imported again.
class RefusedFile {
 public:
  RefusedFile(std::string name, const std::string& heading) : name_(std::move(name)) {
    if (name_.empty()) return;
    if (std::filesystem::exists(name_))
      throw MisuseError("--refused " + name_ + ": there is such a file; choose another name");
    file_.open(name_, std::ios::binary);
    if (!file_) throw std::runtime_error("--refused " + name_ + ": cannot be written");
    if (!heading.empty()) file_ << heading << '\n';
  }
  /// One that is too long is not there whole.
  void add(const SourceRow& row) {
    if (!name_.empty() && !row.is_long) file_ << row.raw << '\n';
  }
  void close() {
    if (!name_.empty() && !file_.flush())
      throw std::runtime_error("--refused " + name_ + ": could not be written whole");
  }

 private:
  const std::string name_;
  std::ofstream file_;
};

/// What became of the rows, for whoever asked.
class Report {
 public:
  Report(const ImportOptions& options, std::string resource) : options_(options), resource_(std::move(resource)) {}

  void refuse(const SourceRow& row, const std::vector<base::Fault>& faults) {
    ++refused_;
    if (row.is_long) ++too_long_;
    if (row.is_last) last_ = row.line;
    if (refusals_.size() < listed_rows) refusals_.push_back({.line = row.line, .faults = faults});
  }
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

  /// `failure`: why the rest was not looked at; empty: all was.
  void write(std::uint64_t loaded, const std::string& failure) {
    std::sort(refusals_.begin(), refusals_.end(), [](const Refusal& a, const Refusal& b) { return a.line < b.line; });
    if (options_.output == Output::Json) return write_json(loaded, failure);
    write_refusals();
    std::cout << resource_ << ": " << grouped(loaded) << (loaded == 1 ? " row" : " rows") << " loaded, "
              << grouped(refused_) << " refused";
    if (refused_ > too_long_ && !options_.refused.empty())
      std::cout << ": they are in " << printable(options_.refused);
    std::cout << '\n';
  }

 private:
  void write_refusals() const {
    const std::string file = printable(options_.file);
    for (std::size_t i = 0; i < std::min(refusals_.size(), shown_rows); ++i) {
      for (const base::Fault& fault : refusals_[i].faults)
        std::cerr << file << ':' << refusals_[i].line << ": " << words_of(fault) << '\n';
    }
    if (refused_ > shown_rows) {
      std::cerr << "… and " << grouped(refused_ - shown_rows) << " more rows"
                << (options_.refused.empty() ? "; --refused FILE keeps them all" : "") << '\n';
    }
    if (too_long_ > 0 && !options_.refused.empty())
      std::cerr << grouped(too_long_) << " of them too long to be kept in " << printable(options_.refused) << '\n';
    if (last_ > 0) std::cerr << file << ':' << last_ << ": nothing behind this line was read as rows\n";
  }

  void write_json(std::uint64_t loaded, const std::string& failure) const {
    std::cout << "{\"resource\":" << json_text(resource_) << ",\"mode\":" << json_text(options_.mode)
              << ",\"loaded\":" << loaded << ",\"refused\":" << refused_
              << ",\"failure\":" << (failure.empty() ? "null" : json_text(failure)) << ",\"rows\":[";
    for (std::size_t i = 0; i < refusals_.size(); ++i) std::cout << (i > 0 ? "," : "") << json_of(refusals_[i]);
    std::cout << "]}\n";
  }

  const ImportOptions& options_;
  const std::string resource_;
  std::vector<Refusal> refusals_;
  std::uint64_t refused_ = 0;
  std::uint64_t too_long_ = 0;  // of them
  std::uint64_t last_ = 0;      // the line of the one that has all behind it in it; 0: none has
};

std::uint64_t size_of(const std::string& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

}  // namespace

ExitCode import_rows(const ImportOptions& options) {
  const std::shared_ptr<const model::Api> api = load_description(options.target.description);
  if (api->database.existing)
    throw MisuseError(options.target.description +
                      " is of a database that others made, which is only read: load rows with its own tools");
  const KnownEnd& format = format_of(options);
  const model::Resource& resource = resource_of(options, *api);
  const model::View& view = view_of(*api, resource);
  const model::Mode mode =
      options.mode == model::name_of(model::Mode::Sandbox) ? model::Mode::Sandbox : model::Mode::Production;
  if (mode == model::Mode::Sandbox && !api->has_sandbox())
    throw MisuseError("--mode sandbox: the description has none");
  std::ifstream file(options.file, std::ios::binary);
  if (!file || std::filesystem::is_directory(options.file))
    throw MisuseError(options.file + ": there is no such file, or it cannot be read");
  const StoreLocation location = existing_store(options.target.store, *api);
  store::require_schema(*api, schema_target(location));
  const store::DataPlace place = data_place(location);
  const std::string account = account_of(options, {.api = *api, .place = place, .mode = mode}, resource);

  const auto source = open_rows(file, {.format = format.format,
                                       .separator = separator_of(options, format),
                                       .view = view,
                                       .owner = owner_path(view),
                                       .limits = api->limits});
  require_owner(*source, *api, view, account);
  RefusedFile refused(options.refused, source->heading());
  Report report(options, resource.name);
  RowLoader loader({.api = api,
                    .view = view,
                    .place = place,
                    .flavor = flavor_of(location),
                    .mode = mode,
                    .account = account,
                    .writing = source->writing()},
                   [&](const SourceRow& row, const std::vector<base::Fault>& faults) {
                     refused.add(row);
                     report.refuse(row, faults);
                   });
  std::string failure;
  try {
    const std::uint64_t size = size_of(options.file);
    Progress progress(talk_for(options.output == Output::Json ? Wish::Quiet : Wish::Usual),
                      {.heading = resource.name, .what = "bytes", .all = size});
    for (SourceRow row; source->next(row);) {
      loader.add(std::move(row));
      progress.at(size == 0 ? source->bytes_read() : std::min(size, source->bytes_read()));
    }
    loader.finish();
  } catch (const std::exception& error) {
    failure = error.what();
  }
  refused.close();
  report.write(loader.loaded(), failure);
  if (!failure.empty())
    throw std::runtime_error(failure + "; what was loaded stays, and the rest of the file was not looked at");
  return report.refused() == 0 ? ExitCode::Done : ExitCode::Failed;
}

}  // namespace portico::app
