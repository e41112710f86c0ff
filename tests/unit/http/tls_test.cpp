#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "unit/http/client.hpp"
#include "unit/http/echo_server.hpp"

namespace portico::http {
namespace {

template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using TlsSettings = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using TlsSession = std::unique_ptr<SSL, Free<SSL_free>>;

/// A self-signed certificate and its key, in files that go with the object.
class CertificateFiles {
 public:
  CertificateFiles() {
    std::string folder = std::filesystem::temp_directory_path() / "portico-tls-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = folder;
    const Key key(EVP_RSA_gen(2048));
    const Certificate certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const name = X509_get_subject_name(certificate.get());
    const std::string host = "localhost";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(host.c_str()), -1, -1,
                               0);
    X509_set_issuer_name(certificate.get(), name);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    FILE* file = std::fopen(certificate_file().c_str(), "w");
    PEM_write_X509(file, certificate.get());
    std::fclose(file);
    file = std::fopen(private_key_file().c_str(), "w");
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
  }
  ~CertificateFiles() { std::filesystem::remove_all(folder_); }
  CertificateFiles(const CertificateFiles&) = delete;
  CertificateFiles& operator=(const CertificateFiles&) = delete;

  [[nodiscard]] std::string certificate_file() const { return folder_ / "certificate.pem"; }
  [[nodiscard]] std::string private_key_file() const { return folder_ / "key.pem"; }

 private:
  std::filesystem::path folder_;
};

ServerOptions with_tls(const CertificateFiles& files, base::Limits limits = {}) {
  ServerOptions options;
  options.certificate_file = files.certificate_file();
  options.private_key_file = files.private_key_file();
  options.limits = limits;
  return options;
}

/// A client over TLS, on a blocking socket.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int version_max = TLS1_3_VERSION,
                     std::string_view protocols = "\x08http/1.1")
      : tcp_(port), settings_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(settings_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(settings_.get(), version_max);
    SSL_CTX_set_security_level(settings_.get(), 0);  // so that the old version is refused by the server, not by us
    session_.reset(SSL_new(settings_.get()));
    SSL_set_alpn_protos(session_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                        static_cast<unsigned int>(protocols.size()));
    SSL_set_fd(session_.get(), tcp_.descriptor());
    connected_ = SSL_connect(session_.get()) == 1;
  }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] std::string version() const { return SSL_get_version(session_.get()); }
  [[nodiscard]] std::string protocol() const {
    const unsigned char* text = nullptr;
    unsigned int length = 0;
    SSL_get0_alpn_selected(session_.get(), &text, &length);
    return {reinterpret_cast<const char*>(text), length};
  }
  void send(const std::string& text) { SSL_write(session_.get(), text.data(), static_cast<int>(text.size())); }
  void end_sending() { SSL_shutdown(session_.get()); }

  /// What comes until `end` stands at its end, or until the server's close_notify.
  std::string receive_until(const std::string& end) {
    std::string bytes;
    char room[16384];
    while (!bytes.ends_with(end)) {
      const int count = SSL_read(session_.get(), room, sizeof room);
      if (count <= 0) break;
      bytes.append(room, static_cast<std::size_t>(count));
    }
    return bytes;
  }
  /// Whether the server said that it ends, as TLS wants it said.
  bool ended_cleanly() {
    char room[1];
    const int count = SSL_read(session_.get(), room, 1);
    return count <= 0 && SSL_get_error(session_.get(), count) == SSL_ERROR_ZERO_RETURN;
  }
  Client& tcp() { return tcp_; }

 private:
  Client tcp_;
  TlsSettings settings_;
  TlsSession session_;
  bool connected_ = false;
};

const std::string simple = "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n";

