// Where the first script of a page goes: what stands before it makes no element. It is read again here as a browser's
// tokenizer reads it, state by state (HTML, 13.2.5), so that a mistake would have to be made twice.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "platform/first_place.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

enum class State {
  Data,
  TagOpen,
  CommentStart,
  CommentStartDash,
  Comment,
  CommentEndDash,
  CommentEnd,
  CommentEndBang,
  Bogus
};

bool is_space(char each) {
  return each == ' ' || each == '\t' || each == '\n' || each == '\f' || each == '\r';
}

/// After `<!`: what follows says which it is. A document type ends like a bogus comment, at the first `>`.
State after_bang(std::string_view rest) {
  return rest.starts_with("--") ? State::CommentStart : State::Bogus;
}

State in_comment(State state, char each) {
  switch (state) {
    case State::CommentStart:
      return each == '-' ? State::CommentStartDash : each == '>' ? State::Data : State::Comment;
    case State::CommentStartDash:
      return each == '-' ? State::CommentEnd : each == '>' ? State::Data : State::Comment;
    case State::CommentEndDash:
      return each == '-' ? State::CommentEnd : State::Comment;
    case State::CommentEnd:
      return each == '>'   ? State::Data
             : each == '!' ? State::CommentEndBang
             : each == '-' ? State::CommentEnd
                           : State::Comment;
    case State::CommentEndBang:
      return each == '-' ? State::CommentEndDash : each == '>' ? State::Data : State::Comment;
    case State::Comment:
    case State::Data:
    case State::TagOpen:
    case State::Bogus:
      break;
  }
  return each == '-' ? State::CommentEndDash : State::Comment;
}

/// Whether all of `head` is white space, comments and document types, and none is left open.
bool makes_no_element(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  State state = State::Data;
  for (std::size_t at = 0; at < head.size(); ++at) {
    const char each = head[at];
    if (state == State::Data) {
      if (each == '<')
        state = State::TagOpen;
      else if (!is_space(each))
        return false;
    } else if (state == State::TagOpen) {
      if (each == '?')
        state = State::Bogus;
      else if (each != '!')
        return false;
      else if ((state = after_bang(head.substr(at + 1))) == State::CommentStart)
        at += 2;
    } else if (state == State::Bogus) {
      if (each == '>') state = State::Data;
    } else {
      state = in_comment(state, each);
    }
  }
  return state == State::Data;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  const std::size_t place = portico::platform::first_place(html);
  require(place <= size);
  require(makes_no_element(html.substr(0, place)));
  return 0;
}
