#pragma once

#include "change/make_change.hpp"
#include "model/api.hpp"
#include "plan/write_statements.hpp"

namespace portico::change {

/// What is the same in all attempts at a change. Refers to the request.
struct Ground {
  explicit Ground(const ChangeRequest& asked)
      : request(asked),
        api(*asked.api),
        operation(asked.operation),
        resource(*asked.operation.resource),
        view(asked.api->view(*asked.operation.resource, asked.version)),
        scope{.account = asked.account, .version = asked.version, .mode = asked.mode} {}
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  /// The statements for rows of that resource.
  [[nodiscard]] plan::WriteStatements rows_of(const model::Resource& of) const {
    return {request.planner, of, scope};
  }

  const ChangeRequest& request;
  const model::Api& api;
  const operation::Change& operation;
  const model::Resource& resource;
  const model::View& view;
  const plan::Scope scope;
};

/// The cells as values. Precondition: one for each of the resource's leaves.
[[nodiscard]] plan::TableRow table_row(std::span<const base::Cell> cells);

/// What a URL names the row by, behind its collection's path: the key's text as far as that path does not say it, of
/// several columns with commas.
[[nodiscard]] std::string name_of(const model::Resource& resource, const plan::TableRow& row);

}  // namespace portico::change
