#include "plan/compute.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "plan/answer.hpp"
#include "plan/apply_defaults.hpp"
#include "plan/fault_list.hpp"
#include "plan/match_members.hpp"
#include "plan/read_document.hpp"

namespace portico::plan {
namespace {

using base::Error;
using base::ErrorCode;
using base::Fault;

constexpr std::size_t helped_most = 8;  // faults that are worth a search for what was meant

std::vector<std::string> names_in(const model::Resource& resource, int version) {
  std::vector<std::string> names;
  for (const model::Field& field : resource.fields) {
    if (is_shown(field, version)) names.push_back(field.name_in(version));
  }
  return names;
}

std::string fault_of_unknown(const std::string& name, const std::vector<std::string>& known) {
  if (const auto meant = base::did_you_mean(name, known)) return "Unknown parameter; did you mean '" + *meant + "'?";
  if (known.empty()) return "Unknown parameter; there are none.";
  return "Unknown parameter; there " + std::string(known.size() == 1 ? "is " : "are ") + base::enumerated(known) +
         ".";
}

/// Takes out what is no parameter.
void refuse_unknown(base::Document& parameters, const std::vector<std::string>& known, std::vector<Fault>& faults) {
  std::size_t unknown = 0;
  std::erase_if(parameters.members, [&](const base::Member& member) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) return false;
    const bool helped = ++unknown <= helped_most;
    faults.push_back({{member.name}, helped ? fault_of_unknown(member.name, known) : "Unknown parameter."});
    return true;
  });
}

Surroundings surroundings_of(const Computing& computing) {
  // There is no row, and no name stands for a part of it.
  return {.resource = *computing.resource,
          .row = computing.parameters,
          .input = &computing.parameters,
          .now = computing.now,
          .mode = computing.mode};
}

}  // namespace

base::Result<Computing> plan_computing(const model::Api& api, operation::Compute compute, const Scope& scope,
                                       base::Microseconds now) {
  const model::Resource& resource = *compute.resource;
  const model::View& view = api.view(resource, scope.version);
  std::vector<Fault> faults = std::move(compute.faults);
  refuse_unknown(compute.parameters, names_in(resource, scope.version), faults);
  Computing computing{
      .resource = &resource, .parameters = TableRow(resource.leaves.size()), .now = now, .mode = scope.mode};
  const DocumentRules rules{
      .api = api, .view = view, .kind = model::OperationKind::Act, .writing = operation::Writing::Form};
  const std::vector<std::string> nowhere;
  FaultList told(faults, {.most = faults_max, .path = nowhere});
  const LeafSet left_out = read_document(rules, compute.parameters, computing.parameters, told);
  told.finish();
  if (!faults.empty()) return Error{.code = ErrorCode::InvalidData, .faults = std::move(faults)};
  const Surroundings around = surroundings_of(computing);
  auto filled = apply_defaults({.view = view, .left_out = left_out, .around = around}, computing.parameters);
  if (!filled) return std::move(filled).error();
  return computing;
}

base::Result<base::Document> compute(const Computing& computing, base::Value public_key) {
  Surroundings around = surroundings_of(computing);
  around.public_key = std::move(public_key);
  return answer_of(computing.resource->computation->answer, around);
}

}  // namespace portico::plan
