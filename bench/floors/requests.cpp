#include "requests.hpp"

#include <fstream>
#include <stdexcept>
#include <string_view>

namespace portico::bench {
namespace {

/// What follows `word` and a space; empty where the line is just the word.
bool begins(std::string_view line, std::string_view word, std::string& rest) {
  if (line == word) {
    rest.clear();
    return true;
  }
  if (!line.starts_with(word) || line[word.size()] != ' ') return false;
  rest = line.substr(word.size() + 1);
  return true;
}

Run& last_run(Requests& requests) {
  return requests.requests.at(requests.requests.size() - 1).back();
}

void read_line(const std::string& line, Requests& into) {
  std::string rest;
  if (begins(line, "sql", rest)) {
    into.statements.push_back(rest);
  } else if (begins(line, "request", rest)) {
    into.requests.emplace_back();
  } else if (begins(line, "run", rest)) {
    const std::size_t statement = std::stoul(rest);
    if (into.requests.empty() || statement >= into.statements.size()) throw std::runtime_error("no such statement");
    into.requests.back().push_back({.statement = statement, .binds = {}});
  } else if (into.requests.empty() || into.requests.back().empty()) {
    throw std::runtime_error("a bind before the first run");
  } else if (begins(line, "integer", rest)) {
    last_run(into).binds.emplace_back(std::int64_t{std::stoll(rest)});
  } else if (begins(line, "real", rest)) {
    last_run(into).binds.emplace_back(std::stod(rest));
  } else if (begins(line, "text", rest)) {
    last_run(into).binds.emplace_back(rest);
  } else if (begins(line, "null", rest)) {
    last_run(into).binds.emplace_back();
  } else {
    throw std::runtime_error("expected sql, request, run, integer, real, text or null");
  }
}

}  // namespace

Requests read_requests(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error(file + ": cannot be read");
  Requests requests;
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    try {
      read_line(line, requests);
    } catch (const std::exception& failure) {
      throw std::runtime_error(file + ":" + std::to_string(number) + ": " + failure.what());
    }
  }
  if (requests.requests.empty()) throw std::runtime_error(file + ": holds no request");
  return requests;
}

}  // namespace portico::bench
