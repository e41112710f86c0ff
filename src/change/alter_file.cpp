#include "base/ids.hpp"
#include "change/attempt.hpp"
#include "change/entity_tags.hpp"
#include "plan/file_record.hpp"
#include "plan/file_statements.hpp"

namespace portico::change {

using plan::FileRecord;
using plan::TableRow;

namespace {

constexpr base::Microseconds second = 1'000'000;

/// The file that a row's column names.
std::optional<FileRecord> record_of(const base::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::nullopt : plan::read_file_record(*text);
}

/// RFC 9110 §13.2.2: of the file, not of its row. Without one, nothing has a tag.
base::Status check_file_conditions(const ChangeRequest& request, const std::optional<FileRecord>& file) {
  const std::string tag = file ? '"' + file->entity_tag + '"' : std::string();
  const bool matches = file && names_tag(request.if_match, tag, TagComparison::Strong);
  if (!request.if_match.empty() && !matches) return tag_is_another();
  const bool is_dated = file && request.if_match.empty() && request.if_unmodified_since;
  if (is_dated && file->modified > *request.if_unmodified_since) return was_modified();
  if (file && !request.if_none_match.empty() && names_tag(request.if_none_match, tag, TagComparison::Weak)) {
    return tag_is_named(request.if_none_match);
  }
  return base::ok();
}

FileRecord record_for(const NewFile& file, base::Microseconds now) {
  return {.id = base::make_id(),
          .entity_tag = file.entity_tag,
          .size = file.bytes.size(),
          .modified = now / second,
          .type = file.type};
}

}  // namespace

/// What becomes of a row's file is a change of the row, by the same rules.
Part<Attempt::Made> Attempt::alter_file() {
  const std::size_t leaf = *ground_.operation.file;
  Found found = co_await find_row(plan::Lock::Change);
  if (!found) co_return std::move(found).error();
  const TableRow before = std::move(*found);
  if (!request_.file && base::is_null(before[leaf])) co_return no_such_file(ground_.view, leaf);
  const std::optional<FileRecord> old = record_of(before[leaf]);
  base::Status done = check_file_conditions(request_, old);
  if (!done) co_return std::move(done).error();
  TableRow after = before;
  after[leaf] = std::monostate{};
  std::optional<FileRecord> made;
  if (request_.file) made = record_for(*request_.file, request_.now);
  if (made) after[leaf] = plan::column_text(*made);
  done = co_await apply_file_rules(before, after);
  if (done && made) done = co_await write_file(made->id);
  if (done && old) done = co_await erase_file(old->id);
  if (done) done = co_await write(before, after);
  if (done) done = co_await messages_.write(after);
  if (!done) co_return std::move(done).error();
  if (!made) co_return request_.presenter->done();
  const Putting putting = base::is_null(before[leaf]) ? Putting::New : Putting::Replaced;
  co_return request_.presenter->put(putting, '"' + made->entity_tag + '"');
}

Part<base::Status> Attempt::apply_file_rules(const TableRow& before, TableRow& after) {
  const model::OperationRules& rules = ground_.resource.rules_of(ground_.operation.kind);
  base::Status done = co_await referred_.read(before, &before);
  if (done) done = rules_.judge(rules.guards, rules_.around(before));
  if (done) done = rules_.apply(rules.effects, after);
  Refusal refusal;
  if (done) done = rules_.check(ground_.resource.checks, rules_.around(after), {}, refusal);
  if (done && !refusal.is_empty()) co_return refusal.take();
  co_return done;
}

Part<base::Status> Attempt::write_file(const std::string& id) {
  const std::string_view bytes = request_.file->bytes;
  plan::NewFilePart part{.file = id};
  for (std::size_t at = 0; at < bytes.size(); at += plan::file_part_bytes, ++part.number) {
    part.bytes = bytes.substr(at, plan::file_part_bytes);
    plan::Statement insert = plan::insert_file_part(request_.planner, ground_.scope, part);
    co_await dialogue_.ask(std::move(insert));
  }
  co_return base::ok();
}

Part<base::Status> Attempt::erase_file(const std::string& id) {
  plan::Statement erase = plan::erase_file(request_.planner, ground_.scope, id);
  co_await dialogue_.ask(std::move(erase));
  co_return base::ok();
}

/// Those of a row that goes, of all versions, hidden ones too.
Part<base::Status> Attempt::erase_files(const TableRow& row) {
  for (std::size_t leaf = 0; leaf < row.size(); ++leaf) {
    if (ground_.resource.leaves[leaf].field->type != model::FieldType::File) continue;
    const std::optional<FileRecord> record = record_of(row[leaf]);
    if (!record) continue;
    base::Status erased = co_await erase_file(record->id);
    if (!erased) co_return erased;
  }
  co_return base::ok();
}

}  // namespace portico::change
