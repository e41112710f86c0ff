#include "http/server.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "http/read_date.hpp"
#include "unit/http/client.hpp"
#include "unit/http/echo_server.hpp"

namespace portico::http {
namespace {

const std::string simple = "GET /echo?a=b HTTP/1.1\r\nHost: h\r\n\r\n";

std::string get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

ServerOptions with_limits(base::Limits limits) {
  ServerOptions options;
  options.limits = limits;
  return options;
}

TEST(Server, AnswersAndKeepsTheConnection) {
  EchoServer server;
  Client client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(simple);
    const Answer answer = client.receive();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "GET /echo a=b h ");
    EXPECT_EQ(answer.field("X-Peer"), "127.0.0.1");
    EXPECT_EQ(answer.field("Connection"), "");
    EXPECT_EQ(answer.field("X-Request-Id").find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(answer.field("X-Request-Id").size(), 32U);
    EXPECT_TRUE(answer.field("Date").ends_with(" GMT")) << answer.head;
  }
}

TEST(Server, DatesAnswersByTheClock) {
  EchoServer server;
  Client client(server.port());
  for (int i = 0; i < 40; ++i) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    client.send(simple);
    const auto date = read_date(client.receive().field("Date"));
    ASSERT_TRUE(date);
    EXPECT_GE(*date, std::chrono::floor<std::chrono::seconds>(now).count());
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }
}

TEST(Server, GivesEveryRequestAnIdOfItsOwn) {
  EchoServer server;
  Client first(server.port());
  Client second(server.port());
  first.send(simple + simple);
  second.send(simple);
  const std::string one = first.receive().field("X-Request-Id");
  const std::string two = first.receive().field("X-Request-Id");
  const std::string three = second.receive().field("X-Request-Id");
  EXPECT_NE(one, two);
  EXPECT_NE(one, three);
  EXPECT_NE(two, three);
}

TEST(Server, ReadsARequestSplitAtEveryByte) {
  EchoServer server;
  Client client(server.port());
  const std::string sized = "\r\nPOST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
  const std::string chunked =
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nT: "
      "v\r\n\r\n";
  for (const std::string& request : {sized, chunked}) {
    for (std::size_t split = 1; split < request.size(); ++split) {
      client.send(request.substr(0, split));
      client.send(request.substr(split));
      EXPECT_EQ(client.receive().body, "POST /echo  h hello");
    }
    for (const char byte : request) client.send(std::string(1, byte));
    EXPECT_EQ(client.receive().body, "POST /echo  h hello");
  }
}

TEST(Server, AnswersAThousandPipelinedRequestsInOrder) {
  EchoServer server;
  Client client(server.port());
  std::string requests;
  for (int i = 0; i < 1000; ++i) {
    requests += i % 3 == 0
                    ? get("/echo?" + std::to_string(i))
                    : "POST /echo?" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok";
  }
  std::thread sender([&] { client.send(requests); });
  for (int i = 0; i < 1000; ++i) {
    const std::string number = std::to_string(i);
    EXPECT_EQ(client.receive().body, i % 3 == 0 ? "GET /echo " + number + " h " : "POST /echo " + number + " h ok");
  }
  sender.join();
}

TEST(Server, AnswersManyWhoAskAtTheSameTime) {
  EchoServer server;
  std::vector<std::unique_ptr<Client>> clients(32);
  for (auto& client : clients) client = std::make_unique<Client>(server.port());
  for (int round = 0; round < 50; ++round) {
    const auto number = [&](std::size_t at) { return std::to_string(round) + "." + std::to_string(at); };
    for (std::size_t at = 0; at < clients.size(); ++at) clients[at]->send(get("/echo?" + number(at)));
    for (std::size_t at = 0; at < clients.size(); ++at) {
      ASSERT_EQ(clients[at]->receive().body, "GET /echo " + number(at) + " h ");
    }
  }
}

TEST(Server, SlowAnswersHoldBackTheOnesBehindThem) {
  EchoServer server;
  Client client(server.port());
  client.send(get("/echo?1") + get("/wait?2") + get("/echo?3"));
  EXPECT_EQ(client.receive().body, "GET /echo 1 h ");  // sent although the next one waits
  server.let_go(1);
  EXPECT_EQ(client.receive().body, "waited 2");
  EXPECT_EQ(client.receive().body, "GET /echo 3 h ");
  client.send(get("/thread"));
  EXPECT_EQ(client.receive().body, "from a thread");
}

TEST(Server, TheAnswerToHeadHasALengthAndNoBody) {
  EchoServer server;
  Client client(server.port());
  client.send("HEAD /bytes?30000 HTTP/1.1\r\nHost: h\r\n\r\n" + simple);
  EXPECT_EQ(client.receive(Client::Content::Bodiless).field("Content-Length"), "30000");
  EXPECT_EQ(client.receive().body, "GET /echo a=b h ");
}

