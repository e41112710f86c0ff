#include "model/field.hpp"

namespace portico::model {

const std::string& Field::name_in(int version) const {
  for (const FormerName& former : former_names) {
    if (version <= former.until) return former.name;
  }
  return name;
}

}  // namespace portico::model
