#include "server/request_log.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <concepts>
#include <unistd.h>

#include "base/time.hpp"

namespace portico::server {
namespace {

using namespace std::chrono_literals;

/// How long lines gather before they are written together.
constexpr auto gathering = 50ms;

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {  // what is not plain ASCII could be broken UTF-8
      out.append("\\u00") += digits[byte >> 4U];
      out += digits[byte & 15U];
    } else {
      out += c;
    }
  }
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":\"");
  append_escaped(out, value);
  out += '"';
}

void append_number(std::string& out, std::string_view name, std::integral auto value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(",\"").append(name).append("\":").append(digits.data(), end);
}

/// `page=2&customer-email=a@b` becomes `page&customer-email`: values may be personal, or secrets put there by
/// mistake.
void append_parameter_names(std::string& out, std::string_view query) {
  if (query.empty()) return;
  out.append(",\"parameters\":\"");
  for (char mark = 0; !query.empty(); mark = '&') {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(parameter.size() + 1, query.size()));
    if (mark != 0) out += mark;
    append_escaped(out, parameter.substr(0, parameter.find('=')));
  }
  out += '"';
}

void append_time(std::string& out) {
  std::array<char, base::timestamp_length> time{};
  base::write_timestamp(base::now(), time.data());
  out.append("{\"time\":\"").append(time.data(), time.size()).append("\"");
}

void append_line(std::string& out, const DeliveryEntry& entry) {
  append_time(out);
  append_text(out, "message", entry.message_id);
  append_text(out, "resource", entry.resource);
  append_text(out, "webhook", entry.webhook);
  append_text(out, "account", entry.account);
  append_text(out, "mode", entry.mode);
  append_text(out, "host", entry.host);
  append_number(out, "try", entry.tries);
  if (entry.status != 0) append_number(out, "status", entry.status);
  append_number(out, "microseconds", entry.took.count());
  append_text(out, "result", entry.result);
  if (!entry.failure.empty()) append_text(out, "failure", entry.failure);
  out.append("}\n");
}

void append_line(std::string& out, const CutEntry& entry) {
  append_time(out);
  append_text(out, "request", entry.request_id);
  append_text(out, "peer", entry.peer);
  append_text(out, "cut", entry.why);
  out.append("}\n");
}

void append_line(std::string& out, const LogEntry& entry) {
  append_time(out);
  append_text(out, "request", entry.request_id);
  append_text(out, "peer", entry.peer);
  append_text(out, "method", entry.method);
  append_text(out, "path", entry.path);
  append_parameter_names(out, entry.query);
  append_number(out, "status", entry.status);
  append_number(out, "bytes", entry.body_bytes);
  append_number(out, "microseconds", entry.took.count());
  append_text(out, "contract", entry.contract);
  if (!entry.account.empty()) append_text(out, "account", entry.account);
  if (!entry.key_id.empty()) append_text(out, "key", entry.key_id);
  if (!entry.user.empty()) append_text(out, "user", entry.user);
  if (!entry.extension.empty()) append_text(out, "extension", entry.extension);
  if (!entry.fault.empty()) append_text(out, "fault", entry.fault);
  out.append("}\n");
}

}  // namespace

RequestLog::RequestLog(int descriptor, Traffic* traffic) : descriptor_(descriptor), traffic_(traffic) {
  if (descriptor_ >= 0) writer_ = std::thread([this] { write_until_stopped(); });
}

RequestLog::~RequestLog() {
  if (!writer_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  writer_.join();
}

template <typename Entry>
void RequestLog::add_line(const Entry& entry) {
  if (descriptor_ < 0) return;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (pending_.size() > buffer_bytes) {
      ++dropped_;
      if (traffic_ != nullptr) traffic_->add_line_dropped();
      return;
    }
    first = pending_.empty();
    append_line(pending_, entry);
  }
  if (first) wake_.notify_one();
}

void RequestLog::add(const LogEntry& entry) {
  if (traffic_ != nullptr)
    traffic_->add_answer(entry.contract, entry.method, entry.status, entry.body_bytes, entry.took);
  add_line(entry);
}

void RequestLog::add(const DeliveryEntry& entry) {
  if (traffic_ != nullptr) traffic_->add_try(entry.result, entry.took);
  add_line(entry);
}

void RequestLog::add(const CutEntry& entry) {
  if (traffic_ != nullptr) traffic_->add_cut();
  add_line(entry);
}

void RequestLog::write_until_stopped() {
  std::string lines;
  for (bool stopping = false; !stopping;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !pending_.empty(); });
      wake_.wait_for(lock, gathering, [this] { return stopping_; });
      stopping = stopping_;
      lines.clear();
      std::swap(lines, pending_);
      if (dropped_ > 0)
        lines.append("{\"dropped\":").append(std::to_string(std::exchange(dropped_, 0))).append("}\n");
    }
    write_out(lines);
  }
}

void RequestLog::write_out(const std::string& lines) const {
  for (std::size_t done = 0; done < lines.size();) {
    const ssize_t written = ::write(descriptor_, lines.data() + done, lines.size() - done);
    if (written > 0) done += static_cast<std::size_t>(written);
    if (written < 0 && errno != EINTR) return;  // nobody is left to tell
  }
}

}  // namespace portico::server
