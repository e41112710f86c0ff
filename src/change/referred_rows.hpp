#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "change/ground.hpp"
#include "change/part.hpp"
#include "change/refusals.hpp"

namespace portico::change {

/// For each leaf of the resource, how the row that it refers to is wanted; nothing: it is not.
using Looks = std::vector<std::optional<plan::Lock>>;

/// What the operation's guards, checks, effects, defaults and answer look at, and what it must find there.
[[nodiscard]] Looks looks_of(const Ground& ground);

/// The rows of other resources that a change looks at and alters, as far as they were read. Refers to its arguments.
class ReferredRows {
 public:
  ReferredRows(const Ground& ground, Dialogue& dialogue, const Looks& looks)
      : ground_(ground), dialogue_(dialogue), looks_(looks) {}

  /// One that was read already.
  void remember(const model::Resource& resource, plan::TableRow row);

  /// Reads what `row` refers to and was not read before, in an order that is the same for all changes, so that two of
  /// them seldom wait for each other. With `before`, the row as it was: nothing that need only be there, and was.
  Part<base::Status> read(const plan::TableRow& row, const plan::TableRow* before);

  /// A fault for each reference of `row` to no row that the account sees; with `before` only where it differs.
  /// Precondition: read().
  void add_faults(const plan::TableRow& row, const plan::TableRow* before, const Path& within,
                  Refusal& refusal) const;

  /// The row that a leaf of `row` refers to; null where there is none.
  [[nodiscard]] const plan::TableRow* find(const plan::TableRow& row, std::size_t leaf) const;
  /// The same, to be altered.
  [[nodiscard]] plan::TableRow* find_to_alter(const plan::TableRow& row, std::size_t leaf);

  /// Whether write() has something to write.
  [[nodiscard]] bool are_altered() const;
  /// Writes what was altered. Conflict where a row has gone.
  Part<base::Status> write();

 private:
  /// The resource's place in the API, and the key.
  using Place = std::pair<std::size_t, base::Value>;
  struct Entry {
    const model::Resource* resource = nullptr;
    bool exists = false;
    plan::TableRow before;
    plan::TableRow now;
  };
  [[nodiscard]] std::optional<Place> place_of(const plan::TableRow& row, std::size_t leaf) const;
  [[nodiscard]] std::size_t number_of(const model::Resource& resource) const;
  [[nodiscard]] const Entry* entry_of(const plan::TableRow& row, std::size_t leaf) const;

  const Ground& ground_;
  Dialogue& dialogue_;
  const Looks& looks_;
  std::map<Place, Entry> entries_;
};

}  // namespace portico::change
