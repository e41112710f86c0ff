#include "model/mistake_list.hpp"

#include <algorithm>
#include <tuple>

#include "base/text.hpp"

namespace portico::model {
namespace {

// A file of nothing but mistakes need not fill the memory.
constexpr std::size_t mistakes_max = 1'000;
constexpr std::size_t name_bytes_max = 80;

auto place_of(const Mistake& mistake) {
  return std::tie(mistake.position.line, mistake.position.column);
}

}  // namespace

std::string quoted(std::string_view name) {
  std::string text = "'";
  for (const char c : name.substr(0, name_bytes_max)) {
    const bool printable = static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    text.push_back(printable ? c : ' ');
  }
  if (name.size() > name_bytes_max) text = base::repaired_utf8(text) + "…";
  return text + "'";
}

std::string quoted_all(std::span<const std::string> names) {
  std::vector<std::string> items;
  items.reserve(names.size());
  for (const std::string& name : names) items.push_back(quoted(name));
  return base::enumerated(items);
}

void MistakeList::add(SourcePosition position, std::string message, std::string hint) {
  if (mistakes_.size() == mistakes_max) {
    ++left_out_;
    return;
  }
  mistakes_.push_back({.position = position, .message = std::move(message), .hint = std::move(hint)});
}

void MistakeList::add_unknown(const UnknownName& unknown, std::span<const std::string> known) {
  constexpr std::size_t listed_max = 40;
  std::string message = "unknown " + std::string(unknown.what) + " " + quoted(unknown.name);
  if (const auto near = base::did_you_mean(unknown.name.substr(0, name_bytes_max), known)) {
    add(unknown.position, std::move(message), "did you mean " + quoted(*near) + "?");
  } else if (known.empty()) {
    add(unknown.position, std::move(message), "there is none");
  } else {
    const std::span<const std::string> listed = known.first(std::min(known.size(), listed_max));
    add(unknown.position, std::move(message),
        "there is " + quoted_all(listed) + (listed.size() < known.size() ? " and more" : ""));
  }
}

Mistakes MistakeList::sorted() && {
  std::stable_sort(mistakes_.begin(), mistakes_.end(),
                   [](const Mistake& left, const Mistake& right) { return place_of(left) < place_of(right); });
  const auto same = [](const Mistake& left, const Mistake& right) {
    return place_of(left) == place_of(right) && left.message == right.message;
  };
  mistakes_.erase(std::unique(mistakes_.begin(), mistakes_.end(), same), mistakes_.end());
  if (left_out_ > 0) {
    mistakes_.push_back({.position = mistakes_.back().position,
                         .message = "and " + std::to_string(left_out_) + " more mistakes",
                         .hint = "mend these first"});
  }
  return std::move(mistakes_);
}

}  // namespace portico::model
