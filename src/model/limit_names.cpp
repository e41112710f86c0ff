#include "model/limit_names.hpp"

#include <array>

namespace portico::model {
namespace {

using base::Limits;

constexpr std::int64_t gigabyte = 1'000'000'000;
constexpr std::int64_t day = 86'400;

constexpr auto rows = std::to_array<LimitName>({
    {"head_bytes", &Limits::head_bytes, 16 * 1024 * 1024},
    {"head_fields", &Limits::head_fields, 10'000},
    {"target_bytes", &Limits::target_bytes, 16 * 1024 * 1024},
    {"body_bytes", &Limits::body_bytes, 4 * gigabyte},
    {"body_depth", &Limits::body_depth, 500},  // what reads it calls itself as deep
    {"body_values", &Limits::body_values, 100'000'000},
    {"large_bodies_bytes", &Limits::large_bodies_bytes, 64 * gigabyte},
    {"bulk_rows", &Limits::bulk_rows, 100'000},
    {"clear_rows", &Limits::clear_rows, 10'000'000},
    {"filter_terms", &Limits::filter_terms, 500},  // SQL nests as deep as there are conditions: 1,000 at most
    {"filter_depth", &Limits::filter_depth, 100},
    {"filter_value_bytes", &Limits::filter_value_bytes, 16 * 1024 * 1024},
    {"order_terms", &Limits::order_terms, 64},
    {"search_terms", &Limits::search_terms, 64},
    {"accept_ranges", &Limits::accept_ranges, 10'000},
    {"regex_terms", &Limits::regex_terms, 100},
    {"regex_memory_bytes", &Limits::regex_memory_bytes, gigabyte},
    {"upload_bytes", &Limits::upload_bytes, gigabyte},
    {"upload_files", &Limits::upload_files, 100'000},
    {"upload_file_bytes", &Limits::upload_file_bytes, gigabyte},
    {"upload_total_bytes", &Limits::upload_total_bytes, gigabyte},
    {"upload_ratio", &Limits::upload_ratio, 2'000},
    {"upload_path_bytes", &Limits::upload_path_bytes, 4'096},
    {"upload_path_depth", &Limits::upload_path_depth, 100},
    {"head_timeout", &Limits::head_timeout, day},
    {"body_timeout", &Limits::body_timeout, day},
    {"idle_timeout", &Limits::idle_timeout, day},
    {"write_timeout", &Limits::write_timeout, day},
    {"transfer_rate", &Limits::transfer_rate, gigabyte},
    {"drain_timeout", &Limits::drain_timeout, day},
    {"query_timeout", &Limits::query_timeout, day},
    {"idempotency_time", &Limits::idempotency_time, 365 * day},
    {"webhook_time", &Limits::webhook_time, 365 * day},
    {"usage_kept", &Limits::usage_kept, 365 * day},
    {"usage_interval", &Limits::usage_interval, 3'600},
    {"password_characters", &Limits::password_characters, 100},
    {"sign_in_failures", &Limits::sign_in_failures, 1'000'000},
    {"sign_in_peer_failures", &Limits::sign_in_peer_failures, 1'000'000},
    {"sign_in_window", &Limits::sign_in_window, day},
    {"developer_extensions", &Limits::developer_extensions, 1'000'000},
    {"extension_commits", &Limits::extension_commits, 1'000'000},
    {"queries_waiting", &Limits::queries_waiting, 1'000'000},
    {"connections", &Limits::connections, 1'000'000},
    {"counts_remembered", &Limits::counts_remembered, 10'000'000},
    {"statements_prepared", &Limits::statements_prepared, 100'000},
    {"writes_waiting", &Limits::writes_waiting, 1'000'000},
    {"changes_per_commit", &Limits::changes_per_commit, 10'000},
    {"webhook_tries", &Limits::webhook_tries, 1'000},
    {"webhook_tries_per_host", &Limits::webhook_tries_per_host, 1'000},
    {"requests_kept", &Limits::requests_kept, 100'000},
    {"rates_remembered", &Limits::rates_remembered, 10'000'000},
    {"postgres_connections", &Limits::postgres_connections, 1'000},
    {"postgres_writers", &Limits::postgres_writers, 1'000},
    {"postgres_idle_time", &Limits::postgres_idle_time, day},
    {"postgres_pipeline", &Limits::postgres_pipeline, 1'000},
    {"image_bytes", &Limits::image_bytes, gigabyte},
    {"developer_threads", &Limits::developer_threads, 100},
    {"developer_waiting", &Limits::developer_waiting, 1'000'000},
});
static_assert(sizeof(Limits) == rows.size() * sizeof(std::int64_t), "a member of Limits has no row, or two");

}  // namespace

std::span<const LimitName> limit_names() {
  return rows;
}

std::int64_t limit_value(const Limits& limits, const LimitName& limit) {
  if (const auto* size = std::get_if<std::size_t Limits::*>(&limit.member)) {
    return static_cast<std::int64_t>(limits.**size);
  }
  if (const auto* number = std::get_if<std::int64_t Limits::*>(&limit.member)) return limits.**number;
  return (limits.*std::get<std::chrono::seconds Limits::*>(limit.member)).count();
}

void set_limit(Limits& limits, const LimitName& limit, std::int64_t value) {
  if (const auto* size = std::get_if<std::size_t Limits::*>(&limit.member)) {
    limits.** size = static_cast<std::size_t>(value);
  } else if (const auto* number = std::get_if<std::int64_t Limits::*>(&limit.member)) {
    limits.** number = value;
  } else {
    limits.*std::get<std::chrono::seconds Limits::*>(limit.member) = std::chrono::seconds(value);
  }
}

}  // namespace portico::model
