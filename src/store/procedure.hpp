#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "plan/plan.hpp"
#include "store/rows.hpp"

namespace portico::store {

/// One statement of a change, and how its rows are read.
struct Ask {
  plan::Statement statement;
  std::size_t columns = 0;  ///< cells of each row; 0: it changes rows and gives none
  std::vector<plan::Reading> readings = {};
  /// Whatever it gives, Commit comes next: the store may commit with it, in one go. A step other than that is too
  /// late to undo it.
  bool is_last = false;
};

/// What a statement gave.
struct Given {
  Rows rows;
  std::int64_t changed = 0;  ///< rows inserted, updated or deleted
};

/// Why the database refused a statement, in the tables' terms.
struct Violation {
  enum class Kind : std::uint8_t {
    Unique,
    Reference,
    Null,
    Check,
    TooLong,  ///< no index holds the texts of `columns` (PostgreSQL); for very long ones the table is not known
  };
  Kind kind = Kind::Unique;
  std::string table;
  std::vector<std::string> columns;  ///< of the index or constraint, as far as known
};

/// One attempt at a change, within a transaction of its own: asks for one statement after the other. Touches nothing
/// but what it owns and what is immutable, as it may run on a thread of the store; never waits.
class Procedure {
 public:
  enum class Step : std::uint8_t {
    Ask,       ///< ask() is to be run, and what it gives is for the next call
    Commit,    ///< done: what was done shall last
    RollBack,  ///< done: nothing shall have happened; the outcome is final nevertheless (a refusal, a repeated
               ///< answer)
  };
  virtual ~Procedure() = default;
  Procedure(const Procedure&) = delete;
  Procedure& operator=(const Procedure&) = delete;

  /// Goes on with what the statement asked for last gave (at first: nothing).
  virtual Step next(Given&& given) = 0;
  /// Valid after Step::Ask until the next call.
  [[nodiscard]] virtual const Ask& ask() const = 0;
  /// The database refused the last statement; the transaction is rolled back, and this attempt over.
  virtual void violated(const Violation& violation) = 0;

 protected:
  Procedure() = default;
};

/// A change that somebody wants made, exactly once. Shared by who asked and the store.
class Mutation {
 public:
  virtual ~Mutation() = default;
  Mutation(const Mutation&) = delete;
  Mutation& operator=(const Mutation&) = delete;

  /// A new attempt; what an earlier one found out is forgotten. Called again where transactions got into each other's
  /// way.
  [[nodiscard]] virtual std::unique_ptr<Procedure> begin() = 0;

 protected:
  Mutation() = default;
};

}  // namespace portico::store