TEST(Server, StatusesWithoutContentHaveNone) {
  EchoServer server;
  Client client(server.port());
  for (const std::string& status : {std::string("204"), std::string("304")}) {
    client.send(get("/status?" + status) + simple);
    const Answer answer = client.receive();
    EXPECT_EQ(std::to_string(answer.status), status);
    EXPECT_EQ(answer.field("Content-Length"), "");
    EXPECT_EQ(client.receive().body, "GET /echo a=b h ");
  }
  client.send(get("/status?418"));
  EXPECT_TRUE(client.receive().head.starts_with("HTTP/1.1 418 \r\n"));
}

TEST(Server, ClosesAfterTheAnswerWhereEitherSideWants) {
  EchoServer server;
  for (const std::string& request :
       {get("/close"), get("/echo", "Connection: close\r\n"), std::string("GET / HTTP/1.0\r\n\r\n")}) {
    Client client(server.port());
    client.send(request);
    const Answer answer = client.receive();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_TRUE(client.closes()) << request;
  }
  Client old(server.port());
  for (int i = 0; i < 2; ++i) {
    old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(old.receive().field("Connection"), "keep-alive");
  }
}

TEST(Server, ContinuesWhereTheClientWaitsForIt) {
  EchoServer server;
  Client client(server.port());
  const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
  client.send(head);
  EXPECT_EQ(client.receive().status, 100);
  client.send("hello");
  EXPECT_EQ(client.receive().body, "POST /echo  h hello");
  client.send(head + "he");  // part of the body came: no need to say it
  client.send("llo");
  EXPECT_EQ(client.receive().status, 200);
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.receive().body, "POST /echo  h ");
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
  EXPECT_EQ(client.receive().status, 413);  // not wanted: no 100 before
}

TEST(Server, TakesAndSendsLargeBodies) {
  EchoServer server;
  Client client(server.port());
  std::string body;
  for (int i = 0; body.size() < 1'000'000; ++i) body += std::to_string(i);
  std::string chunked;
  for (std::size_t at = 0; at < body.size(); at += 4096) {
    const std::string chunk = body.substr(at, 4096);
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    chunked += size + chunk + "\r\n";
  }
  const std::string padding(3000, 'p');  // leaves little room behind the head
  const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nX-Padding: " + padding + "\r\n";
  const std::string requests = head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body + head +
                               "Transfer-Encoding: chunked\r\n\r\n" + chunked + "0\r\n\r\n" + simple;
  std::thread sender([&] { client.send(requests); });
  EXPECT_EQ(client.receive().body, "POST /echo  h " + body);
  EXPECT_EQ(client.receive().body, "POST /echo  h " + body);
  EXPECT_EQ(client.receive().body, "GET /echo a=b h ");
  sender.join();
}

