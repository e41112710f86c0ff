#include <string>

#include <gtest/gtest.h>

#include "unit/http/client.hpp"
#include "unit/http/echo_server.hpp"

namespace portico::http {
namespace {

const std::string wait_request = "GET /wait?1 HTTP/1.1\r\nHost: h\r\n\r\n";

void reset(Client& client) {
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  ::setsockopt(client.descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  client.close();
}

TEST(Gone, AResetIsToldWhileTheAnswerIsUnderWay) {
  EchoServer server;
  Client client(server.port());
  client.send(wait_request);
  server.await_waiting(1);
  reset(client);
  server.await_gone(1);
  server.let_go(1);  // complete() is owed all the same, and harms nothing
  server.await_cuts(1);
  EXPECT_EQ(server.gone(), 1U);
}

TEST(Gone, SoIsAClientThatClosesAndAnswersBehindItAreNotBegun) {
  EchoServer server;
  Client client(server.port());
  client.send(wait_request + wait_request);  // what is pipelined must not hide the end behind it
  server.await_waiting(1);
  client.close();
  server.await_gone(1);
  server.let_go(1);
  server.await_cuts(1);
  EXPECT_EQ(server.gone(), 1U);
  EXPECT_EQ(server.cuts(), std::vector<std::string>{"the client went"});
}

TEST(Gone, AClientThatOnlyEndsItsSendingGetsAQuickAnswer) {
  EchoServer server;
  Client client(server.port());
  client.send(wait_request);
  client.end_sending();
  server.let_go(1);
  EXPECT_EQ(client.receive().body, "waited 1");
  EXPECT_EQ(server.gone(), 0U);
}

TEST(Gone, ButNotOneThatTakesSeconds) {
  EchoServer server;
  Client client(server.port());
  client.send(wait_request);
  server.await_waiting(1);
  const auto began = std::chrono::steady_clock::now();
  client.end_sending();
  server.await_gone(1);
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(990));
  EXPECT_TRUE(client.closes());
}

TEST(Gone, AClientThatWaitsIsNotTakenForOne) {
  EchoServer server;
  Client patient(server.port());
  Client impatient(server.port());
  patient.send(wait_request);
  impatient.send(wait_request);
  server.await_waiting(2);
  impatient.end_sending();
  server.await_gone(1);  // the other one was looked at as often
  EXPECT_EQ(server.gone(), 1U);
  server.let_go(2);
  EXPECT_EQ(patient.receive().body, "waited 1");
}

TEST(Gone, TheEndOfTheLoopIsOneToo) {
  EchoServer server({.limits = {.drain_timeout = std::chrono::seconds(0)}});
  Client client(server.port());
  client.send(wait_request);
  server.await_waiting(1);
  server.server().drain();
  EXPECT_EQ(server.gone(), 1U);
}

}  // namespace
}  // namespace portico::http
