#pragma once

#include <dlfcn.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portico::test {

/// An XML document as expat reads it.
struct XmlElement {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;  ///< of this element itself
  std::vector<XmlElement> children;

  [[nodiscard]] const XmlElement& child(std::string_view wanted) const {
    for (const XmlElement& element : children) {
      if (element.name == wanted) return element;
    }
    throw std::out_of_range("no element " + std::string(wanted) + " in " + name);
  }
};

/// expat, loaded where it is needed: what is tested does not link a parser of XML.
class Expat {
 public:
  static const Expat& get() {
    static const Expat expat;
    return expat;
  }

  /// The root element; nothing where the text is not well-formed.
  [[nodiscard]] std::optional<XmlElement> read(std::string_view text) const {
    XmlElement above;
    std::vector<XmlElement*> open = {&above};
    void* parser = create_(nullptr);
    set_data_(parser, &open);
    set_elements_(parser, &Expat::start, &Expat::finish);
    set_text_(parser, &Expat::characters);
    const int status = parse_(parser, text.data(), static_cast<int>(text.size()), 1);
    free_(parser);
    if (status != 1 || above.children.size() != 1) return std::nullopt;
    return std::move(above.children.front());
  }

 private:
  using Open = std::vector<XmlElement*>;
  using Start = void (*)(void*, const char*, const char**);
  using Finish = void (*)(void*, const char*);
  using Characters = void (*)(void*, const char*, int);

  Expat() {
    void* library = dlopen("libexpat.so.1", RTLD_NOW);
    if (library == nullptr) throw std::runtime_error("libexpat.so.1 is missing (Debian: libexpat1)");
    const auto bind = [library](auto& function, const char* name) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
      if (function == nullptr) throw std::runtime_error(std::string("libexpat.so.1 lacks ") + name);
    };
    bind(create_, "XML_ParserCreate");
    bind(set_data_, "XML_SetUserData");
    bind(set_elements_, "XML_SetElementHandler");
    bind(set_text_, "XML_SetCharacterDataHandler");
    bind(parse_, "XML_Parse");
    bind(free_, "XML_ParserFree");
  }

  static void start(void* data, const char* name, const char** attributes) {
    Open& open = *static_cast<Open*>(data);
    XmlElement element{.name = name};
    for (; *attributes != nullptr; attributes += 2) element.attributes.emplace_back(attributes[0], attributes[1]);
    open.back()->children.push_back(std::move(element));
    open.push_back(&open.back()->children.back());
  }
  static void finish(void* data, const char*) { static_cast<Open*>(data)->pop_back(); }
  static void characters(void* data, const char* text, int size) {
    static_cast<Open*>(data)->back()->text.append(text, static_cast<std::size_t>(size));
  }

  void* (*create_)(const char*) = nullptr;
  void (*set_data_)(void*, void*) = nullptr;
  void (*set_elements_)(void*, Start, Finish) = nullptr;
  void (*set_text_)(void*, Characters) = nullptr;
  int (*parse_)(void*, const char*, int, int) = nullptr;
  void (*free_)(void*) = nullptr;
};

[[nodiscard]] inline std::optional<XmlElement> read_xml(std::string_view text) {
  return Expat::get().read(text);
}

}  // namespace portico::test