TEST(Tls, AnswersKeepsAndPipelines) {
  const CertificateFiles files;
  EchoServer server(with_tls(files));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server.port(), version);
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(client.protocol(), "http/1.1");
    for (int i = 0; i < 3; ++i) {
      client.send(simple);
      const std::string answer = client.receive_until("GET /echo  h ");
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
      EXPECT_NE(answer.find("X-Encrypted: yes"), std::string::npos);
    }
    std::string requests;
    for (int i = 0; i < 200; ++i) requests += simple;
    client.send(requests + "GET /echo?last HTTP/1.1\r\nHost: h\r\n\r\n");
    client.receive_until("GET /echo last h ");
    client.send("GET /bytes?1000000 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_GT(client.receive_until("never").size(), 1'000'000U);
    EXPECT_TRUE(client.ended_cleanly());
  }
}

TEST(Tls, TakesALargeBodyAndAnEndOfSending) {
  const CertificateFiles files;
  EchoServer server(with_tls(files));
  TlsClient client(server.port());
  const std::string body(900'000, 'b');
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n" + body);
  client.end_sending();
  const std::string answer = client.receive_until("never");
  EXPECT_TRUE(answer.ends_with("POST /echo  h " + body));
  EXPECT_TRUE(client.ended_cleanly());
}

TEST(Tls, RefusesOldVersionsAndOtherProtocols) {
  const CertificateFiles files;
  EchoServer server(with_tls(files));
  EXPECT_FALSE(TlsClient(server.port(), TLS1_1_VERSION).connected());
  EXPECT_FALSE(TlsClient(server.port(), TLS1_3_VERSION, "\x02h2").connected());
  EXPECT_EQ(TlsClient(server.port(), TLS1_3_VERSION, "\x02h2\x08http/1.1").protocol(), "http/1.1");
}

TEST(Tls, RefusalsReachTheClient) {
  base::Limits limits;
  limits.head_timeout = std::chrono::seconds(1);
  const CertificateFiles files;
  EchoServer server(with_tls(files, limits));
  TlsClient malformed(server.port());
  malformed.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(malformed.receive_until("never").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(malformed.ended_cleanly());
  TlsClient late(server.port());
  late.send("GET /");
  EXPECT_TRUE(late.receive_until("never").starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(late.ended_cleanly());
}

TEST(Tls, AHandshakeThatNeverEndsIsLetGo) {
  base::Limits limits;
  limits.head_timeout = std::chrono::seconds(1);
  const CertificateFiles files;
  EchoServer server(with_tls(files, limits));
  Client silent(server.port());
  Client garbled(server.port());
  garbled.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(silent.closes());
  EXPECT_THROW(garbled.receive(), std::runtime_error);
}

TEST(Tls, LetsRequestsUnderWayFinishWhenItDrains) {
  const CertificateFiles files;
  EchoServer server(with_tls(files));
  TlsClient idle(server.port());
  TlsClient busy(server.port());
  busy.send("GET /wait?1 HTTP/1.1\r\nHost: h\r\n\r\n");
  server.await_waiting(1);
  std::thread draining([&] { server.server().drain(); });
  server.let_go(1);
  EXPECT_TRUE(busy.receive_until("waited 1").ends_with("waited 1"));
  EXPECT_TRUE(busy.ended_cleanly());
  busy.tcp().close();
  draining.join();
}

TEST(Tls, ClientsThatVanishHarmNothing) {
  const CertificateFiles files;
  EchoServer server(with_tls(files));
  for (int i = 0; i < 20; ++i) {
    TlsClient client(server.port());
    client.send(simple + "GET /bytes?3000000 HTTP/1.1\r\nHost: h\r\n\r\n" + simple);
    const linger reset = {.l_onoff = 1, .l_linger = 0};
    ::setsockopt(client.tcp().descriptor(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  TlsClient client(server.port());
  client.send(simple);
  EXPECT_TRUE(client.receive_until("GET /echo  h ").starts_with("HTTP/1.1 200"));
}

TEST(Tls, NamesTheFileAtFault) {
  const CertificateFiles files;
  const CertificateFiles others;
  ServerOptions options = with_tls(files);
  options.private_key_file = others.private_key_file();
  try {
    EchoServer server(options);
    FAIL() << "a key of another certificate";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find(options.private_key_file), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace portico::http
