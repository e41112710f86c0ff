#include "http/acknowledged.hpp"

#include <linux/tcp.h>  // glibc's netinet/tcp.h, which it does not go with, has an older tcp_info
#include <netinet/in.h>
#include <sys/socket.h>

namespace portico::http {

std::uint64_t acknowledged_bytes(int descriptor) {
  tcp_info info = {};
  socklen_t size = sizeof info;
  if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_acked;
}

}  // namespace portico::http
