#include "render/fault_tree.hpp"

namespace portico::render {

namespace {

// Where an object itself is to blame beside what is in it; what clients of Django REST framework know.
constexpr std::string_view own_messages = "non_field_errors";

}  // namespace

FaultTree::FaultTree(const std::vector<base::Fault>& faults) {
  nodes_.emplace_back();
  for (const base::Fault& fault : faults) {
    std::size_t at = 0;
    for (const std::string& name : fault.path) at = child(at, name);
    nodes_[at].messages.push_back(fault.message);
  }
  // settle() may add nodes, behind those it has yet to see.
  for (std::size_t index = 0; index < nodes_.size(); ++index) settle(index);
}

std::size_t FaultTree::child(std::size_t parent, std::string_view name) {
  const auto [place, is_new] = nodes_[parent].known.try_emplace(name, nodes_.size());
  const std::size_t index = place->second;
  if (is_new) {
    nodes_[parent].children.push_back(index);
    nodes_.push_back({.name = name});
  }
  return index;
}

void FaultTree::settle(std::size_t index) {
  const bool is_root = index == 0;
  if (nodes_[index].messages.empty() || (nodes_[index].children.empty() && !is_root)) return;
  std::vector<std::string_view> messages = std::move(nodes_[index].messages);
  nodes_[index].messages.clear();
  // The name may be there already, from a path of its own that stands before or behind this node.
  std::size_t at = child(index, own_messages);
  while (!nodes_[at].children.empty()) at = child(at, own_messages);
  nodes_[at].messages.insert(nodes_[at].messages.begin(), messages.begin(), messages.end());
}

void FaultTree::write(FaultForm form, TreeWriter& writer) const {
  write_node(nodes_.front(), form, writer);
}

void FaultTree::write_node(const Node& node, FaultForm form, TreeWriter& writer) const {
  writer.open_object();
  for (const std::size_t index : node.children) {
    const Node& member = nodes_[index];
    const Tag tag = make_tag(member.name, writer.format());
    writer.open_member(tag);
    if (member.children.empty()) {
      write_messages(member, form, writer);
    } else {
      write_node(member, form, writer);
    }
    writer.close_member(tag);
  }
  writer.close_object();
}

void FaultTree::write_messages(const Node& node, FaultForm form, TreeWriter& writer) {
  if (form == FaultForm::Text) {
    std::string joined;
    for (const std::string_view message : node.messages) {
      if (!joined.empty()) joined += ' ';
      joined += message;
    }
    writer.text(joined);
    return;
  }
  writer.open_list();
  for (const std::string_view message : node.messages) {
    writer.open_item();
    writer.text(message);
    writer.close_item();
  }
  writer.close_list();
}

}  // namespace portico::render
