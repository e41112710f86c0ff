#include "store/own_schema.hpp"

#include <array>
#include <utility>

#include "store/postgres_access.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

// One text for both stores. {text}, {integer}, {bytes} and {sequence} are their names of types; lists are texts
// joined by a space, instants microseconds since 1970, ids and hashes hex digits. A table stands below those it
// refers to.
constexpr std::array<std::string_view, 28> statements = {
    "CREATE TABLE IF NOT EXISTS portico_users(id {text} PRIMARY KEY, email {text} NOT NULL, email_folded {text} NOT "
    "NULL UNIQUE, name {text} NOT NULL, password {text} NOT NULL, roles {text} NOT NULL, locale {text} NOT NULL, "
    "created {integer} NOT NULL, removed {integer}){options}",
    "CREATE TABLE IF NOT EXISTS portico_members(user_id {text} NOT NULL REFERENCES portico_users(id), account {text} "
    "NOT NULL, everything {integer} NOT NULL, scopes {text} NOT NULL, PRIMARY KEY (user_id, account)){options}",
    "CREATE INDEX IF NOT EXISTS portico_members_by_account ON portico_members(account)",
    "CREATE TABLE IF NOT EXISTS portico_sessions(hash {text} PRIMARY KEY, user_id {text} NOT NULL REFERENCES "
    "portico_users(id), csrf {text} NOT NULL, created {integer} NOT NULL, expires {integer} NOT NULL){options}",
    "CREATE INDEX IF NOT EXISTS portico_sessions_by_expires ON portico_sessions(expires)",
    "CREATE TABLE IF NOT EXISTS portico_sign_in_failures(subject {text} NOT NULL, at {integer} NOT NULL){options}",
    "CREATE INDEX IF NOT EXISTS portico_sign_in_failures_by_time ON portico_sign_in_failures(at)",
    "CREATE INDEX IF NOT EXISTS portico_sign_in_failures_by_subject ON portico_sign_in_failures(subject, at)",
    "CREATE TABLE IF NOT EXISTS portico_extensions(id {text} PRIMARY KEY, name {text} NOT NULL UNIQUE, title {text} "
    "NOT NULL, description {text} NOT NULL, image {bytes}, image_type {text} NOT NULL, owner {text} NOT NULL "
    "REFERENCES portico_users(id), created {integer} NOT NULL){options}",
    "CREATE TABLE IF NOT EXISTS portico_versions(id {text} PRIMARY KEY, extension {text} NOT NULL REFERENCES "
    "portico_extensions(id), number {integer} NOT NULL, status {text} NOT NULL, running {integer} NOT NULL, scopes "
    "{text} NOT NULL, hosts {text} NOT NULL, words {text} NOT NULL, created {integer} NOT NULL, changed {integer} "
    "NOT "
    "NULL, UNIQUE (extension, number)){options}",
    // One of each extension's is in development, one in revision, one in production.
    "CREATE UNIQUE INDEX IF NOT EXISTS portico_versions_by_status ON portico_versions(status, extension) WHERE "
    "status "
    "IN ('development', 'revision', 'production')",
    "CREATE TABLE IF NOT EXISTS portico_commits(version {text} NOT NULL REFERENCES portico_versions(id), number "
    "{integer} NOT NULL, message {text} NOT NULL, author {text} NOT NULL REFERENCES portico_users(id), created "
    "{integer} NOT NULL, files {integer} NOT NULL, bytes {integer} NOT NULL, PRIMARY KEY (version, number)){options}",
    "CREATE TABLE IF NOT EXISTS portico_blobs(hash {text} PRIMARY KEY, content {bytes} NOT NULL){options}",
    "CREATE TABLE IF NOT EXISTS portico_commit_files(version {text} NOT NULL, commit_number {integer} NOT NULL, path "
    "{text} NOT NULL, type {text} NOT NULL, hash {text} NOT NULL REFERENCES portico_blobs(hash), bytes {integer} NOT "
    "NULL, PRIMARY KEY (version, commit_number, path), FOREIGN KEY (version, commit_number) REFERENCES "
    "portico_commits(version, number)){options}",
    "CREATE TABLE IF NOT EXISTS portico_authorisations(id {text} PRIMARY KEY, user_id {text} NOT NULL REFERENCES "
    "portico_users(id), account {text} NOT NULL, extension {text} NOT NULL REFERENCES portico_extensions(id), "
    "version "
    "{text} NOT NULL REFERENCES portico_versions(id), scopes {text} NOT NULL, hosts {text} NOT NULL, created "
    "{integer} "
    "NOT NULL, revoked {integer}){options}",
    "CREATE INDEX IF NOT EXISTS portico_authorisations_by_user ON portico_authorisations(user_id, extension, "
    "account)",
    "CREATE TABLE IF NOT EXISTS portico_runs(id {text} PRIMARY KEY, ticket_hash {text} NOT NULL UNIQUE, "
    "authorisation "
    "{text} NOT NULL REFERENCES portico_authorisations(id), version {text} NOT NULL REFERENCES portico_versions(id), "
    "status {text} NOT NULL, commit_number {integer} NOT NULL, console {text} NOT NULL, created {integer} NOT NULL, "
    "expires {integer} NOT NULL, begun {integer}){options}",
    "CREATE INDEX IF NOT EXISTS portico_runs_by_expires ON portico_runs(expires)",
    "CREATE TABLE IF NOT EXISTS portico_run_tokens(id {text} PRIMARY KEY, secret_hash {bytes} NOT NULL, kind {text} "
    "NOT NULL, authorisation {text} NOT NULL REFERENCES portico_authorisations(id), version {text} NOT NULL "
    "REFERENCES "
    "portico_versions(id), status {text} NOT NULL, commit_number {integer} NOT NULL, run {text} NOT NULL, created "
    "{integer} NOT NULL, expires {integer} NOT NULL){options}",
    "CREATE INDEX IF NOT EXISTS portico_run_tokens_by_expires ON portico_run_tokens(expires)",
    "CREATE INDEX IF NOT EXISTS portico_run_tokens_by_run ON portico_run_tokens(run)",
    "CREATE TABLE IF NOT EXISTS portico_audit(sequence {sequence} PRIMARY KEY, at {integer} NOT NULL, actor {text} "
    "NOT "
    "NULL, action {text} NOT NULL, extension {text} NOT NULL, version {text} NOT NULL, from_value {text} NOT NULL, "
    "to_value {text} NOT NULL, reason {text} NOT NULL){options}",
    // l0, l1, …: how many requests took less than 100 µs, 200 µs, … (platform/usage_batch).
    "CREATE TABLE IF NOT EXISTS portico_usage(account {text} NOT NULL, minute {integer} NOT NULL, requests {integer} "
    "NOT NULL, errors {integer} NOT NULL, l0 {integer} NOT NULL, l1 {integer} NOT NULL, l2 {integer} NOT NULL, l3 "
    "{integer} NOT NULL, l4 {integer} NOT NULL, l5 {integer} NOT NULL, l6 {integer} NOT NULL, l7 {integer} NOT NULL, "
    "l8 {integer} NOT NULL, l9 {integer} NOT NULL, l10 {integer} NOT NULL, l11 {integer} NOT NULL, l12 {integer} NOT "
    "NULL, l13 {integer} NOT NULL, l14 {integer} NOT NULL, l15 {integer} NOT NULL, l16 {integer} NOT NULL, l17 "
    "{integer} NOT NULL, PRIMARY KEY (account, minute)){options}",
    "CREATE INDEX IF NOT EXISTS portico_usage_by_minute ON portico_usage(minute)",
    "CREATE TABLE IF NOT EXISTS portico_requests(sequence {sequence} PRIMARY KEY, account {text} NOT NULL, at "
    "{integer} NOT NULL, request_id {text} NOT NULL, method {text} NOT NULL, path {text} NOT NULL, status {integer} "
    "NOT NULL, type {text} NOT NULL, message {text} NOT NULL, microseconds {integer} NOT NULL, key_id {text} NOT "
    "NULL, kind {text} NOT NULL, extension {text} NOT NULL){options}",
    "CREATE INDEX IF NOT EXISTS portico_requests_by_account ON portico_requests(account, sequence)",
    "CREATE INDEX IF NOT EXISTS portico_versions_by_extension ON portico_versions(extension, number)",
    "CREATE INDEX IF NOT EXISTS portico_audit_by_extension ON portico_audit(extension, sequence)",
};

