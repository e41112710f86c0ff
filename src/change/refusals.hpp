#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/result.hpp"
#include "model/resource.hpp"
#include "plan/read_document.hpp"
#include "store/procedure.hpp"

namespace portico::change {

using Path = std::vector<std::string>;

/// `path` with `step` behind it.
[[nodiscard]] Path operator/(Path path, std::string step);

/// How `view` names the leaf; by its latest names where the view does not show it.
[[nodiscard]] Path path_of(const model::View& view, std::size_t leaf);
/// How `view` names what has the path `latest` by its latest names.
[[nodiscard]] Path path_of(const model::View& view, const std::vector<std::string>& latest);

/// `an order`, `a capture`
[[nodiscard]] std::string with_article(std::string_view singular);

/// No row of that name: what GET answers, too.
[[nodiscard]] base::Error no_such_row(const model::Resource& resource, std::string_view name);
/// A row without that file: what GET answers, too.
[[nodiscard]] base::Error no_such_file(const model::View& view, std::size_t leaf);
[[nodiscard]] base::Error invalid(std::vector<base::Fault> faults);
/// The same with every fault's path below `within`.
[[nodiscard]] base::Status below(const Path& within, base::Status done);
[[nodiscard]] base::Error conflict(std::string message);
/// The row that the change was about is not as it was found.
[[nodiscard]] base::Error gone_meanwhile(const model::Resource& resource);
[[nodiscard]] base::Error still_referred_to(const model::Resource& resource, const model::Resource& by);
/// If-Match names other entity tags than the object's.
[[nodiscard]] base::Error tag_is_another();
/// If-Unmodified-Since names an earlier date than the file's.
[[nodiscard]] base::Error was_modified();
/// If-None-Match names the object's entity tag, or any.
[[nodiscard]] base::Error tag_is_named(std::string_view if_none_match);
/// `If-None-Match: *` of what a collection is asked for.
[[nodiscard]] base::Error collection_is_there();

/// What a database's refusal to write a row of `view`'s resource is to the client. `within`: what the paths of the
/// row's faults begin with.
[[nodiscard]] base::Error refusal_of(const store::Violation& violation, const model::View& view, const Path& within);
/// The same to who loads rows: that a column is null, or a check of the table does not hold, is their fault, not
/// ours.
[[nodiscard]] base::Error refusal_of_loaded(const store::Violation& violation, const model::View& view,
                                            const Path& within);

/// What is wrong with the rows that a request wants written: the first plan::faults_max of it are told.
class Refusal {
 public:
  Refusal() = default;
  Refusal(const Refusal&) = delete;
  Refusal& operator=(const Refusal&) = delete;

  [[nodiscard]] plan::FaultList& faults() { return faults_; }
  /// What a field refers to is not there. A refusal of nothing else is a BrokenReference that blames fields.
  void add_missing(const Path& path, const model::Resource& referred);
  /// A check's own code (E6); the first one counts.
  void take_code(std::int64_t code) {
    if (error_.own_code == 0) error_.own_code = code;
  }
  [[nodiscard]] bool is_empty() const { return error_.faults.empty(); }
  /// Whether a fault is told of that place, of one within it, or of one around it.
  [[nodiscard]] bool blames(const Path& place) const;
  /// Of a bulk body: the faults in the order of its items, whatever they were found by.
  void order_by_item();
  [[nodiscard]] base::Error take();

 private:
  const Path nowhere_;
  std::size_t missing_ = 0;  // of the faults
  base::Error error_ = invalid({});
  plan::FaultList faults_{error_.faults, {.most = plan::faults_max, .path = nowhere_}};
};

}  // namespace portico::change
