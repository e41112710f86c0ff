#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "contract/locate.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "operation/operation.hpp"
#include "plan/file_record.hpp"
#include "plan/make_plan.hpp"
#include "server/represent.hpp"
#include "store/store.hpp"

namespace portico::server {

/// GET or HEAD of a file, in two steps: what its row's column says, which conditions and ranges are judged by, and
/// those of its bytes that are wanted. Where the file has become another in between, it begins again.
class FileAnswer {
 public:
  /// `operation` is that of a file.
  explicit FileAnswer(operation::Retrieve operation) : operation_(std::move(operation)) {}

  /// What to run first. InvalidData: parameters.
  [[nodiscard]] base::Result<plan::Plan> begin(const plan::Planner& planner, const plan::Scope& scope);

  struct Asked {
    const Form& form;
    const http::Request& request;
    const plan::Scope& scope;
  };
  /// What that gave, or what take() asked to be run: a plan to run next, or nothing, and `response` is whole.
  /// NotFound: no such row, which a foreign one is like, or none with a file; PreconditionFailed;
  /// RangeNotSatisfiable; Unavailable.
  [[nodiscard]] base::Result<std::optional<plan::Plan>> take(const store::Answer& answer, const Asked& asked,
                                                             http::Response& response);

 private:
  [[nodiscard]] base::Result<std::optional<plan::Plan>> judge(const store::Answer& answer, const Asked& asked,
                                                              http::Response& response);
  [[nodiscard]] base::Result<std::optional<plan::Plan>> send(const store::Answer& answer, const Asked& asked,
                                                             http::Response& response);
  [[nodiscard]] base::Result<bool> choose_bytes(const http::Request& request);
  void add_head(const Asked& asked, http::Response& response) const;

  operation::Retrieve operation_;
  std::string column_;
  std::optional<plan::FileRecord> record_;  // what was found; nothing: the column is awaited
  std::uint64_t first_ = 0;                 // of the bytes that are sent
  std::uint64_t last_ = 0;                  // included
  unsigned attempts_ = 0;
};

/// For GET or HEAD of a file; nothing for anything else.
[[nodiscard]] std::optional<FileAnswer> file_answer_of(const operation::Operation& operation);

/// Whether the path is a file's, and `accept`, which nothing of an API's own forms fits, asks for some type of files:
/// then it decides nothing, as the file's type is its own, and errors come as usual. It names no form of the API.
[[nodiscard]] bool asks_for_file(const model::Api& api, const contract::Location& location, std::string_view accept);

}  // namespace portico::server
