#pragma once

#include <stdexcept>

namespace portico::app {

/// What was asked cannot be meant: the command line, or the description that it names, is wrong. A command ends with
/// ExitCode::Misused.
class MisuseError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace portico::app
