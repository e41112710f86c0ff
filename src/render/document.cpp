#include "render/document.hpp"

#include <algorithm>
#include <utility>

#include "render/tree_writer.hpp"

namespace portico::render {

namespace {

using contract::Contract;
using contract::Format;
using model::DialectKind;

DialectKind dialect_of(const Contract& contract) {
  return contract.surface == nullptr ? DialectKind::MediaType : contract.surface->dialect;
}

void write_rows(const Template& row_template, const store::Rows& rows, TreeWriter& writer) {
  writer.open_list();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    writer.open_item();
    row_template.write(rows.row(row), writer.sink());
    writer.close_item();
  }
  writer.close_list();
}

void write_cursor_page(const Template& row_template, const store::Rows& rows, const PageFrame& frame,
                       TreeWriter& writer) {
  const auto index = [&](std::string_view url, std::int64_t page) {
    return url.empty() ? writer.null() : writer.integer(page);
  };
  const auto link = [&](std::string_view url) { return url.empty() ? writer.null() : writer.text(url); };
  writer.open_object();
  writer.member("cursor", [&] {
    writer.open_object();
    writer.member("after", [&] { index(frame.next, frame.number + 1); });
    writer.member("before", [&] { index(frame.previous, frame.number - 1); });
    writer.close_object();
  });
  writer.member("paging", [&] {
    writer.open_object();
    writer.member("count", [&] { writer.integer(frame.count); });
    writer.member("next", [&] { link(frame.next); });
    writer.member("previous", [&] { link(frame.previous); });
    writer.close_object();
  });
  writer.member("results", [&] { write_rows(row_template, rows, writer); });
  writer.close_object();
}

// An empty list has one page: page 1 of it is there (P13).
std::int64_t page_count(const PageFrame& frame) {
  if (frame.size <= 0 || frame.count <= 0) return 1;
  return (frame.count - 1) / frame.size + 1;
}

void write_code_page(const Template& row_template, const store::Rows& rows, const PageFrame& frame,
                     TreeWriter& writer) {
  const auto number = [&](std::string_view name, std::int64_t value) {
    writer.member(name, [&] { writer.integer(value); });
  };
  writer.open_object();
  number("code", 0);
  writer.member("data", [&] { write_rows(row_template, rows, writer); });
  writer.member("pagination", [&] {
    writer.open_object();
    number("page", frame.number);
    number("pages", page_count(frame));
    number("count", frame.count);
    number("page_size", frame.size);
    writer.close_object();
  });
  writer.close_object();
}

void write_value(const base::Document& document, TreeWriter& writer) {
  switch (document.kind) {
    case base::Document::Kind::Null:
      return writer.null();
    case base::Document::Kind::Boolean:
      return writer.boolean(document.boolean);
    case base::Document::Kind::Integer:
      return writer.integer(document.integer);
    case base::Document::Kind::Number:
      return writer.number(document.text);
    case base::Document::Kind::Text:
      return writer.text(document.text);
    case base::Document::Kind::Array:
      writer.open_list();
      for (const base::Document& item : document.items) {
        writer.open_item();
        write_value(item, writer);
        writer.close_item();
      }
      return writer.close_list();
    case base::Document::Kind::Object:
      writer.open_object();
      for (const base::Member& member : document.members) {
        const Tag tag = make_tag(member.name, writer.format());
        writer.open_member(tag);
        write_value(member.value, writer);
        writer.close_member(tag);
      }
      return writer.close_object();
  }
}

/// A whole body whose value `write` writes, as the dialect wraps it.
template <typename Write>
void write_whole(const Contract& contract, std::string& out, const Write& write) {
  Sink sink(out);
  TreeWriter writer(contract.format, sink);
  writer.open_document();
  switch (dialect_of(contract)) {
    case DialectKind::MediaType:
      write(writer);
      break;
    case DialectKind::CodeEnvelope:
      writer.open_object();
      writer.member("code", [&] { writer.integer(0); });
      writer.member("data", [&] { write(writer); });
      writer.close_object();
      break;
  }
  writer.close_document();
  sink.finish();
}

}  // namespace

void write_page(const Contract& contract, const Template& row_template, const store::Rows& rows,
                const PageFrame& frame, std::string& out) {
  Sink sink(out);
  TreeWriter writer(contract.format, sink);
  writer.open_document();
  switch (dialect_of(contract)) {
    case DialectKind::MediaType:
      write_cursor_page(row_template, rows, frame, writer);
      break;
    case DialectKind::CodeEnvelope:
      write_code_page(row_template, rows, frame, writer);
      break;
  }
  writer.close_document();
  sink.finish();
}

void write_object(const Contract& contract, const Template& row_template, const store::Rows& rows, std::string& out) {
  write_whole(contract, out, [&](TreeWriter& writer) { row_template.write(rows.row(0), writer.sink()); });
}

void write_objects(const Contract& contract, const Template& row_template, const store::Rows& rows,
                   std::string& out) {
  write_whole(contract, out, [&](TreeWriter& writer) { write_rows(row_template, rows, writer); });
}

void write_document(const Contract& contract, const base::Document& document, std::string& out) {
  write_whole(contract, out, [&](TreeWriter& writer) { write_value(document, writer); });
}

void write_success(const Contract& contract, std::string& out) {
  switch (dialect_of(contract)) {
    case DialectKind::MediaType:
      return;
    case DialectKind::CodeEnvelope:
      break;
  }
  Sink sink(out);
  TreeWriter writer(contract.format, sink);
  writer.open_document();
  writer.open_object();
  writer.member("code", [&] { writer.integer(0); });
  writer.close_object();
  writer.close_document();
  sink.finish();
}

}  // namespace portico::render
