// What HTTP itself refuses, seen from the client: always an answer, always a close, never a reset before the answer.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/http/client.hpp"
#include "unit/http/echo_server.hpp"

namespace portico::http {
namespace {

base::Limits small_limits() {
  base::Limits limits;
  limits.body_bytes = 1000;
  limits.head_timeout = limits.body_timeout = limits.idle_timeout = limits.write_timeout = std::chrono::seconds(1);
  return limits;
}

ServerOptions with_limits(const base::Limits& limits) {
  ServerOptions options;
  options.limits = limits;
  return options;
}

std::string post(const std::string& fields, const std::string& body = "") {
  return "POST /orders HTTP/1.1\r\nHost: h\r\nAccept: text/xml\r\n" + fields + "\r\n" + body;
}

void expect_refused(std::uint16_t port, const std::string& bytes, int status) {
  Client client(port);
  client.send(bytes);
  const Answer answer = client.receive();
  EXPECT_EQ(answer.status, status) << bytes << "\n" << answer.body;
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_EQ(answer.field("X-Request-Id").size(), 32U);
  EXPECT_FALSE(answer.body.empty());
  EXPECT_TRUE(client.closes());
}

TEST(Refusal, MalformedRequestsAreAnswered400AndClosed) {
  EchoServer server;
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const std::string& bytes : std::vector<std::string>{"GET / HTTP/1.1\r\n\r\n",
                                                           "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                                                           "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                                                           post("Content-Length: 1\r\n" + chunked),
                                                           post("Content-Length: 1\r\nContent-Length: 1\r\n"),
                                                           post("Content-Length: +5\r\n"),
                                                           post("Content-Length: 5, 5\r\n"),
                                                           post("Content-Length: 99999999999999999999999\r\n"),
                                                           post("Transfer-Encoding: gzip\r\n"),
                                                           post("Transfer-Encoding: chunked, gzip\r\n"),
                                                           "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
                                                           post("X: a\r\n b\r\n"),
                                                           "GET / HTTP/1.1\nHost: a\n\n",
                                                           post("X: a\rb\r\n"),
                                                           post("X : a\r\n"),
                                                           post(std::string("X: \0\r\n", 6)),
                                                           "GET /\xC3\xB1 HTTP/1.1\r\n\r\n",
                                                           "GET /#a HTTP/1.1\r\n\r\n",
                                                           "GET / HTTP/2.0\r\n\r\n",
                                                           "nonsense\r\n\r\n",
                                                           "\x16\x03\x01\x02",
                                                           " / HTTP/1.1\r\n\r\n",
                                                           "GET * HTTP/1.1\r\n\r\n",
                                                           "CONNECT h:1 HTTP/1.1\r\n\r\n",
                                                           post("Expect: cake\r\n"),
                                                           post(chunked, "x\r\n"),
                                                           post(chunked, "1\nab"),
                                                           post(chunked, "1\r\nabc"),
                                                           post(chunked, "0\r\nX : a\r\n\r\n"),
                                                           "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"}) {
    expect_refused(server.port(), bytes, 400);
  }
}

TEST(Refusal, KnowsWhatWasUnderstood) {
  EchoServer server;
  Client client(server.port());
  client.send(post("Content-Length: x\r\n"));
  const Answer answer = client.receive();
  EXPECT_EQ(answer.field("X-Method"), "POST");
  EXPECT_EQ(answer.field("X-Path"), "/orders");
  EXPECT_EQ(answer.field("X-Accept"), "text/xml");
}

TEST(Refusal, AnswersWhatCameBeforeTheFault) {
  EchoServer server;
  Client client(server.port());
  client.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\nGET /echo HTTP/1.1\r\nHost h\r\n\r\n");
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(client.receive().status, 400);
  EXPECT_TRUE(client.closes());
}

TEST(Refusal, WhatEndsTooEarlyIsMalformed) {
  EchoServer server;
  for (const std::string& bytes :
       {std::string("GET / HT"), post("Content-Length: 5\r\n", "abc"), post("Content-Length: 500000\r\n", "abc"),
        post("Transfer-Encoding: chunked\r\n", "5\r\nab")}) {
    Client client(server.port());
    client.send(bytes);
    client.end_sending();
    EXPECT_EQ(client.receive().status, 400) << bytes;
    EXPECT_TRUE(client.closes());
  }
}

TEST(Refusal, WhatIsTooLargeIsNamed) {
  base::Limits limits = small_limits();
  limits.head_timeout = limits.body_timeout = std::chrono::seconds(30);
  EchoServer server(with_limits(limits));
  const std::string line = "GET /" + std::string(limits.target_bytes, 'a');
  expect_refused(server.port(), line + std::string(limits.head_bytes, 'a'), 414);  // has no end yet
  expect_refused(server.port(), line + " HTTP/1.1\r\nHost: h\r\n\r\n", 414);
  expect_refused(server.port(), post("X: " + std::string(limits.head_bytes, 'a')), 431);
  std::string fields;
  for (std::size_t i = 0; i <= limits.head_fields; ++i) fields += "X: a\r\n";
  expect_refused(server.port(), post(fields), 431);
  expect_refused(server.port(), post("Content-Length: 1001\r\n"), 413);  // before any of it comes
  expect_refused(server.port(), post("Transfer-Encoding: chunked\r\n", "3e9\r\n"), 413);
}

/// The client sends all of a body that was refused at its head; the answer must still be there to read.
TEST(Refusal, ReachesAClientThatIsStillSending) {
  EchoServer server(with_limits(small_limits()));
  Client client(server.port());
  ASSERT_TRUE(client.send(post("Content-Length: 8000000\r\n", std::string(8'000'000, 'x'))));
  EXPECT_EQ(client.receive().status, 413);
  EXPECT_TRUE(client.closes());
}

TEST(Refusal, WhatComesTooLateIsAnswered408) {
  EchoServer server(with_limits(small_limits()));
  std::vector<std::unique_ptr<Client>> clients;
  const std::string parts[] = {"G", "GET / HTTP/1.1\r\nHost: h\r\n", post("Content-Length: 5\r\n", "abc"),
                               post("Content-Length: 900\r\nX: " + std::string(3500, 'x') + "\r\n", "abc"),
                               post("Transfer-Encoding: chunked\r\n", "5\r\nab")};
  for (const std::string& part : parts) {
    clients.push_back(std::make_unique<Client>(server.port()));
    clients.back()->send(part);
  }
  for (const std::unique_ptr<Client>& client : clients) {
    const Answer answer = client->receive();
    EXPECT_EQ(answer.status, 408);
    EXPECT_EQ(answer.field("Connection"), "close");
    client->send("too late");
    EXPECT_TRUE(client->closes());
  }
}

TEST(Refusal, ABytePerSecondDoesNotPutTheTimeOff) {
  EchoServer server(with_limits(small_limits()));
  Client client(server.port());
  const auto begin = std::chrono::steady_clock::now();
  client.send("GET / HTTP/1.1\r\nX: ");
  while (client.hears_nothing(std::chrono::milliseconds(100))) {
    ASSERT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8));
    client.send("x");
  }
  EXPECT_EQ(client.receive().status, 408);
}

