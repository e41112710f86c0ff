#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "render/tree_writer.hpp"

namespace portico::render {

/// How the messages of one field are written: several as a list, or as one text (a 404's).
enum class FaultForm : bool { List, Text };

/// Faults as the nested objects of an error's `fields`, names in the order first met. Points into the faults.
class FaultTree {
 public:
  explicit FaultTree(const std::vector<base::Fault>& faults);

  void write(FaultForm form, TreeWriter& writer) const;

 private:
  struct Node {
    std::string_view name;
    std::vector<std::string_view> messages;
    std::vector<std::size_t> children;
    std::unordered_map<std::string_view, std::size_t> known;  // name -> child
  };
  std::size_t child(std::size_t parent, std::string_view name);
  void settle(std::size_t index);
  void write_node(const Node& node, FaultForm form, TreeWriter& writer) const;
  static void write_messages(const Node& node, FaultForm form, TreeWriter& writer);

  std::vector<Node> nodes_;  // the first is the root
};

}  // namespace portico::render
