#pragma once

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "http/asio.hpp"
#include "http/transport.hpp"

namespace portico::http {

struct TlsFiles {
  std::string certificate;  ///< PEM, the server's certificate first, then the chain
  std::string private_key;  ///< PEM
};

/// TLS 1.2 and 1.3 with forward secrecy only, ALPN `http/1.1`. Throws std::runtime_error that names the file at
/// fault.
[[nodiscard]] std::unique_ptr<asio::ssl::context> make_tls_context(const TlsFiles& files);

/// Over TLS, as its server. `context` outlives the transport.
[[nodiscard]] std::shared_ptr<Transport> make_tls_transport(Socket socket, asio::ssl::context& context);

}  // namespace portico::http
