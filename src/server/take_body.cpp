#include "server/take_body.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "operation/parse_body.hpp"
#include "operation/parse_file.hpp"

namespace portico::server {
namespace {

bool reads_body(const operation::Change& change) {
  return change.kind != model::OperationKind::Delete && change.kind != model::OperationKind::Clear && !change.file;
}

std::vector<base::Fault>& faults_of(operation::Operation& operation) {
  if (auto* summarize = std::get_if<operation::Summarize>(&operation)) return summarize->rows.faults;
  if (auto* list = std::get_if<operation::List>(&operation)) return list->faults;
  if (auto* retrieve = std::get_if<operation::Retrieve>(&operation)) return retrieve->faults;
  if (auto* compute = std::get_if<operation::Compute>(&operation)) return compute->faults;
  return std::get<operation::Change>(operation).faults;
}

/// What says nothing is as good as no body.
void refuse_document(const base::Document& document, std::vector<base::Fault>& faults) {
  constexpr std::string_view message = "This request takes no body.";
  constexpr std::size_t named_most = 100;
  using Kind = base::Document::Kind;
  if (document.kind == Kind::Object) {
    const std::size_t named = std::min(document.members.size(), named_most);
    for (std::size_t i = 0; i < named; ++i) {
      faults.push_back({{document.members[i].name}, "Unknown field: this request takes no body."});
    }
  } else if (document.kind != Kind::Array || !document.items.empty()) {
    faults.push_back({{}, std::string(message)});
  }
}

}  // namespace

base::Status take_body(const http::Request& request, const base::Limits& limits, operation::Operation& operation) {
  auto* change = std::get_if<operation::Change>(&operation);
  if (change != nullptr && change->file && request.method == http::Method::Put) {
    auto file = operation::parse_file(request, *change->resource->leaves[*change->file].field);
    if (!file) return std::move(file).error();
    change->file_body = *file;
    return base::ok();
  }
  auto body = operation::parse_body(request, limits);
  if (!body) return std::move(body).error();
  if (change != nullptr && reads_body(*change)) {
    change->body = std::move(*body);
  } else if (*body) {
    refuse_document((*body)->document, faults_of(operation));
  }
  return base::ok();
}

}  // namespace portico::server
