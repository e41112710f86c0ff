#include <stdexcept>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "http/tls_transport.hpp"

namespace portico::http {
namespace {

constexpr unsigned char protocols[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// ALPN (RFC 7301): a client that speaks only other protocols learns so in the handshake.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* offered,
                    unsigned int offered_length, void*) {
  unsigned char* selected = nullptr;
  const int result =
      SSL_select_next_proto(&selected, out_length, protocols, sizeof protocols, offered, offered_length);
  *out = selected;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void throw_if(const boost::system::error_code& error, const std::string& what) {
  if (error) throw std::runtime_error(what + ": " + error.message());
}

}  // namespace

std::unique_ptr<asio::ssl::context> make_tls_context(const TlsFiles& files) {
  if (files.private_key.empty()) {
    throw std::runtime_error("The certificate `" + files.certificate + "` needs its private key beside it.");
  }
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                  SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    throw std::runtime_error("OpenSSL knows none of the ciphers ECDHE+AESGCM and ECDHE+CHACHA20.");
  }
  SSL_CTX_set_alpn_select_cb(native, select_protocol, nullptr);
  constexpr unsigned char session_context[] = "portico";
  SSL_CTX_set_session_id_context(native, session_context, sizeof session_context - 1);
  boost::system::error_code error;
  context->use_certificate_chain_file(files.certificate, error);
  throw_if(error, "The certificate file `" + files.certificate + "` cannot be used");
  context->use_private_key_file(files.private_key, asio::ssl::context::pem, error);
  throw_if(error, "The private key file `" + files.private_key + "` cannot be used, or is not the certificate's key");
  if (SSL_CTX_check_private_key(native) != 1) {
    throw std::runtime_error("The private key `" + files.private_key + "` is not the key of the certificate `" +
                             files.certificate + "`.");
  }
  return context;
}

}  // namespace portico::http
