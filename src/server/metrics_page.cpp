#include "server/metrics_page.hpp"

#include <array>
#include <charconv>
#include <concepts>
#include <initializer_list>
#include <utility>

namespace portico::server {
namespace {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// `0.0025`: seconds as they are, without rounding.
std::string in_seconds(std::chrono::microseconds time) {
  std::array<char, 40> digits{};
  const auto seconds = static_cast<double>(time.count()) / 1e6;
  return {digits.data(),
          std::to_chars(digits.data(), digits.data() + digits.size(), seconds, std::chars_format::fixed).ptr};
}

std::string in_seconds(std::chrono::system_clock::time_point at) {
  return in_seconds(std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()));
}

class Page {
 public:
  /// What the following samples are of; its name stays valid until they are written.
  void metric(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
  }

  void sample(Labels labels, std::string_view value, std::string_view suffix = {}) {
    text_.append(name_).append(suffix);
    char before = '{';
    for (const auto& [name, of] : labels) {
      text_ += std::exchange(before, ',');
      text_.append(name).append("=\"");
      for (const char c : of) {
        if (c == '"' || c == '\\') text_ += '\\';
        text_ += c;
      }
      text_ += '"';
    }
    if (before == ',') text_ += '}';
    text_.append(" ").append(value).append("\n");
  }

  void sample(Labels labels, std::unsigned_integral auto value, std::string_view suffix = {}) {
    sample(labels, std::to_string(value), suffix);
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string_view name_;
  std::string text_;
};

/// Each class with all below it, as the format wants it.
void write_times(Page& page, const Traffic::Name& name, const Traffic::Answers& answers) {
  const auto& [contract, method] = name;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < answers.by_time.size(); ++i) {
    count += answers.by_time.at(i);
    const std::string bound = i < Traffic::bounds.size() ? in_seconds(Traffic::bounds.at(i)) : "+Inf";
    page.sample({{"contract", contract}, {"method", method}, {"le", bound}}, count, "_bucket");
  }
  page.sample({{"contract", contract}, {"method", method}}, in_seconds(answers.time), "_sum");
  page.sample({{"contract", contract}, {"method", method}}, count, "_count");
}

void write_answers(Page& page, const Traffic::Totals& traffic) {
  page.metric("portico_http_requests_total", "counter",
              "Requests that were answered, by what was agreed with the client.");
  for (const auto& [name, answers] : traffic.answers) {
    for (const auto& [status, count] : answers.by_status)
      page.sample({{"contract", name.first}, {"method", name.second}, {"status", std::to_string(status)}}, count);
  }
  page.metric("portico_http_request_duration_seconds", "histogram",
              "From a request's first byte to its answer, ready to be sent.");
  for (const auto& [name, answers] : traffic.answers) write_times(page, name, answers);
  page.metric("portico_http_response_body_bytes_total", "counter", "Bytes of the answers' bodies.");
  for (const auto& [name, answers] : traffic.answers)
    page.sample({{"contract", name.first}, {"method", name.second}}, answers.body_bytes);
  page.metric("portico_http_answers_cut_total", "counter", "Answers that their clients did not get whole.");
  page.sample({}, traffic.cut);
}

void write_tries(Page& page, const Traffic::Totals& traffic) {
  page.metric("portico_webhook_tries_total", "counter", "Tries to deliver a message, by what came of them.");
  for (const auto& [result, tries] : traffic.tries) page.sample({{"result", result}}, tries.count);
  page.metric("portico_webhook_try_seconds_total", "counter", "How long tries to deliver a message took.");
  for (const auto& [result, tries] : traffic.tries) page.sample({{"result", result}}, in_seconds(tries.time));
}

void write_process(Page& page, const ProcessFigures& process) {
  page.metric("process_cpu_seconds_total", "counter", "Processor time, of the program and of the kernel for it.");
  page.sample({}, in_seconds(process.processor_time));
  page.metric("process_resident_memory_bytes", "gauge", "Memory that is in use.");
  page.sample({}, process.resident_bytes);
  page.metric("process_open_fds", "gauge", "Open files and sockets.");
  page.sample({}, process.descriptors);
  page.metric("process_max_fds", "gauge", "How many files and sockets may be open.");
  page.sample({}, process.descriptors_max);
  page.metric("process_start_time_seconds", "gauge", "When the program began, since 1970.");
  page.sample({}, in_seconds(process.started));
}

}  // namespace

std::string write_metrics(const Traffic::Totals& traffic, const ProcessFigures& process) {
  Page page;
  page.metric("portico_build_info", "gauge", "The program's version; always 1.");
  page.sample({{"version", process.version}}, "1");
  write_answers(page, traffic);
  page.metric("portico_http_connections", "gauge", "Connections of clients that are open.");
  page.sample({}, process.connections);
  write_tries(page, traffic);
  page.metric("portico_log_lines_dropped_total", "counter",
              "Lines of the request log that its disk did not keep up with.");
  page.sample({}, traffic.lines_dropped);
  page.metric("portico_description_loads_total", "counter",
              "Descriptions that were read, and whether they could be used; what is refused changes nothing.");
  page.sample({{"result", "used"}}, process.loads_used);
  page.sample({{"result", "refused"}}, process.loads_refused);
  page.metric("portico_description_loaded_timestamp_seconds", "gauge",
              "When the description in use was read, since 1970.");
  page.sample({}, in_seconds(process.loaded));
  write_process(page, process);
  return page.take();
}

}  // namespace portico::server