TEST(Server, TheRoomOfABodyIsForTheNextAnswerWhoeverAsks) {
  EchoServer server;
  Client first(server.port());
  Client second(server.port());
  const auto room_of_answer = [](Client& client, const std::string& request) {
    client.send(request);
    return std::stoul(client.receive().field("X-Room"));
  };
  EXPECT_LT(room_of_answer(first, get("/bytes?300000")), 300'000U);
  EXPECT_GE(room_of_answer(second, simple), 300'000U);
  EXPECT_GE(room_of_answer(first, get("/bytes?2000000")), 300'000U);
  EXPECT_LT(room_of_answer(second, simple), 2'000'000U) << "of unusual size: not kept for others";
}

TEST(Server, ASlowReaderGetsEverything) {
  EchoServer server;
  Client client(server.port());
  client.send(get("/bytes?20000000") + simple);
  EXPECT_EQ(client.receive().body.size(), 20'000'000U);
  EXPECT_EQ(client.receive().body, "GET /echo a=b h ");
}

TEST(Server, AClientThatEndsItsSendingStillGetsItsAnswers) {
  EchoServer server;
  Client client(server.port());
  client.send(simple + get("/wait?1") + simple);
  client.end_sending();
  server.let_go(1);
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(client.receive().body, "waited 1");
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(client.closes());
}

TEST(Server, AClientThatVanishesHarmsNothing) {
  EchoServer server;
  {
    Client client(server.port());
    client.send(get("/wait?1") + get("/wait?2"));
    server.await_waiting(1);
    const linger reset = {.l_onoff = 1, .l_linger = 0};
    ::setsockopt(client.descriptor(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  server.let_go(1);
  Client other(server.port());
  other.send(simple);
  EXPECT_EQ(other.receive().status, 200);
}

TEST(Server, AnExceptionBecomesAnInternalErrorAndCloses) {
  EchoServer server;
  Client client(server.port());
  client.send(get("/throw") + simple);
  const Answer answer = client.receive();
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "a fault of ours");
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(client.closes());
}

TEST(Server, ServesIPv6) {
  ServerOptions options;
  options.address = "::1";
  EchoServer server(options);
  Client client(server.port(), "::1");
  ASSERT_TRUE(client.connected());
  client.send(simple);
  EXPECT_EQ(client.receive().field("X-Peer"), "::1");
}

TEST(Server, SharesOnePortBetweenItsLoopsButNotWithOthers) {
  ServerOptions options;
  options.loops = 3;
  EchoServer server(options);
  for (int i = 0; i < 30; ++i) {
    Client client(server.port());
    client.send(simple);
    EXPECT_EQ(client.receive().status, 200);
  }
  options.port = server.port();
  try {
    EchoServer second(options);
    FAIL() << "two servers on one port";
  } catch (const std::system_error& error) {
    EXPECT_NE(std::string(error.what()).find("is in use"), std::string::npos) << error.what();
  }
}

TEST(Server, SaysWhyItCannotStart) {
  ServerOptions options;
  options.address = "localhost";
  EXPECT_THROW(EchoServer{options}, std::runtime_error);
  options = {};
  options.certificate_file = "/nowhere.pem";
  options.private_key_file = "/nowhere.pem";
  EXPECT_THROW(EchoServer{options}, std::runtime_error);
  options = {};
  options.port = 0;
  options.loops = 2;
  Server failing(options, [](std::size_t loop, const LoopHandle&) -> Application {
    if (loop == 1) throw std::runtime_error("no database");
    return {};
  });
  EXPECT_THROW(failing.start(), std::runtime_error);
}

TEST(Server, AcceptsNoMoreThanItsLimitUntilOneGoes) {
  base::Limits limits;
  limits.connections = 2;
  EchoServer server(with_limits(limits));
  Client first(server.port());
  Client second(server.port());
  for (Client* const client : {&first, &second}) {
    client->send(simple);
    EXPECT_EQ(client->receive().status, 200);
  }
  Client third(server.port());
  third.send(simple);
  EXPECT_TRUE(third.hears_nothing(std::chrono::milliseconds(200)));  // waits in the listen queue
  first.close();
  Client fourth(server.port());
  fourth.send(simple);
  EXPECT_EQ(third.receive().status, 200);
  third.close();
  EXPECT_EQ(fourth.receive().status, 200);
}

TEST(Server, FinishesWhatIsUnderWayWhenItDrains) {
  EchoServer server;
  const std::uint16_t port = server.port();
  Client idle(port);
  idle.send(simple);
  EXPECT_EQ(idle.receive().status, 200);
  Client busy(port);
  busy.send(get("/wait?1"));
  server.await_waiting(1);
  std::thread draining([&] { server.server().drain(); });
  EXPECT_TRUE(idle.closes());
  Client late(port);
  late.send(simple);
  EXPECT_THROW(late.receive(), std::runtime_error);
  server.let_go(1);
  const Answer answer = busy.receive();
  EXPECT_EQ(answer.body, "waited 1");
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(busy.closes());
  busy.close();
  draining.join();
}

TEST(Server, AnswersTheFirstRequestOfANewConnectionWhileItDrains) {
  EchoServer server;
  Client idle(server.port());
  idle.send(simple);
  EXPECT_EQ(idle.receive().status, 200);
  Client fresh(server.port());
  Client silent(server.port());
  std::thread draining([&] { server.server().drain(); });
  EXPECT_TRUE(idle.closes());
  fresh.send(simple);
  const Answer answer = fresh.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(silent.closes());
  fresh.close();
  silent.close();
  draining.join();
}

TEST(Server, DrainsNoLongerThanItsLimit) {
  base::Limits limits;
  limits.drain_timeout = std::chrono::seconds(1);
  EchoServer server(with_limits(limits));
  Client client(server.port());
  client.send(get("/wait?1"));
  server.await_waiting(1);
  const auto begin = std::chrono::steady_clock::now();
  server.server().drain();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
  EXPECT_TRUE(client.closes());
  server.let_go(1);  // posts to a loop that is gone: dropped, and what it held with it
  EXPECT_TRUE(server.cuts().empty());
}

TEST(Server, EndsWithoutDraining) {
  auto server = std::make_unique<EchoServer>();
  Client client(server->port());
  client.send(get("/wait?1"));
  server->await_waiting(1);
  server.reset();
  EXPECT_TRUE(client.closes());
}

}  // namespace
}  // namespace portico::http
