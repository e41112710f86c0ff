#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/result.hpp"
#include "http/byte_buffer.hpp"
#include "http/chunk_decoder.hpp"
#include "http/head_parser.hpp"
#include "http/loop_state.hpp"
#include "http/server.hpp"
#include "http/transport.hpp"

namespace portico::http {

/// One connection: reads a request, hands it to the application, writes the answer, again. Further bytes of the
/// client wait meanwhile. It is the Exchange of the request it works on: there is one at a time.
///
///   Opening -> Head -> Body -> Handling -> Sending -> Head …        a refusal goes to Handling from anywhere before
///   it
///                                             `-----> Lingering -> Closed
class Session final : public Exchange, public std::enable_shared_from_this<Session> {
 public:
  Session(LoopState& loop, std::string peer_address);

  /// Joins the loop's sessions and opens the transport.
  void start(std::shared_ptr<Transport> transport);

  [[nodiscard]] const Request& request() const override { return parser_.head().request; }
  [[nodiscard]] Response& response() override { return response_; }
  [[nodiscard]] std::string_view request_id() const override { return {request_id_.data(), request_id_.size()}; }
  [[nodiscard]] std::chrono::steady_clock::time_point began() const override { return began_; }
  [[nodiscard]] std::shared_ptr<Exchange> hold() override { return shared_from_this(); }
  void on_gone(std::function<void()> gone) override { gone_ = std::move(gone); }
  void complete() override;

  // From the transport.
  void on_open(Outcome outcome);
  void on_read(Outcome outcome, std::size_t count);
  void on_written(Outcome outcome);
  void on_finished();

  // From the loop.
  /// Once a second: what has waited too long ends, and rooms that an idle connection does not need are given back.
  void tick();
  /// Sends the answer that HeldAnswers held back, if any, and goes on.
  void send_held();
  /// No further requests: an idle connection closes, another one after its answer.
  void drain();
  /// The loop ends: closes, and forgets the loop. What is still held stays readable.
  void abandon();

 private:
  enum class Phase : std::uint8_t { Opening, Head, Body, Handling, Sending, Lingering, Closed };
  enum class ReadInto : std::uint8_t { Input, Body };
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  void advance();
  bool step();
  bool read_head();
  bool wait_for_head();
  bool take_head();
  [[nodiscard]] base::Status admit_body(const Head& head);
  bool read_body();
  bool read_sized_body();
  bool read_chunked_body();
  bool wait_for_body(ReadInto into);
  bool handle_request();
  [[nodiscard]] std::string_view local_host();
  bool send_answer();
  bool answer_sent();
  void finish_request();
  void refuse(base::Error error);
  void refuse_late();
  [[nodiscard]] bool body_comes_fast_enough();
  [[nodiscard]] bool answer_is_taken_too_slowly();
  [[nodiscard]] std::uint64_t least_transferred(std::chrono::seconds time) const;

  void read_more(ReadInto into);
  void flush();
  [[nodiscard]] bool is_held();
  void write(std::string_view first, std::string_view second);
  void fail(std::string_view why = "the client went");
  void linger();
  void drop_more();
  void close();
  void leave_body_room();
  void give_large_body_back(LoopState& loop);
  void tell_cut(std::string_view why);
  void look_at_client();
  void tell_gone();
  void shrink();
  [[nodiscard]] bool is_idle() const;
  [[nodiscard]] bool may_ask() const;
  [[nodiscard]] std::uint64_t deadline_after(std::chrono::seconds time) const;

  LoopState* loop_;
  std::shared_ptr<Transport> transport_ = nullptr;  ///< null once the connection is gone
  std::size_t index_ = 0;                           ///< in the loop's sessions
  Phase phase_ = Phase::Opening;
  ReadInto read_into_ = ReadInto::Input;
  bool advancing_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool ended_ = false;          ///< the client sends no more
  bool request_began_ = false;  ///< the head's timeout runs
  bool asked_before_ = false;   ///< a request of this connection was answered
  bool body_apart_ = false;     ///< the body is in body_, not behind the head
  bool answer_ready_ = false;
  bool client_ended_ = false;             ///< seen while the answer is under way
  bool keep_alive_ = false;               ///< of the answer under way
  bool held_ = false;                     ///< what output_ has will be sent by HeldAnswers
  std::uint64_t deadline_ = never;        ///< of the phase
  std::uint64_t write_deadline_ = never;  ///< of the write under way, or of its next part
  std::uint64_t taken_before_ = never;    ///< what the client had acknowledged then; never: not asked yet
  std::uint64_t received_ = 0;            ///< bytes, since the connection was opened
  std::uint64_t received_before_ = 0;     ///< when the body's deadline was set
  std::uint64_t idle_since_ = never;      ///< never: busy, or shrunk already
  std::size_t linger_left_ = 0;
  std::size_t request_bytes_ = 0;     ///< of input_: what the request took
  std::size_t body_bytes_max_ = 0;    ///< of the request under way
  std::size_t large_body_bytes_ = 0;  ///< promised to its body by the loop
  ByteBuffer input_ = {};
  ByteBuffer body_ = {};
  std::string output_ = {};  ///< heads, and small bodies, on their way
  HeadParser parser_;
  ChunkDecoder chunks_;
  Response response_ = {};
  std::function<void()> gone_ = {};  ///< of the answer under way; may be empty
  std::array<char, 32> request_id_ = {};
  std::chrono::steady_clock::time_point began_ = {};
  std::chrono::steady_clock::time_point read_at_ = {};
  std::string peer_address_;
  std::string local_host_;  // once a request without Host has asked for it
};

}  // namespace portico::http
