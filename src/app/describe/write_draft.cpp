#include <algorithm>
#include <array>

#include "app/describe/draft.hpp"
#include "base/ascii.hpp"
#include "base/text.hpp"

namespace portico::app {
namespace {

constexpr std::size_t line_width = 118;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Words that YAML, or the description, reads as something else than text.
bool has_another_meaning(std::string_view text) {
  static constexpr std::array<std::string_view, 10> words = {"true", "false", "yes", "no",   "on",
                                                             "off",  "null",  "y",   "none", "n"};
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), base::to_ascii_lower);
  return std::find(words.begin(), words.end(), low) != words.end();
}

bool is_plain(std::string_view text) {
  if (text.empty() || text.back() == ' ' || has_another_meaning(text)) return false;
  const char first = text.front();
  if (!is_letter_or_digit(first) || (first >= '0' && first <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == ' ';
  });
}

bool has_control(std::string_view text) {
  return !base::is_utf8(text) || std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
}

std::string escaped(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : base::repaired_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += digits[byte >> 4U];
      out += digits[byte & 0xFU];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

struct Pair {
  std::string key;
  std::string value;
};

/// `[a, b]`; what is longer than a line is broken, and goes on below at `indent`. The key stands before it.
std::string flow_list(const std::vector<std::string>& items, std::size_t indent) {
  constexpr std::size_t key_width = 9;  // of the longest: `allowed: `
  std::string text = "[";
  std::size_t line = indent + key_width;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += ',';
    if (line + items[i].size() + 2 > line_width && i > 0) {
      text += '\n' + std::string(indent, ' ');
      line = indent;
    } else if (i > 0) {
      text += ' ';
    }
    text += items[i];
    line += items[i].size() + 2;
  }
  return text + "]";
}

std::vector<std::string> yaml_texts(const std::vector<std::string>& texts) {
  std::vector<std::string> all;
  all.reserve(texts.size());
  for (const std::string& text : texts) all.push_back(yaml_text(text));
  return all;
}

