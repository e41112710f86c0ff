#include "reference/operations.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "operation/needed_scopes.hpp"
#include "reference/parameters.hpp"
#include "reference/schemas.hpp"

namespace portico::reference {
namespace {

using base::Document;
using http::Method;
using model::OperationKind;
using operation::PathPattern;
using operation::Target;
using operation::TargetMethod;

/// What is asked of a file is none of its row's operations.
enum class Ask : std::uint8_t {
  List,
  Retrieve,
  Create,
  Replace,
  Update,
  Delete,
  Clear,
  Summarize,
  Compute,
  Act,
  TellState,
  GetFile,
  PutFile,
  DeleteFile
};

struct Words {
  std::string_view id;
  std::string_view summary;  ///< `%s` is the resource's name, `%a` the action's or the file's
};

Words words_of(Ask ask) {
  switch (ask) {
    case Ask::List:
      return {"list", "List %s"};
    case Ask::Retrieve:
      return {"retrieve", "Show one of %s"};
    case Ask::Create:
      return {"create", "Add to %s"};
    case Ask::Replace:
      return {"replace", "Replace one of %s"};
    case Ask::Update:
      return {"update", "Change one of %s"};
    case Ask::Delete:
      return {"delete", "Delete one of %s"};
    case Ask::Clear:
      return {"clear", "Delete those of %s that are chosen"};
    case Ask::Summarize:
      return {"summary", "Sum up %s"};
    case Ask::Compute:
      return {"retrieve", "Work out %s"};
    case Ask::Act:
      return {"", "%a"};
    case Ask::TellState:
      return {"state", "What %a would find"};
    case Ask::GetFile:
      return {"get", "Show the file %a"};
    case Ask::PutFile:
      return {"put", "Put the file %a"};
    case Ask::DeleteFile:
      return {"remove", "Remove the file %a"};
  }
  return {};
}

Ask ask_of(const PathPattern& pattern, const TargetMethod& method) {
  if (pattern.file) {
    if (method.method == Method::Put) return Ask::PutFile;
    return method.method == Method::Delete ? Ask::DeleteFile : Ask::GetFile;
  }
  if (pattern.action != nullptr) return method.kind == OperationKind::Act ? Ask::Act : Ask::TellState;
  if (pattern.kind == Target::Kind::Summary) return Ask::Summarize;
  switch (method.kind) {
    case OperationKind::List:
      return Ask::List;
    case OperationKind::Retrieve:
      return pattern.resource->computation != nullptr ? Ask::Compute : Ask::Retrieve;
    case OperationKind::Create:
      return Ask::Create;
    case OperationKind::Replace:
      return Ask::Replace;
    case OperationKind::Update:
      return Ask::Update;
    case OperationKind::Delete:
      return Ask::Delete;
    case OperationKind::Clear:
      return Ask::Clear;
    case OperationKind::Act:
      break;
  }
  return Ask::Act;
}

bool changes(Ask ask) {
  switch (ask) {
    case Ask::Create:
    case Ask::Replace:
    case Ask::Update:
    case Ask::Delete:
    case Ask::Clear:
    case Ask::Act:
    case Ask::PutFile:
    case Ask::DeleteFile:
      return true;
    case Ask::List:
    case Ask::Retrieve:
    case Ask::Summarize:
    case Ask::Compute:
    case Ask::TellState:
    case Ask::GetFile:
      return false;
  }
  return false;
}

std::string spaced(std::string name) {
  std::replace(name.begin(), name.end(), '-', ' ');
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

/// One operation, put together.
class OperationWriter {
 public:
  OperationWriter(const Commons& commons, const PathPattern& pattern, const TargetMethod& method)
      : commons_(commons),
        edition_(commons.edition),
        pattern_(pattern),
        resource_(*pattern.resource),
        method_(method),
        ask_(ask_of(pattern, method)) {}

  [[nodiscard]] Document write() {
    ObjectWriter made;
    made.add("operationId", operation_id(pattern_, method_));
    made.add("tags", json::texts({resource_.name}));
    made.add("summary", summary());
    if (!description().empty()) made.add("description", description());
    made.add("security", security());
    if (auto list = parameters(); !list.empty()) made.add("parameters", json::list(std::move(list)));
    if (auto body = request_body()) made.add("requestBody", std::move(*body));
    return made.add("responses", responses()).take();
  }

 private:
  [[nodiscard]] std::string summary() const {
    std::string words(words_of(ask_).summary);
    if (pattern_.kind == Target::Kind::CallingAccount && pattern_.last == nullptr) {
      return ask_ == Ask::Retrieve ? "Show the calling account" : "Change the calling account";
    }
    const auto put = [&words](std::string_view mark, const std::string& name) {
      if (const std::size_t at = words.find(mark); at != std::string::npos) words.replace(at, mark.size(), name);
    };
    put("%s", spaced(resource_.name));
    if (pattern_.last != nullptr) put("%a", spaced(*pattern_.last));
    if (words.front() >= 'a' && words.front() <= 'z') words.front() = static_cast<char>(words.front() - 'a' + 'A');
    return words;
  }

  [[nodiscard]] const std::string& description() const {
    if (pattern_.action != nullptr) return pattern_.action->description;
    if (pattern_.file) return resource_.leaves[*pattern_.file].field->description;
    if (ask_ == Ask::Summarize) return resource_.summary->description;
    return resource_.description;
  }

  // Who may.

  [[nodiscard]] bool is_public() const {
    if (pattern_.action != nullptr) return pattern_.action->is_public;
    if (ask_ == Ask::Summarize) return resource_.summary->is_public;
    if (ask_ == Ask::PutFile || ask_ == Ask::DeleteFile) {
      return model::contains(resource_.public_operations, OperationKind::Update) ||
             model::contains(resource_.public_operations, OperationKind::Replace);
    }
    return model::contains(resource_.public_operations, method_.kind);
  }

  [[nodiscard]] operation::Operation operation() const {
    if (ask_ == Ask::List)
      return operation::List{.resource = &resource_,
                             .parents = {},
                             .filters = {},
                             .ordering = {},
                             .search = {},
                             .page_size = {},
                             .faults = {}};
    if (ask_ == Ask::Summarize) return operation::Summarize{.resource = &resource_, .rows = {}};
    if (ask_ == Ask::Compute) return operation::Compute{.resource = &resource_, .parameters = {}, .faults = {}};
    if (!changes(ask_)) {
      return operation::Retrieve{.resource = &resource_,
                                 .parents = {},
                                 .name = {},
                                 .action = pattern_.action,
                                 .file = pattern_.file,
                                 .faults = {}};
    }
    return operation::Change{.resource = &resource_,
                             .kind = method_.kind,
                             .action = pattern_.action,
                             .parents = {},
                             .name = {},
                             .chosen = {},
                             .body = {},
                             .file = pattern_.file};
  }

  [[nodiscard]] Document security() const {
    const auto one = [](std::string_view name, const std::vector<std::string>& scopes) {
      return json::object({{std::string(name), json::texts(scopes)}});
    };
    if (edition_.api.is_for_extensions(edition_.surface)) {
      std::vector<std::string> scopes;
      operation::visit_needed_scopes(edition_.api, operation(), edition_.version, [&](std::size_t scope) {
        const std::string& name = commons_.scopes.at(scope);
        if (std::find(scopes.begin(), scopes.end(), name) == scopes.end()) scopes.push_back(name);
      });
      return json::list({one(run_token_scheme, scopes)});
    }
    std::vector<Document> any = {one(private_key_scheme, {})};
    if (edition_.api.oauth) any.push_back(one(access_token_scheme, {}));
    if (is_public()) any.push_back(one(public_key_scheme, {}));
    return json::list(std::move(any));
  }

  // What it takes.

  [[nodiscard]] std::vector<Document> parameters() const {
    std::vector<Document> list;
    if (ask_ == Ask::List) list = list_parameters(edition_, resource_);
    if (ask_ == Ask::Summarize || ask_ == Ask::Clear) list = choosing_parameters(edition_, resource_);
    if (ask_ == Ask::Compute) list = computing_parameters(edition_.view(resource_));
    if (changes(ask_)) list.push_back(reference_to("parameters", idempotency_key));
    const bool is_of_row = ask_ == Ask::Replace || ask_ == Ask::Update || ask_ == Ask::Delete || ask_ == Ask::Act ||
                           ask_ == Ask::PutFile || ask_ == Ask::DeleteFile;
    if (is_of_row) list.push_back(reference_to("parameters", if_match));
    if (!changes(ask_)) list.push_back(reference_to("parameters", if_none_match));
    return list;
  }

  [[nodiscard]] static Document content_of(const std::vector<std::string>& types, const Document& schema) {
    ObjectWriter content;
    for (const std::string& type : types) content.add(type, json::object({{"schema", schema}}));
    return content.take();
  }

  [[nodiscard]] std::optional<Document> request_body() const {
    std::vector<std::string> types = {"application/json", "application/x-www-form-urlencoded"};
    switch (ask_) {
      case Ask::Create:
      case Ask::Replace:
        return body_of(types, body_schema(reference_to("schemas", body_name(commons_.names.at(&resource_)))), true);
      case Ask::Update:
        types.emplace(types.begin(), "application/merge-patch+json");
        return body_of(types, body_schema(reference_to("schemas", patch_name(commons_.names.at(&resource_)))), true);
      case Ask::Act: {
        const model::View& view = edition_.view(*pattern_.action->input);
        if (!takes_fields(view)) return std::nullopt;
        return body_of(types, row_schema(view, Side::Body), needs_fields(view));
      }
      case Ask::PutFile:
        return body_of(file_types(), json::object({}), true);
      case Ask::List:
      case Ask::Retrieve:
      case Ask::Delete:
      case Ask::Clear:
      case Ask::Summarize:
      case Ask::Compute:
      case Ask::TellState:
      case Ask::GetFile:
      case Ask::DeleteFile:
        return std::nullopt;
    }
    return std::nullopt;
  }

  [[nodiscard]] static Document body_of(const std::vector<std::string>& types, const Document& schema,
                                        bool is_required) {
    ObjectWriter body;
    if (is_required) body.add("required", json::boolean(true));
    return body.add("content", content_of(types, schema)).take();
  }

  /// The fields, perhaps wrapped, perhaps several at once.
  [[nodiscard]] Document body_schema(Document fields) const {
    std::vector<Document> any;
    any.push_back(fields);
    if (!resource_.wrapped_in.empty()) {
      any.push_back(json::object({{"type", json::text("object")},
                                  {"required", json::texts({resource_.wrapped_in})},
                                  {"properties", json::object({{resource_.wrapped_in, fields}})}}));
    }
    if (resource_.is_bulk && ask_ == Ask::Create) {
      any.push_back(json::object({{"type", json::text("array")}, {"items", std::move(fields)}}));
    }
    return any.size() == 1 ? std::move(any.front()) : json::object({{"anyOf", json::list(std::move(any))}});
  }

  // What it answers.

  [[nodiscard]] std::vector<std::string> file_types() const {
    std::vector<std::string> types;
    for (const base::FileType type : resource_.leaves[*pattern_.file].field->file_types) {
      types.emplace_back(base::name_of(type));
    }
    return types;
  }

  [[nodiscard]] Document row() const { return reference_to("schemas", commons_.names.at(&resource_)); }

  [[nodiscard]] Document answer(std::string_view words, Document schema) const {
    ObjectWriter content;
    content.add("application/json", json::object({{"schema", std::move(schema)}}));
    if (!edition_.is_envelope()) content.add("application/xml", json::object({}));
    ObjectWriter made;
    made.add("description", words);
    ObjectWriter headers;
    if (ask_ == Ask::Create) headers.add("Location", header("string", "Where it is."));
    if (!changes(ask_) || ask_ == Ask::Create)
      headers.add("ETag", header("string", "What this answer is told apart by."));
    if (!headers.empty()) made.add("headers", headers.take());
    return made.add("content", content.take()).take();
  }

  /// 204, or where all answers are 200, `{"code": 0}` (E5).
  void add_done(ObjectWriter& responses) const {
    if (!edition_.is_envelope()) {
      responses.add("204", json::object({{"description", json::text("Done.")}}));
    } else {
      responses.add("200", answer("Done.", done_schema()));
    }
  }

  void add_row_or_done(OperationKind kind, ObjectWriter& responses) const {
    const model::OperationRules& rules = resource_.rules_of(kind);
    if (rules.answer != model::ChangeAnswer::Row) return add_done(responses);
    const bool is_new = kind == OperationKind::Create && rules.status == 0 && !edition_.is_envelope();
    Document data = row();
    if (kind == OperationKind::Create && resource_.is_bulk) {
      Document rows = json::object({{"type", json::text("array")}, {"items", data}});
      data = json::object({{"anyOf", json::list({data, std::move(rows)})}});
    }
    responses.add(is_new ? "201" : "200", answer("As it is now.", enveloped(edition_, std::move(data))));
  }

  void add_file(ObjectWriter& responses) const {
    const std::vector<std::string> types = file_types();
    const auto bytes = [&](std::string_view words) {
      return json::object({{"description", json::text(words)}, {"content", content_of(types, json::object({}))}});
    };
    responses.add("200", bytes("Its bytes."));
    responses.add("206", bytes("Those of its bytes that `Range` asks for."));
  }

  void add_success(ObjectWriter& responses) const {
    switch (ask_) {
      case Ask::List:
        return static_cast<void>(responses.add("200", answer("A page of them.", page_schema(edition_, row()))));
      case Ask::Retrieve:
        return static_cast<void>(responses.add("200", answer("It.", enveloped(edition_, row()))));
      case Ask::Create:
      case Ask::Replace:
      case Ask::Update:
        return add_row_or_done(method_.kind, responses);
      case Ask::Summarize: {
        const model::View& view = edition_.view(*resource_.summary->shape);
        responses.add("200", answer("The sums.", enveloped(edition_, row_schema(view, Side::Answer))));
        if (!edition_.is_envelope()) {
          responses.add("204", json::object({{"description", json::text("There are no rows to sum up.")}}));
        }
        return;
      }
      case Ask::Compute:
        return static_cast<void>(responses.add(
            "200", answer("What came out.", enveloped(edition_, answer_schema(resource_.computation->answer)))));
      case Ask::Act:
        if (pattern_.action->answer.empty()) return add_done(responses);
        [[fallthrough]];
      case Ask::TellState:
        return static_cast<void>(responses.add(
            "200", answer("As it is now.", enveloped(edition_, answer_schema(pattern_.action->answer)))));
      case Ask::GetFile:
        return add_file(responses);
      case Ask::PutFile:
        if (!edition_.is_envelope())
          responses.add("201", json::object({{"description", json::text("There was none before.")}}));
        return add_done(responses);
      case Ask::Delete:
      case Ask::Clear:
      case Ask::DeleteFile:
        return add_done(responses);
    }
  }

  [[nodiscard]] std::vector<int> refusal_statuses() const {
    std::vector<int> statuses = {400, 401, 403, 404};
    if (!edition_.is_envelope()) statuses.push_back(406);
    if (changes(ask_)) statuses.insert(statuses.end(), {409, 412});
    const bool has_body = ask_ == Ask::Create || ask_ == Ask::Replace || ask_ == Ask::Update || ask_ == Ask::Act ||
                          ask_ == Ask::PutFile;
    if (has_body) statuses.insert(statuses.end(), {413, 415});
    if (ask_ == Ask::GetFile) statuses.push_back(416);
    statuses.insert(statuses.end(), {429, 500, 503});
    return statuses;
  }

  [[nodiscard]] Document responses() const {
    ObjectWriter responses;
    add_success(responses);
    if (!changes(ask_))
      responses.add("304", json::object({{"description", json::text("As `If-None-Match` has it.")}}));
    add_refusals(edition_, {.statuses = refusal_statuses(), .own = own_refusals(pattern_, method_)}, responses);
    return responses.take();
  }

  const Commons& commons_;
  const Edition& edition_;
  const PathPattern& pattern_;
  const model::Resource& resource_;
  const TargetMethod& method_;
  const Ask ask_;
};

}  // namespace

std::string body_name(std::string_view row) {
  return std::string(row) + "Body";
}

std::string patch_name(std::string_view row) {
  return std::string(row) + "Patch";
}

std::string operation_id(const PathPattern& pattern, const TargetMethod& method) {
  std::string id = pattern.kind == Target::Kind::CallingAccount ? "me" : pattern.resource->name;
  if (pattern.last != nullptr) id += "." + *pattern.last;
  const Words words = words_of(ask_of(pattern, method));
  if (!words.id.empty()) id += "." + std::string(words.id);
  return id;
}

Document operation_object(const Commons& commons, const PathPattern& pattern, const TargetMethod& method) {
  return OperationWriter(commons, pattern, method).write();
}

}  // namespace portico::reference
