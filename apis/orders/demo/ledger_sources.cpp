#include "ledger_sources.hpp"

#include "cells.hpp"

namespace portico::demo {

std::vector<Source<Capture>> capture_sources() {
  using C = const Capture&;
  return {{"id", Form::Text, [](C c) { return text(c.id); }},
          {"order", Form::Text, [](C c) { return text(c.order_id); }},
          {"amount", Form::Integer, [](C c) { return integer(c.amount); }},
          {"created", Form::Timestamp, [](C c) { return integer(c.created); }},
          {"remaining_capture_amount", Form::Integer, [](C c) { return integer(c.left_of_order); }},
          {"refunded_amount", Form::Integer, [](C c) { return integer(c.refunded); }},
          {"remaining_amount", Form::Integer, [](C c) { return integer(c.amount - c.refunded); }}};
}

std::vector<Source<CaptureRefund>> capture_refund_sources() {
  using C = const CaptureRefund&;
  return {{"id", Form::Text, [](C c) { return text(c.id); }},
          {"order", Form::Text, [](C c) { return text(c.order_id); }},
          {"capture", Form::Text, [](C c) { return text(c.capture_id); }},
          {"amount", Form::Integer, [](C c) { return integer(c.amount); }},
          {"created", Form::Timestamp, [](C c) { return integer(c.created); }}};
}

std::vector<Source<Operation>> operation_sources() {
  using O = const Operation&;
  return {{"id", Form::Text, [](O o) { return text(o.id); }},
          {"order_id", Form::Text, [](O o) { return text(o.order_id); }},
          {"payment", Form::Text, [](O o) { return text_or_null(o.payment_id); }},
          {"type", Form::Text, [](O o) { return text(name_of(o.kind)); }},
          {"amount", Form::Integer, [](O o) { return integer(o.amount); }},
          {"currency", Form::Text, [](O) { return text(currency); }},
          {"created", Form::Timestamp, [](O o) { return integer(o.created); }}};
}

std::vector<Source<Payment>> payment_sources() {
  using P = const Payment&;
  return {{"id", Form::Text, [](P p) { return text(p.id); }},
          {"status", Form::Text, [](P p) { return text(p.is_paid ? "paid" : "scheduled"); }},
          {"amount", Form::Integer, [](P p) { return integer(p.amount); }},
          {"currency", Form::Text, [](P) { return text(currency); }},
          {"from", Form::Date, [](P p) { return text(p.from); }},
          {"to", Form::Date, [](P p) { return text(p.to); }},
          {"created", Form::Timestamp, [](P p) { return integer(p.created); }}};
}

std::vector<Source<Instalment>> instalment_sources() {
  using I = const Instalment&;
  return {{"id", Form::Text, [](I i) { return text(i.id); }},
          {"order_id", Form::Text, [](I i) { return text(i.order_id); }},
          {"number", Form::Integer, [](I i) { return integer(i.number); }},
          {"status", Form::Text, [](I i) { return text(name_of(i.state)); }},
          {"amount", Form::Integer, [](I i) { return integer(i.amount); }},
          {"currency", Form::Text, [](I) { return text(currency); }},
          {"due_date", Form::Date, [](I i) { return text(i.due_date); }},
          {"paid", Form::Timestamp, [](I i) { return integer(i.paid); }}};
}

std::vector<Source<Campaign>> campaign_sources() {
  using C = const Campaign&;
  return {{"id", Form::Text, [](C c) { return text(c.id); }},
          {"name", Form::Text, [](C c) { return text(c.name); }},
          {"start_date", Form::Timestamp, [](C c) { return integer(c.start); }},
          {"end_date", Form::Timestamp, [](C c) { return integer(c.end); }},
          {"interest", Form::Integer, [](C c) { return integer(c.interest); }},
          {"partial", Form::Boolean, [](C c) { return integer(std::int64_t{!c.articles.empty()}); }},
          {"num_instalments", Form::List, [](C c) { return text(c.instalment_counts); }},
          {"min_order_amount", Form::Integer, [](C c) { return integer(c.min_order_amount); }},
          {"max_order_amount", Form::Integer, [](C c) { return integer(c.max_order_amount); }},
          {"created", Form::Timestamp, [](C c) { return integer(c.created); }}};
}

std::vector<Source<OfferedArticle>> offered_article_sources() {
  using O = const OfferedArticle&;
  return {{"campaign", Form::Text, [](O o) { return text(o.campaign_id); }},
          {"id", Form::Text, [](O o) { return text(o.article->mid); }},
          {"name", Form::Text, [](O o) { return text(o.article->name); }},
          {"description", Form::Text, [](O o) { return text_or_null(o.article->description); }},
          {"url", Form::Text, [](O o) { return text(o.article->url); }},
          {"image_url", Form::Text, [](O o) { return text_or_null(o.article->image_url); }}};
}

}  // namespace portico::demo