/// White space and control characters as single spaces: what a database says of itself may have lines of its own.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : base::repaired_utf8(text)) {
    const bool is_space = static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
    if (!is_space) line += c;
    if (is_space && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

class DraftWriter {
 public:
  explicit DraftWriter(const ApiDraft& draft) : draft_(draft) {}

  std::string write() {
    for (const std::string& line : draft_.heading) comment(line, 0);
    text_ += "\nvendor: " + draft_.vendor + "\nversions: [1]\napis:\n  partner: {base: /, dialect: media-type}\n";
    text_ += "accounts: " + (draft_.accounts.empty() ? "none" : yaml_text(draft_.accounts)) + "\n";
    text_ += "database: {existing: true";
    if (!draft_.schema.empty()) text_ += ", schema: " + yaml_text(draft_.schema);
    text_ += "}\n\nresources:\n";
    for (const ResourceDraft& resource : draft_.resources) write_resource(resource);
    if (!draft_.left_out.empty()) comment("Left out:", 0);
    for (const std::string& line : draft_.left_out) comment("  " + line, 0);
    return std::move(text_);
  }

 private:
  void comment(std::string_view words, std::size_t indent) {
    // What begins with spaces stands under what goes before.
    const std::size_t begin = std::min(words.find_first_not_of(' '), words.size());
    text_ += std::string(indent, ' ') + (words.empty() ? "#" : "# ");
    text_ += std::string(words.substr(0, begin)) + one_line(words.substr(begin)) + '\n';
  }

  void line(std::size_t indent, const Pair& pair) {
    text_ += std::string(indent, ' ') + pair.key + ": " + pair.value + '\n';
  }

  void write_resource(const ResourceDraft& resource) {
    for (const std::string& remark : resource.remarks) comment(remark, 2);
    text_ += "  " + yaml_text(resource.name) + ":\n";
    if (!resource.description.empty()) line(4, {"description", yaml_text(one_line(resource.description))});
    if (resource.table != resource.name) line(4, {"table", yaml_text(resource.table)});
    if (!resource.schema.empty()) line(4, {"schema", yaml_text(resource.schema)});
    write_owner(resource);
    write_key(resource);
    const bool is_retrieved = !resource.key.empty();
    line(4, {"operations", is_retrieved ? "[list, retrieve]" : "[list]"});
    if (!resource.orderable.empty()) {
      text_ += "    ordering:\n";
      line(6, {"allowed", flow_list(yaml_texts(resource.orderable), 8)});
    }
    text_ += "    fields:\n";
    for (const FieldDraft& field : resource.fields) write_field(field);
    text_ += '\n';
  }

  void write_owner(const ResourceDraft& resource) {
    switch (resource.owner) {
      case ResourceDraft::Owner::Everybody:
        line(4, {"owner", "none"});
        return;
      case ResourceDraft::Owner::Column:
        line(4, {"owner", yaml_text(resource.owner_column)});
        return;
      case ResourceDraft::Owner::Account:
        return;
    }
  }

  void write_key(const ResourceDraft& resource) {
    if (resource.key.empty()) {
      line(4, {"key", "none"});
    } else if (resource.key.size() == 1) {
      line(4, {"key", yaml_text(resource.key.front())});
    } else {
      line(4, {"key", flow_list(yaml_texts(resource.key), 8)});
    }
  }

  static std::vector<Pair> pairs_of(const FieldDraft& field) {
    constexpr std::size_t indent = 10;
    std::vector<Pair> pairs = {{"type", field.is_reference() ? "reference" : field.type}};
    if (field.is_reference()) {
      pairs.push_back({"to", yaml_text(field.to)});
      pairs.push_back({"column", yaml_text(field.column)});
      pairs.push_back({"show", flow_list(yaml_texts(field.show), indent)});
    } else if (field.column != field.name) {
      pairs.push_back({"column", yaml_text(field.column)});
    }
    if (!field.stored.empty()) pairs.push_back({"stored", field.stored});
    if (!field.choices.empty()) {
      const auto values = field.choices_are_integers ? field.choices : yaml_texts(field.choices);
      pairs.push_back({"of", flow_list(values, indent)});
    }
    if (field.max_length) pairs.push_back({"max_length", std::to_string(*field.max_length)});
    if (field.nullable) pairs.push_back({"\"null\"", "true"});
    if (!field.filter.empty()) pairs.push_back({"filter", flow_list(field.filter, indent)});
    if (!field.description.empty()) pairs.push_back({"description", yaml_text(one_line(field.description))});
    return pairs;
  }

  void write_field(const FieldDraft& field) {
    const std::vector<Pair> pairs = pairs_of(field);
    const std::size_t begin = text_.size();
    write_pairs(field, pairs);
    if (field.is_secret) hide(begin);
  }

  /// Makes comments of the lines from there on.
  void hide(std::size_t begin) {
    std::string hidden;
    std::string_view lines = std::string_view(text_).substr(begin);
    while (!lines.empty()) {
      const std::string_view line = lines.substr(0, lines.find('\n') + 1);
      hidden.append("      # ").append(line.substr(std::min<std::size_t>(6, line.size())));
      lines.remove_prefix(line.size());
    }
    text_.replace(begin, std::string::npos, hidden);
  }

  void write_pairs(const FieldDraft& field, const std::vector<Pair>& pairs) {
    std::string flow = "      " + yaml_text(field.name) + ": {";
    for (const Pair& pair : pairs) {
      if (flow.back() != '{') flow += ", ";
      flow += pair.key + ": " + pair.value;
    }
    flow += '}';
    const std::string remark = field.remarks.empty() ? "" : "  # " + one_line(base::joined(field.remarks, "; "));
    if (flow.size() <= line_width && flow.find('\n') == std::string::npos) {
      text_ += flow + remark + '\n';
      return;
    }
    text_ += "      " + yaml_text(field.name) + ":" + remark + '\n';
    for (const Pair& pair : pairs) line(8, pair);
  }

  const ApiDraft& draft_;
  std::string text_;
};

}  // namespace

std::string yaml_text(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  if (has_control(text)) return escaped(text);
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

std::string write_draft(const ApiDraft& draft) {
  return DraftWriter(draft).write();
}

}  // namespace portico::app