TEST(Refusal, NorDoesABodyThatComesByteByByte) {
  EchoServer server(with_limits(small_limits()));
  Client client(server.port());
  const auto begin = std::chrono::steady_clock::now();
  client.send(post("Content-Length: 900\r\n"));
  while (client.hears_nothing(std::chrono::milliseconds(50))) {
    ASSERT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8));
    client.send("x");
  }
  const Answer answer = client.receive();
  EXPECT_EQ(answer.status, 408);
  EXPECT_NE(answer.body.find("within 1 second, nor at 500 bytes a second."), std::string::npos) << answer.body;
}

TEST(Refusal, ALargeBodyMayTakeLongerIfItComesSteadily) {
  base::Limits limits = small_limits();
  limits.body_bytes = 1'000'000;
  for (const std::string framing : {"Content-Length: 30000\r\n", "Transfer-Encoding: chunked\r\n"}) {
    EchoServer server(with_limits(limits));
    Client client(server.port());
    client.send(post(framing));
    const std::string part(1'000, 'x');
    for (int i = 0; i < 30; ++i) {
      ASSERT_TRUE(client.hears_nothing(std::chrono::milliseconds(100)));
      client.send(framing.starts_with('T') ? "3e8\r\n" + part + "\r\n" : part);
    }
    if (framing.starts_with('T')) client.send("0\r\n\r\n");
    EXPECT_EQ(client.receive().status, 200);
  }
}

TEST(Refusal, ALargeAnswerMayTakeLongerIfItIsTakenSteadily) {
  EchoServer server(with_limits(small_limits()));
  Client client(server.port());
  client.send("GET /bytes?40000000 HTTP/1.1\r\nHost: h\r\n\r\n");
  std::string part(1'000'000, ' ');
  std::size_t taken = 0;
  while (taken < 40'000'000) {  // three seconds and more
    const ssize_t count = ::recv(client.descriptor(), part.data(), part.size(), MSG_WAITALL);
    ASSERT_GT(count, 0) << "after " << taken;
    taken += static_cast<std::size_t>(count);
    std::this_thread::sleep_for(std::chrono::milliseconds(80));
  }
  EXPECT_TRUE(server.cuts().empty());
}

TEST(Refusal, IdleConnectionsCloseWithoutAWord) {
  EchoServer server(with_limits(small_limits()));
  Client silent(server.port());
  Client served(server.port());
  served.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n\r\n");
  EXPECT_EQ(served.receive().status, 200);
  EXPECT_TRUE(silent.closes());
  EXPECT_TRUE(served.closes());
}

TEST(Refusal, AClientThatDoesNotReadIsLetGo) {
  EchoServer server(with_limits(small_limits()));
  Client client(server.port());
  client.send("GET /bytes?50000000 HTTP/1.1\r\nHost: h\r\n\r\n");
  server.await_cuts(1);
  EXPECT_EQ(server.cuts(), std::vector<std::string>{"the client took it too slowly"});
  EXPECT_THROW(client.receive(), std::runtime_error);
}

}  // namespace
}  // namespace portico::http
