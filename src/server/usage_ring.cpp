#include "server/usage_ring.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace portico::server {
namespace {

constexpr std::size_t texts = 9;
/// The texts of an entry, in the order in which they lie in the ring, and how much of each is kept at most.
struct Text {
  std::string_view UsageEntry::*member;
  std::size_t bytes_most;
};
constexpr std::array<Text, texts> members = {{{&UsageEntry::account, 255},
                                              {&UsageEntry::request_id, 64},
                                              {&UsageEntry::method, 32},
                                              {&UsageEntry::path, 512},
                                              {&UsageEntry::key_id, 64},
                                              {&UsageEntry::kind, 32},
                                              {&UsageEntry::extension, 64},
                                              {&UsageEntry::type, 128},
                                              {&UsageEntry::message, 1'000}}};

/// What stands before the texts of an entry.
struct Head {
  base::Microseconds at = 0;
  std::int64_t took = 0;
  std::int32_t status = 0;
  std::uint32_t bytes = 0;  // of the texts
  std::array<std::uint16_t, texts> sizes{};
};

constexpr std::size_t entry_bytes_most = [] {
  std::size_t most = sizeof(Head);
  for (const Text& text : members) most += text.bytes_most;
  return most;
}();

std::string_view bytes_of(const Head& head) {
  return {reinterpret_cast<const char*>(&head), sizeof(head)};  // NOLINT(*-reinterpret-cast)
}

}  // namespace

UsageRing::UsageRing(std::function<void()> fills, std::size_t bytes)
    : fills_(std::move(fills)), size_(bytes), bytes_(std::make_unique<char[]>(bytes)) {
  if (!std::has_single_bit(bytes)) throw std::invalid_argument("a ring's size is a power of two");
}

void UsageRing::write(std::uint64_t at, std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t begin = at & (size_ - 1);
  const std::size_t first = std::min(bytes.size(), size_ - begin);
  std::memcpy(bytes_.get() + begin, bytes.data(), first);
  std::memcpy(bytes_.get(), bytes.data() + first, bytes.size() - first);
}

void UsageRing::read(std::uint64_t at, char* bytes, std::size_t size) const {
  const std::size_t begin = at & (size_ - 1);
  const std::size_t first = std::min(size, size_ - begin);
  std::memcpy(bytes, bytes_.get() + begin, first);
  std::memcpy(bytes + first, bytes_.get(), size - first);
}

void UsageRing::add(const UsageEntry& entry) {
  Head head{.at = entry.at, .took = entry.took.count(), .status = entry.status};
  for (std::size_t i = 0; i < texts; ++i) {
    const auto size = std::min((entry.*members[i].member).size(), members[i].bytes_most);
    head.sizes[i] = static_cast<std::uint16_t>(size);
    head.bytes += static_cast<std::uint32_t>(size);
  }
  const std::uint64_t begin = written_.load(std::memory_order_relaxed);
  const std::size_t used = begin - read_.load(std::memory_order_acquire);
  const std::size_t more = sizeof(Head) + head.bytes;
  if (more > size_ - used) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  std::uint64_t at = begin;
  write(at, bytes_of(head));
  at += sizeof(Head);
  for (std::size_t i = 0; i < texts; ++i) {
    write(at, (entry.*members[i].member).substr(0, head.sizes[i]));
    at += head.sizes[i];
  }
  written_.store(at, std::memory_order_release);
  if (used < size_ / 2 && used + more >= size_ / 2) fills_();
}

void UsageRing::add(const LogEntry& entry) {
  add(UsageEntry{.at = base::now(),
                 .took = entry.took,
                 .status = entry.status,
                 .account = entry.account,
                 .request_id = entry.request_id,
                 .method = entry.method,
                 .path = entry.path,
                 .key_id = entry.key_id,
                 .kind = entry.key_kind,
                 .extension = entry.extension,
                 .type = entry.error_type,
                 .message = entry.error_message});
}

void UsageRing::take(const std::function<void(const UsageEntry&)>& taken) {
  std::array<char, entry_bytes_most> bytes{};
  const std::uint64_t end = written_.load(std::memory_order_acquire);
  for (std::uint64_t at = read_.load(std::memory_order_relaxed); at != end;) {
    Head head;
    read(at, bytes.data(), sizeof(Head));
    std::memcpy(&head, bytes.data(), sizeof(Head));
    at += sizeof(Head);
    read(at, bytes.data(), head.bytes);
    at += head.bytes;
    UsageEntry entry{.at = head.at, .took = std::chrono::microseconds(head.took), .status = head.status};
    const char* text = bytes.data();
    for (std::size_t i = 0; i < texts; ++i) {
      entry.*members[i].member = {text, head.sizes[i]};
      text += head.sizes[i];
    }
    read_.store(at, std::memory_order_release);
    taken(entry);
  }
}

}  // namespace portico::server