using Words = std::array<std::pair<std::string_view, std::string_view>, 5>;
// Texts are compared by their bytes on both.
constexpr Words sqlite_words = {{{"{text}", "TEXT"},
                                 {"{integer}", "INTEGER"},
                                 {"{bytes}", "BLOB"},
                                 {"{sequence}", "INTEGER"},
                                 {"{options}", " STRICT"}}};
constexpr Words postgres_words = {{{"{text}", "text COLLATE \"C\""},
                                   {"{integer}", "bigint"},
                                   {"{bytes}", "bytea"},
                                   {"{sequence}", "bigint GENERATED ALWAYS AS IDENTITY"},
                                   {"{options}", ""}}};

std::string filled_in(std::string_view statement, const Words& words) {
  std::string sql(statement);
  for (const auto& [place, word] : words) {
    for (std::size_t at = sql.find(place); at != std::string::npos; at = sql.find(place, at + word.size())) {
      sql.replace(at, place.size(), word);
    }
  }
  return sql;
}

}  // namespace

std::vector<std::string> own_tables_sql(plan::SqlFlavor flavor) {
  const Words& words = flavor == plan::SqlFlavor::Sqlite ? sqlite_words : postgres_words;
  std::vector<std::string> made;
  made.reserve(statements.size());
  for (const std::string_view statement : statements) made.push_back(filled_in(statement, words));
  return made;
}

std::vector<std::string> own_schema_sql(std::string_view schema) {
  const std::string own = quoted_name(access_schema(schema));
  std::vector<std::string> all = {"CREATE SCHEMA IF NOT EXISTS " + own, "SET LOCAL search_path = " + own};
  for (std::string& sql : own_tables_sql(plan::SqlFlavor::Postgres)) all.push_back(std::move(sql));
  all.emplace_back("SET LOCAL search_path TO DEFAULT");
  return all;
}

std::string own_table(std::string_view schema, std::string_view name) {
  return quoted_name(access_schema(schema)) + "." + quoted_name(name);
}

}  // namespace portico::store
