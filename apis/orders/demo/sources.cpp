#include "sources.hpp"

#include <charconv>
#include <utility>

#include "cells.hpp"

namespace portico::demo {
namespace {

template <typename Record>
using Sources = std::vector<Source<Record>>;

/// Adds the sources of a part (an address, a customer, …) of a record under `prefix`. `of` gives the part, or null
/// where the record has none: then every cell is null.
template <typename Record, typename Part, typename Of>
void add_part(Sources<Record>& sources, const std::string& prefix, const Sources<Part>& parts, Of of) {
  for (const auto& part : parts) {
    sources.push_back({prefix + "-" + part.path, part.form, [read = part.read, of](const Record& record) {
                         const Part* found = of(record);
                         return found == nullptr ? null() : read(*found);
                       }});
  }
}

Sources<Address> address_sources() {
  using A = const Address&;
  return {{"first_name", Form::Text, [](A a) { return text(a.first_name); }},
          {"last_name", Form::Text, [](A a) { return text(a.last_name); }},
          {"phone", Form::Text, [](A a) { return text(a.phone); }},
          {"alt_phone", Form::Text, [](A a) { return text_or_null(a.alt_phone); }},
          {"street", Form::Text, [](A a) { return text(a.street); }},
          {"address_addition", Form::Text, [](A a) { return text_or_null(a.address_addition); }},
          {"city", Form::Text, [](A a) { return text(a.city); }},
          {"state", Form::Text, [](A a) { return text(a.state); }},
          {"country", Form::Text, [](A a) { return text(a.country); }},
          {"postcode", Form::Text, [](A a) { return text(a.postcode); }}};
}

Sources<Charge> charge_sources() {
  using C = const Charge&;
  return {{"price", Form::Integer, [](C c) { return integer(c.price); }},
          {"tax_rate", Form::Integer, [](C c) { return integer(c.tax_rate); }},
          {"discount", Form::Integer, [](C c) { return integer(c.discount); }},
          {"discount_rate", Form::Integer, [](C c) { return integer(c.discount_rate); }}};
}

Sources<Customer> person_sources() {
  using C = const Customer&;
  Sources<Customer> sources = {
      {"id", Form::Text, [](C c) { return text(c.id); }},
      {"email", Form::Text, [](C c) { return text(c.email); }},
      {"gender", Form::Integer, [](C c) { return integer(static_cast<std::int64_t>(c.gender)); }},
      {"first_name", Form::Text, [](C c) { return text(c.first_name); }},
      {"last_name", Form::Text, [](C c) { return text(c.last_name); }},
      {"birthday", Form::Date, [](C c) { return text(c.birthday); }},
      {"language", Form::Text, [](C c) { return text(c.language); }},
      {"phone-number", Form::Text, [](C c) { return text(c.phone_number); }},
      {"phone-country", Form::Text, [](C c) { return text(c.phone_country); }},
      {"document_id-number", Form::Text, [](C c) { return text(c.document.number); }},
      {"document_id-country", Form::Text, [](C c) { return text(c.document.country); }},
      {"document_id-type", Form::Text, [](C c) { return text(name_of(c.document.kind)); }}};
  add_part(sources, "address", address_sources(), [](C c) { return &c.address; });
  return sources;
}

Sources<Visit> visit_sources() {
  using V = const Visit&;
  return {{"type", Form::Text, [](V v) { return text(name_of(v.acquaintance)); }},
          {"date_joined", Form::Timestamp, [](V v) { return integer(v.date_joined); }},
          {"last_login", Form::Timestamp, [](V v) { return integer(v.last_login); }},
          {"created", Form::Timestamp, [](V v) { return integer(v.created); }}};
}

/// What the API shows of a customer's account; guests have none.
Sources<Customer> account_person_sources() {
  using C = const Customer&;
  return {{"id", Form::Text, [](C c) { return text(c.account_id); }},
          {"gender", Form::Integer, [](C c) { return integer(static_cast<std::int64_t>(c.gender)); }},
          {"first_name", Form::Text, [](C c) { return text(c.first_name); }},
          {"last_name", Form::Text, [](C c) { return text(c.last_name); }},
          {"email", Form::Text, [](C c) { return text(c.email); }}};
}

Sources<Life> life_sources() {
  using L = const Life&;
  return {{"status", Form::Text, [](L l) { return text(status_of(l.outcome)); }},
          {"status_reason", Form::Text, [](L l) { return text_or_null(reason_of(l.outcome).value_or("")); }},
          {"created", Form::Timestamp, [](L l) { return integer(l.created); }},
          {"verified", Form::Timestamp, [](L l) { return integer(l.verified); }},
          {"confirmed", Form::Timestamp, [](L l) { return integer(l.confirmed); }},
          {"cancelled", Form::Timestamp, [](L l) { return integer(l.cancelled); }},
          {"expired", Form::Timestamp, [](L l) { return integer(l.expired); }},
          {"expires_at", Form::Timestamp, [](L l) { return integer(l.expires_at); }},
          {"rejected", Form::Timestamp, [](L l) { return integer(l.rejected); }}};
}

std::string_view downpayment_state(const Life& life) {
  if (life.cancelled) return "refunded";
  if (life.confirmed) return "paid";
  return status_of(life.outcome) == "pending" ? "pending" : "failed";
}

Sources<OrderRecord> own_order_sources() {
  using R = const OrderRecord&;
  return {{"id", Form::Text, [](R r) { return text(r.order.id); }},
          {"mid", Form::Text, [](R r) { return text(r.order.mid); }},
          {"sandbox", Form::Boolean, [](R r) { return integer(std::int64_t{r.mode == model::Mode::Sandbox}); }},
          {"currency", Form::Text, [](R) { return text(currency); }},
          {"total_amount", Form::Integer, [](R r) { return integer(r.order.total_amount); }},
          {"tax_rate", Form::Integer, [](R r) { return integer(r.order.tax_rate); }},
          {"refunded_amount", Form::Integer, [](R r) { return integer(r.order.refunded_amount); }},
          {"captured_amount", Form::Integer, [](R r) { return integer(r.order.captured_amount); }},
          {"discount", Form::Integer, [](R r) { return integer(r.order.discount); }},
          {"discount_rate", Form::Integer, [](R r) { return integer(r.order.discount_rate); }},
          {"event_date", Form::Timestamp, [](R r) { return integer(r.order.event_date); }},
          {"articles", Form::List, [](R r) { return text(r.articles_json); }},
          {"product-type", Form::Text, [](R r) { return text(name_of(r.order.product)); }},
          {"shipping-name", Form::Text, [](R r) { return text(r.order.shipping.name); }},
          {"shipping-method", Form::Text, [](R r) { return text(name_of(r.order.shipping.method)); }},
          {"instalment_plan-downpayment-state", Form::Text,
           [](R r) { return r.order.downpayment ? text(downpayment_state(r.order.life)) : null(); }},
          {"instalment_plan-downpayment-amount", Form::Integer, [](R r) { return integer(r.order.downpayment); }}};
}

// --- Lists
// ------------------------------------------------------------------------------------------------------------

void write_text(std::string_view value, std::string& out) {
  out += '"';
  for (const char c : value) {
    // The tables hold no control characters.
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void write_integer(std::optional<std::int64_t> value, std::string& out) {
  if (!value) {
    out += "null";
    return;
  }
  char digits[24];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), *value).ptr;
  out.append(digits, end);
}

void write_line(const Line& line, std::string& out) {
  const std::pair<std::string_view, std::string_view> texts[] = {{R"({"id":)", line.article->mid},
                                                                 {R"(,"name":)", line.article->name},
                                                                 {R"(,"description":)", line.article->description},
                                                                 {R"(,"url":)", line.article->url},
                                                                 {R"(,"image_url":)", line.article->image_url}};
  for (const auto& [key, value] : texts) write_text(value, out.append(key));
  const std::pair<std::string_view, std::optional<std::int64_t>> integers[] = {
      {R"(,"quantity":)", line.quantity},
      {R"(,"price":)", line.charge.price},
      {R"(,"tax_rate":)", line.charge.tax_rate},
      {R"(,"discount":)", line.charge.discount},
      {R"(,"discount_rate":)", line.charge.discount_rate}};
  for (const auto& [key, value] : integers) write_integer(value, out.append(key));
  write_text(line.article->category, out.append(R"(,"category":)"));
  out += '}';
}

}  // namespace

std::vector<Source<OrderRecord>> order_sources() {
  using R = const OrderRecord&;
  Sources<OrderRecord> sources = own_order_sources();
  for (const auto& part : life_sources()) {
    sources.push_back({part.path, part.form, [read = part.read](R r) { return read(r.order.life); }});
  }
  add_part(sources, "customer", person_sources(), [](R r) { return &r.order.customer; });
  add_part(sources, "customer", visit_sources(), [](R r) { return &r.order.visit; });
  const auto has_account = [](R r) { return r.order.visit.acquaintance != Acquaintance::Guest; };
  add_part(sources, "account", account_person_sources(),
           [has_account](R r) { return has_account(r) ? &r.order.customer : nullptr; });
  add_part(sources, "account", visit_sources(),
           [has_account](R r) { return has_account(r) ? &r.order.visit : nullptr; });
  add_part(sources, "billing", address_sources(), [](R r) { return &r.order.billing; });
  add_part(sources, "shipping", address_sources(), [](R r) { return &r.order.shipping.address; });
  add_part(sources, "shipping", charge_sources(), [](R r) { return &r.order.shipping.charge; });
  return sources;
}

std::vector<Source<KnownCustomer>> customer_sources() {
  using K = const KnownCustomer&;
  Sources<KnownCustomer> sources;
  for (const auto& part : person_sources()) {
    sources.push_back({part.path, part.form, [read = part.read](K k) { return read(k.customer); }});
  }
  for (const auto& part : visit_sources()) {
    sources.push_back({part.path, part.form, [read = part.read](K k) { return read(k.visit); }});
  }
  return sources;
}

std::vector<Source<Article>> article_sources() {
  using A = const Article&;
  return {{"id", Form::Text, [](A a) { return text(a.id); }},
          {"mid", Form::Text, [](A a) { return text(a.mid); }},
          {"name", Form::Text, [](A a) { return text(a.name); }},
          {"description", Form::Text, [](A a) { return text(a.description); }},
          {"url", Form::Text, [](A a) { return text(a.url); }},
          {"image_url", Form::Text, [](A a) { return text(a.image_url); }},
          {"price", Form::Integer, [](A a) { return integer(a.price); }},
          {"tax_rate", Form::Integer, [](A a) { return integer(a.tax_rate); }},
          {"category", Form::Text, [](A a) { return text(a.category); }},
          {"created", Form::Timestamp, [](A a) { return integer(a.created); }}};
}

std::vector<Source<Merchant>> merchant_sources() {
  using M = const Merchant&;
  return {{"id", Form::Text, [](M m) { return text(m.id); }},
          {"name", Form::Text, [](M m) { return text(m.name); }},
          {"email", Form::Text, [](M m) { return text(m.email); }},
          {"url", Form::Text, [](M m) { return text(m.site); }},
          {"country", Form::Text, [](M) { return text("ES"); }},
          {"postcode", Form::Text, [](M m) { return text(m.postcode); }},
          {"currency", Form::Text, [](M) { return text(currency); }},
          {"language", Form::Text, [](M) { return text("es"); }},
          {"created", Form::Timestamp, [](M m) { return integer(m.created); }}};
}

const std::vector<std::string_view>& line_fields() {
  static const std::vector<std::string_view> fields = {"id",        "name",          "description", "url",
                                                       "image_url", "quantity",      "price",       "tax_rate",
                                                       "discount",  "discount_rate", "category"};
  return fields;
}

void write_lines(const std::vector<Line>& lines, std::string& out) {
  out = "[";
  for (const Line& line : lines) {
    if (out.size() > 1) out += ',';
    write_line(line, out);
  }
  out += ']';
}

}  // namespace portico::demo
