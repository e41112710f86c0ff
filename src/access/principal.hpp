#pragma once

#include <string>

#include "access/key.hpp"

namespace portico::access {

/// Who asks: what of the caller the stages behind authentication may know.
struct Principal {
  std::string account;  ///< the id of the account whose rows are to be seen
  KeyKind kind = KeyKind::Public;
  std::string key_id;  ///< for the log
};

}  // namespace portico::access
